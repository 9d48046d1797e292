"""What whoever raised a case hears of it: that somebody looks after it, and that it is closed."""

from appservice.domain.cases.case import Case
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.turn import Turn


def claimed(here: Turn, group: Group, case: Case) -> Outcome:  # noqa: ARG001
    """Tell them that a facilitator looks after it now."""
    return NOTHING


def closed(here: Turn, group: Group, case: Case) -> Outcome:  # noqa: ARG001
    """Tell them that it has been looked after."""
    return NOTHING
