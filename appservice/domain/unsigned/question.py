"""A question to the group, from nobody in particular: a facilitator decides whether it is put."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn, in_chat_of, notice, nowhere
from appservice.domain.types import CauseId, Matter, RoomKind, Text, UserId
from appservice.domain.unsigned.records import Pending, Questions
from appservice.domain.unsigned.written import Written, quoted

WAITS = timedelta(days=7)  # as long as the key to a message is kept for certain


def of_group(state: State, group: Group) -> Questions:
    """Return the questions of a group that wait."""
    return state.known(Questions(group.id))


def sent(turn: Turn, group: Group, written: Written) -> Outcome:
    """Show it to the facilitators, without a name, and let it wait for their word."""
    kept, name = of_group(turn.state, group), group.charter.name
    if turn.user in kept.waiting:
        return turn.refuse(Text("question-one"), group=group)
    places = places_of_facilitators(turn.state, group)
    if not places:
        return turn.answer(notice(Text("line-nobody"), group=name))
    number = kept.last + 1
    pending = Pending(number, written.place, written.lead, turn.now)
    new = replace(kept, last=number, waiting={**kept.waiting, turn.user: pending})
    shown_ = quoted(places, group, written, Text("question-label"), _new(number, group))
    ends = min(one.asked for one in new.waiting.values()) + WAITS
    out = Outcome(puts=(new,)) + waking(group.id, Matter.QUESTIONS, ends) + shown_
    lines = (Text("question-sent", {"days": WAITS.days}),)
    return out + turn.answer(Reply("question_pending", lines, group=name))


def decided(turn: Turn, group: Group, user: UserId, *, approved: bool) -> Outcome:
    """Put it to the group, or not; whoever asked is told, and that they did is forgotten."""
    kept = of_group(turn.state, group)
    pending = kept.waiting[user]
    out = Outcome(puts=(_without(kept, {user}),))
    if not approved:
        return out + _told(turn, group, user, Text("question-declined"))
    out += _put(turn, group, Written(user, pending.place, pending.lead))
    on_board = RoomKind.NOTICEBOARD in group.rooms
    done = Text("question-on-board") if on_board else Text("question-handed")
    return out + _told(turn, group, user, done)


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Let go of what nobody decided about, while it can still be read; whoever asked is told."""
    kept = of_group(state, group)
    late = [user for user, one in kept.waiting.items() if now >= one.asked + WAITS]
    rest = _without(kept, late)
    out = NOTHING if rest == kept else Outcome(puts=(rest,))
    if rest.waiting:
        first = min(one.asked for one in rest.waiting.values())
        out += waking(group.id, Matter.QUESTIONS, first + WAITS)
    here = nowhere(state, cause, now, group.charter.language)
    for user in late:
        out += _told(here, group, user, Text("question-undecided"))
    return out


def shown(turn: Turn, group: Group) -> Outcome:
    """Show those that wait here once more."""
    out, waiting = NOTHING, of_group(turn.state, group).waiting
    for user, one in sorted(waiting.items(), key=lambda item: item[1].number):
        written = Written(user, one.place, one.lead)
        label = Text("question-label")
        out += quoted((turn.room,), group, written, label, _new(one.number, group))
    return out


def _put(turn: Turn, group: Group, written: Written) -> Outcome:
    """Say it on the noticeboard; a small group's facilitators get it as a card to hand on."""
    if board := group.rooms.get(RoomKind.NOTICEBOARD):
        return quoted((board,), group, written, Text("question-somebody"))
    places = places_of_facilitators(turn.state, group)
    return quoted(places, group, written, Text("question-somebody"), Text("question-card"))


def _told(here: Turn, group: Group, user: UserId, line: Text) -> Outcome:
    there = in_chat_of(here, user, group.charter.language)
    if there is None:
        return NOTHING
    return there.answer(notice(line, group=group.charter.name))


def _new(number: int, group: Group) -> Text:
    return Text("question-waits", {"number": number, "group": group.charter.name})


def _without(kept: Questions, users: Collection[UserId]) -> Questions:
    return replace(kept, waiting={u: one for u, one in kept.waiting.items() if u not in users})
