"""A facilitator's place is taken away: by the lead and one facilitator, or by the operator."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.group import Group, Revocation
from appservice.domain.membership import facilitates, leads
from appservice.domain.outcome import Outcome
from appservice.domain.roles import watch
from appservice.domain.roles.ending import laid_down
from appservice.domain.roles.telling import in_private, to_all_in_charge
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId

WITHIN = timedelta(hours=24)  # between the two words


def first_word(here: Turn, group: Group, user: UserId) -> Revocation | None:
    """Return what somebody else has asked for, if it still counts and the two may do it together.

    One of the two is the lead, the other a facilitator, and neither is the one concerned.
    """
    for asked in group.team.revocations:
        in_time = timedelta(0) <= here.now - asked.asked < WITHIN
        if asked.user == user and in_time and _together(group, asked.by, here.user, user):
            return asked
    return None


def asked_for(here: Turn, group: Group, user: UserId) -> Outcome:
    """Keep the first word, and ask those whose word would be the second, each in private."""
    others = tuple(r for r in group.team.revocations if (r.user, r.by) != (user, here.user))
    revocations = (*others, Revocation(user, here.user, here.now))
    group = replace(group, team=replace(group.team, revocations=revocations))
    out = Outcome(puts=(group,))
    text = Text("revoke-asked", {"by": here.user, "user": user, "group": group.charter.name})
    for other in dict.fromkeys((*group.charter.facilitators, group.charter.lead)):
        if other is not None and _together(group, here.user, other, user):
            out += in_private(here, group, other, notice(text, group=group.charter.name))
    return out


def may_ask(group: Group, by: UserId, user: UserId) -> bool:
    """Say whether there is anybody with whom somebody could do it."""
    others = (*group.charter.facilitators, group.charter.lead)
    return any(other is not None and _together(group, by, other, user) for other in others)


def revoked(here: Turn, group: Group, user: UserId) -> tuple[Group, Outcome]:
    """Take all that somebody is in the group but a member, at once; tell them kindly, and all."""
    after, out = laid_down(group, user)
    name = group.charter.name
    operator = here.state.house.operator
    key = "revoked-own" if operator is not None else "revoked-own-nameless"
    own = Text(key, {"group": name, **({"operator": operator} if operator else {})})
    out += in_private(here, after, user, notice(own, group=name))
    told = Text("revoked", {"user": user, "group": name})
    out += to_all_in_charge(here.state, after, told, but=(user, here.user))
    after, watched = watch.looked(here, after)
    return after, out + watched


def _together(group: Group, one: UserId, other: UserId, user: UserId) -> bool:
    def fits(lead: UserId, facilitator: UserId) -> bool:
        return leads(lead, group) and facilitates(facilitator, group)

    different = len({one, other, user}) == len((one, other, user))
    return different and (fits(one, other) or fits(other, one))
