"""An answer to a check-in: kept until it is counted, and one plain question after it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time

from appservice.domain.asked import closed
from appservice.domain.checkins.asking import wish_of
from appservice.domain.checkins.forms import FORMS, OWN, SKIP, mark, of_group
from appservice.domain.checkins.records import CheckIns, Said
from appservice.domain.contact import asked_for
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.meetings.recurrence import instant
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.own_times import Every, beginning
from appservice.domain.person import Asked
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Matter, Text, UserId
from appservice.domain.yes_no import YES_NO

REACH = "reach"  # the topic of the question whether somebody should get in touch
CLOSES = (1, time(12))  # answers are counted on Tuesdays at noon, on the group's clock


def voted(turn: Turn, question: Asked, choices: tuple[str, ...]) -> Outcome | None:
    """Keep an answer, or the newest one; to skip, or to take it back, is met with silence."""
    group = turn.groups.get(question.group) if question.group is not None else None
    if group is None or wish_of(turn.state, turn.user, group.id) is None:
        return turn.answer(notice(Text("poll-over")))
    kept = of_group(turn.state, group)
    others = {user: said for user, said in kept.answers.items() if user != turn.user}
    if not choices or choices[0] == SKIP:
        return _kept(turn, group, kept, others) + turn.silence()
    if question.about not in FORMS and question.about != mark(OWN, kept):
        return turn.answer(notice(Text("poll-over")))
    said = Said(question.about, choices[0])
    out = _kept(turn, group, kept, {**others, turn.user: said})
    if turn.user not in kept.answers:
        return out + turn.answer(_thanks(group))
    if not turn.text:  # by a button, which shows the new choice
        return out + turn.silence()
    return out + turn.answer(notice(Text("checkin-changed"), group=group.charter.name))


def reached(turn: Turn, question: Asked, choice: str) -> Outcome | None:
    """Pass on a wish for a talk, and only a yes; no answer is a no."""
    group = turn.groups.get(question.group) if question.group is not None else None
    asked = closed(turn.person.asked, REACH, question.group)
    done = replace(turn, person=replace(turn.person, asked=asked))
    if group is not None and choice == "yes":
        return asked_for(done, group.charter.name)
    return done.answer(notice(Text("checkin-no-contact")))


def _kept(turn: Turn, group: Group, kept: CheckIns, answers: Mapping[UserId, Said]) -> Outcome:
    if answers == kept.answers:
        return NOTHING
    closes = kept.closes or _closes(group, turn.now)
    put = Outcome(puts=(replace(kept, answers=answers, closes=closes),))
    return put if kept.closes is not None else put + waking(group.id, Matter.CHECKINS, closes)


def _closes(group: Group, now: datetime) -> datetime:
    zone = group.charter.zone
    return instant(beginning(Every.WEEK, *CLOSES, now, zone).first, zone)


def _thanks(group: Group) -> Reply:
    lines = (Text("checkin-thanks"), Text("checkin-reach"))
    name = group.charter.name
    return Reply("checkin", lines, choices=YES_NO, ask=Ask(REACH, group.id), group=name)
