"""A second person for a case, the room for the two, and what needs the word of both."""

from collections.abc import Callable
from dataclasses import replace

from appservice.domain.cases import nobody_else, side_rooms
from appservice.domain.cases.acts import is_graver, not_now
from appservice.domain.cases.case import Case, Level, Result, Wanted
from appservice.domain.cases.clock import as_kept, kept
from appservice.domain.cases.keeping import noticed, refused, said, settled, told, whispered
from appservice.domain.cases.names import LEVELS, RESULTS
from appservice.domain.cases.seeing import Seen, may_be_second, places
from appservice.domain.cases.table import HELD
from appservice.domain.effects import Remove
from appservice.domain.group import Group
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.types import RoomKind, Text, UserId, Values

_May = Callable[[State, Group, Case, UserId], bool]


def colleague(seen: Seen, may: _May) -> UserId | Text:
    """Return the colleague whose id stands in the message, or why there is none."""
    turn, group, case = seen.turn, seen.group, seen.case
    ids = mentioned(turn.text)
    if len(ids) != 1:
        return Text("case-whom", {"number": case.number})
    every = (*group.charter.facilitators, *filter(None, (group.charter.lead,)))
    user = next((one for one in every if one.casefold() == ids[0]), None)
    if user is None or not may(turn.state, group, case, user):
        return Text("case-no-colleague", {"user": ids[0]})
    return Text("case-yourself") if user == turn.user else user


def seconded(seen: Seen) -> Outcome:
    """Ask a colleague to be the second person for one's case."""
    user = colleague(seen, may_be_second)
    if isinstance(user, Text):
        return refused(seen, user)
    if user == seen.case.second:
        return refused(seen, Text("case-second-already", {"user": user}))
    after = replace(noticed(seen, "second"), second=user)
    values: Values = {"number": after.number, "user": user}
    asked: Values = {"number": after.number, "user": seen.turn.user}
    out = settled(seen, after, said(seen, Text("case-second-asked", values)))
    return out + told(seen, user, Text("case-second-you", asked)) + moved_in(seen, after)


def joined(seen: Seen) -> Outcome:
    """Be the second person for a colleague's case."""
    seen, looked = _looked_at(seen)
    case, user = seen.case, seen.turn.user
    if case.stage not in HELD or case.owner is None:
        return looked + not_now(seen)
    if user in (case.owner, case.second):
        return refused(seen, Text("case-second-in", {"number": case.number}))
    if user == case.reporter:
        return whispered(seen, Text("case-own-second", {"number": case.number}))
    if case.second is not None:
        return refused(seen, Text("case-second-is", {"user": case.second}))
    after = replace(noticed(seen, "joined"), second=user, acted=case.acted)
    out = settled(seen, after, said(seen, Text("case-joined", {"number": case.number})))
    values: Values = {"number": case.number, "user": user}
    return out + told(seen, case.owner, Text("case-joined-you", values)) + moved_in(seen, after)


def _looked_at(seen: Seen) -> tuple[Seen, Outcome]:
    """Let the case be given back first, if its owner's time with it is over by now."""
    turn, group, case = seen
    if case.owner is None:
        return seen, NOTHING
    out = kept(turn, group, case, case)
    now = as_kept(case, out)
    if now.owner is not None:
        return seen, NOTHING
    own = (put for put in out.puts if isinstance(put, Person) and put.user == turn.user)
    person = next(own, turn.person)
    return Seen(replace(turn, person=person), group, now), out


def moved_in(seen: Seen, after: Case) -> Outcome:
    """Have those in the room of a case who look after it now, and nobody else."""
    group = seen.group
    room = side_rooms.room_of(group, after, RoomKind.CASE)
    if room is None and after.second is None:
        return NOTHING
    users = tuple(user for user in (after.owner, after.second) if user is not None)
    before = group.side[room].users if room is not None else ()
    if room is not None and set(users) == set(before):
        return NOTHING
    out = side_rooms.convened(group, after, RoomKind.CASE, users)
    gone = [user for user in before if user not in users]
    return out + Outcome(effects=tuple(Remove(user, (room,)) for user in gone if room))


def needs_two(case: Case, what: str) -> bool:
    """Say whether a second person must agree: to contact outside, and to whatever ends red."""
    name, _, value = what.partition(" ")
    if name == "escalate":
        return True
    ends = name == "close" or (name == "level" and is_graver(Level.RED, Level(value)))
    return case.level is Level.RED and ends


def wished(seen: Seen, what: str, to: UserId | None = None) -> Outcome:
    """Keep what its owner wants done, and ask for the word of the other.

    Where nobody else could give it, only what may save a life is kept: that may be done alone.
    """
    turn, group, case, number = *seen, {"number": seen.case.number}
    second = case.second if case.second != case.reporter else None
    whom = to or second
    nobody = whom is None and nobody_else.is_alone(seen)
    if nobody and what != "escalate":
        return _alone(seen, case)
    wanted = Wanted(what, turn.user, turn.now, to)
    after = replace(noticed(seen, f"asked {what}"), wanted=wanted)
    values: Values = {**number, "user": turn.user, "what": said_of(wanted)}
    line = Text("case-agree-asked", values)
    alone = (Text("case-alone-how", number),) if what == "escalate" else ()
    if nobody:
        return _alone(seen, after, *alone)
    if whom is not None:
        answer = Text("case-waits-for", {**number, "user": whom})
        return settled(seen, after, said(seen, answer, *alone)) + told(seen, whom, line)
    out = settled(seen, after, said(seen, Text("case-waits-for-any", number), *alone))
    rooms = places(turn.state, group, case, but=(turn.user, *filter(None, (case.reporter,))))
    return out + notices([room for room in rooms if room != turn.room], group, line)


def _alone(seen: Seen, after: Case, *more: Text) -> Outcome:
    """Say that nobody else can agree now, and what to do about it, to whoever can do that."""
    kept, told_operator = nobody_else.told(seen, after)
    lines = (*nobody_else.why(seen), *more)
    if kept == seen.case:
        return refused(seen, *lines)
    kind = "refusal" if after == seen.case else "notice"
    return settled(seen, kept, replace(said(seen, *lines), kind=kind)) + told_operator


def said_of(wanted: Wanted) -> Text:
    """Say what is wanted, in a few words."""
    name, _, value = wanted.what.partition(" ")
    match name:
        case "level":
            return Text("case-wanted-level", {"value": LEVELS[Level(value)]})
        case "close":
            return Text("case-wanted-close", {"value": RESULTS[Result(value)]})
        case "handover":
            return Text("case-wanted-handover")
        case _:
            return Text("case-wanted-escalate")
