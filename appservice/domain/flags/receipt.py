"""What whoever raises something is told at once: its number, honest hours, and what helps now."""

from appservice.domain.cases.case import About, Case, For
from appservice.domain.duty.hours import honest
from appservice.domain.duty.who import on_duty
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.prompts import zone_of
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text

_MEANWHILE = {
    About.ME: "flag-meanwhile-me",
    About.OTHER: "flag-meanwhile-other",
    About.BEHAVIOUR: "flag-meanwhile-behaviour",
}


def receipt(turn: Turn, group: Group, case: Case) -> Reply:
    """Answer a flag; nobody is said to know of it before somebody has answered.

    In danger the numbers come first, before the number of the case.
    """
    lines = [
        Text(_waits(case), {"case": case.name}),
        hours(turn, group, case),
        Text(_MEANWHILE[case.about]),
        Text("flag-right-thing"),
    ]
    call = numbers(turn, group, urgent=case.urgent)
    lines = [call, *lines] if case.urgent else [*lines, Text("flag-not-in-time"), call]
    return Reply("flag_receipt", tuple(lines), group=group.charter.name, case=case.name)


def wish_receipt(turn: Turn, group: Group, case: Case) -> Reply:
    """Answer a wish for a talk."""
    lines = [
        Text("contact-again" if _is_more(case) else "contact-passed-on", {"case": case.name}),
        hours(turn, group, case),
        Text("flag-not-in-time"),
        numbers(turn, group, urgent=False),
    ]
    return Reply("flag_receipt", tuple(lines), group=group.charter.name, case=case.name)


def hours(turn: Turn, group: Group, case: Case) -> Text:
    """Say whether anybody is there who may see it; of some of them nobody can tell.

    What was added to a case that somebody has goes to them, and nobody else is asked.
    """
    if case.owner is not None:
        return Text("flag-hours-held", {"case": case.name})
    on = set(on_duty(turn.state, group, turn.now))
    hidden = {turn.user, group.charter.lead} if case.visible is For.BUT_LEAD else {turn.user}
    if case.visible is For.LEAD or (on and not on - hidden):
        return Text("flag-hours-unsure")
    return honest(turn.state, group, turn.now, zone_of(turn.person, group))


def numbers(turn: Turn, group: Group, *, urgent: bool) -> Text:
    """Give the numbers of their country; in danger the first of them comes with plain words."""
    lines = lines_for(turn.state.house, country_of(turn.person, (group,)))
    first = Text("flag-call-now") if urgent else Text("numbers-until-then")
    return Text("card", {"lines": (first, *lines)})


def _waits(case: Case) -> str:
    if _is_more(case):
        return "flag-receipt-added"
    return "flag-receipt-lead" if case.visible is For.LEAD else "flag-receipt"


def _is_more(case: Case) -> bool:
    """Say whether it was added to a case that was there before."""
    return any(noted.code == "added" for noted in case.log)
