"""What becomes of a flag when its reporter leaves no trace, and what anybody is told about it."""

import pytest

from appservice.domain.cases import clock, side_rooms
from appservice.domain.cases.case import Case, Result, Stage
from appservice.domain.erasure import parted
from appservice.domain.events import Parted
from appservice.domain.group import Group
from appservice.domain.records import Care
from appservice.domain.types import RoomKind
from tests.domain.test_flags import CANARY, GROUP, at, case, claim, flags, says, told_group
from tests.support.story import ADA, BEN, MEI, ZOE, Story, replace


@pytest.fixture
def story() -> Story:
    return told_group()


def forgets(story: Story, user: str = MEI) -> None:
    says(story, "forget me", "yes", user=user)


def names(story: Story, user: str, number: int = 1) -> None:
    """Let a person have said whom a case is about."""
    here, group, _ = at(story)
    known = case(story, number)
    story.writes(clock.kept(here, group, known, replace(known, named=tuple({*known.named, user}))))


def test_a_case_about_others_stays_without_its_reporter(story):
    flags(story, CANARY)
    claim(story)
    names(story, ZOE)
    forgets(story)
    one = case(story)
    assert (one.reporter, one.excerpt, one.named) == (None, (), (ZOE,))
    assert (one.stage, one.owner, one.is_open) == (Stage.CLAIMED, ADA, True)
    assert MEI not in repr([story.all(Case), story.all(Care)])


def test_one_about_themselves_alone_closes_and_its_owner_is_told(story):
    flags(story, CANARY, about="1")
    claim(story)
    _, group, known = at(story)
    story.performs(
        side_rooms.convened(group, known, RoomKind.CONTACT, (MEI, ADA)).effects[0], "room"
    )
    heard = len(story.heard)
    forgets(story)
    one = case(story)
    assert (one.stage, one.result) == (Stage.CLOSED, Result.STOPPED)
    assert (one.reporter, one.named, one.excerpt) == (None, (), ())
    told = [h for h in story.heard[heard:] if h.message.kind == "case_closed"]
    assert [h.room for h in told] == [story.person(ADA).chat]
    assert MEI not in told[0].body
    assert not story.all(Care)
    assert not story.one(Group, GROUP).side


def test_where_nobody_has_it_all_facilitators_are_told(story):
    flags(story, CANARY, about="1")
    heard = len(story.heard)
    forgets(story)
    told = [h.room for h in story.heard[heard:] if h.message.kind == "case_closed"]
    assert told == [f"!facilitators-{GROUP}"]


def test_somebody_in_two_cases_is_cared_for_in_none(story):
    flags(story, CANARY, about="1")
    flags(story, CANARY, user=ZOE)
    names(story, MEI, 2)
    names(story, BEN, 2)
    forgets(story)
    assert {care.user: care.cases for care in story.all(Care)} == {BEN: (2,)}
    assert case(story, 2).named == (BEN,)


def test_a_case_whose_owner_is_forgotten_waits_again(story):
    flags(story, CANARY)
    claim(story, shown=(ADA,))
    story.passes(hours=1)
    forgets(story, ADA)
    one = case(story)
    assert (one.stage, one.owner, one.shown) == (Stage.RECEIVED, None, ())
    assert (one.waits, one.since, one.reporter) == (1, story.now, MEI)


def test_who_came_back_meanwhile_keeps_what_they_raised(story):
    flags(story, CANARY)
    before = case(story)
    state = story.state(Parted(MEI, ()))
    assert not parted(state, Parted(MEI, ()), "cause", story.now).puts
    assert case(story) == before


def test_my_data_tells_what_they_raised_and_nothing_of_others(story):
    flags(story, CANARY)
    names(story, ZOE)
    told = says(story, "my data")[0].body
    assert "C-1, which you raised on 2026-11-23: received" in told
    assert ZOE not in told
    assert "C-1" not in says(story, "my data", user=ZOE)[0].body
