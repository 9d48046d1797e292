"""A case needs two, and everybody else is named in it: what who tries and the operator hear."""

from datetime import timedelta

import pytest

from appservice.domain.cases.case import About, For, Level
from appservice.domain.charter import GroupRole
from appservice.domain.effects import TellOperator
from appservice.domain.events import RoleOrdered
from tests.domain.case_story import CAY, GROUP, LEA, CaseStory, bodies, told
from tests.support.story import ADA, BEN, MEI, ZOE, replace

OPERATOR = "@root:example.org"


@pytest.fixture
def story() -> CaseStory:
    """Ada has a red case in which everybody else of those in charge is named."""
    story = told()
    story.house = replace(story.house, operator=OPERATOR)
    story.raises(MEI, About.OTHER)
    story.says(ADA, "!take 1")
    story.changes(1, level=Level.RED, named=(BEN, CAY, LEA))
    story.effects.clear()
    return story


def to_operator(story: CaseStory) -> list[tuple[str, dict[str, str]]]:
    return [(one.text.key, dict(one.facts)) for one in story.done(TellOperator)]


@pytest.mark.parametrize("word", ["close looked after", "green", "escalate"])
def test_it_is_said_to_who_tries_and_to_the_operator(story, word):
    heard = bodies(story.says(ADA, f"!case 1 {word}"))
    assert OPERATOR in heard
    assert "name one more facilitator" in heard
    assert "a life is in danger" in heard
    assert ("!case 1 alone" in heard) == (word == "escalate")
    assert to_operator(story) == [("operator-case-second", {"group": GROUP, "case": "C-1"})]
    assert story.case(1).is_open
    assert story.case(1).level is Level.RED


def test_the_operator_hears_it_once_a_day(story):
    for _ in range(3):
        assert OPERATOR in bodies(story.says(ADA, "!case 1 close looked after"))
    assert len(to_operator(story)) == 1
    story.now += timedelta(hours=25)
    story.says(ADA, "!case 1 close looked after")
    assert len(to_operator(story)) == 2


def test_where_the_operator_has_no_name_it_is_said_all_the_same(story):
    story.house = replace(story.house, operator=None)
    assert "whoever runs this server" in bodies(story.says(ADA, "!case 1 close looked after"))
    assert len(to_operator(story)) == 1


def test_in_german(story):
    story.says(ADA, "language de")
    heard = bodies(story.says(ADA, "!fall 1 zu versorgt"))
    assert "in die Leitung holen" in heard
    assert OPERATOR in heard


def test_who_could_be_asked_is_asked_first(story):
    """What only the lead sees others may help with, once the lead asks them."""
    story.changes(1, visible=For.LEAD, owner=LEA, named=(BEN,))
    heard = bodies(story.says(LEA, "!case 1 close looked after"))
    assert "!case 1 second @name" in heard
    assert OPERATOR not in heard
    assert to_operator(story) == []


def test_it_closes_once_somebody_was_named(story):
    story.says(ADA, "!case 1 close looked after")
    story.happens(RoleOrdered(GROUP, ZOE, GroupRole.FACILITATOR))
    story.says(ZOE, "yes")
    story.says(ADA, f"!case 1 second {ZOE}")
    story.says(ADA, "!case 1 close looked after")
    story.says(ZOE, "!confirm 1")
    assert not story.case(1).is_open
