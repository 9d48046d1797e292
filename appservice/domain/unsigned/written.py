"""Where somebody's words stand, and how they are said again without a name."""

from collections.abc import Iterable
from dataclasses import dataclass

from appservice.domain.application import EventIn
from appservice.domain.effects import Message, Quote
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.types import RoomId, Text, UserId


@dataclass(frozen=True)
class Written:
    """A message of somebody; `lead`: so many words at its beginning are not meant."""

    user: UserId
    place: EventIn
    lead: int


def quoted(
    rooms: Iterable[RoomId], group: Group, written: Written, label: Text, *lines: Text
) -> Outcome:
    """Say lines and then the words, in several rooms; they are fetched as they are said."""
    message = Message(
        kind="notice",
        lines=lines,
        language=group.charter.language,
        parts=("notice",),
        group=group.charter.name,
    )
    return Outcome(
        effects=tuple(
            Quote(
                room,
                message,
                written.user,
                group.id,
                ((label, written.place),),
                skip=written.lead,
                followed=False,
            )
            for room in rooms
        )
    )
