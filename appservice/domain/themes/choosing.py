"""Which themes a group has, and which one comes next when the clock chooses."""

from datetime import datetime

from appservice.domain.group import Group
from appservice.domain.state import State
from appservice.domain.themes.theme import Theme, Themes
from appservice.domain.types import GroupId

_SOUTH = frozenset({"AR", "AU", "BO", "BW", "CL", "MG", "MZ", "NA", "NZ", "PY", "UY", "ZA", "ZW"})
_HALF_A_YEAR = 6  # months


def themes_of(state: State, group: GroupId) -> Themes:
    """Return what a group has made of the library; without a record it is as it comes."""
    return state.known(Themes(group))


def all_of(state: State, themes: Themes, language: str) -> tuple[Theme, ...]:
    """Return the library in a language (or in English), and after it the group's own."""
    library = state.house.themes
    shipped = library.get(language) or library.get("en", ())
    own = (Theme(one.number, f"own {one.number}", one.title) for one in themes.own)
    return (*shipped, *own)


def of_id(state: State, themes: Themes, name: str, language: str) -> Theme | None:
    """Return a theme by its id."""
    return next((one for one in all_of(state, themes, language) if one.id == name), None)


def following(state: State, group: Group, themes: Themes, now: datetime) -> Theme | None:
    """Return the theme that comes next by the clock: never a sensitive one.

    First those that were not used yet, the group's own before those of the season and those before
    the others; then the one whose use is longest ago.
    """
    month = _month(group, now)

    def rank(theme: Theme) -> tuple[bool, str, int, int]:
        used = themes.used.get(theme.id)
        kind = 0 if not theme.ask else 1 if theme.months else 2
        return used is not None, used.isoformat() if used else "", kind, theme.number

    fitting = [
        theme
        for theme in all_of(state, themes, group.charter.language)
        if theme.id not in themes.dropped
        and not theme.aftercare
        and (not theme.months or (month if theme.weather else now.month) in theme.months)
    ]
    return min(fitting, key=rank, default=None)


def _month(group: Group, now: datetime) -> int:
    """Return the month as the seasons of the group's country have it."""
    if group.charter.country not in _SOUTH:
        return now.month
    return (now.month - 1 + _HALF_A_YEAR) % 12 + 1
