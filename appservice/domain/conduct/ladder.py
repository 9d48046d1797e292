"""How each step of the ladder is asked for: whom, by which rule, and as which motion."""

from appservice.domain.conduct import pauses
from appservice.domain.conduct.asking import moved
from appservice.domain.conduct.motion import Motion
from appservice.domain.conduct.reading import is_serious, length_in, rule_in, user_in
from appservice.domain.conduct.records import standing_of
from appservice.domain.conduct.standing import Rung, warning_after
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.membership import current
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spoken
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text, UserId

DAY_SECONDS = 24 * 60 * 60


def asked_for(turn: Turn, rest: str, rung: Rung, word: str) -> Outcome:
    """Ask for a step about the member who is named, by the rule that is named.

    A warning is the first or the second one, as the ladder stands.
    """
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.answer(Reply("refusal", (found,)))
    group, _ = found
    user = member_in(turn, group)
    if user is None:
        return refused(turn, group, Text("conduct-whom", {"word": spoken(turn, word)}))
    rule = rule_in(turn, group)
    if rule is None:
        return refused(turn, group, Text("conduct-which-rule"))
    if rung in (Rung.FIRST, Rung.SECOND):
        rung = warning_after(standing_of(turn.state, group, user).highest(turn.now))
    days = _days(turn) if rung is Rung.PAUSE else 0
    if days is None:
        values = {"least": pauses.LEAST, "most": pauses.MOST}
        return refused(turn, group, Text("conduct-days", values))
    motion = Motion(
        number=0,
        what=rung,
        user=user,
        by=turn.user,
        room=turn.room,
        asked=turn.now,
        rule=rule.number,
        days=days,
        serious=is_serious(turn),
    )
    return moved(turn, group, motion)


def member_in(turn: Turn, group: Group) -> UserId | None:
    """Return the member whom the message names."""
    return user_in(turn, (consent.user for consent in current(turn.state.consents, group)))


def refused(turn: Turn, group: Group, *lines: Text) -> Outcome:
    """Say why not, and what to write."""
    return turn.answer(Reply("refusal", lines, group=group.charter.name))


def _days(turn: Turn) -> int | None:
    """Return for how many days somebody is to be paused; None if that is too short or too long."""
    length = length_in(turn)
    if length is None:
        return pauses.USUAL
    days = round(length.total_seconds() / DAY_SECONDS)
    return days if pauses.LEAST <= days <= pauses.MOST else None
