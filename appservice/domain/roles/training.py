"""What a facilitator says that they have done: a short list, each item with its date.

The items follow what trainings for peer facilitators have in common; the wording is our own.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.person import Person
from appservice.domain.types import Text, Values

RENEWED = timedelta(days=365)
ITEMS = {
    "guide": Text("training-guide"),
    "rules": Text("training-rules"),
    "crisis": Text("training-crisis"),
    "privacy": Text("training-privacy"),
    "talking": Text("training-talking"),
    "limits": Text("training-limits"),
    "after": Text("training-after"),
    "support": Text("training-support"),
}


def shown(person: Person, now: datetime) -> Text:
    """Return somebody's own list; what they said more than a year ago is to be done again."""
    lines = [
        _line(number, item, person.trained.get(item), now)
        for number, item in enumerate(ITEMS, start=1)
    ]
    return Text("card", {"lines": (Text("training-title"), *lines, Text("training-how"))})


def numbered(written: str) -> str | None:
    """Return the item of a number."""
    names = list(ITEMS)
    if not written.isdecimal() or not 1 <= int(written) <= len(names):
        return None
    return names[int(written) - 1]


def attested(person: Person, item: str, done: datetime | None) -> Person:
    """Keep when somebody says that they did it; None takes it back."""
    others = {name: moment for name, moment in person.trained.items() if name != item}
    return replace(person, trained=others if done is None else {**others, item: done})


def _line(number: int, item: str, done: datetime | None, now: datetime) -> Text:
    values: Values = {"number": number, "item": ITEMS[item]}
    if done is None:
        return Text("training-open", values)
    key = "training-old" if now - done >= RENEWED else "training-done"
    return Text(key, {**values, "date": f"{done:%Y-%m-%d}"})
