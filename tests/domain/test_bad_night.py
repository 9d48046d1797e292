"""What people write on their worst night, and what they get: nothing is lost."""

import pytest

from appservice.domain.cases.case import About, Case
from tests.domain.case_story import CAY, CaseStory, bodies, told
from tests.support.story import ADA, BEN, MEI


@pytest.fixture
def story() -> CaseStory:
    return told()


# -- somebody who is woken, and takes a case


@pytest.mark.parametrize(
    "text",
    ["1", "I take it", "i'll take it.", "Take it", "take 1", "I take C-1", "C-1", "!TAKE c 1"],
)
def test_who_is_woken_takes_it_in_their_own_words(story, text):
    story.raises(MEI)
    story.says(ADA, text)
    assert story.case(1).owner == ADA


@pytest.mark.parametrize("text", ["ich nehme es", "Nehmen 1", "übernehmen C-1", "!fall 1 nehmen"])
def test_in_german_too(story, text):
    story.says(ADA, "sprache deutsch")
    story.raises(MEI)
    story.says(ADA, text)
    assert story.case(1).owner == ADA


def test_of_two_that_wait_it_is_the_one_that_was_named(story):
    story.raises(MEI)
    story.raises(BEN, About.OTHER)
    story.says(ADA, "take 1")
    assert (story.case(1).owner, story.case(2).owner) == (ADA, None)


@pytest.mark.parametrize("text", ["take 12", "12 take", "take 1 pill a day", "C-1 was long ago"])
def test_a_number_that_nobody_asked_about_takes_nothing(story, text):
    story.raises(MEI)
    assert story.says(ADA, text)[0].message.kind in ("program", "not_understood")
    assert story.case(1).owner is None


def test_once_somebody_has_it_the_bare_words_take_nothing(story):
    story.raises(MEI)
    story.says(ADA, "take 1")
    story.says(BEN, "take 1")
    assert story.case(1).owner == ADA
    assert "has C-1" in bodies(story.says(BEN, "!take 1"))


@pytest.mark.parametrize(("text", "word"), [("!tke 1", "!take"), ("!csae 1", "!case")])
def test_a_slip_behind_the_mark_is_told_while_a_case_waits_and_in_their_room(story, text, word):
    story.raises(MEI)
    assert f"“{word}”" in bodies(story.says(ADA, text))
    assert f"“{word}”" in bodies(story.in_team(CAY, text))
    assert story.in_team(CAY, "Did you see the news?") == []
    assert story.says(MEI, text)[0].message.kind == "program"  # a member has no such words


# -- somebody who writes a flag


def begins(story: CaseStory, *texts: str, language: str | None = None) -> str:
    """Let Mei write several messages; return how the last thing reads that she hears."""
    if language is not None:
        story.says(MEI, f"language {language}")
    return [story.says(MEI, text) for text in texts][-1][-1].body


@pytest.mark.parametrize(
    ("language", "word", "yes"),
    [
        (None, "FLAG", "send"),
        (None, "flag!", "yes please"),
        (None, "Report", "Send it."),
        ("de", "melden", "ja bitte"),
        ("de", "Meldung", "senden"),
    ],
)
def test_a_flag_goes_by_the_words_that_people_have(story, language, word, yes):
    begins(story, word, "2", "no", "1", "She says that she is done.", language=language)
    assert "C-1" in begins(story, yes)
    assert len(story.case(1).excerpt) == 1  # the yes is no part of it


@pytest.mark.parametrize(
    ("language", "no"),
    [(None, "no"), (None, "stop please"), (None, "Don't send it!"), ("de", "nicht senden")],
)
def test_a_no_at_the_end_sends_nothing(story, language, no):
    begins(story, "flag", "2", "no", "1", "She says that she is done.", language=language)
    said = begins(story, no)
    assert "Nothing was sent" in said or "Nichts wurde gesendet" in said
    assert story.all(Case) == []


@pytest.mark.parametrize(("language", "three"), [(None, "three"), ("de", "drei nachrichten")])
def test_how_many_may_be_said_in_words(story, language, three):
    begins(story, "flag", "2", "no", "1", language=language)
    assert story.says(MEI, three)[-1].message.kind == "flag_disclosure"


def test_in_danger_the_receipt_begins_with_the_number(story):
    begins(story, "flag", "1", "yes", "nothing")
    receipt = begins(story, "yes")
    assert receipt.startswith("Please call now")
    assert receipt.index("999") < receipt.index("C-1")
    assert receipt.count("mergency") <= 1


@pytest.mark.parametrize("language", [None, "de"])
@pytest.mark.parametrize(("about", "urgent"), [("1", "no"), ("1", "yes"), ("2", "no")])
def test_a_receipt_fits_on_two_screens_of_an_old_telephone(story, language, about, urgent):
    rest = ("1",) if about == "2" else ()
    begins(story, "flag", about, urgent, *rest, "Help her.", language=language)
    receipt = begins(story, "yes")
    assert len(receipt) <= 750
    assert receipt.count("danger") + receipt.count("Gefahr") <= 2


# -- in German


def test_an_alert_in_german_speaks_of_one_thing_by_one_word():
    story = told()
    story.says(ADA, "sprache deutsch")
    story.says(BEN, "!off")
    story.raises(MEI)
    assert "(Fürsorge)" in story.hears("case_new", story.person(ADA).chat).body
    story.says(BEN, "sprache deutsch")
    assert "!nehmen 1" in bodies(story.says(BEN, "!da"))
    assert "Fürsorge" in bodies(story.says(ADA, "!fall 1"))
