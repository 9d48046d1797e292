"""Whoever raised a case neither takes it nor is its second person, while anybody else can."""

from datetime import timedelta

import pytest

from appservice.domain.cases.case import About, For, Level, Stage
from appservice.domain.person import OffDuty
from tests.domain.case_story import CAY, LEA, TEAM, CaseStory, bodies, codes, told
from tests.support.story import ADA, BEN, MEI, replace

OWN = "You raised C-1 yourself"


@pytest.fixture
def story() -> CaseStory:
    """Ben, who facilitates, has raised something about somebody else."""
    story = told()
    story.raises(BEN, About.OTHER)
    return story


def is_not_there(story: CaseStory, *users: str, away: bool = True) -> None:
    for user in users:
        off = OffDuty(story.now, None, away)
        story.records["person", user] = replace(story.person(user), off=off)


@pytest.mark.parametrize("word", ["!take 1", "!case 1 take", "!case 1 over"])
def test_who_raised_it_does_not_take_it(story, word):
    assert OWN in bodies(story.says(BEN, word))
    assert story.case(1).owner is None
    assert story.case(1).stage is Stage.RECEIVED
    story.says(ADA, "!take 1")
    assert story.case(1).owner == ADA


def test_nor_takes_it_over_or_has_it_handed_on(story):
    story.says(ADA, "!take 1")
    before = story.case(1)
    assert OWN in bodies(story.says(BEN, "!take 1 over"))
    assert "cannot look after" in bodies(story.says(ADA, f"!case 1 handover {BEN}"))
    assert story.case(1) == before


def test_nobody_else_reads_who_raised_it(story):
    heard = story.in_team(BEN, "!take 1")
    assert [one.room for one in heard] == [story.person(BEN).chat]
    story.in_team(ADA, "!take 1")
    for word in ("!join 1", "!case 1 over"):
        assert TEAM not in [one.room for one in story.in_team(BEN, word)]


def test_in_german(story):
    story.says(BEN, "language de")
    assert "selbst gemeldet" in bodies(story.says(BEN, "!fall 1 nehmen"))


@pytest.mark.parametrize("visible", [For.FACILITATORS, For.LEAD])
def test_the_second_person_is_somebody_else(story, visible):
    story.changes(1, visible=visible)
    owner = ADA if visible is For.FACILITATORS else LEA
    story.says(owner, "!take 1")
    story.says(owner, "!case 1 red")
    assert "cannot look after" in bodies(story.says(owner, f"!case 1 second {BEN}"))
    story.says(BEN, "!join 1")
    assert story.case(1).second is None


@pytest.mark.parametrize("wish", ["close looked after", "green", "escalate"])
def test_the_second_word_is_somebody_elses(story, wish):
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 red")
    story.heard.clear()
    story.says(ADA, f"!case 1 {wish}")
    assert story.person(BEN).chat not in [one.room for one in story.heard]
    before = story.case(1)
    assert before.wanted is not None
    assert OWN in bodies(story.says(BEN, "!confirm 1"))
    assert "somebody else" in bodies(story.says(ADA, "!confirm 1"))
    assert story.case(1) == before
    story.says(CAY, "!confirm 1")
    assert story.case(1).wanted is None
    assert story.case(1).second == CAY


def test_who_was_the_second_person_before_is_not_waited_for(story):
    """A case of an older version may have its reporter as the second."""
    story.says(ADA, "!take 1")
    story.changes(1, level=Level.RED, second=BEN)
    story.says(ADA, "!case 1 close looked after")
    assert story.case(1).wanted.to is None
    assert OWN in bodies(story.says(BEN, "!confirm 1"))
    assert story.case(1).is_open


@pytest.mark.parametrize("away", [True, False])
def test_where_nobody_else_is_there_it_is_theirs(story, away):
    is_not_there(story, ADA, CAY, LEA, away=away)
    story.says(BEN, "!take 1")
    assert story.case(1).owner == BEN


def test_who_is_off_duty_is_there_for_what_cannot_wait(story):
    is_not_there(story, ADA, CAY, away=False)
    is_not_there(story, LEA)
    story.changes(1, urgent=True)
    assert OWN in bodies(story.says(BEN, "!take 1"))


def test_somebody_who_is_named_is_nobody_else(story):
    story.changes(1, named=(ADA, MEI))
    is_not_there(story, LEA)
    assert OWN in bodies(story.says(BEN, "!take 1"))
    story.changes(1, named=(ADA, CAY, MEI))
    story.now += timedelta(minutes=1)
    story.says(BEN, "!take 1")
    assert story.case(1).owner == BEN


def test_with_nobody_but_the_reporter_left_a_red_one_does_not_close(story):
    story.says(ADA, "!take 1")
    story.changes(1, level=Level.RED, named=(CAY, LEA))
    assert "nobody else" in bodies(story.says(ADA, "!case 1 close looked after"))
    assert story.case(1).wanted is None


@pytest.mark.parametrize("red", [True, False])
def test_once_all_were_asked_in_vain_it_is_theirs(story, red):
    """A red night on which only the reporter is awake must not end at a locked door."""
    if red:
        story.changes(1, level=Level.RED)
    story.until(story.now + timedelta(minutes=19))
    assert OWN in bodies(story.says(BEN, "!take 1"))
    story.until(story.now + timedelta(hours=8))
    assert "ladder operator" in codes(story.case(1))
    story.says(BEN, "!take 1")
    assert story.case(1).owner == BEN
    story.says(ADA, "!case 1 over")
    assert OWN in bodies(story.says(BEN, "!case 1 over"))
    assert story.case(1).owner == ADA


def test_a_new_wait_is_one_for_the_others_first(story):
    story.until(story.now + timedelta(hours=9))
    story.says(ADA, "!take 1")
    story.says(ADA, "!case 1 release")
    assert OWN in bodies(story.says(BEN, "!take 1"))
