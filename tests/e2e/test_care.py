"""The worst night on a real homeserver: flags, cases, who is asked, and what is kept of it.

One house for all of it. Its members and facilitators use Element's crypto; the clock is moved by
hand. How red climbs is told by test_ladder.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from appservice.domain.types import RoomKind
from tests.e2e.watch import (
    Watch,
    ends,
    flags,
    follows,
    numbers,
    until,
    watched,
)

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.interop,
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watch]:
    async with watched(tmp_path_factory.mktemp("watch")) as made:
        yield made


async def test_what_was_forwarded_is_read_by_one_and_talked_over_without_the_keeper(
    watch: Watch,
) -> None:
    ada, mei, mira, jonas = watch.those("ada", "mei", "mira", "jonas")
    circle, team = (watch.group.rooms[what] for what in (RoomKind.CIRCLE, RoomKind.FACILITATORS))
    canary, taken_back = watch.canary(), watch.canary()
    await mei.member.send(circle, f"I cannot go on {canary}")
    read = await ada.member.wait_for_text(circle, canary)

    first = await ada.ask("flag", "flag_track")
    assert first.keeper["step"] == "1/5"
    await ada.ask("2", "flag_urgent")
    await ada.ask("no", "flag_track")
    await ada.ask("1", "flag_disclosure")
    await ada.ask("2", "flag_disclosure")
    await ada.say(read.body)
    await ada.member.send_image(ada.room)
    redacted = await ada.say(f"she said {taken_back}")
    shown = [await ada.hear("flag_preview") for _ in range(4)]
    parts = [line.body.rpartition("> ")[2] for line in shown[:2]]
    assert parts == [f"I cannot go on {canary}", "(a picture)"]
    assert "2 facilitators" in shown[3].body
    await ada.member.redact(ada.room, redacted)
    await ada.ask("continue", "flag_preview")
    again = [await ada.hear("flag_preview") for _ in range(3)]
    assert again[1].body.endswith("(taken back, or I cannot read it any more)")
    receipt = await ada.ask("1", "flag_receipt")
    number = receipt.keeper["case"].removeprefix("C-")
    assert receipt.keeper["case"] in (await ada.ask("my flags", "flag_update")).body

    # asked in their room and in their chats; one number takes it and gives the words
    alert = await mira.hear("case_new")
    assert [choice["reply"] for choice in alert.keeper["choices"]] == ["1"]
    told = await jonas.member.wait_for_text(team, f"!take {number}")
    await mira.ask("1", "case_claimed")
    words = await mira.hear("case_excerpt")
    assert canary in words.body
    assert taken_back not in words.body
    assert "<details>" in words.content["formatted_body"]
    assert canary not in alert.body + told.body

    # a room for the two of them
    await mira.ask(f"!case {number} contact {ada.member.user_id}", "notice")
    while "I am not in there" not in (await ada.hear()).body:
        pass
    known = set(watch.group.rooms.values())
    contact, same = [await follows(one, known) for one in (mira, ada)]
    assert contact == same
    watch.contact = contact
    members = await mira.member.members(contact)
    steward = watch.house.installation.steward
    assert {user for user, what in members.items() if what == "join"} == {
        mira.member.user_id,
        ada.member.user_id,
        steward,
    }
    await ada.member.send(contact, "thank you for writing")
    await mira.member.wait_for_text(contact, "thank you for writing")
    await ends(mira, int(number))

    # the room saw nothing, and neither did whom it is about
    await watch.caught_up()
    assert not any(line.kind == "case_new" for line in mei.member.timeline(circle))
    assert not any(
        (line.kind or "").startswith(("flag", "case")) for line in mei.lines_of_keeper()
    )
    for walker in (jonas, mei):
        assert not any(canary in line.body for line in walker.lines_of_keeper())


async def test_a_link_comes_as_a_link_to_the_first_of_two_and_red_takes_both(
    watch: Watch,
) -> None:
    ada, mei, mira, jonas = watch.those("ada", "mei", "mira", "jonas")
    circle = watch.group.rooms[RoomKind.CIRCLE]
    canary = watch.canary()
    event = await mei.member.send(circle, canary)
    link = f"https://matrix.to/#/{circle}/{event}?via={watch.house.synapse.server_name}"
    number = await flags(ada, "2", "1", lambda: ada.say(link))
    await asyncio.gather(*(one.hear("case_new") for one in (mira, jonas)))

    heard = await asyncio.gather(*(one.ask(f"!take {number}") for one in (mira, jonas)))
    assert sorted(str(line.kind) for line in heard) == ["case_claimed", "refusal"]
    first, second = (mira, jonas) if heard[0].kind == "case_claimed" else (jonas, mira)
    refused = next(line for line in heard if line.kind == "refusal")
    assert first.member.user_id in refused.body
    words = await first.hear("case_excerpt")
    assert link in words.body
    assert canary not in words.body

    # a second person gets a room, and the words only there
    known = set(watch.group.rooms.values()) | first.member.rooms() | second.member.rooms()
    await second.ask(f"!join {number}", "notice")
    room, same = [await follows(one, known) for one in (first, second)]
    assert room == same
    assert watch.house.installation.keeper in await second.member.members(room)
    await first.ask(f"!case {number} share", "notice")
    line = await second.member.wait_for(room, lambda one: one.kind == "case_excerpt", 20)
    assert link in line.body
    await first.ask(f"!case {number} level red", "notice")
    await first.ask(f"!case {number} close looked-after", "notice")
    await second.member.send(room, f"!confirm {number}")
    closed = await second.member.wait_for(room, lambda one: one.kind == "case_closed", 20)
    assert "closed" in closed.body
    assert (await numbers(watch))[f"C-{number}"] == "closed"
    await watch.caught_up()


async def test_what_is_about_a_facilitator_only_the_lead_hears(watch: Watch) -> None:
    ada, mei, mira, jonas, lea = watch.those("ada", "mei", "mira", "jonas", "lea")
    team = watch.group.rooms[RoomKind.FACILITATORS]
    canary = watch.canary()
    await jonas.ask("!off", "duty")  # of the two who facilitate, one is off and one is not
    before = {
        one.member.user_id: (len(one.lines_of_keeper()), len(one.member.timeline(team)))
        for one in (mira, jonas)
    }
    number = await flags(ada, "3", "2", lambda: ada.say(f"Jonas wrote {canary}"))
    alert = await lea.hear("case_new")
    assert f"C-{number}" in alert.body
    for one in (mira, jonas):
        answer = await one.ask(f"!take {number}", "refusal")
        unknown = await one.ask(f"!take {number + 50}", "refusal")
        assert answer.body.replace(str(number), "_") == unknown.body.replace(str(number + 50), "_")
        await one.hear_nothing_more()
        said = len(one.lines_of_keeper()), len(one.member.timeline(team))
        chat, room = before[one.member.user_id]
        assert said == (chat + 3, room)  # two refusals and the marker
    await lea.ask(f"!take {number}", "case_claimed")
    assert canary in (await lea.hear("case_excerpt")).body
    await lea.ask(f"!case {number} close no-concern", "case_closed")
    await jonas.ask("!on", "duty")
    await watch.caught_up()
    for one in (mira, jonas, mei):
        assert not any(canary in line.body for line in one.lines_of_keeper())
        assert not any(f"C-{number}" == line.keeper.get("case") for line in one.lines_of_keeper())


async def test_after_a_restore_what_is_known_is_asked_about_again_and_its_words_are_there(
    watch: Watch,
) -> None:
    ada, mei, mira, jonas = watch.those("ada", "mei", "mira", "jonas")
    canary = watch.canary()
    number = await flags(ada, "2", "1", lambda: ada.say(f"Mei wrote {canary}"))
    await mira.hear("case_new")
    await watch.caught_up()
    copy = await watch.copied()
    await mira.ask(f"!take {number}", "case_claimed")
    await mira.ask(f"!case {number} close looked-after", "case_closed")
    lost = await flags(mei, "2", "1", lambda: mei.say(f"Ada wrote {canary}"))
    await mira.hear("case_new")
    await watch.caught_up()

    await watch.restored(copy)
    for one in (ada, mei, jonas):
        assert "older copy" in (await one.hear("notice")).body
    team = watch.group.rooms[RoomKind.FACILITATORS]
    told = await jonas.member.wait_for_text(team, "older copy")
    assert f"New cases begin at C-{number + 101}" in told.body
    assert f"C-{lost}" not in await numbers(watch)
    again = await flags(mei, "2", "1", lambda: mei.say(f"Ada wrote {canary}"))
    assert again == number + 101
    await jonas.hear("case_new")
    await jonas.ask(f"!take {again}", "case_claimed")
    assert canary in (await jonas.hear("case_excerpt")).body
    await ends(jonas, again)
    assert "database_was_restored" in watch.house.installation.log.read_text()
    assert (await numbers(watch))[f"C-{number}"] == "received"
    updates = [line for line in ada.lines_of_keeper() if line.kind == "flag_update"]
    await watch.caught_up()
    assert updates == [line for line in ada.lines_of_keeper() if line.kind == "flag_update"]
    assert f"C-{number}" in (await jonas.ask("!cases", "case_note")).body
    await watch.passes(hours=2, seconds=1)
    assert f"C-{number}" in (await jonas.hear("case_ladder")).body
    await jonas.ask(f"!take {number}", "case_claimed")
    assert canary in (await jonas.hear("case_excerpt")).body
    await ends(jonas, number)
    await watch.caught_up()


async def test_after_thirty_days_it_is_erased_and_the_words_are_nowhere(watch: Watch) -> None:
    ada = watch.walkers["ada"]
    assert set((await numbers(watch)).values()) == {"closed"}
    assert watch.contact in ada.member.rooms()
    await watch.passes(days=31)
    await until(lambda: watch.contact not in ada.member.rooms())
    await watch.house.at_rest()
    assert not await numbers(watch)

    assert not await watch.where(*watch.canaries)
