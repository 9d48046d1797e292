"""What charters are checked against, read at the edge: languages, zones, countries, words."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Known:
    """Everything is empty until the edge has read it; then nothing is known and all is refused."""

    languages: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()  # words that give a purpose away, folded
    today: date | None = None  # None: no day is looked at
