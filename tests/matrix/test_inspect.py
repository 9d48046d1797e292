"""What the homeserver tells of rooms, chats and the steward is read rightly."""

from typing import Any

import pytest

from appservice.domain.group import Group
from appservice.domain.types import RoomId, RoomKind
from appservice.errors import PermanentError
from tests.matrix.conftest import Place, charter
from tests.support.stub_homeserver import StubHomeserver

ADA, EVE = "@ada:circle.test", "@eve:circle.test"


def encryption(**content: Any) -> list[dict[str, Any]]:
    content = {"algorithm": "m.megolm.v1.aes-sha2", **content}
    return [{"type": "m.room.encryption", "state_key": "", "content": content}]


async def people(stub: StubHomeserver) -> None:
    for name in ("ada", "eve"):
        await stub.register_user(name)


async def chat(place: Place, **body: Any) -> RoomId:
    keeper = place.house.keeper
    room = place.server.create_chat(ADA, keeper, **body)
    place.server.join(room.room_id, keeper)
    return RoomId(room.room_id)


async def test_chat_of_two(on_stub: Place) -> None:
    await people(on_stub.server)
    room = await chat(
        on_stub,
        initial_state=encryption(rotation_period_msgs=7, rotation_period_ms=5000),
        preset="private_chat",
    )
    seen = await on_stub.inspector.inspect_chat(room)
    assert (seen.user, seen.joined, seen.invited) == (ADA, (ADA,), ())
    assert (seen.encrypted, seen.can_encrypt) == (True, False)
    assert (seen.rotation_messages, seen.rotation_ms) == (7, 5000)


@pytest.mark.parametrize("odd", ["7", -1, 0, True, None, 1.5])
async def test_odd_rotation_gives_the_default(on_stub: Place, odd: Any) -> None:
    await people(on_stub.server)
    room = await chat(on_stub, initial_state=encryption(rotation_period_msgs=odd))
    seen = await on_stub.inspector.inspect_chat(room)
    assert (seen.rotation_messages, seen.rotation_ms) == (100, 604_800_000)


async def test_unknown_algorithm_is_not_encrypted(on_stub: Place) -> None:
    await people(on_stub.server)
    room = await chat(on_stub, initial_state=encryption(algorithm="m.olm"))
    assert not (await on_stub.inspector.inspect_chat(room)).encrypted


async def test_third_person_is_seen_when_invited_and_when_joined(on_stub: Place) -> None:
    await people(on_stub.server)
    room = await chat(on_stub)
    on_stub.server.invite(room, ADA, EVE)
    seen = await on_stub.inspector.inspect_chat(room)
    assert (seen.user, seen.joined, seen.invited) == (ADA, (ADA,), (EVE,))
    on_stub.server.join(room, EVE)
    seen = await on_stub.inspector.inspect_chat(room)
    assert (seen.user, seen.joined) == (None, (ADA, EVE))
    on_stub.server.leave(room, ADA)
    on_stub.server.leave(room, EVE)
    seen = await on_stub.inspector.inspect_chat(room)
    assert (seen.user, seen.joined, seen.invited) == (None, (), ())


@pytest.mark.parametrize("version", ["11", "12"])
@pytest.mark.parametrize(
    ("preset", "powers", "can"),
    [
        ("trusted_private_chat", {}, True),
        ("private_chat", {}, False),
        ("private_chat", {"events": {"m.room.encryption": 0}}, True),
        ("private_chat", {"events": {}, "state_default": 0}, True),
        ("private_chat", {"users_default": 100}, True),
    ],
)
async def test_power_to_encrypt(
    on_stub: Place, version: str, preset: str, powers: dict[str, Any], *, can: bool
) -> None:
    await people(on_stub.server)
    if powers and version == "11":
        powers = {"users": {ADA: 100}, **powers}
    room = await chat(
        on_stub,
        encrypted=False,
        preset=preset,
        room_version=version,
        power_level_content_override=powers,
    )
    seen = await on_stub.inspector.inspect_chat(room)
    assert (seen.encrypted, seen.can_encrypt) == (False, can)


async def test_chat_that_the_keeper_left(anywhere: Place) -> None:
    keeper = anywhere.house.keeper
    room = await anywhere.client.create_room({"preset": "private_chat"}, user=keeper)
    await anywhere.client.leave(room, user=keeper)
    with pytest.raises(PermanentError):
        await anywhere.inspector.inspect_chat(room)


async def test_group_without_a_room_that_the_steward_lost(anywhere: Place) -> None:
    given = charter()
    rooms = {
        what: await anywhere.rooms.make_room(anywhere.group, what, given)
        for what in (RoomKind.CIRCLE, RoomKind.NOTICEBOARD)
    }
    group = Group(anywhere.group, "open", given, None, rooms)
    assert len(await anywhere.inspector.inspect_group(group)) == 2
    await anywhere.client.leave(rooms[RoomKind.CIRCLE], user=anywhere.house.steward)
    (left,) = await anywhere.inspector.inspect_group(group)
    assert left.what is RoomKind.NOTICEBOARD


async def test_who_is_in_and_who_is_invited(anywhere: Place) -> None:
    ada = await anywhere.person("ada")
    eve = await anywhere.person("eve")
    room = await anywhere.rooms.make_room(anywhere.group, RoomKind.CIRCLE, charter())
    steward = anywhere.house.steward
    await anywhere.client.invite(room, ada.user_id, user=steward)
    await anywhere.client.invite(room, eve.user_id, user=steward)
    await anywhere.client.kick(room, eve.user_id, user=steward)
    facts = await anywhere.inspector.inspect_room(room, RoomKind.CIRCLE)
    assert facts.members == {steward: "join", ada.user_id: "invite"}


async def test_who_went_by_themselves_and_who_was_taken_out(anywhere: Place) -> None:
    steward, keeper = anywhere.house.steward, anywhere.house.keeper
    eve = await anywhere.person("eve")
    room = await anywhere.rooms.make_room(anywhere.group, RoomKind.FACILITATORS, charter())
    await anywhere.client.invite(room, eve.user_id, user=steward)
    await anywhere.client.kick(room, eve.user_id, user=steward)
    await anywhere.client.leave(room, user=keeper)
    facts = await anywhere.inspector.inspect_room(room, RoomKind.FACILITATORS)
    assert facts.left == (keeper,)


async def test_steward_as_published(anywhere: Place) -> None:
    seen = await anywhere.inspector.inspect_steward("published")
    assert seen.devices == ()
    assert seen.master_key is not None
    assert seen.published == "published"


@pytest.mark.parametrize("keys", [True, False])
async def test_planted_device_is_seen_with_keys_or_without(anywhere: Place, *, keys: bool) -> None:
    steward = anywhere.house.steward
    await anywhere.client.put_device("PLANTED", "x", user=steward)
    if keys:
        body = {
            "device_keys": {
                "user_id": steward,
                "device_id": "PLANTED",
                "algorithms": [],
                "keys": {"ed25519:PLANTED": "x", "curve25519:PLANTED": "y"},
                "signatures": {},
            }
        }
        path = "/_matrix/client/v3/keys/upload"
        await anywhere.client.call("POST", path, body, user=steward, device="PLANTED")
    seen = await anywhere.inspector.inspect_steward("published")
    assert seen.devices == ("PLANTED",)
