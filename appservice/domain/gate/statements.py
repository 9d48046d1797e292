"""Whether somebody wrote the sentence that they were asked to write."""

import unicodedata
from collections.abc import Iterable

SLIPS = 2  # typing slips that are forgiven
_APOSTROPHES = "'`\u2019\u00b4"  # they stand inside a word: don't


def matches(said: str, sentence: str, negations: Iterable[str]) -> bool:
    """Say whether `said` is `sentence`, give or take case, marks, spaces and two slips.

    Never if it is a question or holds a word that negates (`negations`, folded words).
    """
    if said.rstrip().endswith("?"):
        return False
    own, wanted = _words(said), _words(sentence)
    if (set(own) - set(wanted)) & set(negations):
        return False
    return distance("".join(own), "".join(wanted), limit=SLIPS) <= SLIPS


def attempts(said: str, sentence: str) -> bool:
    """Say whether `said` seems meant as the sentence: a piece of it, or half of its words."""
    own, wanted = set(_words(said)), set(_words(sentence))
    return bool(own) and (own <= wanted or 2 * len(own & wanted) >= len(wanted))


def distance(a: str, b: str, *, limit: int) -> int:
    """Return how many letters were lost, added, mistaken or swapped; above `limit` anything more.

    The restricted Damerau-Levenshtein distance: a swapped pair is one slip.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        older, before, row = before, row, [i]
        for j, right in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if older and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c if c.isalnum() or c.isspace() else _gap(c) for c in plain)
    return kept.split()


def _gap(mark: str) -> str:
    return "" if mark in _APOSTROPHES else " "
