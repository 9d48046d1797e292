"""Who is told what in a group's life: its members, its facilitators, or nobody in particular."""

from collections.abc import Iterable

from appservice.domain.ground_rules.asking import tell
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, current, places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import RoomId, RoomKind, Text


def in_private(here: Turn, group: Group, *lines: Text, kind: str = "notice") -> Outcome:
    """Say it to each member in their private chat and language, but not to who has just spoken."""
    out = Outcome()
    for consent in current(here.state.consents, group):
        if consent.user != here.user:
            out += tell(here, consent, Reply(kind, lines, group=group.charter.name))
    return out


def in_one_notice(here: Turn, group: Group, *lines: Text) -> Outcome:
    """Say it on the noticeboard; a group without one is told in private chats."""
    if board := group.rooms.get(RoomKind.NOTICEBOARD):
        return notices((board,), group, *lines)
    return in_private(here, group, *lines)


def to_facilitators(here: Turn, group: Group, *lines: Text, lead: bool = False) -> Outcome:
    """Say it where facilitators are, but not where it is being answered; `lead`: to them too."""
    places = list(places_of_facilitators(here.state, group, but=here.user))
    if lead and group.charter.lead is not None:
        places += chats_of(here.state, (group.charter.lead,))
    return notices(_but(places, here.room), group, *lines)


def _but(places: Iterable[RoomId], room: RoomId) -> tuple[RoomId, ...]:
    return tuple(place for place in dict.fromkeys(places) if place != room)
