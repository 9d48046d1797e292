"""A red case that nobody answers climbs to the operator by a real mail server and a web hook."""

from typing import Any

import pytest

from appservice.config import Settings
from appservice.domain.cases.case import About, Case, Level, Track
from appservice.domain.events import CaseDue
from appservice.domain.types import CauseId, GroupId
from appservice.main import open_store
from appservice.ports import Arrival
from appservice.service.lanes import lane_of_event
from tests.e2e.test_paging import House, house
from tests.e2e.watch import CODE, MAIL, OPERATOR, proves, until
from tests.support.nio_member import NioMember
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse
__all__ = ["house"]


async def raised(house: House, group: GroupId) -> None:
    """Keep a red case, and let its clock be looked at."""
    now = house.clock.now()
    case = Case(group, 7, Track.CARE, About.OTHER, now, now, None, level=Level.RED)
    due = CaseDue(group, 7)
    store = await open_store(
        Settings.load(house.installation.folder / "circlekeeper.yaml", {}), house.clock
    )
    async with store.begin() as work:
        await work.put(case)
        cause = CauseId("raised")
        await work.accept([Arrival(cause, lane_of_event(due), "event", due, now)])
    await store.close()


async def test_it_climbs_until_the_operator_is_reached(house: House) -> None:
    installation, running, mail, hook = house.installation, house.running, house.mail, house.hook
    names = [f"@{user}:{installation.synapse.server_name}" for user in ("mira", "jonas")]
    group: Any = await installation.new_group("Willow", *names)
    account = await installation.synapse.register_user("mira")
    mira = await NioMember.login(installation.synapse.url, account.user_id, account.password)
    try:
        walker = await Walker.meet(mira, installation.keeper)
        await walker.join(group["code"])
        await proves(
            walker, f"email {MAIL}", lambda: CODE.search(mail.mails[0].get_content()).group(1)
        )
        await raised(house, GroupId(group["group"]))
        await until(lambda: len(mail.mails) == 2)
        for _ in range(4):  # dead while each rung's time comes
            await running.die()
            house.clock.advance(minutes=5, seconds=1)
            await running.start()
        await until(lambda: mail.mails[-1]["To"] == OPERATOR)
    finally:
        await mira.stop()
    asked = [str(one["To"]) for one in mail.mails[1:]]
    assert asked.count(OPERATOR) == 1
    assert asked.count(MAIL) >= 2, asked
    assert {one["Subject"] for one in mail.mails[1:]} == {"Circlekeeper: a case is waiting, C-7."}
    assert hook.requests == []
