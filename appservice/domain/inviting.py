"""Codes for a group: drawn at the edge, kept here, told about, and taken back."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.application import Code
from appservice.domain.effects import DrawCode, HandOut, JoinCode, Message, Shape
from appservice.domain.events import CodeDrawn
from appservice.domain.gate.codes import fold_code, is_over, is_spent
from appservice.domain.group import Group
from appservice.domain.membership import facilitating
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.turn import Turn, language_of, notice
from appservice.domain.types import CauseId, RoomKind, Text, Values

_CAPTIONS = {Shape.PICTURE: "invite-picture", Shape.CARD: "invite-card"}


def drawn(state: State, event: CodeDrawn, cause: CauseId, now: datetime) -> Outcome:
    """Keep a code that was drawn, and say it where it was asked for; draw again if it is taken."""
    group = state.groups.get(event.group)
    if group is None or event.user not in facilitating(state, group):  # not any more
        return NOTHING
    if state.code is not None:
        again = DrawCode(
            event.group, group.charter.name, event.room, event.user, event.uses, event.expires
        )
        return Outcome(effects=(again,))
    code = Code(
        fold_code(event.code),
        event.group,
        now,
        spelled=event.code,
        expires=event.expires,
        uses=event.uses,
    )
    turn = _where_it_was_asked(state, event, group, cause, now)
    return Outcome(puts=(code,)) + told(turn, group, code)


def told(turn: Turn, group: Group, code: Code) -> Outcome:
    """Say a code, how far it reaches, and what to do with it; and as a picture to scan."""
    values: Values = {
        "code": code.spelled,
        "reach": reach(code),
        "keeper": turn.state.house.keeper,
    }
    said = turn.answer(notice(Text("invite-code", values), group=group.charter.name))
    return said + handed_out(turn, group, code, Shape.PICTURE, turn.language)


def handed_out(turn: Turn, group: Group, code: Code, shape: Shape, language: str) -> Outcome:
    """Give a code as a file, whose text says what it is to whoever cannot see it."""
    message = Message(
        kind="notice",
        lines=(Text(_CAPTIONS[shape], {"code": code.spelled}),),
        language=language,
        parts=("notice",),
        group=group.charter.name,
    )
    country = group.charter.country
    sheet = JoinCode(code.spelled, shape, country)
    return Outcome(effects=(HandOut(turn.room, message, sheet),))


def listed(codes: tuple[Code, ...], now: datetime) -> Text:
    """Say each code that was not taken back, one short line each, the newest first."""
    lines = []
    for code in sorted(codes, key=lambda one: one.created, reverse=True):
        if code.revoked:
            continue
        key = "invite-line"
        if is_spent(code) or is_over(code, now):
            key = "invite-line-over"
        values: Values = {
            "code": code.spelled or code.code,
            "used": _used(code),
            "until": _until(code),
        }
        lines.append(Text(key, values))
    if not lines:
        return Text("invite-none")
    return Text("card", {"lines": (Text("invite-list-title"), *lines)})


def reach(code: Code) -> Text:
    """Say how many people a code lets in, and until when."""
    uses = (
        Text("invite-any-uses") if code.uses is None else Text("invite-uses", {"uses": code.uses})
    )
    return Text("invite-reach", {"uses": uses, "until": _until(code)})


def taken_back(state: State, codes: tuple[Code, ...]) -> Outcome:
    """Let codes open nothing any more, not even for those who are on their way by them."""
    folded = {code.code for code in codes}
    ended = tuple(
        replace(application, revoked=True)
        for application in state.applications
        if application.code in folded
    )
    return Outcome(puts=(*(replace(code, revoked=True) for code in codes), *ended))


def _used(code: Code) -> Text:
    if code.uses is None:
        return Text("invite-used", {"used": code.used})
    return Text("invite-used-of", {"used": code.used, "uses": code.uses})


def _until(code: Code) -> Text:
    if code.expires is None:
        return Text("invite-no-end")
    return Text("invite-until", {"date": f"{code.expires:%Y-%m-%d}"})


def _where_it_was_asked(
    state: State, event: CodeDrawn, group: Group, cause: CauseId, now: datetime
) -> Turn:
    person = state.person or Person(event.user)
    shared = state.room is not None and state.room.what is RoomKind.FACILITATORS
    language = language_of(state, person)
    if shared:
        language = person.language or group.charter.language
    return Turn(state, event.room, person, language, cause, now, shared=shared)
