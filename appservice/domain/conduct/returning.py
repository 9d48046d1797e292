"""A personal way back for whoever was removed, on a facilitator's word or by an appeal."""

from dataclasses import replace

from appservice.domain.conduct import doors
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId


def way_in(here: Turn, group: Group, user: UserId, key: str) -> tuple[Outcome, bool]:
    """Open the door, and say so; whether one word is enough, as their consent is kept still."""
    out = Outcome(puts=(doors.opened(group, user),))
    ended = [
        one
        for one in here.state.consents
        if (one.user, one.group) == (user, group.id) and one.withdrawn is not None
    ]
    for consent in ended:
        out += Outcome(puts=(replace(consent, removed_for_rules=True),))
    if ended:
        line = Text(key, {"group": group.charter.name})
        out += in_private(here, group, user, notice(line, group=group.charter.name))
    return out, bool(ended)
