"""How statements, codes and countries are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.gate.codes import candidates, fold_code
from appservice.domain.gate.statements import distance, matches
from appservice.domain.helplines import country_code
from tests.support.story import house, words

RULES, DATA = "I agree to the rules", "I consent"
REGELN, DATEN = "Ich stimme den Regeln zu", "Ich willige ein"


def taken(said, sentence, language="en"):
    return matches(said, sentence, words().synonyms("negation", language))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("I agree to the rules", RULES),
        ("  i AGREE to the rules. ", RULES),
        ("“I agree to the rules”", RULES),
        ("I agre to teh rules", RULES),
        ("Iagree to the rules!", RULES),
        ("i consnet", DATA),
        ("I consent :)", DATA),
        ("ICH STIMME DEN REGELN ZU", REGELN),
        ("ich stime den regln zu", REGELN),
        ("Ich willige ein.", DATEN),
    ],
)
def test_taken(said, sentence):
    assert taken(said, sentence, "de" if sentence in (REGELN, DATEN) else "en")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("I do not agree to the rules", RULES),
        ("I don't agree to the rules", RULES),
        ("I dont consent", DATA),
        ("I no consent", DATA),
        ("I unconsent", DATA),
        ("I consent?", DATA),
        ("consent", "I agree to the rules"),
        ("yes", DATA),
        ("1", DATA),
        ("", DATA),
        ("I agree to the rules and more of them", RULES),
        ("I argue the rule", RULES),
        ("Ich stimme den Regeln nicht zu", REGELN),
        ("Ich stimme nicht zu", REGELN),
        ("Ich willige nie ein", DATEN),
        ("Nein, ich willige ein", DATEN),
    ],
)
def test_not_taken(said, sentence):
    assert not taken(said, sentence, "de" if sentence in (REGELN, DATEN) else "en")


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_distance_is_symmetric_and_zero_for_the_same_only(a, b):
    assert distance(a, b, limit=9) == distance(b, a, limit=9)
    assert (distance(a, b, limit=9) == 0) == (a == b)
    assert min(distance(a, b, limit=1), 2) == min(distance(a, b, limit=9), 2)


def test_a_swapped_pair_is_one_slip():
    assert distance("teh", "the", limit=2) == 1


@pytest.mark.parametrize(
    "spelled",
    [
        "WILLOW-7Q4K",
        "willow 7q4k",
        "Willow7Q4K",
        "WILL0W-7Q4K",
        "W1LLOW-7Q4K",
        " willow_7q4k ",
        "wiilow-7q4k",
    ],
)
def test_a_code_is_read_however_it_is_typed(spelled):
    assert fold_code(spelled) == fold_code("WILLOW-7Q4K")


def test_other_codes_are_others():
    assert fold_code("WILLOW-7Q4L") != fold_code("WILLOW-7Q4K")
    assert fold_code("🌳") == ""
    assert fold_code("x" * 41) == ""
    assert candidates("join willow 7q4k")[0] == fold_code("willow7q4k")
    assert candidates("") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FR", "FR"),
        ("fr", "FR"),
        ("uk", "GB"),
        ("JP", "JP"),
        ("jp", None),
        ("me", None),
        ("DEU", None),
        ("", None),
    ],
)
def test_countries(text, code):
    assert country_code(text, house()) == code
