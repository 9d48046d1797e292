"""How a theme is said: on the noticeboard, or in each private chat as far as that is welcome."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompt_timers import fitting, waking
from appservice.domain.prompts import is_calm, welcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.themes.choosing import of_id, themes_of
from appservice.domain.themes.theme import Theme, Themes
from appservice.domain.turn import notice
from appservice.domain.types import CauseId, Prompt, RoomKind, Text, Values, verbatim

USEFUL_FOR = timedelta(days=3)  # in a private chat


def posted(
    state: State, group: Group, themes: Themes, theme: Theme, now: datetime
) -> tuple[Themes, Outcome]:
    """Say it to everybody, and return what is to be kept: that it was used on this day."""
    used = replace(themes, used={**themes.used, theme.id: now}, current=theme.id)
    if board := group.rooms.get(RoomKind.NOTICEBOARD):
        return used, notices((board,), group, *lines_of(group, theme))
    out = Outcome()
    for consent in current(state.consents, group):
        out += waking(PromptDue(consent.user, group.id, Prompt.THEME, theme.id), now)
    return used, out


def lines_of(group: Group, theme: Theme) -> tuple[Text, ...]:
    """Say a theme; nobody has to talk about it."""
    values: Values = {"group": group.charter.name, "title": verbatim(theme.title)}
    lines = [Text("theme-of-the-week", values)]
    lines += [verbatim(theme.ask)] if theme.ask else []
    lines.append(Text("theme-is-free"))
    lines += [verbatim(theme.aftercare)] if theme.aftercare else []
    return tuple(lines)


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again: say it to one member, while it still is the theme and they want to hear it."""
    turn, group = (
        welcome(state, event.user, event.group, cause, now),
        state.groups.get(event.group),
    )
    if turn is None or group is None or not is_calm(group, now):
        return NOTHING
    themes = themes_of(state, group.id)
    theme, used = of_id(state, themes, event.about, turn.language), themes.used.get(event.about)
    if theme is None or used is None or themes.current != theme.id or now - used > USEFUL_FOR:
        return NOTHING
    fits = fitting(turn, event, group, now)
    if isinstance(fits, Outcome):
        return fits
    return fits.answer(notice(*lines_of(group, theme), group=group.charter.name))
