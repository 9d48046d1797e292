"""What can be done about a case now, by whom: read from the table, said in words."""

from appservice.domain.cases.case import Level, Track
from appservice.domain.cases.keeping import refused
from appservice.domain.cases.names import STAGES
from appservice.domain.cases.seeing import Seen, may_own
from appservice.domain.cases.table import HELD, MOVES, OVER, Act, By
from appservice.domain.outcome import Outcome
from appservice.domain.types import Text

_SAID = {
    Act.CLAIM: "case-can-take",
    Act.TAKE_OVER: "case-can-take-over",
    Act.CONTACT: "case-can-contact",
    Act.WATCH: "case-can-watch",
    Act.ESCALATE: "case-can-escalate",
    Act.HAND_OVER: "case-can-handover",
    Act.CONFIRM: "case-can-confirm",
    Act.FOLLOW_UP: "case-can-follow-up",
    Act.CLOSE: "case-can-close",
    Act.RELEASE: "case-can-release",
    Act.DEBRIEF: "case-can-debrief",
}
_TAKING = {Act.CLAIM, Act.TAKE_OVER}
_OWNERS = ("case-can-about", "case-can-second", "case-can-reroute", "case-can-ask")


def possible(seen: Seen) -> tuple[Text, ...]:
    """Return a line for each thing that whoever asks can do about a case now."""
    case, user = seen.case, seen.turn.user
    owns = case.owner == user
    whose = (By.ANYBODY, By.OWNER) if owns else (By.ANYBODY,)
    acts = {m.act for m in MOVES if case.stage in m.before and m.by in whose}
    acts -= {Act.TAKE_OVER} if owns else set()
    acts -= set() if may_own(seen.turn.state, seen.group, case, user) else _TAKING
    keys = [key for act, key in _SAID.items() if act in acts]
    if case.stage in HELD and not owns and case.second is None:
        keys.append("case-can-join")
    if case.wanted is not None and user not in (case.wanted.by, case.owner):
        keys.append("case-can-agree")
    if case.stage in HELD and owns:
        level = ("case-can-level",) if case.track is Track.CARE else ()
        keys = [*level, *keys, *_OWNERS]
    return tuple(Text(key, {"number": case.number}) for key in keys)


def not_now(seen: Seen) -> Outcome:
    """Say that this does not go now, and what does."""
    case = seen.case
    line = Text("case-not-now", {"number": case.number, "state": STAGES[case.stage]})
    lines = possible(seen) or (Text("case-can-nothing"),)
    return refused(seen, line, Text("card", {"lines": lines}))


def not_owner(seen: Seen) -> Outcome | None:
    """Say whose it is to do that; None if it is whoever asks."""
    case, number = seen.case, seen.case.number
    if case.stage in OVER:
        return not_now(seen)
    if case.owner is None:
        return refused(seen, Text("case-take-first", {"number": number}))
    if case.owner != seen.turn.user:
        return refused(seen, Text("case-only-owner", {"number": number, "user": case.owner}))
    return None


def is_graver(level: Level | None, other: Level) -> bool:
    """Say whether a level is above another one; without one it is as amber."""
    grave = list(Level)
    return grave.index(level or Level.AMBER) > grave.index(other)
