"""What follows when invitations are out: a handover is over, and greeters hear of a newcomer."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.charter import GroupRole
from appservice.domain.events import Admitted
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, holding
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.ending import laid_down
from appservice.domain.roles.offering import of, over, without
from appservice.domain.roles.telling import in_private, to_all_in_charge
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, nowhere
from appservice.domain.types import CauseId, Text, Values

GREETERS_TOLD = timedelta(days=2)  # at most so often, however many come


def arrived(state: State, event: Admitted, cause: CauseId, now: datetime) -> Outcome:
    """Go on with what waited for somebody's invitations."""
    group, consent = state.groups.get(event.group), state.consent(event.user, event.group)
    if group is None or consent is None:
        return NOTHING
    if not consent.admitted:
        return _greeted(state, group, event, now)
    return _handed_over(state, group, event, cause, now)


def _greeted(state: State, group: Group, event: Admitted, now: datetime) -> Outcome:
    """Tell greeters that somebody new comes, and not who."""
    told = group.team.greeters_told
    if told is not None and told <= now < told + GREETERS_TOLD:
        return NOTHING
    greeters = (u for u in holding(state, group, GroupRole.GREETER) if u != event.user)
    chats = chats_of(state, greeters)
    if not chats:
        return NOTHING
    kept = replace(group, team=replace(group.team, greeters_told=now))
    values: Values = {"group": group.charter.name, "days": GREETERS_TOLD.days}
    return Outcome(puts=(kept,)) + notices(chats, group, Text("greeter-newcomer", values))


def _handed_over(
    state: State, group: Group, event: Admitted, cause: CauseId, now: datetime
) -> Outcome:
    """Let the old one go, now that the new one is in."""
    offer = of(group, event.user)
    if offer is None or not offer.accepted or offer.replaces is None:
        return NOTHING
    out = over(group, offer)
    group = without(group, offer)
    old, name = offer.replaces, group.charter.name
    group, gone = laid_down(group, old, (GroupRole.FACILITATOR,))
    values: Values = {"old": old, "user": offer.user, "group": name}
    thanks = Reply("handover", (Text("role-handed-over-own", values),), group=name)
    return (
        out
        + gone
        + in_private(nowhere(state, cause, now), group, old, thanks)
        + to_all_in_charge(state, group, Text("role-handed-over", values), but=(old, offer.user))
    )
