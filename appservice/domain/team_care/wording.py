"""Words that a person can copy in a hard moment, each with why; we never send them to anybody."""

from collections.abc import Sequence

from appservice.domain.types import Text

SITUATIONS = (
    ("wording-pain-title", "wording-pain", "wording-pain-why"),
    ("wording-suicide-title", "wording-suicide", "wording-suicide-why"),
    ("wording-danger-title", "wording-danger", "wording-danger-why"),
    ("wording-reporter-title", "wording-reporter", "wording-reporter-why"),
    ("wording-unanswered-title", "wording-unanswered", "wording-unanswered-why"),
    ("wording-angry-title", "wording-angry", "wording-angry-why"),
    ("wording-methods-title", "wording-methods", "wording-methods-why"),
    ("wording-medical-title", "wording-medical", "wording-medical-why"),
    ("wording-handover-title", "wording-handover", "wording-handover-why"),
    ("wording-no-more-title", "wording-no-more", "wording-no-more-why"),
    ("wording-closing-title", "wording-closing", "wording-closing-why"),
    ("wording-circle-title", "wording-circle", "wording-circle-why"),
)
"""What a situation is, words for it, and why these."""


def titles() -> Sequence[Text]:
    """Return the situations, numbered."""
    return [
        Text("wording-line", {"number": number, "title": Text(title)})
        for number, (title, _, _) in enumerate(SITUATIONS, start=1)
    ]


def of(number: int) -> tuple[Text, ...]:
    """Return what a situation is, words for it, and why these."""
    return tuple(Text(key) for key in SITUATIONS[number - 1])
