"""How long a session of a room lasts, within bounds: who made the room may have said anything."""

from appservice.crypto import Rotation
from appservice.domain.records import Room


def rotation_of(room: Room) -> Rotation:
    return Rotation.of(
        {
            "rotation_period_msgs": room.rotation_messages,
            "rotation_period_ms": room.rotation_ms,
        }
    )
