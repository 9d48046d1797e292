"""The catalogue: complete in every language, and no key that nobody has written."""

import re
from pathlib import Path

import pytest

from appservice.domain.commands.table import COMMANDS
from appservice.domain.effects import Message
from appservice.domain.person import Choice
from appservice.domain.types import EffectId, Text, verbatim
from appservice.texts import Catalogue, TextRenderer, load
from appservice.texts.catalogue import LOCALES

WORDS = load()
DOMAIN = Path(__file__).parents[2] / "appservice"
PLACES = re.compile(r"\{(\w+)\}")


def test_languages_hold_the_same_keys_and_places():
    english = WORDS.sentences["en"]
    assert WORDS.languages() == ("en", "de")
    for language, sentences in WORDS.sentences.items():
        assert set(sentences) == set(english)
        for key, sentence in sentences.items():
            assert sentence.strip(), f"{key} [{language}] is empty"
            assert set(PLACES.findall(sentence)) == set(PLACES.findall(english[key])), key


@pytest.mark.parametrize("language", WORDS.languages())
def test_no_key_is_written_twice(language):
    files = sorted((LOCALES / language / "LC_MESSAGES").glob("*.po"))
    written = "\n".join(file.read_text() for file in files)
    keys = re.findall(r'^msgid "(.+)"', written, re.MULTILINE)
    assert len(files) > 10
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_every_key_in_the_code_is_written():
    code = "\n".join(path.read_text() for path in DOMAIN.rglob("*.py"))
    keys = set(re.findall(r'Text\(\s*"([a-z!-]+)"', code)) - {"verbatim"}
    assert len(keys) > 60
    assert keys <= set(WORDS.sentences["en"])


def test_every_key_is_used():
    files = (*DOMAIN.rglob("*.py"), *DOMAIN.rglob("*.html"))
    code = "\n".join(path.read_text() for path in files)
    for key in WORDS.sentences["en"]:
        if not key.startswith(("words-", "synonyms-", "about-")):
            assert f'"{key}"' in code, key


def test_an_unknown_key_is_an_error_and_a_missing_one_falls_to_english():
    with pytest.raises(KeyError):
        WORDS.say(Text("no such key"), "en")
    some = Catalogue({"en": {"a": "an {b}"}, "de": {}})
    assert some.say(Text("a", {"b": verbatim("{b}")}), "de") == "an {b}"
    assert some.say(Text("a", {"b": (verbatim("x"), verbatim("y"))}), "fr") == "an x\ny"


@pytest.mark.parametrize("language", ["en", "de"])
def test_command_words_are_unambiguous(language):
    seen: dict[str, str] = {}
    for name in COMMANDS:
        for word in WORDS.synonyms(name, language) | WORDS.synonyms(name, "en"):
            assert seen.setdefault(word, name) == name
            assert WORDS.command(f" “{word.upper()}.” ", language) == (name, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("join WILLOW-7Q4K", ("join", "WILLOW-7Q4K")),
        ("JOIN: willow 7q4k!", ("join", "willow 7q4k")),
        ("joining", None),
        ("helpless", None),
        ("Hilfe!!!", ("help", "")),
        ("! help", ("help", "")),
        ("!help", ("!help", "")),
        ("", None),
        ("?!", None),
    ],
)
def test_commands_are_read(text, expected):
    assert WORDS.command(text, "en") == expected


def test_a_message_is_plain_text_with_the_same_for_programs():
    choices = (
        Choice("yes", Text("choice-yes"), Text("choice-yes-reply")),
        Choice("no", Text("choice-no"), Text("choice-no-reply")),
    )
    message = Message(
        "age",
        (Text("age-ask", {"age": 18}),),
        "de",
        ("age",),
        choices,
        "Willow",
        "1/7",
    )
    content = TextRenderer(WORDS).content(message, EffectId("cause"))
    assert content["msgtype"] == "m.text"
    assert content["body"].endswith("\n\n1: Ja\n2: Nein")
    assert content["org.circlekeeper"] == {
        "kind": "age",
        "parts": ["age"],
        "group": "Willow",
        "step": "1/7",
        "choices": [
            {"id": "yes", "label": "Ja", "reply": "ja"},
            {"id": "no", "label": "Nein", "reply": "nein"},
        ],
        "cause": "cause",
    }


def test_statements_and_words_say_how_to_answer():
    agree = Choice("agree", Text("statement-data"), Text("statement-data"))
    contact = Choice("contact", Text("choice-contact"), Text("choice-contact-reply"))
    body = TextRenderer(WORDS).body
    assert "write: I consent" in body(Message("statement", (), "en", choices=(agree,)))
    assert body(Message("program", (), "en", choices=(contact,))).startswith("contact: ")
