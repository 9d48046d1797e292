"""The words in which people plan: names of days and months, units, and small words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from appservice.domain.types import Words

DAYS, MONTHS = range(7), range(1, 13)  # Monday is 0, January is 1
ORDINALS = (1, 2, 3, 4, 5, -1)  # -1: the last
NUMBERS = range(1, 7)  # that may be written as words
_APART = re.compile(r"[;!?()\"“”„']|,(?!\d)|(?<!\d),")
_DOTTED = re.compile(r"\b([ap])\.m\.?(?!\w)")
_LONGEST = 40  # tokens

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """What was read from some tokens on, and the index after the last of them."""

    value: T
    end: int


@dataclass(frozen=True)
class Vocabulary:
    """Words of a language and of English, by the names of their lists in the catalogue."""

    words: Words
    language: str

    def has(self, name: str, tokens: tuple[str, ...], index: int) -> bool:
        """Say whether a token is one of a list; there may be no such token."""
        return index < len(tokens) and tokens[index] in self._all(name)

    def which(
        self, name: str, numbers: Iterable[int], tokens: tuple[str, ...], index: int
    ) -> int | None:
        """Return the number in whose list a token stands."""
        found = (n for n in numbers if self.has(f"{name}-{n}", tokens, index))
        return next(found, None)

    def day(self, tokens: tuple[str, ...], index: int) -> int | None:
        """Return the weekday that a token names, from 0 for Monday."""
        return self.which("day", DAYS, tokens, index)

    def month(self, tokens: tuple[str, ...], index: int) -> int | None:
        """Return the month that a token names, from 1 for January."""
        bare = tuple(token.rstrip(".") for token in tokens)
        return self.which("month", MONTHS, bare, index)

    def number(self, tokens: tuple[str, ...], index: int) -> int | None:
        """Return a number of at most three digits, or one that is written as a word."""
        if index < len(tokens) and re.fullmatch(r"\d{1,3}", tokens[index]):
            return int(tokens[index])
        return self.which("number", NUMBERS, tokens, index)

    def past(self, name: str, tokens: tuple[str, ...], index: int) -> int:
        """Return the index after all tokens of a list that stand here; there may be none."""
        while self.has(name, tokens, index):
            index += 1
        return index

    def _all(self, name: str) -> frozenset[str]:
        name = f"when-{name}" if not name.startswith("number-") else name
        return self.words.synonyms(name, self.language) | self.words.synonyms(name, "en")


def tokens(text: str) -> tuple[str, ...] | None:
    """Split what was written into small pieces, in small letters; None: it is far too long."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\N{EN DASH}", "-")
    pieces = _APART.sub(" ", _DOTTED.sub(r"\1m", plain)).split()
    found = tuple(_bare(piece) for piece in pieces)
    return found if len(found) <= _LONGEST else None


def _bare(piece: str) -> str:
    """Leave the full stop of a number: `12.` is a day."""
    return piece if piece[:1].isdigit() else piece.rstrip(".:") or piece
