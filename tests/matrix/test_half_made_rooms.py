"""A real Synapse killed in the middle of createRoom leaves nothing that stands in our way."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import yaml

from appservice.domain.rooms import expected_state
from appservice.domain.types import GroupId, RoomKind
from appservice.errors import TransientError
from tests.matrix.conftest import charter, place, registration
from tests.support.ports import reserve_port
from tests.support.synapse import Synapse

DELAYS_MS = (20, 45, 70, 95, 125)


async def test_killed_while_creating(tmp_path: Path, make_synapse: Callable[[], Synapse]) -> None:
    given = registration(reserve_port())
    (tmp_path / "registration.yaml").write_text(yaml.safe_dump(given))
    synapse = make_synapse()
    synapse.add_appservice(tmp_path / "registration.yaml")
    await synapse.start()
    made = place(synapse, given, "12")
    async with made.client:
        await made.set_up()
        broken = 0
        for delay in DELAYS_MS:
            group = GroupId(f"group after {delay} ms")
            creating = asyncio.create_task(
                made.rooms.make_room(group, RoomKind.NOTICEBOARD, charter())
            )
            await asyncio.sleep(delay / 1000)
            await synapse.kill()
            with contextlib.suppress(TransientError):
                await creating
            broken += creating.exception() is not None if not creating.cancelled() else 1
            await synapse.start()
            room = await made.rooms.make_room(group, RoomKind.NOTICEBOARD, charter())
            assert await made.rooms.make_room(group, RoomKind.NOTICEBOARD, charter()) == room
            facts = await made.inspector.inspect_room(room, RoomKind.NOTICEBOARD)
            expected = expected_state(RoomKind.NOTICEBOARD, charter(), made.house, "12")
            assert {name: facts.state[name] for name in expected} == expected
            assert facts.members == {made.house.steward: "join", made.house.keeper: "join"}
        assert broken >= 2
        in_rooms = await made.client.joined_rooms(user=made.house.steward)
        assert len(in_rooms) == len(DELAYS_MS)
