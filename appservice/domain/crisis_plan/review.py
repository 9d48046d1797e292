"""When a crisis plan is looked at again, where its charter names a span and not a day."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.charter import Charter
from appservice.domain.dates import day_in
from appservice.domain.spans import span
from appservice.domain.types import Words

REVIEW = "review"
"""The field of a plan that says it."""


def dated(charter: Charter, founded: datetime, words: Words) -> Charter:
    """Return a charter that names the day: `6 months` count from when the group is founded.

    So a charter that is kept as a file does not expire. Whatever is no span stays as it is.
    """
    plan = dict(charter.crisis_plan)
    written = plan.get(REVIEW, "")
    spans = (span(written, words, language, founded) for language in words.languages())
    day = next((one for one in spans if one is not None), None)
    if day is None or day_in(written):
        return charter
    plan[REVIEW] = f"{day:%Y-%m-%d}"
    return replace(charter, crisis_plan=tuple(plan.items()))
