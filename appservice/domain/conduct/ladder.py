"""How each step of the ladder is asked for: whom, by which rule, and as which motion."""

from dataclasses import replace

from appservice.domain.conduct import pauses
from appservice.domain.conduct.asking import begun, moved
from appservice.domain.conduct.reading import is_serious, length_in, rule_in, user_in
from appservice.domain.conduct.records import standing_of
from appservice.domain.conduct.standing import Rung, warning_after
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.membership import current
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spoken
from appservice.domain.turn import Turn
from appservice.domain.types import Text, UserId

DAY_SECONDS = 24 * 60 * 60


def asked_for(turn: Turn, rest: str, rung: Rung, word: str) -> Outcome:
    """Ask for a step about the member who is named, by the rule that is named.

    A warning is the first or the second one, as the ladder stands.
    """
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, _ = found
    user = member_in(turn, group)
    if user is None:
        return turn.refuse(Text("conduct-whom", {"word": spoken(turn, word)}), group=group)
    rule = rule_in(turn, group)
    if rule is None:
        return turn.refuse(Text("conduct-which-rule"), group=group)
    if rung in (Rung.FIRST, Rung.SECOND):
        rung = warning_after(standing_of(turn.state, group, user).highest(turn.now))
    days = _days(turn) if rung is Rung.PAUSE else 0
    if days is None:
        values = {"least": pauses.LEAST, "most": pauses.MOST}
        return turn.refuse(Text("conduct-days", values), group=group)
    motion = begun(turn, rung, user, rule)
    return moved(turn, group, replace(motion, days=days, serious=is_serious(turn)))


def member_in(turn: Turn, group: Group) -> UserId | None:
    """Return the member whom the message names."""
    return user_in(turn, (consent.user for consent in current(turn.state.consents, group)))


def _days(turn: Turn) -> int | None:
    """Return for how many days somebody is to be paused; None if that is too short or too long."""
    length = length_in(turn)
    if length is None:
        return pauses.USUAL
    days = round(length.total_seconds() / DAY_SECONDS)
    return days if pauses.LEAST <= days <= pauses.MOST else None
