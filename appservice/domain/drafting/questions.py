"""What is asked about a draft, in which order, and how each question is said."""

from collections.abc import Mapping
from dataclasses import dataclass

from appservice.domain.charter import Charter
from appservice.domain.founding import PLAN_STANDARD, WORDS, plan_of
from appservice.domain.group import Draft, Group
from appservice.domain.known import Known
from appservice.domain.types import Size, Text

PLACE = ("zone", "language", "country")
FULL = (*WORDS, *PLACE, "minimum_age", *PLAN_STANDARD)
SHORT = ("purpose", "hours")  # of a small group, and its crisis plan


@dataclass(frozen=True)
class Question:
    """How a field is asked about, and what it is called in a list."""

    ask: Text
    label: Text


QUESTIONS: Mapping[str, Question] = {
    "title": Question(Text("ask-title"), Text("label-title")),
    "purpose": Question(Text("ask-purpose"), Text("label-purpose")),
    "for_whom": Question(Text("ask-for-whom"), Text("label-for-whom")),
    "not_for_whom": Question(Text("ask-not-for-whom"), Text("label-not-for-whom")),
    "what_happens": Question(Text("ask-what-happens"), Text("label-what-happens")),
    "hours": Question(Text("ask-hours"), Text("label-hours")),
    "zone": Question(Text("ask-zone"), Text("label-zone")),
    "language": Question(Text("ask-language"), Text("label-language")),
    "country": Question(Text("ask-country"), Text("label-country")),
    "minimum_age": Question(Text("ask-minimum-age"), Text("label-minimum-age")),
    "emergency_numbers": Question(Text("ask-emergency"), Text("label-emergency")),
    "reachable_hours": Question(Text("ask-reachable"), Text("label-reachable")),
    "staffed_hours": Question(Text("ask-staffed"), Text("label-staffed")),
    "outside_contact": Question(Text("ask-outside"), Text("label-outside")),
    "told_to_whom": Question(Text("ask-told"), Text("label-told")),
    "after_a_crisis": Question(Text("ask-after"), Text("label-after")),
    "helplines": Question(Text("ask-helplines"), Text("label-helplines")),
    "deputies": Question(Text("ask-deputies"), Text("label-deputies")),
    "duty_to_report": Question(Text("ask-duty"), Text("label-duty")),
    "emergency_contacts_kept": Question(Text("ask-contacts"), Text("label-contacts")),
    "lawful_requests": Question(Text("ask-lawful"), Text("label-lawful")),
    "retention": Question(Text("ask-retention"), Text("label-retention")),
    "postvention": Question(Text("ask-postvention"), Text("label-postvention")),
    "last_drill": Question(Text("ask-drill"), Text("label-drill")),
    "review": Question(Text("ask-review"), Text("label-review")),
}


def questions_of(charter: Charter, known: Known) -> tuple[str, ...]:
    """Return what is asked: of a small group a third of it, and where it is, if nobody said."""
    if charter.size is Size.STANDARD:
        return FULL
    where = [
        name
        for name, good in (("country", known.countries), ("zone", known.zones))
        if getattr(charter, name) not in good
    ]
    return (*SHORT, *where, *plan_of(charter.size))


def draft_of(group: Group, known: Known) -> Draft:
    """Return the questions about a group, as they were first asked."""
    return group.draft or Draft(questions_of(group.charter, known))
