"""The emergency brake: a facilitator bans somebody in their app, and a second person looks at it.

Within a day one of the others says that it is right, and then the place ends as by the last step
of the ladder; or else it is lifted, and the member is asked in again.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.conduct.saying import numbers, to_those_in_charge
from appservice.domain.effects import Unban
from appservice.domain.events import GroupInspected
from appservice.domain.gate.passing import admitted_with
from appservice.domain.group import Ban, Group
from appservice.domain.group_life.timers import waking
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import chat_of, lead_of
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Matter, RoomKind, Text, UserId, Values

WITHIN = timedelta(hours=24)


def noticed(
    state: State, group: Group, event: GroupInspected, now: datetime
) -> tuple[Group, Outcome]:
    """Keep who is banned from the circle, and by whom; what is lifted is forgotten."""
    circle = next((facts for facts in event.rooms if facts.what is RoomKind.CIRCLE), None)
    if circle is None or circle.room != group.rooms.get(RoomKind.CIRCLE):
        return group, NOTHING
    known = {ban.user: ban for ban in group.bans}
    bans = tuple(
        known.get(user) or Ban(user, by, now)
        for user, by in sorted(circle.bans.items())
        if by != state.house.steward
    )
    if bans == group.bans:
        return group, NOTHING
    after = replace(group, bans=bans)
    return after, Outcome(puts=(after,)) + waking(group.id, Matter.CONDUCT, now)


def of(group: Group, user: UserId) -> Ban | None:
    """Return the ban of somebody that nobody has lifted."""
    return next((ban for ban in group.bans if ban.user == user and not ban.lifted), None)


def step(here: Turn, group: Group) -> Outcome | None:
    """Ask about the first new one, or lift one: of whom a case names, or after a day."""
    for ban in group.bans:
        if ban.lifted or not ban.user:
            continue
        if here.state.consent(ban.user, group.id) is None:
            return _lifted(here, group, ban)
        if here.state.cared_for(ban.user) is not None:
            return _lifted(here, group, ban, "ban-care")
        if not ban.asked:
            return _asked(here, group, ban)
        if here.now >= ban.seen + WITHIN:
            return _lifted(here, group, ban, "ban-over")
    return None


def moments(here: Turn, group: Group) -> Iterable[datetime]:  # noqa: ARG001
    """Return when bans are lifted."""
    return [ban.seen + WITHIN for ban in group.bans if not ban.lifted]


def _asked(here: Turn, group: Group, ban: Ban) -> Outcome:
    values: Values = {
        "user": ban.user,
        "by": ban.by,
        "group": group.charter.name,
        "date": f"{ban.seen + WITHIN:%Y-%m-%d %H:%M} UTC",
    }
    out = _kept(group, replace(ban, asked=True))
    out += to_those_in_charge(here, group, Text("ban-asked", values), also=lead_of(group))
    return out + _to_them(here, group, ban, "ban-told", values)


def _lifted(here: Turn, group: Group, ban: Ban, key: str | None = None) -> Outcome:
    """Lift it; whoever has a consent is invited again."""
    circle = group.rooms[RoomKind.CIRCLE]
    out = _kept(group, replace(ban, lifted=True))
    out += Outcome(effects=(Unban(ban.user, (circle,)),))
    consent = here.state.consent(ban.user, group.id)
    if key is None or consent is None:
        return out
    values: Values = {"user": ban.user, "group": group.charter.name}
    out += admitted_with(consent, group)
    out += to_those_in_charge(here, group, Text(key, values), also=lead_of(group))
    return out + _to_them(here, group, ban, "ban-lifted", values)


def _to_them(here: Turn, group: Group, ban: Ban, key: str, values: Values) -> Outcome:
    there = chat_of(here, group, ban.user)
    if there is None:
        return NOTHING
    lines = (Text(key, values), numbers(there, group))
    return there.answer(Reply("notice", lines, group=group.charter.name))


def _kept(group: Group, ban: Ban) -> Outcome:
    bans = tuple(ban if one.user == ban.user else one for one in group.bans)
    return Outcome(puts=(replace(group, bans=bans),))
