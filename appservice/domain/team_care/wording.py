"""Words that a person can copy in a hard moment, each with why; we never send them to anybody."""

from collections.abc import Sequence

from appservice.domain.types import Text

SITUATIONS = (
    "pain",
    "suicide",
    "danger",
    "reporter",
    "unanswered",
    "angry",
    "methods",
    "medical",
    "handover",
    "no-more",
    "closing",
    "circle",
)


def titles() -> Sequence[Text]:
    """Return the situations, numbered."""
    return [
        Text("wording-line", {"number": number, "title": Text(f"wording-{name}-title")})
        for number, name in enumerate(SITUATIONS, start=1)
    ]


def of(number: int) -> tuple[Text, Text, Text]:
    """Return what a situation is, words for it, and why these."""
    name = SITUATIONS[number - 1]
    return Text(f"wording-{name}-title"), Text(f"wording-{name}"), Text(f"wording-{name}-why")
