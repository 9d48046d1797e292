"""How a member is asked about times: two polls, one after the other, on their own clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from appservice.domain.asked import closed
from appservice.domain.effects import ClosePoll, Message
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice, Person
from appservice.domain.prompt_timers import fitting
from appservice.domain.prompts import welcome, zone_of
from appservice.domain.state import State
from appservice.domain.times.search import TimeSearch, answered
from appservice.domain.turn import Ask, Ballot, Reply, Turn, notice
from appservice.domain.types import (
    CauseId,
    GroupId,
    Moment,
    Prompt,
    Text,
    UserId,
    Values,
    verbatim,
)

FIRST, SECOND = "times", "times-maybe"
TOPICS = (FIRST, SECOND)
AGAIN = "again"  # what a prompt is about that recalls the question
_NONE = "none"


def search_of(state: State, group: GroupId) -> TimeSearch | None:
    """Return what a group looks for, if it does."""
    return next((one for one in state.of(TimeSearch) if one.group == group), None)


def prompt(user: UserId, group: GroupId, about: str = "") -> PromptDue:
    """Name the prompt by which somebody is asked, or reminded."""
    return PromptDue(user, group, Prompt.TIMES, about)


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again, then ask somebody, or recall it to who has not answered."""
    search, group = search_of(state, event.group), state.groups.get(event.group)
    turn = welcome(state, event.user, event.group, cause, now)
    if search is None or group is None or turn is None or search.is_answered_by(event.user):
        return NOTHING
    fits = fitting(turn, event, group, now, until=search.closes, calm=True)
    if isinstance(fits, Outcome):
        return fits
    return _recalled(fits, group, search) if event.about == AGAIN else ask(fits, group, search)


def ask(turn: Turn, group: Group, search: TimeSearch) -> Outcome:
    """Ask which of the times suit; an older poll about the same is ended."""
    ended, person = without_polls(turn.person, group, Text("times-asked-anew"), turn.language)
    zone = zone_of(turn.person, group)
    values: Values = {
        "group": group.charter.name,
        "minutes": search.minutes,
        "closes": _closing(search, zone),
    }
    said = Reply(
        kind="poll",
        lines=(Text("times-ask", values),),
        choices=_choices(search, range(len(search.walls)), zone),
        ask=Ask(_topic(FIRST, search), group.id),
        group=group.charter.name,
        poll=Ballot("poll", Text("times-which"), len(search.walls)),
    )
    return ended + replace(turn, person=person).answer(said)


def taken(turn: Turn, question: Asked, choices: tuple[str, ...]) -> Outcome | None:
    """Keep an answer; after the first, ask about the times that are left."""
    group = turn.groups.get(question.group) if question.group is not None else None
    search = search_of(turn.state, group.id) if group is not None else None
    member = group is not None and turn.state.consent(turn.user, group.id) is not None
    if (
        group is None
        or search is None
        or not member
        or not question.topic.endswith(_topic("", search))
    ):
        return turn.answer(notice(Text("poll-over")))
    if turn.now >= search.closes:
        return turn.answer(notice(Text("poll-over")))
    first = question.topic == _topic(FIRST, search)
    times = tuple(sorted({int(one) for one in choices if one != _NONE})) if choices else None
    search = answered(search, turn.user, times, suits=first)
    kept = Outcome(puts=(search,))
    if first and times is not None and not _is_asked(turn.person, group, search):
        left = [one for one in range(len(search.walls)) if one not in times]
        if left:
            return kept + _ask_rest(turn, group, search, left)
    return kept + turn.answer(noted(turn, group, search))


def noted(turn: Turn, group: Group, search: TimeSearch) -> Reply:
    """Say how their answer stands now, and until when it can be changed."""
    zone, name = zone_of(turn.person, group), group.charter.name
    best, rest = search.said(turn.user)
    lines = [
        Text(key, {"when": search.moment(one, zone)})
        for key, times in (("times-yes", best), ("times-maybe", rest))
        for one in times
    ]
    how = Text("times-change", {"closes": _closing(search, zone)})
    if not search.is_answered_by(turn.user):
        return notice(Text("times-unanswered", {"group": name}), how, group=name)
    card = Text("card", {"lines": (Text("times-noted", {"group": name}), *lines)})
    return notice(card if lines else Text("times-noted-none", {"group": name}), how, group=name)


def without_polls(
    person: Person, group: Group, why: Text, language: str
) -> tuple[Outcome, Person]:
    """End every open poll of somebody about times, and close its question."""
    ends: list[ClosePoll] = []
    for asked in person.asked:
        if _is_open(asked, group) and asked.poll is not None and asked.room is not None:
            message = Message("result", (why,), language, ("result",), group=group.charter.name)
            ends.append(ClosePoll(asked.room, asked.poll, message))
    questions = person.asked
    for asked in person.asked:
        if _is_open(asked, group):
            questions = closed(questions, asked.topic, group.id)
    return Outcome(effects=tuple(ends)), replace(person, asked=questions)


def _ask_rest(turn: Turn, group: Group, search: TimeSearch, left: Sequence[int]) -> Outcome:
    zone = zone_of(turn.person, group)
    said = Reply(
        kind="poll",
        lines=(),
        choices=_choices(search, left, zone),
        ask=Ask(_topic(SECOND, search), group.id),
        group=group.charter.name,
        poll=Ballot("poll", Text("times-which-else"), len(left)),
    )
    return turn.answer(said)


def _recalled(turn: Turn, group: Group, search: TimeSearch) -> Outcome:
    zone, name = zone_of(turn.person, group), group.charter.name
    values: Values = {"group": name, "closes": _closing(search, zone)}
    return turn.answer(Reply("reminder", (Text("times-recalled", values),), group=name))


def _choices(search: TimeSearch, times: Sequence[int], zone: str) -> tuple[Choice, ...]:
    moments = [
        Choice(
            str(time),
            Text("times-moment", {"moment": search.moment(time, zone)}),
            verbatim(str(number)),
        )
        for number, time in enumerate(times, start=1)
    ]
    none = Choice(_NONE, Text("times-choice-none"), verbatim(str(len(moments) + 1)))
    return (*moments, none)


def _closing(search: TimeSearch, zone: str) -> Moment:
    return Moment(search.closes, zone)


def _topic(which: str, search: TimeSearch) -> str:
    """Name a question so that no answer to one about an earlier search is taken for it."""
    return f"{which} {search.opened.isoformat()}"


def _is_asked(person: Person, group: Group, search: TimeSearch) -> bool:
    second = _topic(SECOND, search)
    return any(asked.topic == second and _is_open(asked, group) for asked in person.asked)


def _is_open(asked: Asked, group: Group) -> bool:
    return asked.dialogue in TOPICS and asked.group == group.id and not asked.answered
