"""What a sentence tells somebody to write is understood: the word exists, and so does its part."""

import re

import pytest

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
