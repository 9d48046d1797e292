"""A standing as it is read: which step, by which rule, when, and until when it counts."""

from datetime import datetime

from appservice.domain.conduct.names import RUNGS
from appservice.domain.conduct.saying import day
from appservice.domain.conduct.standing import LAPSES, Measure, Standing, Verdict
from appservice.domain.types import Text, Values


def lines_of(standing: Standing, now: datetime) -> tuple[Text, ...]:
    """Return a line for each step that is kept."""
    return tuple(_line(one) for one in standing.measures if one.counts(now))


def _line(measure: Measure) -> Text:
    values: Values = {
        "what": RUNGS[measure.rung],
        "rule": measure.rule,
        "date": day(measure.at),
        "lapses": day(measure.at + LAPSES),
        "number": measure.number,
    }
    key = "record-line-changed" if measure.verdict is Verdict.CHANGE else "record-line"
    return Text(key, values)
