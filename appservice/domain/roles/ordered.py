"""What the operator says about roles, from the command line."""

from datetime import datetime

from appservice.domain.events import RoleOrdered
from appservice.domain.group import Offer
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.named import roles_of
from appservice.domain.roles.offering import LASTS, offered
from appservice.domain.roles.revoking import revoked
from appservice.domain.state import State
from appservice.domain.turn import nowhere
from appservice.domain.types import CauseId


def ordered(state: State, event: RoleOrdered, cause: CauseId, now: datetime) -> Outcome:
    """Offer the role to a member, or take all that somebody has; a repeat changes nothing."""
    group, here = state.groups.get(event.group), nowhere(state, cause, now)
    if group is None:
        return NOTHING
    if event.role is None:
        return (
            revoked(here, group, event.user)[1] if event.user in group.charter.named else NOTHING
        )
    if state.consent(event.user, group.id) is None or event.role in roles_of(event.user, group):
        return NOTHING
    return offered(here, group, Offer(event.user, event.role, None, now, now + LASTS))
