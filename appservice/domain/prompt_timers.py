"""The timers of what somebody is to be written to about unasked, one for each matter."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import awake_at, calm_at, counted, has_room, zone_of
from appservice.domain.turn import Turn

_SOON = timedelta(minutes=10)


def waking(event: PromptDue, at: datetime) -> Outcome:
    """Look at it then; an earlier wish of the same kind is moved."""
    return Outcome(effects=(Wake(timer(event), at, event),))


def soon(event: PromptDue, now: datetime) -> Outcome:
    """Look at it within ten minutes, for each person at another moment."""
    return waking(event, spread(event, now + _SOON, _SOON))


def fitting(  # noqa: PLR0913
    turn: Turn,
    event: PromptDue,
    group: Group,
    now: datetime,
    *,
    until: datetime | None = None,
    calm: bool = False,
    counts: bool = True,
) -> Turn | Outcome:
    """Return the turn with one more prompt counted, or what is done if it does not fit now.

    In quiet hours it waits for their end, with `calm` for the group to be calm, too; what is of
    no use from `until` on never comes, nor one too many of a week, if it `counts`.
    """
    awake = awake_at(turn.person, zone_of(turn.person, group), now)
    fits = max(awake, calm_at(group, now)) if calm else awake
    if until is not None and fits >= until:
        return NOTHING
    if fits > now:
        return waking(event, fits)
    if not counts:
        return turn
    if not has_room(turn.person, now):
        return NOTHING
    return replace(turn, person=counted(turn.person, now))


def resting(event: PromptDue) -> Outcome:
    """Look at it no more."""
    return Outcome(effects=(Unwake(timer(event)),))


def timer(event: PromptDue) -> str:
    """Name the timer of a prompt; `about` is part of it."""
    return f"{event.what} {event.user} {event.group} {event.about}"


def spread(event: PromptDue, until: datetime, window: timedelta) -> datetime:
    """Return a moment in the window that ends at `until`: for each person another, always it.

    A homeserver sends about forty encrypted messages a second, so that not all come at once.
    """
    digest = sha256(timer(event).encode(errors="surrogatepass")).digest()
    return until - window * (int.from_bytes(digest[:4]) / 2**32)
