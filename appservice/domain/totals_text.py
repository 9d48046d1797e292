"""Totals of private answers in words."""

from collections.abc import Mapping

from appservice.domain.totals import Totals
from appservice.domain.types import Text


def totals_text(found: Totals, labels: Mapping[str, Text]) -> tuple[Text, ...]:
    """Say how many answered, and how many stand behind the choices, in one line each."""
    count = Text("totals-count", {"count": found.count})
    if found.often:
        return count, Text("totals-often", {"choice": labels[found.often]})
    parts = (
        Text("totals-part", {"choices": _together(part.choices, labels), "count": part.count})
        for part in found.parts
    )
    return (count, *parts)


def _together(choices: tuple[str, ...], labels: Mapping[str, Text]) -> Text:
    said = labels[choices[-1]]
    for choice in reversed(choices[:-1]):
        said = Text("totals-or", {"one": labels[choice], "other": said})
    return said
