"""Whatever comes in: a clear answer, the next good message heard, nothing of it in the log."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.town import TROUBLE, Town, inhabited, quiet, right, steps
from tests.support import contents
from tests.support.client_api import MemberError
from tests.support.story import example
from tests.support.walker import Walker

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.interop,
    pytest.mark.asyncio(loop_scope="module"),
]
LARGE = 33 * 1024**2  # bytes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One installation with an open group for all cases of this module."""
    async with inhabited(tmp_path_factory.mktemp("town")) as made:
        made.groups["ROWAN"], made.facilitators = await made.found("ROWAN")
        yield made


async def still_hears(walker: Walker) -> None:
    """The next good message is answered."""
    assert (await walker.ask("groups", "notice")).readable


# -- words that mean nothing


async def test_wrong_codes_are_answered_alike_and_not_repeated(town: Town) -> None:
    draft, _ = await town.found("HAZEL", draft=True)
    ada = await town.walker("ada")
    await ada.ask("rules")  # the first answer says more than the later ones
    canary = town.canary()
    answers = [await ada.ask(f"join {code}") for code in (canary, "ROWAN", draft["code"])]
    assert {line.kind for line in answers} == {"refusal"}
    assert len({line.body for line in answers}) == 1
    assert canary not in answers[0].body
    opened = await ada.ask(f"Join  {town.groups['ROWAN']['code'].lower().replace('-', ' ')}!")
    assert opened.keeper["step"] == "1/7"


async def test_unexpected_words_meet_the_program_sentence(town: Town) -> None:
    ada = await town.walker("ada")
    canary = town.canary()
    for said in (
        f"asdf qwer yxcv {canary}",
        f"je voudrais parler à quelqu'un {canary}",
        f"мне очень плохо {canary}",
        f"\u202e{canary}\u0000\u0007 <b>bold</b> {{x}} %s",
        f"{canary} " + "word " * 700,
    ):
        answer = await ada.ask(said)
        assert answer.kind == "program"
        assert canary not in json.dumps(answer.content)
        await still_hears(ada)


async def test_every_command_answers_in_any_state(town: Town) -> None:
    ada = await town.walker("ada")
    kinds = {
        "rules": {"notice", "rule"},
        "privacy": {"privacy_card"},
        "groups": {"notice"},
        "help": {"help"},
        "hilfe": {"help"},
    }
    for state in ("new", "joining", "joined", "left"):
        if state == "joining":
            question = await ada.ask(f"join {town.groups['ROWAN']['code']}")
        for word, expected in kinds.items():
            assert (await ada.ask(word)).kind in expected, (state, word)
        if state == "joining":
            again = await ada.ask("continue")
            assert (again.kind, again.keeper["step"]) == ("age", question.keeper["step"])
            assert (await ada.ask("stop")).kind == "notice"
            assert (await ada.ask("continue")).kind == "notice"
            await ada.join(town.groups["ROWAN"]["code"])
        if state == "joined":
            assert (await ada.ask("stop")).kind == "notice"
            await ada.member.join(town.groups["ROWAN"]["rooms"]["circle"])
            assert (await ada.ask("leave")).kind == "withdrawn"
    assert (await ada.ask("leave")).kind == "notice"
    await ada.member.wait_until(
        lambda: town.groups["ROWAN"]["rooms"]["circle"] not in ada.member.rooms()
    )


async def test_german_member_walks_the_gate_in_german(town: Town) -> None:
    ada = await town.walker("ada")
    assert (await ada.ask("language de")).kind == "notice"
    receipt = await ada.join(town.groups["ROWAN"]["code"])
    replies = [c["reply"] for line in ada.heard for c in line.keeper.get("choices", [])]
    assert "Ich stimme den Regeln zu" in replies
    assert "Sprache: de" in receipt.body or "de" in receipt.body
    assert "Ich bin ein Programm" in ada.heard[0].body
    assert (await ada.ask("hilfe")).kind == "help"
    assert (await ada.ask("hilf mir")).kind in {"help", "program"}


# -- messages that are no words


async def test_messages_that_are_no_words(town: Town) -> None:
    ada = await town.walker("ada")
    await ada.ask("rules")
    canary = town.canary()
    voice = {
        "msgtype": "m.audio",
        "body": f"voice {canary}.ogg",
        "url": "mxc://circle.test/nobodyUploaded",
        "org.matrix.msc3245.voice": {},
        "org.matrix.msc1767.audio": {"duration": 1200, "waveform": [0, 1]},
    }
    room, say = ada.room, ada.member.send_raw
    await ada.member.send_image(room)
    image = await ada.hear("not_understood")
    await say(room, "m.room.message", voice)
    assert (await ada.hear("not_understood")).body == image.body
    await say(room, "m.room.message", contents.text(f"{canary} " + "x" * 40_000))
    long = await ada.hear("not_understood")
    assert long.body != image.body
    first = await ada.say(canary)
    await ada.hear("program")
    await ada.member.edit(room, first, "I consent")
    await ada.hear("not_understood")
    await say(room, "m.sticker", {"body": canary, "url": "mxc://circle.test/x", "info": {}})
    await ada.hear("not_understood")
    # what nobody has to answer: a redaction, a reaction, a notice, an unknown type, no body
    await ada.member.redact(room, first)
    await ada.member.react(room, image.event_id, "👍")
    for content in (
        {"msgtype": "m.notice", "body": "help"},
        {"msgtype": "m.text"},
        {"msgtype": "m.text", "body": ["help"]},
        {"msgtype": "m.text", "body": "   "},
        {"msgtype": {"a": 1}, "body": "help"},
        {"body": "help", "m.relates_to": "help"},
    ):
        await say(room, "m.room.message", content)
    await say(room, "org.example.unknown", {"body": "help"})
    before = len(ada.lines_of_keeper())
    await ada.hear_nothing_more()
    assert len(ada.lines_of_keeper()) == before + 1
    await still_hears(ada)


async def test_statement_said_by_edit_or_in_plain_text_is_no_consent(town: Town) -> None:
    ada = await town.walker("ada")
    line = await ada.ask(f"join {town.groups['ROWAN']['code']}")
    while line.keeper["step"] != "6/7":
        tries = [x.keeper["step"] for x in ada.heard].count(line.keeper["step"]) - 1
        line = await ada.ask(right(line, tries))
    old = await ada.say("nothing yet")
    await ada.hear("program")
    await ada.member.edit(ada.room, old, "I consent")
    await ada.hear("not_understood")
    path = f"/rooms/{ada.room}/send/m.room.message"
    await ada.member.call("PUT", f"{path}/plain1", contents.text("I consent"))
    await ada.member.call("PUT", f"{path}/plain2", contents.text("help"))
    assert (await ada.hear()).kind == "help"  # and nothing before it: help is heard from anybody
    circle = town.groups["ROWAN"]["rooms"]["circle"]
    assert circle not in ada.member.invites()
    # a client that blocks all invitations (MSC4380): told how to let this one in, then sent again
    settings = f"/user/{ada.member.user_id}/account_data/m.invite_permission_config"
    await ada.member.call("PUT", settings, {"default_action": "block"})
    blocked = await ada.ask("I consent", "notice")
    assert town.house.steward in blocked.body
    assert circle not in ada.member.invites()
    await ada.member.call("PUT", settings, {"default_action": "allow"})
    await ada.ask("continue", "notice")
    await ada.hear("receipt")
    await ada.member.join(circle)


async def test_two_devices_answering_at_once_skip_no_question(town: Town) -> None:
    account = await town.account("ada")
    first = await town.log_in(account)
    second = await town.log_in(account, cross_sign=False)
    await second.verify_by(first)
    ada = await Walker.meet(first, town.house.keeper)
    other = Walker(second, town.house.keeper, ada.room)
    await second.wait_until(lambda: ada.room in second.rooms())
    await other.ask("rules")  # both have given their keys
    await ada.hear()
    line = await ada.ask(f"join {town.groups['ROWAN']['code']}")
    line = await ada.ask(right(line))
    rules = example("small").rules[0]
    for number, rule in enumerate(rules.asked, start=2):
        correct = line.keeper["choices"][rule.question.right]
        with town.nobody_listening():
            await asyncio.gather(ada.say(correct["reply"]), other.say(correct["reply"]))
        line = await ada.hear()
        assert line.keeper.get("step") == f"{number + 1}/7", line.body
        await ada.hear_nothing_more()
        expected = [f"{n}/7" for n in range(1, number + 2)]
        assert steps(ada) == expected
        await other.member.wait_for(ada.room, lambda x, e=line.event_id: x.event_id == e)


# -- rooms that are none of ours


async def test_room_of_three_is_declined_politely(town: Town) -> None:
    eve, bob, cyd = [await town.member(name) for name in ("eve", "bob", "cyd")]
    keeper = town.house.keeper
    for encrypted in (False, True):
        body = contents.chat(bob.user_id, encrypted=encrypted)
        body["invite"] = [bob.user_id, cyd.user_id]
        room = await eve.create_room(body)
        await bob.join(room)
        await eve.invite(room, keeper)
        line = await eve.wait_for(room, lambda x: x.sender == keeper and x.kind == "notice")
        assert line.keeper["parts"] == ["program", "notice"]
        assert "only talk with one person" in line.body
        await eve.wait_for_member(room, keeper, "leave")


async def test_steward_leaves_wordless(town: Town) -> None:
    eve = await town.member("eve")
    steward = town.house.steward
    room = await eve.create_chat(steward)
    await eve.wait_for_member(room, steward, "leave")
    assert not [x for x in eve.timeline(room) if x.sender == steward and x.state_key is None]
    # into a private chat that stands already: the keeper talks on
    ada = await town.walker("ada")
    await ada.ask("rules")
    await ada.member.invite(ada.room, steward)
    await ada.member.wait_for_member(ada.room, steward, "leave")
    await ada.say("privacy")
    await ada.hear("privacy_card")


async def test_chat_without_encryption(town: Town) -> None:
    ada = await town.member("ada")
    room = await ada.create_chat(town.house.keeper, encrypted=False, preset="trusted_private_chat")
    able = Walker(ada, town.house.keeper, room)
    await ada.wait_for(room, lambda x: x.type == "m.room.encryption")
    assert (await able.ask(f"join {town.groups['ROWAN']['code']}")).keeper["step"] == "1/7"
    assert all(line.encrypted for line in able.heard)

    ben = await town.member("ben")
    room = await ben.create_chat(town.house.keeper, encrypted=False)
    plain = Walker(ben, town.house.keeper, room)
    own = await ben.wait_for_invite(sender=town.house.keeper)
    await ben.join(own)
    canary = town.canary()
    await plain.say(f"join {town.groups['ROWAN']['code']}")
    await plain.say(canary)
    assert (await plain.ask("help")).kind == "help"
    assert len(plain.lines_of_keeper()) == 1
    chat = Walker(ben, town.house.keeper, own)
    assert (await chat.ask(f"join {town.groups['ROWAN']['code']}")).keeper["step"] == "1/7"
    assert all(line.encrypted for line in chat.heard)


async def test_third_person_in_a_private_chat(town: Town) -> None:
    ada, ben = await town.walker("ada"), await town.member("ben")
    question = await ada.ask(f"join {town.groups['ROWAN']['code']}")
    await ada.member.invite(ada.room, ben.user_id)
    told = await ada.hear("notice")
    assert "for two" in told.body
    await ada.say("yes")
    await ada.say(town.canary())
    assert (await ada.ask("help")).kind == "help"
    await ben.join(ada.room)
    await ben.send(ada.room, "yes")
    await ben.send(ada.room, "help")
    assert (await ada.hear()).kind == "help"
    assert not [x for x in ada.lines_of_keeper() if x.keeper.get("step") == "2/7"]
    await ben.leave(ada.room)
    again = await ada.ask("continue")
    assert again.keeper["step"] == question.keeper["step"]
    assert (await ada.ask("yes")).keeper["step"] == "2/7"


async def test_member_who_leaves_half_way_goes_on_in_a_new_chat(town: Town) -> None:
    ada = await town.walker("ada")
    line = await ada.ask(f"join {town.groups['ROWAN']['code']}")
    line = await ada.ask(right(line))
    await ada.member.leave(ada.room)
    again = await Walker.meet(ada.member, town.house.keeper)
    repeated = await again.ask("continue")
    assert repeated.keeper["step"] == line.keeper["step"]
    assert "program" in repeated.keeper["parts"]
    # the keeper thrown out and called again
    await again.member.call("POST", f"/rooms/{again.room}/kick", {"user_id": town.house.keeper})
    await again.member.invite(again.room, town.house.keeper)
    await again.member.wait_for_member(again.room, town.house.keeper)
    assert (await again.ask("continue")).keeper["step"] == line.keeper["step"]


async def test_unsigned_device_is_told_how_and_goes_on_by_itself(town: Town) -> None:
    account = await town.account("ada")
    ada = await town.nio_of(account, cross_sign=False)
    walker = await Walker.meet(ada, town.house.keeper)
    told = await walker.ask(f"join {town.groups['ROWAN']['code']}")
    assert told.kind == "notice"
    assert "Here is how" in told.body
    assert (await walker.ask("help")).kind == "help"
    assert (await walker.ask("yes")).kind == "notice"
    await ada._cross_sign(account.password)
    line = await walker.hear("age", timeout=45)
    assert line.keeper["step"] == "1/7"
    assert (await walker.ask("yes")).keeper["step"] == "2/7"


# -- at the door of the add-on


def message(room: str, user: str, number: int, **changes: Any) -> dict[str, Any]:
    """A plain message as a transaction carries it."""
    event: dict[str, Any] = {
        "event_id": f"$forged{number}:{room[1:9]}",
        "room_id": room,
        "sender": user,
        "type": "m.room.message",
        "origin_server_ts": 1,
        "content": contents.text("help"),
    }
    return event | changes


async def test_transactions_that_are_refused(town: Town) -> None:
    ada = await town.walker("ada")
    await ada.ask("rules")
    event = message(ada.room, ada.member.user_id, 1)
    as_token = town.registration["as_token"]
    for token, status in (("", 401), ("wrong", 403), (as_token, 403), ("ü" * 40, 403)):
        assert (await town.put([event], token=token))[0] == status
    for raw in (b"", b"{", b"\xff\xfe", b"nonsense", b'{"events": [', b"{'events': []}"):
        assert (await town.put(None, raw=raw))[0] == 400
    await quiet(ada, 0.5)
    await still_hears(ada)


async def test_transactions_with_anything_in_them(town: Town) -> None:
    ada = await town.walker("ada")
    await ada.ask("rules")
    room, user = ada.room, ada.member.user_id
    canary = town.canary()
    wrong: list[Any] = [
        None,
        canary,
        17,
        [],
        [[[]]],
        {},
        {"event_id": canary},
        {"type": "m.room.message", "content": contents.text(canary)},
        message(room, user, 1, content=canary),
        message(room, user, 2, content=None),
        message(room, user, 3, content=[canary]),
        message(room, user, 4, sender=None),
        message(room, user, 5, sender={"a": canary}),
        message(room, user, 6, type=["m.room.message"]),
        message(room, user, 7, room_id=7),
        message(room, user, 8, event_id=8),
        message(room, user, 9, event_id="$" + "x" * 5000),
        message(room, user, 10, type="m.room.encrypted", content={}),
        message(room, user, 11, type="m.room.encrypted", content={"ciphertext": canary}),
        message(room, user, 12, type="m.room.encrypted", content=megolm(canary)),
        message(room, user, 13, type="m.room.encrypted", content=megolm({"a": canary})),
        message(room, user, 14, type="m.room.encrypted", content=megolm(canary, session_id=[])),
        message(room, user, 15, type="m.room.member", state_key=user, content={}),
        message(room, user, 16, type="m.room.member", state_key=7, content={}),
        message(room, user, 17, type="m.room.member", state_key=user, content={"membership": []}),
        message(room, user, 18, type="m.room.member", state_key="<b>\n", content={}),
        message("!nowhere:circle.test", user, 19),
        message("not a room\n", user, 20),
        message(room, "no user", 21, content=contents.text(canary)),
        message(
            "!no:circle.test",
            "no user",
            22,
            type="m.room.member",
            state_key=town.house.keeper,
            content={"membership": "invite"},
        ),
        message(room, user, 23, type="m.room.encryption", state_key="", content={"algorithm": 7}),
        message(room, user, 24, type="m.room.redaction", redacts=[canary]),
        message(room, town.house.keeper, 25, content={}),
        message(room, town.house.keeper, 26, type="m.room.encrypted", content=megolm("x")),
        message(room, user, 27, content={"body": "help", "msgtype": "m.text", "m.relates_to": 7}),
        message(room, user, 28, unsigned=7, origin_server_ts="soon", age={}),
    ]
    heard_before = len(ada.lines_of_keeper())
    for body in ({}, [], 7, None, {"events": 7}, {"events": {"a": 1}}, {"events": None}):
        assert (await town.put(None, raw=json.dumps(body).encode()))[0] == 200
    deep = b"[" * 5000 + b"]" * 5000
    for raw in (
        b'{"events": [' + deep + b"]}",
        b'{"events": [{"event_id": "\\ud800"}]}',
        b'{"events": [{"depth": ' + b"9" * 5000 + b"}]}",
        b'{"events": [{"depth": NaN, "a": 1e999}]}',
    ):
        assert (await town.put(None, raw=raw))[0] == 200
    assert (await town.put(wrong))[0] == 200
    # two of them are whole and say help in plain words
    await ada.hear("help")
    await ada.hear("help")
    await ada.hear_nothing_more()
    assert len(ada.lines_of_keeper()) == heard_before + 3
    parked = json.loads(await town.house.command("parked", "list", "--json"))
    assert parked
    assert canary not in json.dumps(parked)


def megolm(ciphertext: Any, **changes: Any) -> dict[str, Any]:
    """An encrypted content that nobody can decrypt."""
    return {
        "algorithm": contents.MEGOLM,
        "ciphertext": ciphertext,
        "sender_key": "A" * 43,
        "session_id": "nosuchsession",
        "device_id": "NOSUCH",
    } | changes


async def test_huge_transaction_is_taken(town: Town) -> None:
    ada = await town.walker("ada")
    await ada.ask("rules")
    filler = [
        message("!elsewhere:circle.test", "@x:circle.test", n, content={"body": "y" * 60_000})
        for n in range(LARGE // 60_000 + 1)
    ]
    good = message(ada.room, ada.member.user_id, 99, content=contents.text("help"))
    body = json.dumps({"events": [*filler, good]}).encode()
    assert len(body) > LARGE
    assert (await town.put(None, raw=body))[0] == 200
    await ada.hear("help", timeout=30)
    status, _ = await town.put(None, raw=b'{"events": ["' + b"x" * (65 * 1024**2) + b'"]}')
    assert status == 413
    await still_hears(ada)


# -- facilitators, and whoever has power in a circle


async def test_draft_is_signed_twice_and_opened(town: Town) -> None:
    group, people = await town.found("ASPEN", draft=True)
    mira, jonas = [await Walker.meet(await town.log_in(one), town.house.keeper) for one in people]
    ada = await town.walker("ada")
    await ada.ask("rules")
    unknown = await ada.ask("join NOPE-2345")
    assert (await ada.ask(f"join {group['code']}")).body == unknown.body
    assert (await ada.ask("!sign")).kind == "refusal"
    assert (await mira.ask("!sign")).kind == "refusal"  # no consent yet
    await asyncio.gather(mira.join(group["code"]), jonas.join(group["code"]))
    assert (await mira.ask("!open")).kind == "refusal"
    await mira.ask("!sign", "notice")
    await mira.ask("!sign", "notice")  # once is enough
    assert (await jonas.ask("!open")).kind == "refusal"
    await jonas.ask("!sign", "notice")
    await jonas.ask("!open", "notice")
    assert (await jonas.ask("!open")).kind == "refusal"
    await ada.join(group["code"])
    assert (await ada.ask("!open")).kind == "refusal"


async def test_nobody_in_a_circle_can_open_its_doors(town: Town) -> None:
    group, people = town.groups["ROWAN"], town.facilitators
    circle = group["rooms"]["circle"]
    mira = await Walker.meet(await town.log_in(people[0]), town.house.keeper)
    ada, eve = await town.walker("ada"), await town.member("eve")
    await asyncio.gather(mira.join(group["code"]), ada.join(group["code"]))
    for walker in (mira, ada):
        await walker.member.join(circle)
    powers = await mira.member.state(circle, "m.room.power_levels")
    raised = powers | {"users": {**powers["users"], mira.member.user_id: 100}}
    for one in (mira.member, ada.member):
        for kind, content in (
            ("m.room.power_levels", raised),
            ("m.room.join_rules", {"join_rule": "public"}),
            ("m.room.history_visibility", {"history_visibility": "shared"}),
            ("m.room.name", {"name": "Grief"}),
            ("m.room.topic", {"topic": "Grief"}),
            ("m.room.tombstone", {"body": "moved", "replacement_room": "!x:y"}),
        ):
            with pytest.raises(MemberError, match="M_FORBIDDEN"):
                await one.set_state(circle, kind, content)
        with pytest.raises(MemberError, match="M_FORBIDDEN"):
            await one.invite(circle, eve.user_id)
        with pytest.raises(MemberError, match="M_FORBIDDEN"):
            await one.call("POST", f"/rooms/{circle}/kick", {"user_id": eve.user_id})
    with pytest.raises(MemberError, match="M_FORBIDDEN"):
        await eve.join(circle)

    # with the steward's token: mended within moments, and told
    state = f"/rooms/{circle}/state"
    for kind, content in (
        ("m.room.history_visibility", {"history_visibility": "world_readable"}),
        ("m.room.join_rules", {"join_rule": "public"}),
        ("m.room.power_levels", raised),
    ):
        good = await ada.member.state(circle, kind)
        await town.house.as_service("PUT", f"{state}/{kind}", town.house.steward, content)
        await mended(ada, circle, kind, good)

    # a facilitator's ban holds
    await mira.member.call("POST", f"/rooms/{circle}/ban", {"user_id": ada.member.user_id})
    await ada.member.wait_until(lambda: circle not in ada.member.rooms())
    assert (await ada.ask("continue")).kind == "notice"
    await ada.hear_nothing_more()
    assert (await mira.member.members(circle))[ada.member.user_id] == "ban"
    await still_hears(ada)


async def mended(walker: Walker, room: str, kind: str, good: Any) -> None:
    """Wait until a state event is again what it was."""
    for _ in range(150):
        if await walker.member.state(room, kind) == good:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{kind} was not mended")


# -- afterwards


async def test_nothing_of_it_was_logged_and_nothing_broke(town: Town) -> None:
    ada = await town.walker("ada")
    await ada.ask(town.canary(), "program")
    log = town.log()
    assert log
    for canary in town.canaries:
        assert canary not in log
    for trouble in TROUBLE:
        assert trouble not in log
    await town.house.stop()
    for file in sorted(town.house.folder.rglob("*")):
        if file.is_file():
            data = file.read_bytes()
            assert not [canary for canary in town.canaries if canary.encode() in data], file.name
    await town.house.run()
    await ada.ask("help", "help")
