"""!case: shows a case, and notes what you do about it: !case 12."""

from collections.abc import Callable, Mapping

from appservice.domain.cases import (
    claiming,
    confirming,
    contacting,
    naming,
    progress,
    seconding,
    sharing,
    showing,
)
from appservice.domain.cases.acts import not_owner
from appservice.domain.cases.case import Level, Track
from appservice.domain.cases.keeping import refused
from appservice.domain.cases.seeing import Seen, read_number, seen
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn
from appservice.domain.types import Text


def case(turn: Turn, rest: str) -> Outcome:
    """Do what the word after the number says; without one, show the case."""
    found = meant(turn, rest)
    if isinstance(found, Outcome):
        return found
    one, rest = found
    if not rest:
        return showing.shown(one)
    if (word := subcommand(turn, rest, "case", _FOR_ALL)) is not None:
        return _FOR_ALL[word[0]](one, word[1])
    if (word := subcommand(turn, rest, "case", _FOR_OWNER)) is not None:
        return not_owner(one) or _FOR_OWNER[word[0]](one, word[1])
    if subcommand(turn, rest, "case-level", Level) is not None:
        return not_owner(one) or progress.levelled(one, rest)
    return refused(one, Text("case-words", {"number": one.case.number}))


def meant(turn: Turn, rest: str) -> tuple[Seen, str] | Outcome:
    """Return the case that is meant and what follows its number, or the reason why there is none.

    One that nobody may hear of here is answered exactly like one that does not exist.
    """
    read = read_number(rest)
    if read is None:
        return turn.refuse(Text("case-which", {"word": turn.text.split()[0]}))
    one = seen(turn, read[0])
    if one is None:
        return turn.refuse(Text("case-unknown", {"number": read[0]}))
    return one, read[1]


_Doing = Callable[[Seen, str], Outcome]
_FOR_ALL: Mapping[str, _Doing] = {
    "take": lambda one, _: claiming.claimed(one),
    "over": lambda one, _: claiming.taken_over(one),
    "join": lambda one, _: seconding.joined(one),
    "confirm": lambda one, _: confirming.confirmed(one),
    "debrief": lambda one, _: progress.debriefed(one),
}
_FOR_OWNER: Mapping[str, _Doing] = {
    "level": progress.levelled,
    "about": naming.named,
    "contact": contacting.contacted,
    "watch": lambda one, _: progress.watched(one),
    "escalate": lambda one, _: progress.escalating(one),
    "alone": lambda one, _: confirming.alone(one),
    "why": confirming.explained,
    "handover": progress.handing_over,
    "unconfirmed": lambda one, _: progress.arrived(one, failed=True),
    "follow-up": lambda one, _: progress.following(one),
    "no-follow-up": lambda one, _: progress.declined(one),
    "close": progress.closing,
    "conduct": lambda one, _: naming.rerouted(one, Track.CONDUCT),
    "care": lambda one, _: naming.rerouted(one, Track.CARE),
    "second": lambda one, _: seconding.seconded(one),
    "release": lambda one, _: claiming.released(one),
    "share": lambda one, _: sharing.shared(one),
    "show": lambda one, _: sharing.pictured(one),
    "ask": lambda one, _: contacting.asked_again(one),
}
