"""What somebody could try who means harm, or a program that runs wild."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from tests.e2e.town import TROUBLE, Town, inhabited
from tests.support import contents
from tests.support.client_api import MemberError
from tests.support.walker import Walker

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.interop,
    pytest.mark.asyncio(loop_scope="module"),
]
FLOOD = 60  # messages
HELP_SECONDS = 2.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One installation with two open groups for all cases of this module."""
    async with inhabited(tmp_path_factory.mktemp("town")) as made:
        for name, size in (("ROWAN", "standard"), ("ASPEN", "small")):
            made.groups[name], _ = await made.found(name, size=size)
        yield made


async def raw(walker: Walker, event_id: str) -> dict[str, Any]:
    """An event as the homeserver has it, and as a transaction would carry it."""
    path = f"/rooms/{quote(walker.room, safe='')}/event/{quote(event_id, safe='')}"
    return await walker.member.call("GET", path) | {"room_id": walker.room}


async def test_replayed_and_forged_ciphertexts_do_nothing(town: Town) -> None:
    ada, ben = await town.walker("ada"), await town.walker("ben")
    said = await ada.say("rules")
    await ada.hear()
    await ben.ask("rules")
    event = await raw(ada, said)
    keeper, user = town.house.keeper, ben.member.user_id
    moved = [
        event | {"event_id": "$again:x"},
        event | {"event_id": "$later:x", "origin_server_ts": event["origin_server_ts"] + 9},
        event | {"event_id": "$stolen:x", "sender": user},
        event | {"event_id": "$moved:x", "room_id": ben.room},
        event | {"event_id": "$both:x", "room_id": ben.room, "sender": user},
        event | {"event_id": "$ours:x", "sender": keeper},
        event | {"event_id": "$bent:x", "content": event["content"] | {"ciphertext": "AwgA"}},
        event,
    ]
    assert (await town.put(moved))[0] == 200
    assert (await town.put(moved))[0] == 200
    for walker in (ada, ben):
        before = len(walker.lines_of_keeper())
        await walker.hear_nothing_more()
        assert len(walker.lines_of_keeper()) == before + 1


async def test_programs_are_never_answered(town: Town) -> None:
    bot = await town.walker("bot")
    await bot.ask("rules")
    for body in ("help", "join", "I am a program", town.groups["ROWAN"]["code"]):
        await bot.member.send_raw(
            bot.room, "m.room.message", {"msgtype": "m.notice", "body": body}
        )
    before = len(bot.lines_of_keeper())
    await bot.hear_nothing_more()
    assert len(bot.lines_of_keeper()) == before + 1


async def test_one_group_opens_no_door_of_another(town: Town) -> None:
    rowan, aspen = town.groups["ROWAN"], town.groups["ASPEN"]
    ada = await town.walker("ada")
    await ada.join(rowan["code"])
    await ada.member.join(rowan["rooms"]["circle"])
    for room in aspen["rooms"].values():
        with pytest.raises(MemberError, match="M_FORBIDDEN"):
            await ada.member.join(room)
    assert "ASPEN" not in (await ada.ask("groups")).body
    assert "ASPEN" not in (await ada.ask("rules")).body
    assert (await ada.ask("leave ASPEN")).kind == "program"
    assert (await ada.ask("!open ASPEN")).kind == "refusal"
    with pytest.raises(MemberError, match="M_FORBIDDEN"):
        await ada.member.join(rowan["rooms"]["facilitators"])
    # in at a side door: the steward's token lets somebody in, and they are out in a moment
    eve = await town.member("eve")
    await town.house.invite_past_the_gate(aspen["rooms"]["circle"], eve.user_id)
    await eve.wait_for_invite(sender=town.house.steward)
    await eve.wait_until(lambda: not eve.invites(), 20)


async def test_names_with_markup_stay_where_they_are(town: Town) -> None:
    ada = await town.walker("ada")
    name = '<b onload="x">I consent</b>\nhelp {group} %s'
    path = f"/profile/{quote(ada.member.user_id, safe='')}/displayname"
    await ada.member.call("PUT", path, {"displayname": name})
    room_name = {"name": "WILLOW\n<script>join ROWAN</script>"}
    await ada.member.set_state(ada.room, "m.room.name", room_name)
    first = await ada.ask(f"join {town.groups['ROWAN']['code']}")
    assert first.keeper["step"] == "1/7"
    await ada.ask("{group} %(x)s {0} {", "program")
    assert not [x for x in ada.lines_of_keeper() if "<" in x.body or "formatted_body" in x.content]


async def test_powers_of_a_chat_do_not_silence_the_keeper_for_ever(town: Town) -> None:
    ada = await town.walker("ada")
    await ada.ask("rules")
    powers = await ada.member.state(ada.room, "m.room.power_levels")
    await ada.member.set_state(ada.room, "m.room.power_levels", powers | {"events_default": 50})
    await ada.say("privacy")  # nobody can say an answer to this
    again = await Walker.meet(ada.member, town.house.keeper)
    assert (await again.ask("help")).kind == "help"
    assert (await again.ask("privacy")).kind == "privacy_card"


async def test_flood_holds_up_nobody_else_and_no_help(town: Town) -> None:
    loud, calm = await town.walker("loud"), await town.walker("calm")
    for walker in (loud, calm):
        await walker.ask("help")
    flood = asyncio.gather(*(loud.say(f"noise {n}") for n in range(FLOOD)))
    waits = []
    for _ in range(3):
        begin = time.monotonic()
        await calm.ask("help", "help")
        waits.append(time.monotonic() - begin)
    await flood
    begin = time.monotonic()
    await loud.ask("help", "help", timeout=60)
    waits.append(time.monotonic() - begin)
    await loud.hear_nothing_more()
    assert len([line for line in loud.lines_of_keeper() if line.kind == "help"]) == 2
    print(f"help after {', '.join(f'{wait:.2f} s' for wait in waits)}; the last in the flood")
    assert max(waits) < HELP_SECONDS


async def test_guessed_codes_open_nothing(town: Town) -> None:
    eve = await town.walker("eve")
    await eve.ask("rules")
    bodies = set()
    for guess in ("ROWAN-2222", "rowan 2223", "ASPEN-2222", "NONE-2222", "ROWAN-" + "2" * 30):
        bodies.add((await eve.ask(f"join {guess}")).body)
    assert len(bodies) == 1


async def test_nothing_broke(town: Town) -> None:
    ada = await town.walker("ada")
    await ada.ask("help", "help")
    log = town.log()
    assert '"event": "ready"' in log
    assert not [trouble for trouble in TROUBLE if trouble in log]


async def test_whole_road_in_room_version_11_with_postgresql(
    tmp_path: Path, postgres_url: str
) -> None:
    settings = {"database": postgres_url.replace("+asyncpg", "")}
    async with inhabited(tmp_path, settings=settings, room_version="11") as town:
        group, people = await town.found("WILLOW", size="standard")
        mira, ada = await town.log_in(people[0]), await town.nio("ada")
        for member in (mira, ada):
            walker = await Walker.meet(member, town.house.keeper)
            await walker.join(group["code"])
            await member.join(group["rooms"]["circle"])
        circle = group["rooms"]["circle"]
        await ada.send(circle, "I am new here")
        await mira.wait_for_text(circle, "I am new here")
        created = await mira.state(circle, "m.room.create")
        assert (created["room_version"], created["m.federate"]) == ("11", False)
        levels = await mira.state(circle, "m.room.power_levels")
        named = {one.user_id: 50 for one in people}
        assert levels["users"] == {town.house.steward: 100} | named
        assert [levels[key] for key in ("users_default", "events_default", "state_default")] == [
            0,
            0,
            100,
        ]
        assert [levels[key] for key in ("invite", "kick", "ban", "redact")] == [100, 100, 50, 50]
        assert all(
            levels["events"][kind] >= 100 for kind in ("m.room.encryption", "m.room.tombstone")
        )
        assert "org.matrix.msc3401.call.member" not in levels["events"]
        board = group["rooms"]["noticeboard"]
        await mira.join(board)
        levels = await mira.state(board, "m.room.power_levels")
        assert levels["users"] == {town.house.steward: 100, town.house.keeper: 50}
        assert [levels[key] for key in ("events_default", "invite", "kick", "ban")] == [
            50,
            100,
            100,
            100,
        ]
        with pytest.raises(MemberError, match="M_FORBIDDEN"):
            await mira.send_raw(board, "m.room.message", contents.text("no"))
        await town.house.command("check", code=None)
        assert not [trouble for trouble in TROUBLE if trouble in town.log()]
