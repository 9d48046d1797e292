"""!redact LINK: takes a message out of the circle; its author hears why, in private."""

from dataclasses import replace

from appservice.domain.conduct.asking import begun, moved
from appservice.domain.conduct.motion import REDACT
from appservice.domain.conduct.reading import rule_in
from appservice.domain.facilitation import facilitated_first
from appservice.domain.links import place_in
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Text, UserId


def redact_message(turn: Turn, rest: str) -> Outcome:
    """Take the one out that the link leads to, if it stands in a room of this group."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, _ = found
    place = place_in(turn.text)
    if place is None:
        return turn.refuse(Text("redact-link"), group=group)
    if place[0] not in group.rooms.values():
        return turn.refuse(Text("redact-elsewhere", {"group": group.charter.name}), group=group)
    motion = begun(turn, REDACT, UserId(""), rule_in(turn, group))
    return moved(turn, group, replace(motion, place=place))
