"""The keeper's encryption against three independent libraries on a real Synapse, each way."""

import asyncio
from pathlib import Path

import pytest

from appservice import crypto
from appservice.crypto import Trust
from tests.e2e.talk import Talk
from tests.support.keeper_device import KeeperDevice
from tests.support.library import ELEMENT, MAUTRIX, NIO, Library
from tests.support.synapse import Synapse

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
SESSIONS = {ELEMENT: 10, NIO: 1, MAUTRIX: 10}  # nio rotates at 100 whatever the room says


async def test_keeper_writes_first(keeper: KeeperDevice, library: Library) -> None:
    ada = await library.enter("ada")
    talk = await Talk.begin(keeper, library, ada)
    await talk.says("welcome", ada)
    await talk.tells(ada, "thank you")


async def test_member_writes_first(keeper: KeeperDevice, library: Library) -> None:
    ada = await library.enter("ada")
    room = await ada.create_chat(keeper.user_id)
    await keeper.client.join(room, user=keeper.user_id)
    await ada.wait_for(room, lambda line: line.sender == keeper.user_id)
    await keeper.look(room)
    talk = Talk(keeper, library, room)
    await talk.tells(ada, "is somebody there")
    await talk.says("yes", ada)


async def test_hundred_messages_each_way_with_rotation(
    keeper: KeeperDevice, library: Library
) -> None:
    ada = await library.enter("ada")
    talk = await Talk.begin(keeper, library, ada, rotation=10)
    texts = [f"number {number}" for number in range(100)]

    async def keeper_says() -> list[str]:
        return [await keeper.send(talk.room, text) for text in texts]

    async def member_says() -> list[str]:
        return [await ada.send(talk.room, text) for text in texts]

    said, asked = await asyncio.gather(keeper_says(), member_says())
    await ada.wait_for(talk.room, lambda line: line.event_id == said[-1] and line.readable)
    heard = [line for line in ada.timeline(talk.room) if line.event_id in said]
    assert [line.body for line in heard] == texts

    events = {event["event_id"]: event for event in await keeper.events(talk.room)}
    read = [await keeper.read_raw(events[event]) for event in asked]
    assert [(one.content["body"], one.trust) for one in read] == [
        (text, Trust(signed=True)) for text in texts
    ]
    ours = [events[event]["content"]["session_id"] for event in said]
    assert all(len(set(ours[n : n + 10])) == 1 for n in range(0, 100, 10))
    assert len(set(ours)) == 10
    assert len({one.session_id for one in read}) == SESSIONS[library.name]


async def claim(server: Synapse, token: str, user_id: str, device_id: str) -> dict | None:
    """One key of somebody's device, as any user may claim it; None if there is none."""
    body = {"one_time_keys": {user_id: {device_id: "signed_curve25519"}}}
    path = "/_matrix/client/v3/keys/claim"
    _, answer = await server.request("POST", path, token=token, body=body)
    keys = answer["one_time_keys"].get(user_id, {}).get(device_id, {})
    return next(iter(keys.values()), None)


async def use_up(server: Synapse, user_id: str, device_id: str) -> dict | None:
    """Claim all one-time keys of a device; what is handed out from then on."""
    token = await server.admin_token()
    while True:
        keys = await asyncio.gather(*(claim(server, token, user_id, device_id) for _ in range(10)))
        if keys[-1] is None or keys[-1].get("fallback"):
            return keys[-1]


async def test_keeper_without_one_time_keys_is_reached_by_its_fallback_key(
    keeper: KeeperDevice, library: Library
) -> None:
    ada = await library.enter("ada")
    talk = await Talk.begin(keeper, library, ada)
    server, device = keeper.server, keeper.client.device
    fallback = await use_up(server, keeper.user_id, device)
    assert fallback is not None
    await talk.tells(ada, "is the door locked")
    await talk.says("no", ada)
    await keeper.pump.fetch()
    fresh = await claim(server, await server.admin_token(), keeper.user_id, device)
    assert fresh is not None
    assert "fallback" not in fresh


async def test_member_without_one_time_keys(keeper: KeeperDevice, library: Library) -> None:
    ada = await library.enter("ada")
    talk = await Talk.begin(keeper, library, ada)
    await ada.sleep()
    fallback = await use_up(keeper.server, ada.user_id, ada.device_id)
    early = await keeper.send(talk.room, "while all keys are gone")
    await ada.wake()
    if library.name == ELEMENT:
        assert fallback is not None
        await talk.hears(ada, "while all keys are gone")
        await talk.tells(ada, "I am back")
    else:  # they have no fallback keys: what is said until they speak themselves is lost to them
        assert fallback is None
        await talk.tells(ada, "I am back")
        await talk.says("welcome back", ada)
        await talk.cannot_read(ada, early)


async def test_database_of_yesterday_heals(
    keeper: KeeperDevice, library: Library, tmp_path: Path
) -> None:
    ada = await library.enter("ada")
    talk = await Talk.begin(keeper, library, ada, rotation=3)
    await talk.says("yesterday", ada)
    await talk.tells(ada, "yesterday")
    await keeper.back_up(tmp_path / "yesterday.db")
    for number in range(1, 5):  # so both are in the middle of their second session
        await talk.says(f"today {number}", ada)
        await talk.tells(ada, f"today {number}")

    await keeper.restore(tmp_path / "yesterday.db")
    await talk.says("after the restore", ada)
    last = await ada.send(talk.room, "the last of a session")
    if library.name == MAUTRIX:  # it gives no key twice: we hear it from its next session on
        with pytest.raises(crypto.MissingKey):
            await keeper.read(talk.room, last)
    else:  # Element gives its key again; nio is in its first session still
        assert (await keeper.read(talk.room, last)).trust == Trust(signed=True)
    await talk.tells(ada, "I hear you")
    await talk.says("and I hear you", ada)


async def test_what_is_said_first_after_a_restore_is_read(
    keeper: KeeperDevice, library: Library, tmp_path: Path
) -> None:
    ada = await library.enter("ada")
    talk = await Talk.begin(keeper, library, ada, rotation=1)
    await talk.says("yesterday", ada)
    await keeper.back_up(tmp_path / "yesterday.db")
    await talk.says("today", ada)  # by an index of the Olm session that yesterday's has not used

    await keeper.restore(tmp_path / "yesterday.db")
    await talk.says("after the restore", ada)
    await talk.tells(ada, "I hear you")
