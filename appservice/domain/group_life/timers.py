"""The timers of a group, one for each matter."""

from datetime import datetime

from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import GroupDue
from appservice.domain.outcome import Outcome
from appservice.domain.types import GroupId, Matter


def waking(group: GroupId, matter: Matter, at: datetime) -> Outcome:
    """Look at it then; an earlier wish is moved."""
    return Outcome(effects=(Wake(_key(group, matter), at, GroupDue(group, matter)),))


def resting(group: GroupId, *matters: Matter) -> Outcome:
    """Look at these no more."""
    return Outcome(effects=tuple(Unwake(_key(group, matter)) for matter in matters))


def _key(group: GroupId, matter: Matter) -> str:
    return f"group {group} {matter}"
