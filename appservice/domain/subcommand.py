"""The words after a command's word: which part is meant, and the rest as it was written."""

import re
from collections.abc import Iterable

from appservice.domain.turn import Turn
from appservice.domain.types import Text


def subcommand(turn: Turn, rest: str, topic: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Split what follows a command into one of its parts and the rest; None if it is none.

    A part of several words may have hyphens or spaces: `looked-after`, `looked after`.
    """
    known = [(name, spellings(turn, f"{topic}-{name}")) for name in names]
    for count in (3, 2, 1):
        words = rest.split(maxsplit=count)
        head = "-".join(words[:count]).casefold().rstrip(":")
        for name, spelt in known:
            if head in spelt:
                return name, "".join(words[count:]).strip()
    return None


def after(text: str, part: str, turn: Turn) -> str:
    """Return what stands behind a part's word in the message itself, with its lines."""
    words = re.split(r"(\s+)", text.strip())
    for index, word in enumerate(words):
        if word.casefold().rstrip(":") in spellings(turn, part):
            return "".join(words[index + 1 :]).strip()
    return ""


def spoken(turn: Turn, command: str) -> str:
    """Return the word for a command that sentences in the language of the turn name."""
    return turn.state.words.say(Text(f"words-{command}"), turn.language).partition("|")[0]


def spellings(turn: Turn, part: str) -> frozenset[str]:
    """Return every word for a part, in the language of the turn and in English."""
    words = turn.state.words
    return words.synonyms(part, turn.language) | words.synonyms(part, "en")
