"""!theme: themes of your group: list, next, use, rotate, pause, add, drop, approve, decline."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.spans import span
from appservice.domain.subcommand import spellings, subcommand
from appservice.domain.suggesting import decided, find
from appservice.domain.themes import telling
from appservice.domain.themes.choosing import all_of, following, themes_of
from appservice.domain.themes.clock import kept, slot_after
from appservice.domain.themes.posting import posted
from appservice.domain.themes.theme import OwnTheme, Rotation, Theme, Themes
from appservice.domain.themes.writing import day_in, time_in, title_in
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Moment, Text, UserId, Values, verbatim

LONGEST = timedelta(days=184)  # of a pause
MOST = 50  # of a group's own
_NAMES = ("list", "next", "use", "rotate", "pause", "add", "drop", "approve", "decline")
_DIGITS = 6


def group_theme(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says; without one, show all themes."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    word = subcommand(turn, rest, "theme", _NAMES) if rest else ("list", "")
    if word is None:
        return turn.refuse(Text("theme-words"), group=group)
    name, rest = word
    return _DOING[name](turn, group, themes_of(turn.state, group.id), rest)


def _list(turn: Turn, group: Group, themes: Themes, _: str) -> Outcome:
    return turn.answer(notice(*telling.listed(turn, group, themes), group=group.charter.name))


def _next(turn: Turn, group: Group, themes: Themes, _: str) -> Outcome:
    theme = following(turn.state, group, themes, turn.now)
    if theme is None:
        return turn.refuse(Text("theme-nothing-left"), group=group)
    return _said(turn, group, *telling.coming(turn, group, themes, theme))


def _use(turn: Turn, group: Group, themes: Themes, rest: str) -> Outcome:
    theme = _numbered(turn, group, themes, rest)
    if theme is None:
        return turn.refuse(Text("theme-number"), group=group)
    if group.stage != "open":
        return turn.refuse(Text("stage-not-open", {"group": group.charter.name}), group=group)
    used, out = posted(turn.state, group, themes, theme, turn.now)
    said = Text("theme-used-now", {"title": verbatim(theme.title)})
    return kept(used) + out + _said(turn, group, said)


def _rotate(turn: Turn, group: Group, themes: Themes, rest: str) -> Outcome:
    if rest.casefold() in spellings(turn, "theme-off"):
        return kept(replace(themes, rotation=None)) + _said(turn, group, Text("theme-rotates-not"))
    if group.stage != "open":
        return turn.refuse(Text("stage-not-open", {"group": group.charter.name}), group=group)
    day, at, zone = day_in(turn, rest), time_in(rest), group.charter.zone
    if day is None or at is None:
        return turn.refuse(Text("theme-rotate-how"), group=group)
    first = slot_after(day, at, zone, turn.now)
    themes = replace(themes, rotation=Rotation(day, at, first))
    values: Values = {"group": group.charter.name, "moment": Moment(first, zone)}
    return kept(themes) + _said(turn, group, Text("theme-rotates", values))


def _pause(turn: Turn, group: Group, themes: Themes, rest: str) -> Outcome:
    if rest.casefold() in spellings(turn, "theme-off"):
        return kept(replace(themes, paused=None)) + _said(turn, group, Text("theme-pause-over"))
    ends = span(rest, turn.state.words, turn.language, turn.now, group.charter.zone)
    if ends is None or not turn.now < ends <= turn.now + LONGEST:
        return turn.refuse(Text("theme-pause-how"), group=group)
    values: Values = {"group": group.charter.name, "date": Moment(ends, group.charter.zone)}
    return kept(replace(themes, paused=ends)) + _said(turn, group, Text("theme-paused", values))


def _add(turn: Turn, group: Group, themes: Themes, rest: str) -> Outcome:
    title = title_in(rest)
    if isinstance(title, Text):
        return turn.refuse(title, group=group)
    new = OwnTheme(themes.last + 1, title)
    return _added(turn, group, replace(themes, last=new.number), new)


def _drop(turn: Turn, group: Group, themes: Themes, rest: str) -> Outcome:
    """Take one of their own away; one of the library is left out, or comes back."""
    theme = _numbered(turn, group, themes, rest)
    if theme is None:
        return turn.refuse(Text("theme-number"), group=group)
    own = tuple(one for one in themes.own if one.number != theme.number)
    key, dropped = "theme-dropped", themes.dropped
    if own == themes.own and theme.id in dropped:
        key, dropped = "theme-back", tuple(name for name in dropped if name != theme.id)
    elif own == themes.own:
        dropped = (*dropped, theme.id)
    said = Text(key, {"title": verbatim(theme.title)})
    return kept(replace(themes, own=own, dropped=dropped)) + _said(turn, group, said)


def _approve(turn: Turn, group: Group, themes: Themes, rest: str) -> Outcome:
    suggested = find(themes.suggested, _number(rest))
    if suggested is None:
        return turn.refuse(Text("suggestion-number"), group=group)
    user, new = suggested
    left = replace(themes, suggested=decided(themes.suggested, new.number))
    if len(themes.own) >= MOST:
        return _added(turn, group, themes, new)
    return _added(turn, group, left, new) + _told(turn, group, user, "theme-taken")


def _decline(turn: Turn, group: Group, themes: Themes, rest: str) -> Outcome:
    suggested = find(themes.suggested, _number(rest))
    if suggested is None:
        return turn.refuse(Text("suggestion-number"), group=group)
    user, one = suggested
    left = replace(themes, suggested=decided(themes.suggested, one.number))
    said = _said(turn, group, Text("theme-declined"))
    return kept(left) + said + _told(turn, group, user, "theme-not-taken")


def _added(turn: Turn, group: Group, themes: Themes, new: OwnTheme) -> Outcome:
    if len(themes.own) >= MOST:
        return turn.refuse(Text("theme-full", {"most": MOST}), group=group)
    said = Text("theme-added", {"number": new.number, "title": verbatim(new.title)})
    return kept(replace(themes, own=(*themes.own, new))) + _said(turn, group, said)


def _told(turn: Turn, group: Group, user: UserId, key: str) -> Outcome:
    """Tell whoever suggested it, since they asked; but not where it is being answered."""
    if user == turn.user:
        return NOTHING
    said = notice(Text(key, {"group": group.charter.name}), group=group.charter.name)
    return in_private(turn, group, user, said)


def _numbered(turn: Turn, group: Group, themes: Themes, rest: str) -> Theme | None:
    every = all_of(turn.state, themes, group.charter.language)
    return next((theme for theme in every if theme.number == _number(rest)), None)


def _number(rest: str) -> int:
    return int(rest) if rest.isdecimal() and len(rest) <= _DIGITS else 0


def _said(turn: Turn, group: Group, *lines: Text) -> Outcome:
    return turn.answer(notice(*lines, group=group.charter.name))


_DOING: Mapping[str, Callable[[Turn, Group, Themes, str], Outcome]] = {
    "list": _list,
    "next": _next,
    "use": _use,
    "rotate": _rotate,
    "pause": _pause,
    "add": _add,
    "drop": _drop,
    "approve": _approve,
    "decline": _decline,
}
