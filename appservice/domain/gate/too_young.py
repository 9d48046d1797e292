"""Somebody who is too young for a group: declined with dignity, and for a day not asked again.

What is kept is that the gate is closed to them until tomorrow, without a reason.
"""

from datetime import datetime, timedelta

from appservice.domain.effects import Wake
from appservice.domain.events import DeclineEnded
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, youth_lines
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Declined
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import GroupId, Text, UserId

KEPT_FOR = timedelta(days=1)


def closed_to(user: UserId, group: GroupId, now: datetime) -> Outcome:
    """Keep the gate closed to somebody for a day."""
    until = now + KEPT_FOR
    wake = Wake(f"declined {user} {group}", until, DeclineEnded(user, group))
    return Outcome(puts=(Declined(user, group, until),), effects=(wake,))


def refused(turn: Turn, group: Group) -> Outcome | None:
    """Answer as before whoever comes again within the day; None if the gate is open to them."""
    declined = _of(turn.state, turn.user, group.id)
    if declined is None or turn.now >= declined.until:
        return None
    return turn.answer(kindly(turn, group, "declined-age"))


def kindly(turn: Turn, group: Group, key: str) -> Reply:
    """Say it with the numbers of those who listen to young people."""
    country = country_of(turn.person, (group,))
    lines = (Text(key, {"group": group.charter.name}), *youth_lines(turn.state.house, country))
    return Reply("declined", lines, group=group.charter.name)


def ended(state: State, event: DeclineEnded, now: datetime) -> Outcome:
    """Look again, and forget it without a word."""
    declined = _of(state, event.user, event.group)
    if declined is None or now < declined.until:
        return NOTHING
    return Outcome(drops=(declined,))


def _of(state: State, user: UserId, group: GroupId) -> Declined | None:
    return next((d for d in state.declined if (d.user, d.group) == (user, group)), None)
