"""What is said when a case waits: a number and how grave it is, no names and no content."""

from dataclasses import dataclass, replace
from datetime import datetime

from appservice.domain.asked import ALARM, is_busy
from appservice.domain.cases import unanswered
from appservice.domain.cases.case import Case, Stage
from appservice.domain.cases.names import LEVELS, TRACKS
from appservice.domain.cases.seeing import may_be_asked, room_for
from appservice.domain.cases.steps import At
from appservice.domain.effects import Page, Say
from appservice.domain.events import PageFailed
from appservice.domain.flags.asking import is_writing
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.roles.telling import chat_of
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn
from appservice.domain.types import EffectId, Moment, Text, UserId, derive, verbatim

TOPIC = ALARM
"""The first word of the topic of our question who takes a case; the second is its number."""
_TAKE = (Choice("take", Text("choice-take-it"), verbatim("1")),)


@dataclass(frozen=True)
class Alarm:
    """Whom a rung asks, and what they hear."""

    step: str
    users: tuple[UserId, ...]
    is_first: bool  # nobody was asked before
    since: datetime | None  # since when nobody could be asked; None: we come in time
    to_operator: bool


def reaches(at: At, user: UserId) -> bool:
    """Say whether there is any way to ask somebody: a chat, an address, the facilitators' room."""
    person = at.here.state.people.get(user)
    if person is not None and (person.chat is not None or person.pages):
        return True
    room = room_for(at.here.state, at.group, at.case)
    return user in at.group.charter.facilitators and room is not None


def said(at: At, alarm: Alarm) -> Outcome:
    """Ask those of a rung, in their room, their chats and by their addresses."""
    out = _in_room(at, alarm) if alarm.users else NOTHING
    for user in alarm.users:
        out += _in_chat(at, alarm, user) + _paged(at, alarm, user)
    if alarm.to_operator:
        out += unanswered.to_operator(at, alarm.step)
    told = unanswered.to_reporter(at, alarm.since, others_left=not alarm.to_operator)
    return of_case(at.case, out + told)


def is_alert(asked: Asked) -> bool:
    """Say whether a question asks who takes a case."""
    return asked.dialogue == TOPIC


def repeated(turn: Turn, asked: Asked | None) -> Outcome | None:
    """Ask somebody again who takes a case; None: they were not asked, or somebody has it."""
    if asked is None or asked.group is None or not is_alert(asked):
        return None
    cases = (case for case in turn.state.cases or () if case.group == asked.group)
    case = next((one for one in cases if str(one.number) == asked.about), None)
    group = turn.groups.get(asked.group)
    if group is None or case is None or case.stage is not Stage.RECEIVED:
        return None
    if not may_be_asked(turn.state, group, case, turn.user):
        return None
    line = Text("alert-waits", {"case": named(case)})
    ask = Ask(asked.topic, asked.group, asked.about)
    return of_case(case, turn.answer(Reply("case_ladder", (line,), choices=_TAKE, ask=ask)))


def of_case(case: Case, out: Outcome) -> Outcome:
    """Let every message that is said name the case that it is about."""
    effects = (
        replace(e, message=replace(e.message, case=case.name)) if isinstance(e, Say) else e
        for e in out.effects
    )
    return replace(out, effects=tuple(effects))


def named(case: Case) -> Text:
    """Say which case it is and how grave, and nothing else of it."""
    if case.level is not None:
        what = LEVELS[case.level]
    elif case.urgent:
        what = Text("alert-is-danger")
    else:
        what = TRACKS[case.track]
    return Text("alert-named", {"case": case.name, "what": what})


def _in_room(at: At, alarm: Alarm) -> Outcome:
    room = room_for(at.here.state, at.group, at.case)
    if room is None:
        return NOTHING
    how = Text("alert-take", {"number": at.case.number})
    return notices((room,), at.group, *_lines(at, alarm), how, kind=_kind(alarm))


def _in_chat(at: At, alarm: Alarm, user: UserId) -> Outcome:
    """Ask in the private chat; what cannot be said there lets the next rung be asked.

    Whoever is in the middle of other questions there goes on with those by numbers, and takes
    the case by a word, or by a reply to this very message.
    """
    turn = chat_of(at.here, at.group, user)
    if turn is None:
        return NOTHING
    number, lines = str(at.case.number), _lines(at, alarm)
    aside = is_writing(turn.person, turn.now) or is_busy(turn.person.asked, turn.room, turn.now)
    if aside:
        lines = (*lines, Text("alert-aside", {"case": at.case.name}))
    reply = Reply(
        _kind(alarm),
        lines,
        choices=_by_word(at.case) if aside or not _is_member(at, user) else _TAKE,
        ask=Ask(f"{TOPIC} {number}", at.group.id, number, aside=aside),
        group=at.group.charter.name,
        name=EffectId(derive(TOPIC, turn.cause, turn.room, number, alarm.step)),
    )
    failed = PageFailed(at.group.id, at.case.number, user, alarm.step)
    return unheard(turn.answer(reply), failed)


def _is_member(at: At, user: UserId) -> bool:
    """Say whether a number takes the case: of a lead who is no member only a word does."""
    return at.here.state.consent(user, at.group.id) is not None


def unheard(out: Outcome, failed: PageFailed) -> Outcome:
    """Let it count as a page that failed where a message can never be said."""
    effects = (replace(e, unheard=failed) if isinstance(e, Say) else e for e in out.effects)
    return replace(out, effects=tuple(effects))


def _by_word(case: Case) -> tuple[Choice, ...]:
    return (replace(_TAKE[0], reply=Text("choice-take-reply", {"number": case.number})),)


def _paged(at: At, alarm: Alarm, user: UserId) -> Outcome:
    person = at.here.state.people.get(user)
    if person is None:
        return NOTHING
    language = person.language or at.group.charter.language
    group, number = at.group.id, at.case.number
    return Outcome(
        effects=tuple(
            Page(user, way, address, group, number, alarm.step, language)
            for way, address in person.pages
        )
    )


def _lines(at: At, alarm: Alarm) -> tuple[Text, ...]:
    group, case = at.group, at.case
    zone = group.charter.zone
    lines: list[Text] = []
    if alarm.since is not None:
        when = Moment(alarm.since, zone)
        lines.append(Text("alert-late", {"since": when, "case": case.name}))
    if alarm.is_first:
        lines.append(Text("alert-waits", {"case": named(case)}))
    else:
        since = Moment(case.since, zone)
        lines.append(Text("alert-still-waits", {"case": named(case), "since": since}))
    return tuple(lines)


def _kind(alarm: Alarm) -> str:
    return "case_new" if alarm.is_first else "case_ladder"
