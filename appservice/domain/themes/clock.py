"""The theme of the week: a wall time in the group's zone, and a look before anything is said."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.meetings.recurrence import instant, wall_time
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import is_calm
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.themes.choosing import following, themes_of
from appservice.domain.themes.posting import posted
from appservice.domain.themes.theme import Themes
from appservice.domain.types import CauseId, Matter, Text

TOO_LATE = timedelta(hours=12)
WEEK = 7  # days


def slot_after(day: int, at: time, zone: str, now: datetime) -> datetime:
    """Return the next moment (in UTC) at which it is this day and time there."""
    today = wall_time(now, zone).date()
    ahead = today + timedelta(days=(day - today.weekday()) % WEEK)
    moment = instant(datetime.combine(ahead, at), zone)
    if moment > now:
        return moment
    return instant(datetime.combine(ahead + timedelta(days=WEEK), at), zone)


def kept(themes: Themes) -> Outcome:
    """Write it down, and look at it when the next one comes."""
    put = Outcome(puts=(themes,))
    if themes.rotation is None:
        return put + resting(themes.group, Matter.THEMES)
    return put + waking(themes.group, Matter.THEMES, themes.rotation.next)


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:  # noqa: ARG001
    """Post the next theme, if it is wanted still and fits; else leave this week out."""
    themes = themes_of(state, group.id)
    rotation = themes.rotation
    if rotation is None:
        return NOTHING
    if now < rotation.next:
        return waking(group.id, Matter.THEMES, rotation.next)
    late = now - rotation.next > TOO_LATE
    after = slot_after(rotation.day, rotation.at, group.charter.zone, now)
    themes = replace(themes, rotation=replace(rotation, next=after))
    paused = themes.paused is not None and now < themes.paused
    theme = following(state, group, themes, now)
    if group.stage != "open" or paused or late or theme is None:
        return kept(themes)
    if not is_calm(group, now):
        told = Text("theme-left-out", {"group": group.charter.name})
        return kept(themes) + notices(places_of_facilitators(state, group), group, told)
    used, said = posted(state, group, themes, theme, now)
    return kept(used) + said
