"""Every sentence by its key, in every shipped language, and the words we understand."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from babel.messages.pofile import read_po

from appservice.domain.gate.statements import distance
from appservice.domain.types import Moment, Text, Value
from appservice.texts.moments import spoken

FALLBACK = "en"
LOCALES = Path(__file__).parent / "locales"
_COMMAND, _SYNONYMS = "words-", "synonyms-"
_ORDINARY = frozenset({"hand", "done", "pass", "step", "check", "zone"})
"""Commands near to everyday words: nobody is taken to have meant them by one."""
_SLIPS_SHORT, _SLIPS_LONG, _SHORTEST, _LONG = 1, 2, 3, 6  # letters


@dataclass(frozen=True)
class Catalogue:
    """Implements `appservice.domain.types.Words`; loaded once, never changed."""

    sentences: Mapping[str, Mapping[str, str]]  # language -> key -> sentence

    def say(self, text: Text, language: str) -> str:
        """Render a text in a language, else in English. Raises KeyError for an unknown key."""
        if text.key == "verbatim":
            return str(text.values["text"])
        own = self.sentences.get(language, {}).get(text.key)
        sentence = own or self.sentences[FALLBACK][text.key]
        values = {name: self._value(value, language) for name, value in text.values.items()}
        return sentence.format_map(values)

    def command(self, text: str, language: str) -> tuple[str, str] | None:
        """Return (command id, rest) of a text that begins with a command word."""
        said = _plain(text)
        folded = said.casefold()
        for word, name in self._commands(language):
            if folded == word:
                return name, ""
            if folded.startswith(word) and not folded[len(word)].isalnum():
                return name, _bare(said[len(word) :])
        return None

    def near(self, text: str, language: str) -> str | None:
        """Return the command word that a text nearly is; one slip, two in longer words.

        Behind a `!` it is the first word alone that counts, among those with that mark.
        """
        said = _plain(text).casefold()
        marked = said.startswith("!")
        said = said.partition(" ")[0] if marked else said
        found = []
        for word, name in self._commands(language):
            if name.startswith("!") != marked or name in _ORDINARY or len(word) < _SHORTEST:
                continue
            slips = _SLIPS_LONG if len(word) >= _LONG else _SLIPS_SHORT
            far = distance(said, word, limit=slips)
            if 0 < far <= slips:
                found.append((far, word))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def synonyms(self, choice: str, language: str) -> frozenset[str]:
        """Return common words for a choice, or all words of a command, folded."""
        own = self.sentences.get(language, {})
        listed = own.get(_SYNONYMS + choice) or own.get(_COMMAND + choice) or ""
        return frozenset(word for word in listed.split("|") if word)

    def languages(self) -> tuple[str, ...]:
        """Return the shipped languages, English first."""
        return tuple(sorted(self.sentences, key=lambda tag: (tag != FALLBACK, tag)))

    def _value(self, value: Value, language: str) -> str:
        if isinstance(value, Text):
            return self.say(value, language)
        if isinstance(value, Moment):
            return spoken(value, language)
        if isinstance(value, tuple):
            return "\n".join(self.say(line, language) for line in value)
        return str(value)

    def _commands(self, language: str) -> list[tuple[str, str]]:
        """Return (word, command id), own language first, longest word first; help everywhere."""
        first = self._words_by_language.get(language, [])
        english = self._words_by_language[FALLBACK]
        helping = [
            pair
            for words in self._words_by_language.values()
            for pair in words
            if pair[1] == "help"
        ]
        return [*first, *english, *helping]

    @cached_property
    def _words_by_language(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for language, sentences in self.sentences.items():
            pairs = [
                (word, key.removeprefix(_COMMAND))
                for key, listed in sentences.items()
                if key.startswith(_COMMAND)
                for word in listed.split("|")
            ]
            found[language] = sorted(pairs, key=lambda pair: -len(pair[0]))
        return found


def load(folder: Path = LOCALES) -> Catalogue:
    """Read every `<language>/LC_MESSAGES/<topic>.po` in a folder."""
    sentences: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        language = path.parent.parent.name
        with path.open("rb") as file:
            messages = read_po(file, locale=language)
        sentences.setdefault(language, {}).update(
            {str(message.id): str(message.string) for message in messages if message.id}
        )
    return Catalogue(sentences)


def _plain(text: str) -> str:
    """Return the text without marks around it; a `!` before its first word stays."""
    spaced = " ".join(unicodedata.normalize("NFKC", text).split())
    bare = _bare(spaced)
    before = spaced[: spaced.find(bare)]
    return f"!{bare}" if before.endswith("!") else bare


def _bare(text: str) -> str:
    kept = [index for index, sign in enumerate(text) if sign.isalnum()]
    return text[kept[0] : kept[-1] + 1] if kept else ""
