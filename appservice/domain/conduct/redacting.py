"""Taking messages out of a group's rooms on a facilitator's word, with an explanation in private.

What they said nobody here can read. Whoever wrote them hears support first, and the rule second.
"""

from datetime import datetime

from appservice.domain import sweeping
from appservice.domain.conduct.motion import Motion
from appservice.domain.conduct.saying import numbers, rule_lines
from appservice.domain.effects import TakeOut
from appservice.domain.events import TakenOut
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import chat_of
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn, nowhere
from appservice.domain.types import CauseId, Text, UserId


def one(group: Group, motion: Motion) -> Outcome:
    """Take one message out; who wrote it is known once that is done."""
    if motion.place is None:
        return NOTHING
    room, event = motion.place
    take = TakeOut(group.id, room, event, motion.rule, motion.room)
    return Outcome(effects=(take,))


def taken_out(state: State, event: TakenOut, cause: CauseId, now: datetime) -> Outcome:
    """Say where it was asked for what came of it, and explain it to whoever wrote the message."""
    group = state.groups.get(event.group)
    if group is None:
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    if event.author is None:
        return notices((event.asked,), group, Text("redact-one-gone"))
    told = notices((event.asked,), group, Text("redact-one-done"))
    if event.author in (state.house.keeper, state.house.steward):
        return told
    return told + _explained(here, group, event.author, Text("redact-one-told"), event.rule)


def many(here: Turn, group: Group, motion: Motion) -> Outcome:
    """Take out all that somebody wrote since then, page by page, and explain it."""
    if motion.since is None:
        return NOTHING
    out = sweeping.since(here, group, motion.user, motion.since)
    since = f"{motion.since:%Y-%m-%d %H:%M} UTC"
    line = Text("redact-many-told", {"group": group.charter.name, "since": since})
    return out + _explained(here, group, motion.user, line, motion.rule)


def _explained(here: Turn, group: Group, user: UserId, line: Text, number: int) -> Outcome:
    there = chat_of(here, group, user)
    if there is None:
        return NOTHING
    lines = [Text("redact-support"), line]
    lines += rule_lines(group, number, there.language)
    lines += [Text("redact-contact"), numbers(there, group)]
    return there.answer(Reply("notice", tuple(lines), group=group.charter.name))
