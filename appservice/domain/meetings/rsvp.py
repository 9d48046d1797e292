"""Who says that they come to a meeting: asked in private, told as numbers only, never needed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from appservice.domain.asked import closed
from appservice.domain.group import Group
from appservice.domain.meetings.kept import find, progress_of
from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.meetings.recurrence import Occurrence, between, occurrence
from appservice.domain.meetings.steps import At
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.state import State
from appservice.domain.turn import Ask, Ballot, Reply, Turn
from appservice.domain.types import GroupId, Text

TOPIC = "rsvp"
ANSWERS = ("yes", "maybe", "no")
_LABELS = {"yes": Text("rsvp-yes"), "maybe": Text("rsvp-maybe"), "no": Text("rsvp-no")}
_SAID = {
    "yes": Text("rsvp-said-yes"),
    "maybe": Text("rsvp-said-maybe"),
    "no": Text("rsvp-said-no"),
    None: Text("rsvp-said-nothing"),
}
_MOMENT = timedelta(seconds=1)
_LOOKS_AHEAD = (timedelta(days=9), timedelta(days=93))


@dataclass(frozen=True)
class Counts:
    """How many said what; nobody has to say anything."""

    yes: int = 0
    maybe: int = 0
    no: int = 0


def counts(progress: Progress) -> Counts:
    """Count what members said about an occurrence."""
    said = list(progress.coming.values())
    return Counts(*(said.count(answer) for answer in ANSWERS))


def told(progress: Progress) -> tuple[Text, ...]:
    """Say to everybody how many come, once anybody does."""
    now = counts(progress)
    if not now.yes and not now.maybe:
        return ()
    return (Text("rsvp-counts", {"yes": now.yes, "maybe": now.maybe}),)


def topic(one: Occurrence) -> str:
    """Name the question about an occurrence."""
    return f"{TOPIC} {one.meeting.number} {one.was.isoformat()}"


def asking(turn: Turn, one: Occurrence, reply: Reply) -> Reply:
    """Let a reply ask whether somebody comes, unless they were asked or have answered."""
    name, group = topic(one), one.meeting.group
    asked = [a for a in turn.person.asked if (a.topic, a.group) == (name, group)]
    has_answered = turn.user in progress_of(turn.state, one).coming
    if has_answered or any(not question.answered for question in asked):
        return reply
    choices = tuple(Choice(answer, label, label) for answer, label in _LABELS.items())
    poll = Ballot(TOPIC, Text("rsvp-question"))
    return replace(reply, choices=choices, ask=Ask(name, group), poll=poll)


def voted(turn: Turn, question: Asked, choices: tuple[str, ...]) -> Outcome | None:
    """Take an answer to the poll, or take it back."""
    _, number, was = question.topic.split()
    one = found(turn.state, question.group, int(number), datetime.fromisoformat(was))
    return answered(turn, one, choices[0] if choices else None)


def answered(turn: Turn, one: Occurrence | None, answer: str | None) -> Outcome:
    """Keep what somebody says, for as long as the meeting is not over; None: they say nothing."""
    if one is None or turn.now >= one.ends:
        return _over(turn, one)
    group = turn.groups[one.meeting.group]
    consent = turn.state.consent(turn.user, group.id)
    if consent is None or not consent.admitted:
        return _over(turn, one)
    progress = progress_of(turn.state, one)
    others = {user: said for user, said in progress.coming.items() if user != turn.user}
    coming = others if answer is None else {**others, turn.user: answer}
    kept = replace(progress, coming=coming)
    puts = Outcome(puts=(kept,)) if kept != progress else NOTHING
    said = Reply(TOPIC, (_SAID[answer],), group=group.charter.name)
    return puts + turn.answer(said)


def found(state: State, group: GroupId | None, number: int, was: datetime) -> Occurrence | None:
    """Return an occurrence that is to take place, by its wall time by the rule."""
    meeting = find(state, group, number) if group is not None else None
    if meeting is None:
        return None
    there = occurrence(meeting, was)
    near = between(meeting, there.starts - _MOMENT, there.ends)
    return next((one for one in near if one.was == was), None)


def over(at: At) -> Outcome:
    """Close the question for everybody who was asked, when a meeting is over."""
    name, group = topic(at.occurrence), at.group.id
    out = NOTHING
    for person in at.here.state.people.values():
        asked = closed(person.asked, name, group)
        if asked != person.asked:
            out += Outcome(puts=(replace(person, asked=asked),))
    return out


def forgotten(progress: Progress) -> Progress:
    """Discard single answers."""
    return replace(progress, coming={})


def upcoming(state: State, groups: Iterable[Group], now: datetime) -> list[Occurrence]:
    """Return of each meeting of these groups the next time, under way included, soonest first."""
    ids = {group.id for group in groups}
    meetings = (meeting for meeting in state.of(Meeting) if meeting.group in ids)
    ahead = (next_of(meeting, now) for meeting in meetings)
    return sorted((one for one in ahead if one), key=lambda one: (one.starts, one.meeting.key))


def next_of(meeting: Meeting, now: datetime) -> Occurrence | None:
    """Return when a meeting takes place next, within three months."""
    for ahead in _LOOKS_AHEAD:
        if near := between(meeting, now, now + ahead):
            return near[0]
    return None


def _over(turn: Turn, one: Occurrence | None) -> Outcome:
    group = turn.groups.get(one.meeting.group) if one else None
    name = group.charter.name if group else None
    return turn.answer(Reply("notice", (Text("rsvp-over"),), group=name))
