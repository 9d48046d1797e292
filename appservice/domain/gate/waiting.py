"""Past the statements: the facilitators' questions, and the wait for their word or for a place."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.application import Application, EventIn, Waiting
from appservice.domain.asked import closed
from appservice.domain.effects import TellOperator, Unwake, Wake
from appservice.domain.events import ApplicantDue
from appservice.domain.gate.application import kept, timer, waiting_timer
from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.person import Choice
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn
from appservice.domain.types import EventId, Text, Values, verbatim

TOPIC = "applying"
ANSWERING, AWAITING = 7, 8  # steps of an application, after those of the gate
ANSWERS_KEPT = timedelta(days=7)
UNDECIDED = timedelta(days=14)  # then the facilitators are reminded, once
LONGEST = timedelta(days=180)  # that anybody waits


def asking(turn: Turn, application: Application, group: Group) -> Outcome:
    """Keep the application, and ask the next question of the facilitators."""
    index = len(application.answers)
    lines = [verbatim(group.charter.questions[index]), Text("applying-read-by")]
    if index == 0:
        lines.insert(0, Text("applying-first"))
    reply = Reply(
        kind="question",
        lines=tuple(lines),
        choices=(Choice("skip", Text("choice-skip"), Text("choice-skip-reply")),),
        ask=Ask(TOPIC, group.id),
        group=group.charter.name,
    )
    spoken = replace(turn, language=application.language)
    return kept(application, turn.now) + spoken.answer(reply)


def told(turn: Turn, application: Application, *, skipped: bool = False) -> Outcome:
    """Take what was said as an answer: where it stands is kept, and not what it says."""
    group = turn.groups[application.group]
    place = None if skipped else EventIn(turn.room, EventId(turn.event))
    more = replace(application, answers=(*application.answers, place))
    done = replace(
        turn, person=replace(turn.person, asked=closed(turn.person.asked, TOPIC, group.id))
    )
    if len(more.answers) < len(group.charter.questions):
        return asking(done, more, group)
    return wait(done, more, group)


def wait(turn: Turn, application: Application, group: Group, *, listed: bool = False) -> Outcome:
    """Let somebody wait, for a word or on the list for a place; tell both sides."""
    number = group.applicants + 1
    waiting = Waiting(number, since=turn.now, listed=listed)
    awaiting = replace(application, step=AWAITING, waiting=waiting, expires=turn.now + LONGEST)
    values: Values = {"group": group.charter.name, "number": number}
    places = places_of_facilitators(turn.state, group)
    note = notices(places, group, Text("applicant-listed" if listed else "applicant-new", values))
    if not places:
        unheard = TellOperator(Text("operator-applicant-unheard"), {"group": group.id})
        note = Outcome(effects=(unheard,))
    return (
        Outcome(puts=(replace(group, applicants=number),))
        + Outcome(effects=(Unwake(timer(application.user, group.id)),))
        + looking(awaiting, min(turn.now + ANSWERS_KEPT, awaiting.expires))
        + note
        + standing(turn, awaiting, group)
    )


def looking(application: Application, due: datetime) -> Outcome:
    """Keep an application that waits, and look at it again then."""
    key = waiting_timer(application.user, application.group)
    look = ApplicantDue(application.user, application.group)
    return Outcome(puts=(application,), effects=(Wake(key, due, look),))


def standing(turn: Turn, application: Application, group: Group) -> Outcome:
    """Tell somebody who waits the truth about how it stands, and no date."""
    waiting = application.waiting
    key, kind = "applying-waits", "notice"
    if waiting is not None and waiting.listed:
        key, kind = "applying-listed", "waitlisted"
    elif waiting is not None and waiting.reminded:
        key = "applying-reminded"
    since = waiting.since if waiting is not None else turn.now
    values: Values = {"group": group.charter.name, "date": f"{since:%Y-%m-%d}"}
    lines = (Text(key, values), Text("applying-meanwhile"))
    spoken = replace(turn, language=application.language)
    return spoken.answer(Reply(kind, lines, group=group.charter.name))


def forgotten(application: Application) -> Application:
    """Forget where the answers stand and where they were quoted."""
    return replace(application, answers=(), quotes=())
