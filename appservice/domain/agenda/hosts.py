"""Where those who lead a meeting are told what is next in it."""

from datetime import datetime

from appservice.domain.group import Group
from appservice.domain.membership import chats_of, current, facilitates
from appservice.domain.prompts import wants_any
from appservice.domain.state import State
from appservice.domain.types import RoomId, RoomKind, UserId


def places_of_hosts(state: State, group: Group, now: datetime) -> tuple[RoomId, ...]:
    """Return their room; in a small group the chats of those who are there and want word of it."""
    if room := group.rooms.get(RoomKind.FACILITATORS):
        return (room,)
    users = (one.user for one in current(state.consents, group) if facilitates(one.user, group))
    return chats_of(state, (user for user in users if is_told(state, group, user, now)))


def is_told(state: State, group: Group, user: UserId, now: datetime) -> bool:
    """Say whether somebody is written to in private: not paused, and not after `off`."""
    person, consent = state.people.get(user), state.consent(user, group.id)
    paused = consent is not None and bool(consent.pauses)
    return person is not None and not paused and wants_any(person, now)
