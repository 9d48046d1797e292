"""What is said when a case waits: a number and how grave it is, no names and no content."""

from dataclasses import dataclass, replace
from datetime import datetime

from appservice.domain.cases.asking import room_for
from appservice.domain.cases.case import Case, Level, Track
from appservice.domain.cases.steps import At
from appservice.domain.effects import Page, Say, TellOperator
from appservice.domain.events import PageFailed
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Choice
from appservice.domain.prompts import zone_of
from appservice.domain.roles.telling import chat_of
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Reply, Turn
from appservice.domain.types import EffectId, Moment, Text, UserId, derive, verbatim

OPERATOR = "operator"
"""The way of a page to whoever runs the house; its address is in their settings."""
TOPIC = "case"
"""The first word of the topic of our question who takes a case; the second is its number."""
_LEVELS = {
    Level.GREEN: "alert-is-green",
    Level.AMBER: "alert-is-amber",
    Level.RED: "alert-is-red",
}
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
        out += _to_operator(at, alarm)
    return of_case(at.case, out + _to_reporter(at, alarm))


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
        what = _LEVELS[case.level]
    elif case.urgent:
        what = "alert-is-danger"
    else:
        what = "alert-is-conduct" if case.track is Track.CONDUCT else "alert-is-care"
    return Text("alert-named", {"case": case.name, "what": Text(what)})


def _in_room(at: At, alarm: Alarm) -> Outcome:
    room = room_for(at.here.state, at.group, at.case)
    if room is None:
        return NOTHING
    how = Text("alert-take", {"number": at.case.number})
    return notices((room,), at.group, *_lines(at, alarm), how, kind=_kind(alarm))


def _in_chat(at: At, alarm: Alarm, user: UserId) -> Outcome:
    """Ask in the private chat; what cannot be said there lets the next rung be asked."""
    turn = chat_of(at.here, at.group, user)
    if turn is None:
        return NOTHING
    number = str(at.case.number)
    reply = Reply(
        _kind(alarm),
        _lines(at, alarm),
        choices=_TAKE,
        ask=Ask(f"{TOPIC} {number}", at.group.id, number),
        group=at.group.charter.name,
        name=EffectId(derive(TOPIC, turn.cause, turn.room, number, alarm.step)),
    )
    failed = PageFailed(at.group.id, at.case.number, user, alarm.step)
    return unheard(turn.answer(reply), failed)


def unheard(out: Outcome, failed: PageFailed) -> Outcome:
    """Let it count as a page that failed where a message can never be said."""
    effects = (replace(e, unheard=failed) if isinstance(e, Say) else e for e in out.effects)
    return replace(out, effects=tuple(effects))


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


def _to_operator(at: At, alarm: Alarm) -> Outcome:
    house, number = at.here.state.house, at.case.number
    told = TellOperator(Text("operator-case-unanswered"), {"case": at.case.name})
    user = house.operator or UserId("")
    page = Page(user, OPERATOR, "", at.group.id, number, alarm.step, house.language)
    return Outcome(effects=(told, page))


def _to_reporter(at: At, alarm: Alarm) -> Outcome:
    """Tell who raised it the truth, once nobody has answered; the receipt tells it at first."""
    case = at.case
    turn = chat_of(at.here, at.group, case.reporter) if case.reporter else None
    if turn is None or at.here.now <= case.opened:
        return NOTHING
    lines: list[Text] = []
    if alarm.since is not None:
        lines.append(_since(turn, at, alarm.since))
    if alarm.to_operator:
        lines.append(Text("alert-unanswered", {"case": case.name}))
    elif lines:
        lines.append(Text("alert-asked-now", {"case": case.name}))
    if not lines:
        return NOTHING
    numbers = lines_for(turn.state.house, country_of(turn.person, (at.group,)))
    lines.append(Text("card", {"lines": (Text("numbers-until-then"), *numbers)}))
    return turn.answer(Reply("flag_update", tuple(lines), group=at.group.charter.name))


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


def _since(turn: Turn, at: At, since: datetime) -> Text:
    when = Moment(since, zone_of(turn.person, at.group))
    return Text("alert-late-reporter", {"since": when, "case": at.case.name})


def _kind(alarm: Alarm) -> str:
    return "case_new" if alarm.is_first else "case_ladder"
