"""Rooms are made as docs/rooms.md describes them, once, and half-made ones are finished."""

import pytest

from appservice.domain import rooms as described
from appservice.domain.rooms import expected_state
from appservice.domain.types import EffectId, RoomKind
from appservice.errors import PermanentError
from appservice.matrix.doctor_rooms import examine_rooms
from appservice.matrix.rooms import WITH_KEEPER
from tests.matrix.conftest import Place, charter

ALL = (RoomKind.CIRCLE, RoomKind.NOTICEBOARD, RoomKind.FACILITATORS)


@pytest.mark.parametrize("what", ALL)
async def test_made_once_exactly_as_described(everywhere: Place, what: RoomKind) -> None:
    ada = await everywhere.person("ada")
    given = charter(ada.user_id)
    room = await everywhere.rooms.make_room(everywhere.group, what, given)
    assert await everywhere.rooms.make_room(everywhere.group, what, given) == room

    version = await everywhere.rooms.version()
    facts = await everywhere.inspector.inspect_room(room, what)
    expected = expected_state(what, given, everywhere.house, version)
    assert {name: facts.state[name] for name in expected} == expected
    create = facts.state["m.room.create"]
    assert (create["room_version"], create["m.federate"]) == (version, False)
    assert "additional_creators" not in create
    people = {everywhere.house.steward} | (
        {everywhere.house.keeper} if what in WITH_KEEPER else set()
    )
    assert facts.members == dict.fromkeys(people, "join")
    assert not facts.listed


async def test_rooms_of_one_case_are_told_apart_by_their_key(everywhere: Place) -> None:
    """Without a key it is the one of an older version."""
    for what in (RoomKind.CONTACT, RoomKind.CASE):
        keys = ("", "k7f3", "", "x2d9", "k7f3")
        made = [
            await everywhere.rooms.make_side_room(everywhere.group, what, charter(), 12, key)
            for key in keys
        ]
        assert made[0] == made[2] != made[1] == made[4] != made[3]
        assert len(set(made)) == len(set(keys))
        facts = await everywhere.inspector.inspect_room(made[1], what)
        assert (everywhere.house.keeper in facts.members) is (what is RoomKind.CASE)


async def test_encrypted_before_anybody_could_speak(everywhere: Place) -> None:
    room = await everywhere.rooms.make_room(everywhere.group, RoomKind.CIRCLE, charter())
    page = await everywhere.client.messages(room, user=everywhere.house.steward, limit=50)
    kinds = [event["type"] for event in reversed(page["chunk"])]
    assert kinds[:2] == ["m.room.create", "m.room.member"]
    assert "m.room.encryption" in kinds
    assert set(kinds[2:]).isdisjoint({"m.room.message", "m.room.member"})


async def test_dangling_alias_is_replaced(everywhere: Place) -> None:
    """The alias points to a room without the steward, as a killed homeserver leaves it."""
    ada = await everywhere.person("ada")
    token = await everywhere.token(ada)
    body = {"preset": "private_chat"}
    _, other = await everywhere.server.request(
        "POST", "/_matrix/client/v3/createRoom", token=token, body=body
    )
    alias = everywhere.rooms.alias(everywhere.group, "circle")
    await everywhere.client.call(
        "PUT",
        f"/_matrix/client/v3/directory/room/%23{alias[1:]}",
        {"room_id": other["room_id"]},
        user=everywhere.house.steward,
    )
    room = await everywhere.rooms.make_room(everywhere.group, RoomKind.CIRCLE, charter())
    assert room != other["room_id"]
    assert await everywhere.client.resolve_alias(alias, user=everywhere.house.steward) == room


async def test_room_without_encryption_is_left_and_replaced(everywhere: Place) -> None:
    alias = everywhere.rooms.alias(everywhere.group, "circle")
    half = await everywhere.client.create_room(
        {"preset": "private_chat", "room_alias_name": alias[1:].partition(":")[0]},
        user=everywhere.house.steward,
    )
    room = await everywhere.rooms.make_room(everywhere.group, RoomKind.CIRCLE, charter())
    assert room != half
    assert half not in await everywhere.client.joined_rooms(user=everywhere.house.steward)


@pytest.mark.parametrize("events", range(9))
async def test_broken_off_after_any_event(on_stub: Place, events: int) -> None:
    on_stub.server.core.break_create_after = events
    with pytest.raises(Exception, match="does not answer"):
        await on_stub.rooms.make_room(on_stub.group, RoomKind.CIRCLE, charter())
    room = await on_stub.rooms.make_room(on_stub.group, RoomKind.CIRCLE, charter())
    facts = await on_stub.inspector.inspect_room(room, RoomKind.CIRCLE)
    expected = expected_state(RoomKind.CIRCLE, charter(), on_stub.house, "12")
    assert {name: facts.state[name] for name in expected} == expected
    assert await on_stub.client.joined_rooms(user=on_stub.house.steward) == [room]


async def test_open_chat_invites_once_and_directly(everywhere: Place) -> None:
    ada = await everywhere.person("ada")
    room = await everywhere.rooms.open_chat(ada.user_id, EffectId("one"))
    assert await everywhere.rooms.open_chat(ada.user_id, EffectId("one")) == room
    assert await everywhere.rooms.open_chat(ada.user_id, EffectId("two")) != room

    keeper = everywhere.house.keeper
    invitation = await everywhere.client.state_event(
        room, "m.room.member", user=keeper, key=ada.user_id
    )
    assert (invitation["membership"], invitation["is_direct"]) == ("invite", True)
    assert await everywhere.client.state_event(room, "m.room.canonical_alias", user=keeper) == {}
    seen = await everywhere.inspector.inspect_chat(room)
    assert (seen.user, seen.joined, seen.invited) == (ada.user_id, (), (ada.user_id,))
    assert (seen.encrypted, seen.can_encrypt) == (True, True)


async def test_who_declined_is_not_invited_again(everywhere: Place) -> None:
    ada = await everywhere.person("ada")
    room = await everywhere.rooms.open_chat(ada.user_id, EffectId("one"))
    token = await everywhere.token(ada)
    path = f"/_matrix/client/v3/rooms/{room}/leave"
    assert (await everywhere.server.request("POST", path, token=token, body={}))[0] == 200
    assert await everywhere.rooms.open_chat(ada.user_id, EffectId("one")) == room
    assert await everywhere.client.membership(room, ada.user_id, user=everywhere.house.keeper) == (
        "leave"
    )


async def test_member_of_our_chat_can_write_and_leave_only(everywhere: Place) -> None:
    ada, eve = await everywhere.person("ada"), await everywhere.person("eve")
    room = await everywhere.rooms.open_chat(ada.user_id, EffectId("one"))
    token = await everywhere.token(ada)
    base = f"/_matrix/client/v3/rooms/{room}"

    async def status(method: str, path: str, body: dict[str, object]) -> int:
        answer = await everywhere.server.request(method, base + path, token=token, body=body)
        return answer[0]

    assert await status("POST", "/join", {}) == 200
    assert await status("PUT", "/send/m.room.encrypted/1", {"algorithm": "x"}) == 200
    assert await status("POST", "/invite", {"user_id": eve.user_id}) == 403
    assert await status("PUT", "/state/m.room.name/", {"name": "x"}) == 403
    assert await status("POST", "/kick", {"user_id": everywhere.house.keeper}) == 403
    assert await status("POST", "/leave", {}) == 200


async def test_unknown_default_version_falls_to_one_of_ours(on_stub: Place) -> None:
    on_stub.rooms._version = None
    on_stub.server.core.room_version = "10"
    assert await on_stub.rooms.version() == "12"


async def test_no_fitting_version_is_refused(
    on_stub: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def versions(**_: str) -> tuple[str, frozenset[str]]:
        return "10", frozenset({"9", "10"})

    on_stub.rooms._version = None
    monkeypatch.setattr(on_stub.client, "room_versions", versions)
    with pytest.raises(PermanentError, match="neither room version"):
        await on_stub.rooms.version()


def test_room_checks_and_room_making_share_one_description() -> None:
    assert examine_rooms.__globals__["expected_state"] is described.expected_state
