"""Care for those who care: rest after hard days, words to copy, questions for a talk."""

import re
from datetime import timedelta

import pytest

from appservice.domain.cases.case import Case, Level, Result, Stage
from appservice.domain.effects import Say
from appservice.domain.group import Group
from appservice.domain.team_care import debrief, wording
from appservice.domain.types import Text
from tests.domain.test_cases import changes, raises
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace, words

GROUP = f"group-{CODE}"
LEA = "@lea:example.org"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN), lead=LEA))
    story.lets_in(ADA, BEN, MEI, ZOE)
    story.opens_chat(LEA)
    return story


def carries(story: Story, user: str = ADA, level: Level = Level.RED, **more: object) -> Case:
    """Let somebody carry a case from its beginning to its close."""
    case = raises(story)
    values = {"stage": Stage.CLOSED, "closed": story.now, "result": Result.LOOKED_AFTER, **more}
    return changes(story, case, owner=user, level=level, **values)


def waits(story: Story) -> None:
    """Let an hour go by, and what is set at its end be said."""
    story.passes(hours=2)
    story.passes(minutes=1)


def offers(story: Story, user: str = ADA) -> list[str]:
    chat = story.person(user).chat
    return [h.body for h in story.heard if h.room == chat and "Two hard cases" in h.body]


def test_after_two_red_cases_in_a_week_rest_is_offered_once_and_in_private(story):
    carries(story)
    waits(story)
    assert not offers(story)
    story.passes(days=3)
    carries(story)
    before = len(story.heard)
    waits(story)
    assert len(offers(story)) == 1
    assert {heard.room for heard in story.heard[before:]} == {story.person(ADA).chat}
    carries(story)
    waits(story)
    assert len(offers(story)) == 1
    story.passes(days=30)
    assert len(offers(story)) == 1


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ({}, {"level": Level.AMBER}, 1),
        ({}, {"user": BEN}, 1),
        ({}, {}, 7),
        ({}, {"stage": Stage.CLAIMED, "closed": None, "result": None}, 1),
    ],
)
def test_less_than_that_is_no_reason(story, first, second, apart):
    carries(story, **first)
    story.passes(days=apart)
    carries(story, **second)
    story.passes(days=2)
    waits(story)
    assert not offers(story)
    assert not offers(story, BEN)


def test_the_second_one_of_a_case_carries_it_too(story):
    carries(story, second=BEN)
    carries(story, BEN)
    waits(story)
    assert not offers(story)
    assert len(offers(story, BEN)) == 1


def twice(story: Story) -> None:
    carries(story)
    carries(story)
    waits(story)


@pytest.mark.parametrize(("answer", "lead"), [("1", False), ("2", True), ("rest and tell", True)])
def test_a_yes_is_off_duty_and_the_lead_hears_only_if_they_say_so(story, answer, lead):
    twice(story)
    since = len(story.heard)
    story.says(ADA, answer)
    assert story.person(ADA).off.until - story.now == timedelta(days=3)
    chats = {story.person(ADA).chat} | ({story.person(LEA).chat} if lead else set())
    assert {heard.room for heard in story.heard[since:]} == chats


def test_a_no_changes_nothing_and_nobody_is_told(story):
    twice(story)
    since = len(story.heard)
    story.says(ADA, "3")
    assert story.person(ADA).off is None
    assert {heard.room for heard in story.heard[since:]} == {story.person(ADA).chat}


def test_it_comes_neither_at_night_nor_to_who_rests_already(story):
    story.passes(hours=10)
    twice(story)
    assert not offers(story)
    story.passes(hours=11)
    assert len(offers(story)) == 1
    story.passes(days=20)
    story.says(ADA, "!off")
    twice(story)
    story.passes(days=1)
    assert len(offers(story)) == 1


def test_after_long_downtime_it_is_left_out(story):
    carries(story)
    carries(story)
    story.passes(days=9)
    story.passes(days=1)
    assert not offers(story)


# -- words to copy


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("number", range(1, len(wording.SITUATIONS) + 1))
def test_each_situation_has_words_and_why(story, number, language):
    [said] = story.says(ADA, f"!words {number} {language}")
    _, text, why = wording.of(number)
    assert words().say(text, language) in said.body
    assert words().say(why, language) in said.body
    assert not said.message.choices, "nothing is sent by one click"


def test_the_list_names_every_situation(story):
    body = story.says(ADA, "!words")[0].body
    for number in range(1, len(wording.SITUATIONS) + 1):
        assert f"\n{number}. " in body
    assert "!words 3" in body


@pytest.mark.parametrize("rest", ["0", "13", "x", "3 xx", "3 en en", "9" * 5000])
def test_other_words_are_refused(story, rest):
    assert story.says(ADA, f"!words {rest}")[0].message.kind == "refusal"


def test_words_go_to_nobody_but_who_asked(story):
    before = len(story.done(Say))
    story.says(ADA, "!words 2")
    assert {say.room for say in story.done(Say)[before:]} == {story.person(ADA).chat}
    assert story.says(MEI, "!words 2")[0].message.kind == "refusal"


FORBIDDEN = {
    "en": "committed|attention|at least|should|must|promise|gets better|be fine|secret|flagged",
    "de": "selbstmord|begangen|wenigstens|solltest|musst du|versprech|wird besser|geheim|gemeldet",
}


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_words_blame_promise_order_or_shout(language):
    for _, key, _ in wording.SITUATIONS:
        said = words().say(Text(key), language).casefold()
        assert not re.search(rf"\b({FORBIDDEN[language]})\b", said), key
        assert "!" not in said
        assert all(ord(letter) < 0x2600 for letter in said), "no emoji"


def test_questions_after_a_case_ask_for_no_answer():
    said = " ".join(words().say(line, "en") for line in debrief.questions())
    assert "Nobody has to answer" in said
    assert "keep none" in said


def test_help_names_the_words_for_hard_moments(story):
    body = story.says(ADA, "!help hard")[0].body
    for word in ("!words", "!plan", "!drill", "!postvention"):
        assert word in body
    assert story.one(Group, GROUP)
