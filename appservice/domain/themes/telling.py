"""How facilitators see their themes: which there are, used when, and what comes next."""

from datetime import datetime

from appservice.domain.group import Group
from appservice.domain.suggesting import in_order
from appservice.domain.themes.choosing import all_of
from appservice.domain.themes.posting import lines_of
from appservice.domain.themes.theme import Theme, Themes
from appservice.domain.turn import Turn
from appservice.domain.types import Moment, Text, Values, verbatim

_NOTHING = verbatim("")


def listed(turn: Turn, group: Group, themes: Themes) -> tuple[Text, ...]:
    """Say every theme on a line, and what waits for a word."""
    title = Text("themes-title", {"group": group.charter.name})
    every = all_of(turn.state, themes, group.charter.language)
    lines = [Text("card", {"lines": (title, *(_line(theme, themes) for theme in every))})]
    if waiting := in_order(themes.suggested):
        named = (Text("theme-line", _values(one.number, one.title)) for one in waiting)
        lines.append(Text("card", {"lines": (Text("suggestions-title"), *named)}))
    return (*lines, _clock(group, themes, turn.now), Text("theme-words"))


def coming(turn: Turn, group: Group, themes: Themes, theme: Theme) -> tuple[Text, ...]:
    """Show the theme that comes next, as it would be said, and how to take it or another."""
    first, *rest = lines_of(group, theme)
    how = Text("theme-next-how", {"number": theme.number})
    return (first, *rest, _clock(group, themes, turn.now), how)


def _clock(group: Group, themes: Themes, now: datetime) -> Text:
    zone, name = group.charter.zone, group.charter.name
    if themes.rotation is None:
        return Text("theme-no-clock", {"group": name})
    values: Values = {"group": name, "moment": Moment(themes.rotation.next, zone)}
    if themes.paused is not None and now < themes.paused:
        return Text("theme-paused", {"group": name, "date": Moment(themes.paused, zone)})
    return Text("theme-rotates", values)


def _line(theme: Theme, themes: Themes) -> Text:
    used = themes.used.get(theme.id)
    on = Text("theme-used-on", {"date": f"{used:%Y-%m-%d}"}) if used is not None else _NOTHING
    careful = Text("theme-careful") if theme.aftercare else _NOTHING
    away = Text("theme-away") if theme.id in themes.dropped else _NOTHING
    marks = {"used": on, "careful": careful, "away": away}
    return Text("theme-line", {**_values(theme.number, theme.title), **marks})


def _values(number: int, title: str) -> Values:
    none = {"used": _NOTHING, "careful": _NOTHING, "away": _NOTHING}
    return {"number": number, "title": verbatim(title), **none}
