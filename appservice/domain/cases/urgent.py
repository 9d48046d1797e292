"""Whether "immediate danger" pages somebody: only where a group can keep that promise."""

from datetime import datetime, timedelta

from appservice.domain.duty.staffed import has_hours
from appservice.domain.group import Group
from appservice.domain.membership import FACILITATORS, facilitators

FRESH = timedelta(days=90)
"""How long an answered test page counts."""


def red_paging(group: Group) -> bool:
    """Say whether somebody answers at once here, as staffed hours and answered test pages show."""
    return group.red_paging is not None and has_hours(group) and len(_known(group)) >= FACILITATORS


def holds_until(group: Group) -> datetime | None:
    """Return until when the answers of enough facilitators count; None: too few ever answered."""
    known = sorted(_known(group), reverse=True)
    return known[FACILITATORS - 1] + FRESH if len(known) >= FACILITATORS else None


def _known(group: Group) -> list[datetime]:
    named = facilitators(group.charter)
    return [one.known for one in group.tested if one.user in named and one.known is not None]
