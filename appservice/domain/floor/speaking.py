"""Hands, turns and passing: what members write to the keeper in a meeting."""

from collections.abc import Callable

from appservice.domain.floor import floor as rules
from appservice.domain.floor.floor import Floor, queue
from appservice.domain.floor.in_meeting import floor_of
from appservice.domain.floor.kept import keeping, kept, late, meeting_of, shown
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def raised(turn: Turn) -> Outcome | None:
    """Let somebody wait for their turn, and tell them how many are before them."""
    return _changed(turn, lambda floor: rules.raised(floor, turn.user, turn.now), _place)


def spoken(turn: Turn) -> Outcome | None:
    """Take it that somebody has spoken."""
    return _changed(turn, lambda floor: rules.spoken(floor, turn.user), _thanked)


def passed(turn: Turn) -> Outcome | None:
    """Take somebody's hand down; nothing is counted."""
    return _changed(turn, lambda floor: rules.passed(floor, turn.user), _let_pass)


def taken_down(turn: Turn, group: Group, occurrence: Occurrence) -> Outcome:
    """Let somebody who steps out wait no more; the queue is shown if they were in it."""
    floor = floor_of(turn.state, occurrence)
    if floor is None or (without := rules.passed(floor, turn.user)) == floor:
        return NOTHING
    return Outcome(puts=(without,)) + shown(turn.state, group, without, but=turn.user)


def _changed(
    turn: Turn, change: Callable[[Floor], Floor], answer: Callable[[Turn, Floor], Text]
) -> Outcome | None:
    """Change the queue of the meeting that somebody is in; None: they are in none."""
    found = meeting_of(turn)
    if found is None:
        return None
    group, occurrence = found
    before = kept(turn.state, occurrence)
    floor, card = late(turn, change(before), occurrence)
    out = keeping(turn.state, floor)
    if (floor.hands, floor.speaking) != (before.hands, before.speaking):
        out += shown(turn.state, group, floor, but=turn.user)
    lines = (*card, answer(turn, floor))
    parts = ("meeting_open", "notice") if card else ("notice",)
    return out + turn.answer(Reply("notice", lines, parts, group=group.charter.name))


def _place(turn: Turn, floor: Floor) -> Text:
    waiting = queue(floor)
    if turn.user not in waiting:
        return Text("floor-you-speak")
    return Text("floor-place", {"place": waiting.index(turn.user) + 1})


def _thanked(_: Turn, __: Floor) -> Text:
    return Text("floor-done")


def _let_pass(_: Turn, __: Floor) -> Text:
    return Text("floor-passed")
