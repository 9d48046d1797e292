"""help: shows the numbers that help now; help FR, those of another country; help someone."""

from dataclasses import replace

from appservice.domain.contact import offer
from appservice.domain.flags import bystander
from appservice.domain.group import Group
from appservice.domain.helplines import country_code, country_of, lines_for
from appservice.domain.outcome import Outcome
from appservice.domain.turn import PROGRAM, Reply, Turn
from appservice.domain.types import Audience, CauseId, EffectId, RoomId, Text, derive


def help_now(turn: Turn, rest: str) -> Outcome:
    """Answer at once, with the way to a facilitator for members."""
    choices, ask = offer(turn)
    return turn.answer(replace(_numbers(turn, rest), choices=choices, ask=ask))


def help_only(turn: Turn, rest: str) -> Outcome:
    """Answer where nothing else may be said: any device, any number of people, no encryption."""
    return turn.answer(_numbers(turn, rest))


def help_name(cause: CauseId, room: RoomId) -> EffectId:
    """Name an answer to `help`: whichever way it goes, it is the same one and said once."""
    return EffectId(derive("help", cause, room))


def _numbers(turn: Turn, rest: str) -> Reply:
    """Make the message: one emergency number, at most two helplines, and the way to others."""
    country = _named(turn, rest) or country_of(turn.person, _own_groups(turn))
    numbers = Text("card", {"lines": lines_for(turn.state.house, country)})
    first = () if turn.greeted() else (PROGRAM,)
    lines: tuple[Text, ...] = (Text("help-title"), numbers)
    if bystander.is_meant(turn, rest):
        lines = bystander.lines(turn, numbers)
    return Reply(
        kind="help",
        lines=(*first, *lines, Text("help-elsewhere")),
        parts=("program", "help") if first else ("help",),
        audience=Audience.ALL,
        name=help_name(turn.cause, turn.room),
    )


def _named(turn: Turn, rest: str) -> str | None:
    if turn.text.isupper():  # "HELP US" is a plea
        return None
    code = country_code(rest, turn.state.house)
    return None if code == "US" and rest.strip() != "US" else code


def _own_groups(turn: Turn) -> tuple[Group, ...]:
    return tuple(turn.groups[record.group] for record in turn.memberships())
