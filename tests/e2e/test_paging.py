"""Reached outside of Matrix: a real Synapse, a real mail server and a web hook, over deaths."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.domain.cases.case import About, Case, Track
from appservice.domain.effects import Page
from appservice.domain.types import EffectId, GroupId, UserId
from appservice.main import open_store
from appservice.ports import Posting
from appservice.service.lanes import lane_of_effect
from tests.e2e.watch import CODE, MAIL, OPERATOR, proves, until
from tests.support.certificates import Authority
from tests.support.forked import Forked, HandClock
from tests.support.http_receiver import HttpReceiver
from tests.support.installation import Installation
from tests.support.mail_server import PASSWORD, USER, MailServer
from tests.support.nio_member import NioMember
from tests.support.synapse import Synapse
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse


class House(NamedTuple):
    """An installation, and who carries its alerts."""

    installation: Installation
    running: Forked
    clock: HandClock
    mail: MailServer
    hook: HttpReceiver


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    authority = Authority(tmp_path / "authority")
    mail = MailServer(tls="starttls", certificate=authority.server("127.0.0.1"))
    mail.log_in = True
    installation = Installation(Synapse(tmp_path / "synapse"), tmp_path / "circlekeeper")
    clock = HandClock(tmp_path / "clock", SystemClock().now())
    running = Forked(installation.folder, clock)
    async with mail.running(), HttpReceiver().running() as hook:
        for name, secret in (("mail", PASSWORD), ("hook", "canary-secret")):
            (tmp_path / name).write_text(secret, encoding="utf-8")
        email = {"host": "127.0.0.1", "port": mail.port, "ca_file": str(authority.file)}
        email |= {"sender": "c@example.org", "user": USER, "password_file": str(tmp_path / "mail")}
        webhook = {"secret_file": str(tmp_path / "hook"), "allow_private": True}
        paging = {"email": email, "webhook": webhook, "operator": {"email": OPERATOR}}
        await installation.init({"paging": paging})
        installation.synapse.add_appservice(installation.folder / "registration.yaml")
        await installation.synapse.start()
        try:
            await running.start()
            yield House(installation, running, clock, mail, hook)
        finally:
            await running.die()
            await installation.synapse.stop()


async def pages(house: House, group: str, user: str, number: int, *ways: tuple[str, str]) -> None:
    """Let a case wait, and its first rung be asked by these ways."""
    settings = Settings.load(house.installation.folder / "circlekeeper.yaml", {})
    now, group_id = house.clock.now(), GroupId(group)
    case = Case(group_id, number, Track.CARE, About.OTHER, now, now, None)
    store = await open_store(settings, house.clock)
    async with store.begin() as work:
        await work.put(case)
        for way, address in ways:
            page = Page(UserId(user), way, address, group_id, number, "rung 1", "en")
            name = EffectId(f"page {number} {way}")
            await work.post(Posting(name, lane_of_effect(page), page, now))
    await store.close()


async def test_from_the_address_to_the_alert(house: House) -> None:
    installation, running, mail, hook = house.installation, house.running, house.mail, house.hook
    names = [f"@{user}:{installation.synapse.server_name}" for user in ("mira", "jonas")]
    group: Any = await installation.new_group("Willow", *names)
    account = await installation.synapse.register_user("mira")
    mira = await NioMember.login(installation.synapse.url, account.user_id, account.password)
    address = f"{hook.url}/canary-hook"
    by_mail, by_hook = ("email", MAIL), ("webhook", address)
    try:
        walker = await Walker.meet(mira, installation.keeper)
        await walker.join(group["code"])
        await proves(
            walker, f"email {MAIL}", lambda: CODE.search(mail.mails[0].get_content()).group(1)
        )
        await proves(
            walker, f"webhook {address}", lambda: json.loads(hook.requests[0].body)["code"]
        )
        await pages(house, group["group"], account.user_id, 12, by_mail, by_hook)
        await until(lambda: len(mail.mails) == len(hook.requests) == 2)
        assert mail.mails[1]["Subject"] == "Circlekeeper: a case is waiting, C-12."
        assert json.loads(hook.requests[1].body)["case"] == "C-12"

        # the mail server sends everybody away; then the add-on dies, and it takes mail again
        mail.fault = "later"
        await running.die()
        await running.start()
        await pages(house, group["group"], account.user_id, 13, by_mail)
        await until(lambda: "operator-paging-failed" in running.log_end())
        await running.die()
        mail.fault = ""
        await running.start()
        await until(lambda: len(mail.mails) == 3)
        assert "C-13" in mail.mails[2]["Subject"]

        # who does not wish it any more is left alone
        assert "only" in (await walker.ask("!page off", "notice")).body
        await pages(house, group["group"], account.user_id, 14, by_mail, by_hook)
        await walker.hear_nothing_more()
        assert b"C-14" not in b"".join([*mail.heard, *hook.heard])
    finally:
        await mira.stop()
    kept = b"".join(path.read_bytes() for path in installation.folder.rglob("*") if path.is_file())
    assert b"canary-secret" not in kept
    for word in (MAIL, "canary-hook", CODE.search(mail.mails[0].get_content()).group(1)):
        assert word.encode() not in kept, word
    carried = b"\n".join([*mail.heard, *hook.heard])
    for word in (b"Willow", account.user_id.encode(), group["group"].encode(), b"care", b"rung"):
        assert word not in carried, word
