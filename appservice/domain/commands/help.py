"""help: shows the numbers that help now; help FR or help france, elsewhere; help someone."""

from dataclasses import replace

from appservice.domain.contact import offer
from appservice.domain.duty.hours import is_unstaffed, these_days
from appservice.domain.effects import Message, Say
from appservice.domain.flags import bystander
from appservice.domain.group import Group
from appservice.domain.helplines import LETTERS, country_code, country_of, lines_for, near
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import zone_of
from appservice.domain.turn import PROGRAM, Reply, Turn
from appservice.domain.types import Audience, CauseId, EffectId, RoomId, Text, derive


def help_now(turn: Turn, rest: str) -> Outcome:
    """Answer at once, with the way to a facilitator for members, and whom their group names."""
    choices, ask = offer(turn)
    numbers = turn.answer(replace(_numbers(turn, rest), choices=choices, ask=ask))
    return numbers if _named(turn, rest) is not None else numbers + _of_their_groups(turn)


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


def _of_their_groups(turn: Turn) -> Outcome:
    """Name the professionals near a member's groups, and the hours in which somebody is there.

    Apart, below the numbers: it is for signed devices only, and needs what the database knows.
    """
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    both = ((near(group), *_hours(turn, group, zone_of(turn.person, group))) for group in groups)
    lines = tuple(line for lines in both for line in lines if line is not None)
    if not lines:
        return NOTHING
    message = Message("notice", lines, turn.language, parts=("notice",))
    return Outcome(effects=(Say(turn.room, message),))


def _hours(turn: Turn, group: Group, zone: str) -> tuple[Text | None, ...]:
    """Say the hours of a group, and the truth where these are some and nobody is there."""
    hours = these_days(group, turn.now, zone)
    if hours is None or not is_unstaffed(turn.state, group, turn.now):
        return (hours,)
    return hours, Text("honest-nobody")


def _named(turn: Turn, rest: str) -> str | None:
    """Return the country that is asked for; a plea such as HELP US or help me names none."""
    code = country_code(rest, turn.state.house)
    if len(rest.strip()) != LETTERS:
        return code
    if turn.text.isupper() or (code == "US" and rest.strip() != "US"):
        return None
    return code


def _own_groups(turn: Turn) -> tuple[Group, ...]:
    """Return the group whose room this is, or all that somebody belongs to."""
    room = turn.state.room
    here = turn.groups.get(room.group) if room is not None and room.group else None
    if here is not None:
        return (here,)
    return tuple(turn.groups[record.group] for record in turn.memberships())
