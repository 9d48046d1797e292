"""What people write on their worst night, and what they get: nothing is lost."""

from pathlib import Path

import pytest

from appservice.domain.cases.case import About, Case
from appservice.domain.types import Form
from tests.domain.case_story import CAY, LEA, CaseStory, bodies, codes, told
from tests.support.story import ADA, BEN, MEI, ZOE


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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("!case 1 red", "level red"),
        ("!case 1: level: amber", "level amber"),
        ("!case 1 no follow-up", "no_follow_up"),
        ("!case 1 no follow up", "no_follow_up"),
        ("!case 1 close no concern", "closed no_concern"),
        ("!case 1 close looked after", "closed looked_after"),
    ],
)
def test_what_is_done_may_be_written_as_it_is_spoken(story, text, code):
    story.raises(MEI)
    story.says(ADA, "1")
    assert story.says(ADA, text)[0].message.kind != "refusal"
    assert code in codes(story.case(1))


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


@pytest.mark.parametrize("word", ["!take", "!case", "!nehmen", "!join"])
def test_a_word_without_its_number_comes_back_with_one(story, word):
    if word == "!nehmen":
        story.says(ADA, "sprache deutsch")
    story.raises(MEI)
    assert f"{word} 12" in bodies(story.says(ADA, word))


@pytest.mark.parametrize("text", ["1", "I take it", "take 1", "C-1"])
def test_who_comes_too_late_hears_who_has_it(story, text):
    """They read "1: I take it" on their phone, and a colleague was faster."""
    story.raises(MEI)
    story.says(ADA, "1")
    for user, said in ((BEN, f"{ADA} has C-1"), (ADA, "C-1 is yours already")):
        assert said in bodies(story.says(user, text))
    assert story.case(1).owner == ADA


def test_who_comes_too_late_is_asked_about_what_still_waits(story):
    story.raises(MEI, urgent=True)
    story.raises(ZOE)
    story.says(ADA, "1")
    told = story.says(BEN, "1")[-1]
    assert (told.message.case, "waits" in told.body) == ("C-1", True)
    assert story.case(1).owner is None
    story.says(BEN, "1")
    assert [story.case(number).owner for number in (1, 2)] == [BEN, ADA]


def test_an_old_answer_takes_nothing_that_is_over(story):
    story.raises(MEI)
    story.says(ADA, "1")
    story.says(ADA, "!case 1 close looked-after")
    assert story.says(BEN, "1")[-1].message.kind == "program"


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


@pytest.mark.parametrize("language", [None, "de"])
def test_what_is_about_a_facilitator_frightens_nobody_with_facilitators(story, language):
    begins(story, "flag", "3", "no", "2", "He laughs at her.", language=language)
    receipt = begins(story, "yes")
    for said in (receipt, *(h.body for h in story.says(LEA, "!take 1") if "mei" in h.room)):
        assert "facilitator" not in said
        assert "Leitung" not in said
    assert story.case(1).owner == LEA


@pytest.mark.parametrize("form", [Form.MEDIA, Form.TOO_LONG, Form.EDIT])
@pytest.mark.parametrize("so_far", [("2",), ("2", "no", "1"), ("1", "no", "x y z")])
def test_whatever_is_sent_at_whichever_question_it_goes_on(story, form, so_far):
    begins(story, "flag", *so_far)
    heard = story.says(MEI, "", form=form)
    assert heard
    assert story.all(Case) == []
    begins(story, "continue")
    question = [h for h in story.heard if h.room == story.person(MEI).chat][-1]
    assert question.message.kind in (
        "flag_track",
        "flag_urgent",
        "flag_disclosure",
        "flag_preview",
    )


# -- two at once, and cases that are over


def test_a_case_that_is_over_is_taken_by_no_word(story):
    story.raises(MEI)
    story.says(ADA, "1")
    story.says(ADA, "!case 1 close done")
    before = story.case(1)
    for text in ("1", "I take it", "take 1", "!take 1", "!take 1 over", "!join 1"):
        said = bodies(story.says(BEN, text))
        assert "closed" in said or "I am a program" in said
    assert story.case(1) == before


def test_two_commands_that_cross_are_both_answered_and_one_holds(story):
    story.raises(MEI)
    story.says(ADA, "!take 1")
    story.says(BEN, "!take 1 over")
    assert f"{BEN} has C-1" in bodies(story.says(ADA, "!case 1 close done"))
    assert (story.case(1).owner, story.case(1).is_open) == (BEN, True)


def test_who_was_flagged_is_told_nothing_by_any_word(story):
    story.raises(MEI, About.OTHER)
    story.says(ADA, "1")
    story.says(ADA, f"!case 1 about {BEN}")
    unknown = bodies(story.says(BEN, "!take 99")).replace("99", "1")
    for text in ("!take 1", "!take 1 over", "!case 1", "!case 1 show", "!join 1", "!confirm 1"):
        assert bodies(story.says(BEN, text)) == unknown
    assert "I am a program" in bodies(story.says(BEN, "take 1"))


def test_a_mail_that_is_taken_and_lost_stops_no_ladder(story):
    """Nothing tells that it was lost: the next rung is asked since nobody has answered."""
    story.raises(MEI)
    asked = len(story.heard)
    story.passes(hours=3)
    assert "still waits" in bodies(story.heard[asked:])


# -- every line of "Bad input" in the issue has its test, here or where it was first of use

BAD_INPUT = {
    "a link to another group, or to nothing": (
        "domain/test_flags.py",
        "test_a_link_that_helps_nobody_meets_one_sentence_and_is_not_taken",
    ),
    "a link to a message that is gone": ("domain/test_flags.py", "test_a_link_goes_as_a_link"),
    "a forwarded message that cannot be decrypted": (
        "domain/test_flags.py",
        "test_what_cannot_be_decrypted_is_asked_for_in_words",
    ),
    "an empty flag": ("domain/test_flags.py", "test_an_empty_flag"),
    "60 kB": ("domain/test_flags.py", "test_sixty_kilobytes"),
    "an image, a voice message": (
        "domain/test_bad_night.py",
        "test_whatever_is_sent_at_whichever_question_it_goes_on",
    ),
    "a hundred flags in a minute": (
        "domain/test_flags.py",
        "test_a_hundred_care_flags_become_one_case_and_none_is_slowed",
    ),
    "slowed kindly": (
        "domain/test_flags.py",
        "test_about_behaviour_five_a_day_then_a_kind_sentence",
    ),
    "a claim of a closed case": (
        "domain/test_bad_night.py",
        "test_a_case_that_is_over_is_taken_by_no_word",
    ),
    "by someone off duty": (
        "domain/test_handling.py",
        "test_who_is_off_duty_may_look_and_takes_it_only_if_it_cannot_wait",
    ),
    "by the flagged person who is also a facilitator": (
        "domain/test_bad_night.py",
        "test_who_was_flagged_is_told_nothing_by_any_word",
    ),
    "two commands crossing": (
        "domain/test_bad_night.py",
        "test_two_commands_that_cross_are_both_answered_and_one_holds",
    ),
    "SMTP that accepts and loses": (
        "bridges/test_pagers.py",
        "test_a_server_that_takes_mail_and_loses_it_looks_like_any_other",
    ),
    "a webhook that answers 500": (
        "bridges/test_pagers.py",
        "test_what_fails_is_told_apart_and_names_no_address",
    ),
    "a webhook that redirects inward": (
        "bridges/test_webhook.py",
        "test_it_follows_nobody_inward",
    ),
    "a helplines file with a wrong row": (
        "helplines/test_sheets.py",
        "test_a_wrong_row_is_left_out_with_its_reason_and_the_rest_works",
    ),
}


@pytest.mark.parametrize("line", BAD_INPUT)
def test_each_line_of_bad_input_has_its_test(line):
    file, test = BAD_INPUT[line]
    assert f"def {test}(" in (Path(__file__).parents[1] / file).read_text()


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
