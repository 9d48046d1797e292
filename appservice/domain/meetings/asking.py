"""Shows a facilitator what a meeting will be like, and keeps it once they say yes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from appservice.domain.asked import closed
from appservice.domain.facilitation import facilitated_here
from appservice.domain.group import Group
from appservice.domain.meetings.announcing import news, said
from appservice.domain.meetings.changing import changed
from appservice.domain.meetings.kept import find
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.plan import Plan, print_of
from appservice.domain.meetings.planning import coming, overlaps
from appservice.domain.meetings.recurrence import occurrence
from appservice.domain.meetings.shown import card, clocks, rhythm
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.state import State
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import GroupId, Moment, Text, UserId, Values

TOPIC = "meeting"


@dataclass(frozen=True)
class Draft:
    """A meeting as it is to be, what it is now, and what is to be known about it."""

    after: Meeting
    before: Meeting | None = None  # None: it is new
    note: Text | None = None


def asks(turn: Turn, group: Group, drafts: Sequence[Draft]) -> Outcome:
    """Show what was understood and ask whether it is right; or first, which of several."""
    plan = Plan(
        user=turn.user,
        group=group.id,
        readings=tuple(draft.after for draft in drafts),
        befores=tuple(print_of(d.before) if d.before is not None else "" for d in drafts),
        asked=turn.now,
    )
    if len(drafts) > 1:
        lines: tuple[Text, ...] = (Text("meeting-which"),)
        choices = tuple(
            Choice(str(n), _label(turn, group, draft), _reply(turn, Text("meeting-n", {"n": n})))
            for n, draft in enumerate(drafts, start=1)
        )
    else:
        lines, choices = _shown(turn, group, drafts[0]), _yes_or_no(turn)
    ask, name = Ask(TOPIC, group.id), group.charter.name
    return Outcome(puts=(plan,)) + turn.answer(
        Reply("notice", lines, choices=choices, ask=ask, group=name)
    )


def answered(turn: Turn, question: Asked, choice: str) -> Outcome | None:
    """Take an answer that was given in the private chat."""
    own = (group for group in facilitated_here(turn) if group.id == question.group)
    group = next(own, None)
    if group is None:
        return turn.refuse(Text("facilitators-only"))
    return decided(turn, group, choice)


def decided(turn: Turn, group: Group, choice: str) -> Outcome:
    """Keep what is planned, let it go, or go on with one reading of several."""
    asked = closed(turn.person.asked, TOPIC, group.id)
    done = replace(turn, person=replace(turn.person, asked=asked))
    plan = plan_of(turn.state, turn.user, group.id)
    if plan is None:
        return done.refuse(Text("meeting-nothing-waits"), group=group)
    if choice == "no":
        left = notice(Text("meeting-left"), group=group.charter.name)
        return Outcome(drops=(plan,)) + done.answer(left)
    if choice.isdecimal() and 0 < int(choice) <= len(plan.readings):
        return _narrowed(done, group, plan, int(choice) - 1)
    if len(plan.readings) > 1 or choice != "yes":
        return turn.refuse(Text("meeting-which-number", {"last": len(plan.readings)}), group=group)
    return Outcome(drops=(plan,)) + _kept(done, group, plan)


def _kept(turn: Turn, group: Group, plan: Plan) -> Outcome:
    """Keep it, unless time or somebody else has gone over it."""
    after = plan.readings[0]
    before = find(turn.state, group.id, after.number) if plan.befores[0] else None
    if _has_changed(before, plan.befores[0]):
        return turn.refuse(Text("meeting-changed-since"), group=group)
    if _is_late(before, after, turn.now):
        return turn.refuse(Text("when-past"), group=group)
    if before is None:
        after = replace(after, number=next_number(turn.state, group), made=turn.now)
    is_told = bool(news(before, after, turn.now))
    key = "meeting-kept-told" if is_told else "meeting-kept"
    kept = notice(Text(key), group=group.charter.name)
    return changed(turn, group, before, after) + turn.answer(kept)


def plan_of(state: State, user: UserId, group: GroupId) -> Plan | None:
    """Return what somebody is about to change in a group."""
    return state.own(Plan, user, group)


def next_number(state: State, group: Group) -> int:
    """Return the number of a group's next meeting: none is used twice."""
    return 1 + max((m.number for m in state.of(Meeting) if m.group == group.id), default=0)


def _is_late(before: Meeting | None, after: Meeting, now: datetime) -> bool:
    """Say whether time has gone over what was shown."""
    if before is None:
        return not coming(after, now)
    off = (was for was in after.cancelled if was not in before.cancelled)
    moves = [move for move in after.moved if move not in before.moved]
    touched = [occurrence(before, was) for was in (*off, *(move.was for move in moves))]
    touched += [occurrence(after, move.was) for move in moves]
    return any(one.starts <= now for one in touched)


def _has_changed(before: Meeting | None, shown: str) -> bool:
    """Say whether somebody else has changed a meeting since a change of it was shown."""
    return bool(shown) and (before is None or print_of(before) != shown)


def _narrowed(turn: Turn, group: Group, plan: Plan, index: int) -> Outcome:
    after = plan.readings[index]
    before = find(turn.state, group.id, after.number) if plan.befores[index] else None
    if _has_changed(before, plan.befores[index]):
        return Outcome(drops=(plan,)) + turn.refuse(Text("meeting-changed-since"), group=group)
    return asks(turn, group, [Draft(after, before)])


def _shown(turn: Turn, group: Group, draft: Draft) -> tuple[Text, ...]:
    """Say what was understood, with all that follows from it."""
    after, now = draft.after, turn.now
    lines = [Text("meeting-understood")]
    if draft.before is not None:
        told = (one for one in news(draft.before, after, now) if one.is_urgent)
        lines += [said(group, after, one, after.zone, now) for one in told]
    if coming(after, now):
        lines.append(card(after, now))
    lines += clocks(after, now)
    if draft.note is not None:
        lines.append(draft.note)
    others = tuple(m for m in turn.state.of(Meeting) if m.group == group.id)
    if both := overlaps(after, others, now):
        values: Values = {"n": both[1].meeting.number, "when": Moment(both[1].starts, after.zone)}
        lines.append(Text("meeting-overlaps", values))
    return (*lines, Text("meeting-right"))


def _label(turn: Turn, group: Group, draft: Draft) -> Text:
    """Tell one reading from the others."""
    after, now = draft.after, turn.now
    if draft.before is not None:
        found = news(draft.before, after, now)
        what = said(group, after, found[0], after.zone, now) if found else card(after, now)
        return Text("meeting-item", {"n": after.number, "card": what})
    first = next(iter(coming(after, now)))
    values: Values = {"rhythm": rhythm(after), "when": Moment(first.starts, after.zone)}
    return Text("meeting-reading", values)


def _yes_or_no(turn: Turn) -> tuple[Choice, ...]:
    return (
        Choice("yes", Text("meeting-yes"), _reply(turn, Text("choice-yes-reply"))),
        Choice("no", Text("meeting-no"), _reply(turn, Text("choice-no-reply"))),
    )


def _reply(turn: Turn, answer: Text) -> Text:
    """Say what is to be written: in a facilitators' room only words with `!` are for us."""
    return Text("meeting-reply", {"answer": answer}) if turn.shared else answer
