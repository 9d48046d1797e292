"""A swap of some hours: asked for by one, and theirs only when the other one says yes."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.asked import closed
from appservice.domain.cases import waiting
from appservice.domain.duty import planning
from appservice.domain.duty.staffed import Shift, shifts
from appservice.domain.group import Group
from appservice.domain.meetings.vocabulary import Vocabulary, tokens
from appservice.domain.membership import places_of_facilitators
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked
from appservice.domain.roles.telling import chat_of
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn
from appservice.domain.types import Moment, Text, UserId, Values
from appservice.domain.yes_no import YES_NO

TOPIC = "swap"


def asked_for(turn: Turn, group: Group, rest: str) -> Outcome:
    """Ask a colleague to take the next shift of a weekday."""
    day = _day(turn, rest)
    users = planning.people(turn, group)
    if isinstance(users, Text):
        return _said(turn, group, "refusal", users)
    if day is None or len(users) != 1 or users == (turn.user,):
        return _said(turn, group, "refusal", Text("swap-form"))
    shift = planning.next_shift(group, turn.user, day, turn.now)
    if shift is None:
        return _said(turn, group, "refusal", Text("swap-none"))
    values = _values(group, shift, turn.user, users[0])
    there = chat_of(turn, group, users[0])
    if there is None:
        return _said(turn, group, "refusal", Text("swap-no-chat", values))
    about = f"{shift.begins.isoformat()} {turn.user}"
    ask = Ask(TOPIC, group.id, about)
    name = group.charter.name
    asked = Reply("duty", (Text("swap-asked", values),), choices=YES_NO, ask=ask, group=name)
    return there.answer(asked) + _said(turn, group, "duty", Text("swap-waits", values))


def answered(turn: Turn, question: Asked, choice: str) -> Outcome:
    """Look again: the shift may be over or another's by now; then say to both what holds."""
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, question.group))
    done = replace(turn, person=person)
    group = turn.groups.get(question.group) if question.group is not None else None
    begins, _, by = question.about.partition(" ")
    shift = _shift(group, datetime.fromisoformat(begins), UserId(by), turn.now) if group else None
    if group is None or shift is None:
        return done.answer(Reply("duty", (Text("swap-over"),)))
    values = _values(group, shift, UserId(by), turn.user)
    if choice != "yes":
        told = _told(turn, group, UserId(by), Text("swap-declined", values))
        return told + _said(done, group, "duty", Text("swap-declined-own", values))
    after = planning.swapped(group, shift, UserId(by), turn.user, turn.now)
    places = places_of_facilitators(turn.state, group, but=turn.user)
    told = notices(places, group, Text("swap-done", values), kind="duty")
    said = _said(done, group, "duty", Text("swap-done-own", values))
    return Outcome(puts=(after,)) + said + told + waiting.looked_at(turn, group.id)


def _told(turn: Turn, group: Group, user: UserId, line: Text) -> Outcome:
    there = chat_of(turn, group, user)
    return NOTHING if there is None else _said(there, group, "duty", line)


def _shift(group: Group, begins: datetime, by: UserId, now: datetime) -> Shift | None:
    ahead = shifts(group, max(now, begins), begins + timedelta(seconds=1))
    return next((one for one in ahead if one.begins == begins and by in one.users), None)


def _day(turn: Turn, rest: str) -> int | None:
    pieces = tokens(" ".join(word for word in rest.split() if not mentioned(word))) or ()
    vocabulary = Vocabulary(turn.state.words, turn.language)
    days = [vocabulary.day(pieces, index) for index in range(len(pieces))]
    return days[0] if len(days) == 1 else None


def _values(group: Group, shift: Shift, by: UserId, to: UserId) -> Values:
    begins = Moment(shift.begins, group.charter.zone)
    return {"when": begins, "by": by, "to": to, "group": group.charter.name}


def _said(turn: Turn, group: Group, kind: str, *lines: Text) -> Outcome:
    return turn.answer(Reply(kind, lines, group=group.charter.name))
