"""Which of our questions an answer is for, and what was chosen."""

import re
import unicodedata
from dataclasses import dataclass, replace

from appservice.domain.gate.statements import matches
from appservice.domain.person import Asked, Choice
from appservice.domain.types import EffectId, GroupId, RoomId, Words

KEPT = 8
WORDED = frozenset({"applying"})  # topics that are answered in own words; a number is one of them
PASSING = frozenset(
    {"agree", "contact", "leave", "forget", "allow", "redact", "pause", "pause-long", "return"}
)
"""Topics that a newer question closes."""
TOLD = frozenset({"role"})  # topics where an answer that comes too late is told so
_NUMBER = re.compile(r"\W*(\d{1,2})\W*")


@dataclass(frozen=True)
class Answer:
    """An answer that counts: to this question, this choice."""

    asked: Asked
    choice: str


@dataclass(frozen=True)
class Said:
    """A text that may be an answer, where it was said, and the languages it may be in."""

    text: str
    room: RoomId
    reply_to: EffectId | None
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Stale:
    """An answer to a question that was answered already; it is let go in silence."""


def opened(all_asked: tuple[Asked, ...], new: Asked) -> tuple[Asked, ...]:
    """Add a question; it takes the place of older ones of its dialogue and of passing ones."""
    older = (
        replace(asked, answered=True)
        if passes(asked) or (asked.topic, asked.group) == (new.topic, new.group)
        else asked
        for asked in all_asked
    )
    return (*older, new)[-KEPT:]


def closed(all_asked: tuple[Asked, ...], topic: str, group: GroupId | None) -> tuple[Asked, ...]:
    """Close every question of a dialogue."""
    return tuple(
        replace(asked, answered=True) if (asked.topic, asked.group) == (topic, group) else asked
        for asked in all_asked
    )


def closed_about(all_asked: tuple[Asked, ...], group: GroupId) -> tuple[Asked, ...]:
    """Close every question about a group, whichever dialogue asked it."""
    return tuple(
        replace(asked, answered=True) if asked.group == group else asked for asked in all_asked
    )


def passes(asked: Asked) -> bool:
    """Say whether any newer question closes this one; the first word of its topic tells."""
    return asked.topic.partition(" ")[0] in PASSING


def let_go(all_asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """Close the passing ones."""
    return tuple(replace(a, answered=True) if passes(a) else a for a in all_asked)


def waiting(all_asked: tuple[Asked, ...]) -> Asked | None:
    """Return the newest question that is open, passing ones aside: the one `continue` repeats."""
    open_ones = (a for a in reversed(all_asked) if not a.answered and not passes(a))
    return next(open_ones, None)


def read(all_asked: tuple[Asked, ...], said: Said, words: Words) -> Answer | Stale | None:
    """Find the question that a text answers. None: it answers none.

    A reply answers the question it names. Otherwise the newest open one of this room counts, but
    only once it stands there: whoever answers the one before it from two devices is not taken to
    answer the next.
    """
    if said.reply_to is not None:
        return _of_reply(all_asked, said, words)
    on_its_way = False
    for asked in reversed(all_asked):
        if asked.room != said.room:
            continue
        if not asked.answered and not asked.shown:
            on_its_way = True
            continue
        choice = chosen(asked, said, words)
        if not asked.answered:
            return None if choice is None else Answer(asked, choice)
        if choice is not None and asked.topic in TOLD and not on_its_way:
            return Answer(asked, choice)
        if choice is not None:
            return Stale() if on_its_way or choice == "agree" else None
    return None


def target(all_asked: tuple[Asked, ...], said: Said) -> Asked | None:
    """Return the open question that an unclear text may be meant for."""
    for asked in reversed(all_asked):
        here = asked.shown and asked.room == said.room
        named = here if said.reply_to is None else asked.message == said.reply_to
        if named and not asked.answered:
            return asked
    return None


def statements(all_asked: tuple[Asked, ...], said: Said, words: Words) -> tuple[Asked, ...]:
    """Return the open questions whose sentence this text is, the newest first."""
    return tuple(
        asked
        for asked in reversed(all_asked)
        if asked.shown
        and not asked.answered
        and asked.room == said.room
        and statement_of(asked)
        and chosen(asked, said, words) == "agree"
    )


def chosen(asked: Asked, said: Said, words: Words) -> str | None:
    """Return the id of the choice that a text names by number, label, reply or synonym.

    A statement is chosen by its sentence alone, in the language in which it was asked for, and
    beside one no number counts.
    """
    choices = asked.choices
    if statement := statement_of(asked):
        sentence = words.say(statement.reply, asked.language)
        negations = words.synonyms("negation", asked.language)
        if matches(said.text, sentence, negations):
            return statement.id
        choices = tuple(choice for choice in choices if choice != statement)
    elif asked.topic not in WORDED and (number := _NUMBER.fullmatch(said.text)):
        index = int(number.group(1)) - 1
        return choices[index].id if 0 <= index < len(choices) else None
    folded = _fold(said.text)
    for choice in choices:
        for language in dict.fromkeys((asked.language, *said.languages)):
            label, reply = words.say(choice.label, language), words.say(choice.reply, language)
            names = {_fold(label), _fold(reply)} | words.synonyms(choice.id, language)
            if folded in names:
                return choice.id
    return None


def statement_of(asked: Asked) -> Choice | None:
    """Return the choice that is a sentence to be written, if there is one."""
    return next((choice for choice in asked.choices if choice.id == "agree"), None)


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _of_reply(all_asked: tuple[Asked, ...], said: Said, words: Words) -> Answer | Stale | None:
    named = next((asked for asked in all_asked if asked.message == said.reply_to), None)
    if named is None:
        return None
    if named.answered and named.topic not in TOLD:
        return Stale()
    choice = chosen(named, said, words)
    return None if choice is None else Answer(named, choice)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())
