"""Which choice of a question a text names: by number, label, reply, synonym or sentence."""

import re
import unicodedata
from dataclasses import dataclass

from appservice.domain.gate.statements import matches
from appservice.domain.person import Asked, Choice
from appservice.domain.types import EffectId, RoomId, Words

WORDED = frozenset({"appeal", "applying"})  # answered in own words; a number is one of them
_NUMBER = re.compile(r"\W*(\d{1,2})\W*")
_NUMBERS = re.compile(r"\W*\d{1,2}(?:\W+\d{1,2})*\W*")


@dataclass(frozen=True)
class Said:
    """A text that may be an answer, where it was said, and the languages it may be in."""

    text: str
    room: RoomId
    reply_to: EffectId | None
    languages: tuple[str, ...]


def chosen_all(asked: Asked, said: Said, words: Words) -> tuple[str, ...]:
    """Return the ids of all choices that a text names; of a poll with several by numbers.

    A number that stands twice counts twice; more than may be chosen are no answer.
    """
    if asked.most > 1 and _NUMBERS.fullmatch(said.text):
        numbers = [int(number) for number in re.findall(r"\d+", said.text)]
        known = all(0 < number <= len(asked.choices) for number in numbers)
        fits = known and len(numbers) <= asked.most
        return tuple(asked.choices[number - 1].id for number in numbers) if fits else ()
    choice = chosen(asked, said, words)
    return () if choice is None else (choice,)


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
        return _numbered(choices, number.group(1), asked, words)
    folded = _fold(said.text)
    for choice in choices:
        for language in dict.fromkeys((asked.language, *said.languages)):
            label, reply = words.say(choice.label, language), words.say(choice.reply, language)
            names = {_fold(label), _fold(reply)} | words.synonyms(choice.id, language)
            if folded in names:
                return choice.id
    return None


def _numbered(choices: tuple[Choice, ...], number: str, asked: Asked, words: Words) -> str | None:
    """A choice that is a number itself means that one; the others are counted from 1."""
    labels = {words.say(choice.label, asked.language): choice.id for choice in choices}
    if number in labels:
        return labels[number]
    index = int(number) - 1
    counted = choices[index].id if 0 <= index < len(choices) else None
    itself = {id_ for label, id_ in labels.items() if label.isdigit()}
    return None if counted in itself else counted


def statement_of(asked: Asked) -> Choice | None:
    """Return the choice that is a sentence to be written, if there is one."""
    return next((choice for choice in asked.choices if choice.id == "agree"), None)


def is_number(text: str) -> bool:
    """Say whether a text is one number, or several."""
    return _NUMBERS.fullmatch(text) is not None


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())
