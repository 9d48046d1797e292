"""The word of a second person, without which some things are not done; and acting alone."""

from dataclasses import replace

from appservice.domain.cases import delivering, progress, side_rooms
from appservice.domain.cases.acts import not_now
from appservice.domain.cases.case import Case, Level, Result, Stage, Wanted
from appservice.domain.cases.claiming import begun
from appservice.domain.cases.contacting import told_of_rooms
from appservice.domain.cases.keeping import noticed, refused, said, settled, told, whispered
from appservice.domain.cases.log import noted
from appservice.domain.cases.seconding import moved_in, said_of
from appservice.domain.cases.seeing import Seen, may_own
from appservice.domain.outcome import Outcome
from appservice.domain.types import RoomKind, Text, UserId, Values


def confirmed(seen: Seen) -> Outcome:
    """Agree to what its owner wants; by the owner: note that a handover has arrived."""
    case, user, wanted = seen.case, seen.turn.user, seen.case.wanted
    if wanted is None and case.owner == user and case.stage is Stage.HANDED_OVER:
        return progress.arrived(seen)
    if (why_not := _not_theirs(seen)) is not None or wanted is None:
        return why_not or refused(seen, Text("case-nothing-waits", {"number": case.number}))
    if wanted.what == "handover":
        return _received(seen, wanted.by)
    after = _carried_out(seen, wanted)
    if isinstance(after, Text):
        return refused(seen, after)
    if after is None:
        return not_now(seen)
    return _agreed(seen, replace(after, second=case.second or user, wanted=None), wanted)


def _not_theirs(seen: Seen) -> Outcome | None:
    """Say why it is not theirs to agree; None if it is, or if nothing waits."""
    case, wanted, user = seen.case, seen.case.wanted, seen.turn.user
    if wanted is None:
        return None
    if wanted.to not in (None, user):
        return refused(seen, Text("case-agree-other", {"user": wanted.to or ""}))
    if user in (wanted.by, case.owner):
        return refused(seen, Text("case-agree-second", {"number": case.number}))
    if user == case.reporter:
        return whispered(seen, Text("case-own-second", {"number": case.number}))
    return None


def alone(seen: Seen) -> Outcome:
    """Contact somebody outside with nobody to agree, to protect a life; why is to be written."""
    turn, case = seen.turn, seen.case
    if case.wanted is None or case.wanted.what != "escalate":
        return refused(seen, Text("case-alone-only", {"number": case.number}))
    after = progress.escalated(seen)
    if after is None:
        return not_now(seen)
    after = replace(noted(after, "alone", turn.now, turn.user), wanted=None)
    out = settled(seen, after, said(seen, Text("case-alone", {"number": case.number})))
    if side_rooms.room_of(seen.group, case, RoomKind.CASE) is None:
        out += side_rooms.convened(seen.group, after, RoomKind.CASE, (turn.user,))
    return out


def explained(seen: Seen, rest: str) -> Outcome:
    """Note that it was written why somebody acted alone; the words stay where they stand."""
    room = seen.turn.state.room
    if room is None or room.what is not RoomKind.CASE or not rest:
        return refused(seen, Text("case-why-where", {"number": seen.case.number}))
    line = Text("case-why-noted", {"number": seen.case.number})
    return settled(seen, noticed(seen, "why"), said(seen, line))


def _carried_out(seen: Seen, wanted: Wanted) -> Case | Text | None:
    """Do what was agreed to, if it still goes."""
    name, _, value = wanted.what.partition(" ")
    match name:
        case "level":
            return progress.with_level(seen, Level(value))
        case "close":
            return progress.why_not_yet(seen.case) or progress.with_result(seen, Result(value))
        case _:
            return progress.escalated(seen)


def _agreed(seen: Seen, after: Case, wanted: Wanted) -> Outcome:
    values: Values = {"number": after.number, "user": seen.turn.user, "what": said_of(wanted)}
    if not after.is_open:
        out = progress.closed(seen, after)
    else:
        out = settled(seen, after, said(seen, Text("case-agreed", values)))
        out += moved_in(seen, after)
    return out + told(seen, wanted.by, Text("case-agreed-you", values))


def _received(seen: Seen, before: UserId) -> Outcome:
    """Take over a case that its owner hands on; the words come with it."""
    user, turn = seen.turn.user, seen.turn
    if not may_own(turn.state, seen.group, seen.case, user):
        return refused(seen, Text("case-lead-only", {"number": seen.case.number}))
    if not delivering.has_chat(seen, user):
        return refused(seen, Text("case-needs-chat", {"number": seen.case.number}))
    handed = progress.handed_on(seen)
    if handed is None:
        return not_now(seen)
    after = begun(handed, user)
    values: Values = {"number": after.number, "user": user}
    out = settled(seen, after, said(seen, Text("case-claimed", values)))
    out += delivering.delivered(turn, seen.group, after, user)
    out += told(seen, before, Text("case-taken-from-you", values), kind="case_claimed")
    return out + moved_in(seen, after) + told_of_rooms(seen, after)
