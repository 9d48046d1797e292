"""Who reads what the keeper says in a room of a group: the joined members, as last seen."""

from dataclasses import replace

from appservice.domain.events import GroupInspected, RoomFacts, RoomMade
from appservice.domain.outcome import Outcome
from appservice.domain.records import Room
from appservice.domain.state import House, State
from appservice.domain.types import RoomId, UserId


def made(event: RoomMade) -> Outcome:
    """Keep a new room; nobody is in it yet but our own users."""
    room = Room(event.room, event.what, event.group, user=None, encrypted=True)
    return Outcome(puts=(room,))


def inspected(state: State, event: GroupInspected) -> Outcome:
    """Keep who is joined now, wherever that changed."""
    seen = (_seen(state.house, event, facts) for facts in event.rooms)
    known: dict[RoomId, Room] = {room.room: room for room in state.rooms}
    return Outcome(puts=tuple(room for room in seen if known.get(room.room) != room))


def _seen(house: House, event: GroupInspected, facts: RoomFacts) -> Room:
    joined = sorted(user for user, how in facts.members.items() if how == "join")
    ours = (house.keeper, house.steward)
    encryption = facts.state.get("m.room.encryption", {})
    members = tuple(UserId(user) for user in joined if user not in ours)
    room = Room(facts.room, facts.what, event.group, None, encrypted=True, members=members)
    return replace(
        room,
        rotation_messages=_positive(
            encryption.get("rotation_period_msgs"), room.rotation_messages
        ),
        rotation_ms=_positive(encryption.get("rotation_period_ms"), room.rotation_ms),
    )


def _positive(value: object, otherwise: int) -> int:
    ok = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if ok and isinstance(value, int) else otherwise
