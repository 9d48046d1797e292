"""What whoever raised a case hears of it: somebody has it, it waits again, it is closed."""

from appservice.domain.cases.case import Case, Stage
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def claimed(here: Turn, group: Group, case: Case) -> Outcome:
    """Tell them that a facilitator looks after it now."""
    return _told(here, group, case, Text("flag-claimed", {"case": case.name}))


def waits_again(here: Turn, group: Group, before: Case | None, case: Case) -> Outcome:
    """Tell them that nobody has it any more: they were told that somebody looks after it."""
    had = before is not None and before.owner is not None
    if not had or case.owner is not None or case.stage is not Stage.RECEIVED:
        return NOTHING
    return _told(here, group, case, Text("flag-waits-again", {"case": case.name}))


def closed(here: Turn, group: Group, case: Case) -> Outcome:
    """Tell them that it has been looked after."""
    return _told(here, group, case, Text("flag-closed", {"case": case.name}))


def _told(here: Turn, group: Group, case: Case, line: Text) -> Outcome:
    if case.reporter is None:
        return NOTHING
    reply = Reply("flag_update", (line,), group=group.charter.name, case=case.name)
    return in_private(here, group, case.reporter, reply)
