"""Red and unanswered, on a real homeserver: up to the operator, over deaths and faults.

Members and facilitators use Element's crypto; the mail server and the web hook are real ones, and
each of them fails where somebody waits for it. The clock is moved by hand.
"""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from appservice.domain.types import RoomKind
from tests.e2e.watch import (
    MAIL,
    OPERATOR,
    SECRET,
    Watch,
    code_of,
    contents,
    ends,
    flags,
    proves,
    until,
    watched,
)
from tests.support.opened import found_in
from tests.support.walker import Walker

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.interop,
    pytest.mark.asyncio(loop_scope="module"),
]
ALERTS = ("case_new", "case_ladder")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watch]:
    async with watched(tmp_path_factory.mktemp("watch")) as made:
        yield made


async def test_red_that_nobody_answers_climbs_to_the_operator_over_deaths_and_faults(
    watch: Watch,
) -> None:
    ada, mira, jonas, lea = watch.those("ada", "mira", "jonas", "lea")
    house, mail, hook = watch.house, watch.mail, watch.hook
    team = watch.group.rooms[RoomKind.FACILITATORS]

    # a test page is measured, and is one of the two that red paging needs
    await mira.ask("!test-page", "drill")
    for walker in (mira, jonas):
        line = await walker.hear("drill")
        assert "only a test" in line.body
        assert [choice["id"] for choice in line.keeper["choices"]] == ["here"]
        await walker.ask("1", "drill")
    assert (await mira.member.wait_for_text(team, "the lead: ")).kind == "drill"
    assert "It needs hours" in (await mira.ask("!red-paging on", "refusal")).body
    await mira.ask("!rota add mon tue wed thu fri sat sun 00:00-24:00", "duty")
    assert "Red paging is on" in (await mira.ask("!red-paging on", "duty")).body
    await proves(mira, f"email {MAIL}", lambda: code_of(mail.mails[0].get_content()))
    address = f"webhook {hook.url}/canary-hook"
    await proves(jonas, address, lambda: json.loads(hook.requests[0].body)["code"])

    # on duty at once, in the facilitators' room too; again after five minutes
    words = watch.canary()
    number = await flags(ada, "2", "1", lambda: ada.say(f"Mei wrote {words}"), danger="yes")
    line = await mira.hear("case_new")
    assert line.body.startswith(f"C-{number} (immediate danger) waits.")
    assert line.keeper["choices"] == [{"id": "take", "label": "I take it", "reply": "1"}]
    assert (await jonas.member.wait_for_text(team, f"!take {number}")).kind == "case_new"
    await until(lambda: len(mail.mails) == 2)
    await house.at_rest()
    await watch.passes(minutes=5, seconds=1)
    still = f"C-{number} (immediate danger) still waits"
    assert (await mira.hear("case_ladder")).body.startswith(still)
    await until(lambda: len(mail.mails) == 3)
    await watch.caught_up()

    # all are asked; neither mail nor web hook goes, so the lead is asked at once, over a death
    mail.fault = "later"
    hook.answers(500)
    await watch.passes(minutes=5, seconds=1)
    assert (await mira.hear("case_ladder")).body.startswith(still)
    await watch.passes(seconds=5)
    for walker in (jonas, lea):
        assert (await walker.hear("case_ladder")).body.startswith(still)
    await until(lambda: len(hook.requests) > 1)
    hook.answers(302, Location=f"{hook.url}/inward")
    await watch.passes(seconds=10)
    mail.fault = ""
    await until(lambda: len(mail.mails) == 4)
    await watch.caught_up()
    assert [_told(one, number) for one in (mira, jonas, lea, ada)] == [3, 1, 1, 0]

    # what was missed is one, and since when comes first; the operator hears a number
    await watch.passes(minutes=40)
    update = await ada.hear("flag_update")
    assert update.body.startswith("From ")
    assert f"Nobody has answered to C-{number}" in update.body
    await until(lambda: mail.mails[-1]["To"] == OPERATOR)
    await watch.caught_up()
    assert [_told(one, number) for one in (mira, jonas, lea, ada)] == [3, 1, 1, 1]
    log = house.installation.log.read_text()
    told = Counter(re.findall(r"what=operator-([a-z-]+)", log))
    assert told == {"case-unanswered": 1, "paging-failed": 2}  # of paging once for each way

    # somebody has it, and that is the end of it
    await jonas.ask(f"!take {number}", "case_claimed")
    assert words in (await jonas.hear("case_excerpt")).body
    await watch.passes(minutes=6)
    await ends(jonas, number)
    await watch.caught_up()
    assert [_told(one, number, *ALERTS) for one in (mira, jonas, lea)] == [3, 1, 1]
    assert [str(one["To"]) for one in mail.mails] == [MAIL] * 4 + [OPERATOR]
    subject = f"Circlekeeper: a case is waiting, C-{number}."
    assert {str(one["Subject"]) for one in mail.mails[1:]} == {subject}
    called = [json.loads(one.body) for one in hook.requests[1:]]
    assert {one["case"] for one in called} == {f"C-{number}"}
    assert len({one["id"] for one in called}) == 1
    assert not any("inward" in one.line for one in hook.requests)


async def test_who_does_not_wish_it_any_more_is_left_alone(watch: Watch) -> None:
    ada, mira, jonas = watch.those("ada", "mira", "jonas")
    watch.hook.answer = watch.hook.OK
    for walker in (mira, jonas):
        assert "only" in (await walker.ask("!page off", "notice")).body
    before = len(watch.mail.mails), len(watch.hook.requests)
    number = await flags(ada, "2", "1", lambda: ada.say(watch.canary()))
    await mira.hear("case_new")
    await watch.passes(hours=2, seconds=1)
    await jonas.hear("case_ladder")
    await jonas.ask(f"!take {number}", "case_claimed")
    await ends(jonas, number)
    await watch.caught_up()
    assert (len(watch.mail.mails), len(watch.hook.requests)) == before


async def test_what_was_written_is_nowhere_and_who_is_meant_is_not_told_outside(
    watch: Watch,
) -> None:
    assert not await watch.where(*watch.canaries)
    mail, hook = watch.mail, watch.hook
    code = code_of(mail.mails[0].get_content())
    kept = b"\n".join(contents(watch.house.installation.folder).values())
    assert not found_in(kept, MAIL, "canary-hook", SECRET, code)
    carried = b"\n".join([*mail.heard, *hook.heard])
    people = [one.member.user_id for one in watch.walkers.values()]
    assert not found_in(carried, "WILLOW", watch.group.id, "care", "rung", *people)
    mei = watch.walkers["mei"]
    assert not any(line.keeper.get("case") for line in mei.lines_of_keeper())


def _told(walker: Walker, number: int, *kinds: str) -> int:
    """How often somebody was told in their chat that a case waits, or that nobody has it."""
    lines = [line.keeper for line in walker.lines_of_keeper()]
    ours = (line["kind"] for line in lines if line.get("case") == f"C-{number}")
    return sum(kind in (kinds or (*ALERTS, "flag_update")) for kind in ours)
