"""Every effect is carried out once, however often it is asked for, and "already" is success."""

from typing import Any

import pytest

from appservice.domain.effects import (
    Admit,
    DrawCode,
    DrawFeed,
    EnterChat,
    Leave,
    MakeRoom,
    OpenChat,
    Remove,
    Repair,
    Say,
    SwitchEncryptionOn,
    TakeBack,
    TakeOut,
    TellOperator,
    Unban,
    Unlist,
)
from appservice.domain.effects import Message as KeeperMessage
from appservice.domain.events import (
    AdmissionBlocked,
    Admitted,
    ChatInspected,
    ChatOpened,
    CodeDrawn,
    FeedDrawn,
    RoomMade,
    TakenOut,
)
from appservice.domain.types import EventId, RoomId, RoomKind, Text, UserId
from appservice.errors import PermanentError
from tests.matrix.conftest import Place, charter
from tests.support.stub_homeserver import Touch


@pytest.fixture
async def circle(anywhere: Place) -> RoomId:
    return await anywhere.rooms.make_room(anywhere.group, RoomKind.CIRCLE, charter())


async def as_person(place: Place, token: str, path: str, body: Any = None) -> int:
    status, _ = await place.server.request(
        "POST", f"/_matrix/client/v3{path}", token=token, body=body or {}
    )
    return status


async def membership(place: Place, room: RoomId, user: str) -> str | None:
    return await place.client.membership(room, user, user=place.house.steward)


async def test_make_room(anywhere: Place) -> None:
    effect = MakeRoom(anywhere.group, RoomKind.FACILITATORS, charter())
    first = await anywhere.perform(effect)
    assert await anywhere.perform(effect) == first
    (made,) = first.happened
    assert isinstance(made, RoomMade)
    keeper = anywhere.house.keeper
    assert await membership(anywhere, made.room, keeper) == "join"


async def test_a_code_is_drawn_once_by_each_effect(anywhere: Place) -> None:
    user = UserId("@ada:circle.test")
    effect = DrawCode(anywhere.group, "Willow", RoomId("!chat"), user, uses=5, expires=None)
    first, other = await anywhere.perform(effect), await anywhere.perform(effect, "another")
    assert await anywhere.perform(effect) == first
    (drawn,) = first.happened
    assert isinstance(drawn, CodeDrawn)
    assert (drawn.uses, drawn.room, drawn.code[:7]) == (5, "!chat", "WILLOW-")
    assert first != other


async def test_an_address_for_a_calendar_is_drawn_once_by_each_effect(anywhere: Place) -> None:
    effect = DrawFeed(RoomId("!chat"), UserId("@ada:circle.test"), anywhere.group)
    first, other = await anywhere.perform(effect), await anywhere.perform(effect, "another")
    assert await anywhere.perform(effect) == first
    (drawn,), (second,) = first.happened, other.happened
    assert isinstance(drawn, FeedDrawn)
    assert len({drawn.secret, drawn.kept, second.secret, second.kept}) == 4
    assert len(drawn.secret) == 32  # 128 bits
    assert drawn.secret not in repr(drawn)


async def test_what_the_keeper_said_is_taken_back_once(anywhere: Place) -> None:
    keeper = anywhere.house.keeper
    room = await anywhere.rooms.make_room(anywhere.group, RoomKind.FACILITATORS, charter())
    event = await anywhere.client.send_event(
        room, "m.room.message", {"msgtype": "m.text", "body": "a quote"}, "quote", user=keeper
    )
    for name in ("once", "once", "again"):
        assert not (await anywhere.perform(TakeBack(room, event), name)).happened
    assert not (await anywhere.client.event(room, event, user=keeper))["content"]
    await anywhere.perform(TakeBack(RoomId("!nowhere:circle.test"), event), "elsewhere")


async def test_admit_invites_into_every_room_once(anywhere: Place, circle: RoomId) -> None:
    ada = await anywhere.person("ada")
    board = await anywhere.rooms.make_room(anywhere.group, RoomKind.NOTICEBOARD, charter())
    admit = Admit(UserId(ada.user_id), anywhere.group, (circle, board))
    for _ in range(2):
        done = await anywhere.perform(admit)
        assert done.happened == (Admitted(UserId(ada.user_id), anywhere.group),)
    token = await anywhere.token(ada)
    assert await as_person(anywhere, token, f"/rooms/{circle}/join") == 200
    assert (await anywhere.perform(admit)).happened[0] == Admitted(
        UserId(ada.user_id), anywhere.group
    )
    assert [await membership(anywhere, room, ada.user_id) for room in (circle, board)] == [
        "join",
        "invite",
    ]


async def test_nobody_enters_but_by_the_steward(anywhere: Place, circle: RoomId) -> None:
    ada, eve = await anywhere.person("ada"), await anywhere.person("eve")
    token = await anywhere.token(ada)
    assert await as_person(anywhere, token, f"/rooms/{circle}/join") == 403
    await anywhere.perform(Admit(UserId(ada.user_id), anywhere.group, (circle,)))
    assert await as_person(anywhere, token, f"/rooms/{circle}/join") == 200
    path, body = f"/rooms/{circle}/invite", {"user_id": eve.user_id}
    assert await as_person(anywhere, token, path, body) == 403


async def test_banned_member_blocks_admission(anywhere: Place, circle: RoomId) -> None:
    ada = await anywhere.person("ada")
    await anywhere.client.call(
        "POST",
        f"/_matrix/client/v3/rooms/{circle}/ban",
        {"user_id": ada.user_id},
        user=anywhere.house.steward,
    )
    done = await anywhere.perform(Admit(UserId(ada.user_id), anywhere.group, (circle,)))
    blocked = AdmissionBlocked(UserId(ada.user_id), anywhere.group, "M_FORBIDDEN")
    assert done.happened == (blocked,)
    await anywhere.perform(Remove(UserId(ada.user_id), (circle,)))
    assert await membership(anywhere, circle, ada.user_id) == "ban"


async def test_who_blocks_invitations_is_told_apart(on_stub: Place) -> None:
    ada = await on_stub.person("ada")
    on_stub.server.users[ada.user_id].blocks_invites = True
    room = await on_stub.rooms.make_room(on_stub.group, RoomKind.CIRCLE, charter())
    done = await on_stub.perform(Admit(UserId(ada.user_id), on_stub.group, (room,)))
    (blocked,) = done.happened
    assert isinstance(blocked, AdmissionBlocked)
    assert blocked.code == "M_INVITE_BLOCKED"


@pytest.mark.parametrize("joined", [True, False])
async def test_remove_takes_out_without_a_word(
    anywhere: Place, circle: RoomId, *, joined: bool
) -> None:
    ada = await anywhere.person("ada")
    await anywhere.perform(Admit(UserId(ada.user_id), anywhere.group, (circle,)))
    if joined:
        token = await anywhere.token(ada)
        assert await as_person(anywhere, token, f"/rooms/{circle}/join") == 200
    for _ in range(2):
        await anywhere.perform(Remove(UserId(ada.user_id), (circle,)))
    content = await anywhere.client.state_event(
        circle, "m.room.member", user=anywhere.house.steward, key=ada.user_id
    )
    assert content["membership"] == "leave"
    assert "reason" not in content


async def test_remove_leaves_strangers_alone(anywhere: Place, circle: RoomId) -> None:
    await anywhere.perform(Remove(UserId("@nobody:circle.test"), (circle,)))
    assert await membership(anywhere, circle, "@nobody:circle.test") is None


async def test_the_steward_never_removes_itself(anywhere: Place, circle: RoomId) -> None:
    with pytest.raises(PermanentError):
        await anywhere.perform(Remove(anywhere.house.steward, (circle,)))
    assert await membership(anywhere, circle, anywhere.house.steward) == "join"


async def test_repair_sends_only_what_differs(on_stub: Place) -> None:
    room = await on_stub.rooms.make_room(on_stub.group, RoomKind.CIRCLE, charter())
    effect = Repair(room, "m.room.topic", {"topic": "as it was"})
    await on_stub.perform(effect)
    puts: list[str] = []

    def note(touch: Touch) -> None:
        if touch.method == "PUT":
            puts.append(touch.path)

    on_stub.server.before = note
    await on_stub.perform(effect)
    assert puts == []
    assert on_stub.server.rooms[room].content("m.room.topic") == {"topic": "as it was"}


async def test_a_ban_is_lifted_once_and_its_reason_goes(anywhere: Place, circle: RoomId) -> None:
    eve, steward = await anywhere.person("eve"), anywhere.house.steward
    path = f"/_matrix/client/v3/rooms/{circle}/ban"
    body = {"user_id": eve.user_id, "reason": "said too much"}
    await anywhere.client.call("POST", path, body, user=steward)
    facts = await anywhere.inspector.inspect_room(circle, RoomKind.CIRCLE)
    assert facts.bans == {eve.user_id: steward}
    for _ in range(2):
        await anywhere.perform(Unban(UserId(eve.user_id), (circle,)))
        assert await membership(anywhere, circle, eve.user_id) == "leave"
    told = await anywhere.client.state_event(
        circle, "m.room.member", user=steward, key=eve.user_id
    )
    assert "reason" not in (told or {})
    facts = await anywhere.inspector.inspect_room(circle, RoomKind.CIRCLE)
    assert facts.bans == {}


async def test_a_message_is_taken_out_once_and_its_author_is_known(
    anywhere: Place, circle: RoomId
) -> None:
    steward = anywhere.house.steward
    content = {"algorithm": "x", "ciphertext": "y"}
    event = await anywhere.client.send_event(
        circle, "m.room.encrypted", content, "one", user=steward
    )
    asked = RoomId("!team:circle.test")
    effect = TakeOut(anywhere.group, circle, event, 3, asked)
    taken = TakenOut(anywhere.group, circle, steward, 3, asked)
    for _ in range(2):
        assert (await anywhere.perform(effect)).happened == (taken,)
    left = await anywhere.client.event(circle, event, user=steward)
    assert left["content"] == {}
    assert "reason" not in left["unsigned"]["redacted_because"]["content"]


async def test_what_is_no_message_is_not_taken_out(anywhere: Place, circle: RoomId) -> None:
    steward = anywhere.house.steward
    name = await anywhere.client.send_state(circle, "m.room.name", {"name": "W"}, user=steward)
    for event in (EventId("$gone"), name):
        effect = TakeOut(anywhere.group, circle, event, 0, circle)
        (taken,) = (await anywhere.perform(effect)).happened
        assert isinstance(taken, TakenOut)
        assert taken.author is None
    named = await anywhere.client.state_event(circle, "m.room.name", user=steward)
    assert named == {"name": "W"}


async def test_repair_and_unlist(anywhere: Place, circle: RoomId) -> None:
    steward = anywhere.house.steward
    rules = {"join_rule": "public"}
    await anywhere.client.send_state(circle, "m.room.join_rules", rules, user=steward)
    path = f"/_matrix/client/v3/directory/list/room/{circle}"
    await anywhere.client.call("PUT", path, {"visibility": "public"}, user=steward)
    facts = await anywhere.inspector.inspect_room(circle, RoomKind.CIRCLE)
    assert facts.listed

    for _ in range(2):
        await anywhere.perform(Repair(circle, "m.room.join_rules", {"join_rule": "invite"}))
        await anywhere.perform(Unlist(circle))
    facts = await anywhere.inspector.inspect_room(circle, RoomKind.CIRCLE)
    assert not facts.listed
    assert facts.state["m.room.join_rules"] == {"join_rule": "invite"}


async def create(place: Place, token: str, **body: Any) -> RoomId:
    _, made = await place.server.request(
        "POST", "/_matrix/client/v3/createRoom", token=token, body=body
    )
    return RoomId(made["room_id"])


async def test_enter_a_chat_and_look(anywhere: Place) -> None:
    ada = await anywhere.person("ada")
    token = await anywhere.token(ada)
    room = await create(
        anywhere, token, preset="private_chat", invite=[anywhere.house.keeper], is_direct=True
    )
    for _ in range(2):
        (seen,) = (await anywhere.perform(EnterChat(room))).happened
        assert isinstance(seen, ChatInspected)
        assert (seen.user, seen.joined, seen.invited) == (ada.user_id, (ada.user_id,), ())
        assert (seen.encrypted, seen.can_encrypt) == (False, False)


async def test_invitation_taken_back_is_nothing_to_enter(anywhere: Place) -> None:
    ada = await anywhere.person("ada")
    token = await anywhere.token(ada)
    room = await create(anywhere, token, preset="private_chat", invite=[anywhere.house.keeper])
    path, body = f"/rooms/{room}/kick", {"user_id": anywhere.house.keeper}
    assert await as_person(anywhere, token, path, body) == 200
    assert (await anywhere.perform(EnterChat(room))).happened == ()


async def test_switch_encryption_on_where_we_may(anywhere: Place) -> None:
    ada = await anywhere.person("ada")
    token = await anywhere.token(ada)
    room = await create(
        anywhere, token, preset="trusted_private_chat", invite=[anywhere.house.keeper]
    )
    (seen,) = (await anywhere.perform(EnterChat(room))).happened
    assert isinstance(seen, ChatInspected)
    assert (seen.encrypted, seen.can_encrypt) == (False, True)
    for _ in range(2):
        (seen,) = (await anywhere.perform(SwitchEncryptionOn(room))).happened
        assert isinstance(seen, ChatInspected)
        assert seen.encrypted


async def test_open_chat(anywhere: Place) -> None:
    ada = await anywhere.person("ada")
    effect = OpenChat(UserId(ada.user_id))
    first = await anywhere.perform(effect, "one")
    assert await anywhere.perform(effect, "one") == first
    (opened,) = first.happened
    assert isinstance(opened, ChatOpened)


@pytest.mark.parametrize("joined", [True, False])
async def test_leave_without_a_word(anywhere: Place, *, joined: bool) -> None:
    ada = await anywhere.person("ada")
    token = await anywhere.token(ada)
    for who in (anywhere.house.keeper, anywhere.house.steward):
        room = await create(anywhere, token, preset="private_chat", invite=[who])
        if joined:
            await anywhere.client.join(room, user=who)
        for _ in range(2):
            await anywhere.perform(Leave(room, who))
        _, content = await anywhere.server.request(
            "GET", f"/_matrix/client/v3/rooms/{room}/state/m.room.member/{who}", token=token
        )
        assert content["membership"] == "leave"
        assert "reason" not in content


async def test_leaving_what_never_was(anywhere: Place) -> None:
    room = RoomId("!never:circle.test")
    assert (await anywhere.perform(Leave(room, anywhere.house.keeper))).happened == ()


async def test_operators_are_told_without_names(
    on_stub: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = {"user": "@ada:circle.test", "room": "!secret:circle.test", "count": "3"}
    await on_stub.perform(TellOperator(Text("mended"), facts))
    written = capsys.readouterr()
    told = written.out + written.err
    assert "mended" in told
    assert "3" in told
    assert "ada" not in told
    assert "secret" not in told
    assert on_stub.store.hash("log", "@ada:circle.test") in told


async def test_messages_are_not_ours_to_send(on_stub: Place) -> None:
    say = Say(RoomId("!a:b"), KeeperMessage("help", (), "en"))
    with pytest.raises(PermanentError):
        await on_stub.perform(say)
