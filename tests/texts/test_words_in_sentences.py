"""What a sentence tells somebody to write is understood: the word exists, and so does its part."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from appservice.texts import catalogue
from tests.support.story import words

MARKED = re.compile(r"(?<![\w“„])![a-zäöüß]+(?:-[a-zäöüß]+)*")
OF_A_CASE = re.compile(r"!(?:case|fall) (?:\{number\}|12) ([a-zäöüß-]+)")
VERBS = {"shows", "zeigt"}  # "!case 12 shows one" is a sentence


def sentences(language: str) -> dict[str, str]:
    told = words().sentences[language]
    return {key: text for key, text in told.items() if not key.startswith(("words-", "synonyms-"))}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_marked_word_in_a_sentence_is_a_command(language):
    unknown = {
        (key, word)
        for key, text in sentences(language).items()
        for word in MARKED.findall(text)
        if words().command(word, language) is None
    }
    assert unknown == set()


CARE = ("care", "conduct", "duty", "flag", "handling", "paging", "plan", "safety")
PARTS = {"!plan": "plan", "!übung": "drill", "!todesfall": "postvention", "!einspruch": "verdict"}
AFTER = re.compile(r"(?<!\w)(![a-zäöüß]+)(?: \{number\}| 3)? ([a-zäöüß]+)(?![\w@])")


def care_in_german() -> dict[str, str]:
    """Return the sentences that those read who look after a group."""
    folder = Path(catalogue.__file__).parent / "locales" / "de" / "LC_MESSAGES"
    keys = {
        str(message.id)
        for name in CARE
        for message in read_po(BytesIO((folder / f"{name}.po").read_bytes()))
    }
    return {key: text for key, text in sentences("de").items() if key in keys}


def test_a_german_sentence_about_care_names_german_words():
    told = words().sentences
    names = [key for key in told["en"] if key.startswith("words-!")]
    first = {tag: {told[tag][key].split("|")[0] for key in names} for tag in ("en", "de")}
    english = first["en"] - first["de"]
    said = {(key, w) for key, text in care_in_german().items() for w in MARKED.findall(text)}
    assert len(said) > 100
    assert {one for one in said if one[1] in english} == set()


def test_and_german_parts_of_them():
    told = words().sentences
    said = {
        (key, mark, part)
        for key, text in care_in_german().items()
        for mark, part in AFTER.findall(text)
        if mark in PARTS
    }
    known = {
        mark: {
            word
            for name, text in told["de"].items()
            if name.startswith(f"synonyms-{topic}-")
            for word in text.split("|")
        }
        for mark, topic in PARTS.items()
    }
    assert len(said) > 25
    assert {one for one in said if one[2] not in known[one[1]] | {"und"}} == set()


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_part_of_the_word_for_a_case_is_understood(language):
    parts = {name for name in words().sentences["en"] if name.startswith("synonyms-case-")}
    known = {
        word
        for name in parts
        for tag in (language, "en")
        for word in words().synonyms(name.removeprefix("synonyms-"), tag)
    }
    said = {
        (key, part)
        for key, text in sentences(language).items()
        for part in OF_A_CASE.findall(text)
    }
    assert len(said) > 30
    assert {one for one in said if one[1] not in known | VERBS} == set()
