"""What a facilitator's words about conduct name: whom, which rule, how long, and how grave."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from appservice.domain.charter import Rule
from appservice.domain.gate.rules_text import rules_in
from appservice.domain.group import Group
from appservice.domain.mentions import mentioned
from appservice.domain.spans import span
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn
from appservice.domain.types import UserId

_MINUTES = re.compile(r"(\d{1,3})\s*([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+|\d+")


def user_in(turn: Turn, known: Iterable[UserId]) -> UserId | None:
    """Return the one whom the message names, if they are one of these."""
    said = mentioned(turn.text)
    found = [user for user in dict.fromkeys(known) if user.casefold() in said]
    return found[0] if len(said) == len(found) == 1 else None


def any_user_in(turn: Turn) -> UserId | None:
    """Return the one whom the message names, as it is written there."""
    said = mentioned(turn.text)
    return UserId(said[0]) if len(said) == 1 else None


def rule_in(turn: Turn, group: Group) -> Rule | None:
    """Return the rule that is named by its number, in the words of now and of this turn."""
    words = _words(turn)
    named = spellings(turn, "conduct-rule")
    for word, number in pairwise(words):
        if word in named and number.isdecimal():
            return rule_of(group, int(number), turn.language)
    return None


def rule_of(group: Group, number: int, language: str) -> Rule | None:
    """Return a rule of a group as it is now, in a language."""
    rules = rules_in(group.charter, language).rules
    return next((rule for rule in rules if rule.number == number), None)


def is_serious(turn: Turn) -> bool:
    """Say whether the message gives serious harm as the reason."""
    return bool(set(_words(turn)) & spellings(turn, "conduct-serious"))


def length_in(turn: Turn) -> timedelta | None:
    """Return how long something is to last, or how far it goes back; None: it is not named.

    A number that is no span is none at all.
    """
    tokens = _tokens(turn)
    for index, token in enumerate(tokens):
        for text in (token, " ".join(tokens[index : index + 2])):
            ends = _span(turn, text)
            if ends is not None and token[0].isdecimal():
                return abs(ends - turn.now)
    return timedelta(0) if any(token[0].isdecimal() for token in tokens) else None


def minutes_in(turn: Turn, text: str) -> int | None:
    """Return a span in minutes, like 30m; None: it is none."""
    found = _MINUTES.fullmatch(text.strip().casefold())
    if found is None or found.group(2) not in spellings(turn, "conduct-minutes"):
        return None
    return int(found.group(1))


def number_in(rest: str) -> int | None:
    """Return the number that stands behind a word."""
    first = rest.split(maxsplit=1)[0] if rest.strip() else ""
    return int(first) if first.isdecimal() and len(first) <= 6 else None  # noqa: PLR2004


def _span(turn: Turn, text: str) -> datetime | None:
    return span(text, turn.state.words, turn.language, turn.now)


def _tokens(turn: Turn) -> list[str]:
    """Return what is neither the command, nor a name, nor the number of a rule."""
    rule, left, skip = spellings(turn, "conduct-rule"), [], False
    for token in turn.text.split()[1:]:
        if skip:
            skip = False
        elif token.casefold() in rule:
            skip = True
        elif "@" not in token:
            left.append(token)
    return left


def _words(turn: Turn) -> list[str]:
    text = " ".join(token for token in turn.text.split()[1:] if "@" not in token)
    return _WORD.findall(text.casefold())
