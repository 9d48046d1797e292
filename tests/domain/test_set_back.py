"""After a restore everybody hears that what they flagged may be gone, and numbers go on later."""

from datetime import UTC, datetime, timedelta

import pytest

from appservice.domain.cases.case import Numbering
from appservice.domain.events import GroupSetBack, PersonSetBack
from appservice.domain.records import Care
from appservice.domain.types import RoomId
from tests.domain.case_story import GROUP, TEAM, CaseStory
from tests.support.story import ADA, BEN, MEI, START, Heard, example, replace

SINCE = datetime(2026, 11, 26, 22, 5, tzinfo=UTC)


@pytest.fixture
def story() -> CaseStory:
    story = CaseStory()
    story.founds(replace(example(), facilitators=(ADA, BEN)))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
        story.accepts(user)
    return story


def hears_of_it(story: CaseStory, user: str = MEI) -> list[Heard]:
    chat = story.person(user).chat if story.person(user) else RoomId("!new:hs")
    return story.happens(PersonSetBack(chat, user, SINCE))


def test_a_member_is_asked_to_send_it_again(story) -> None:
    (said,) = hears_of_it(story)
    assert said.room == story.person(MEI).chat
    assert "write flag" in said.body
    assert "since Thursday 26 November 2026, 22:05 (London; 22:05 UTC)" in said.body


def test_facilitators_hear_what_the_next_case_is_called(story) -> None:
    lost = story.raises().number
    story.records["numbering", ""] = Numbering(lost - 1).jumped(
        timedelta(minutes=9)
    )  # an older copy
    (said,) = story.happens(GroupSetBack(GROUP, SINCE))
    assert said.room == TEAM
    assert "C-101" in said.body
    assert story.raises().number == 101


def test_a_group_that_is_closed_hears_nothing(story) -> None:
    group = story.state(GroupSetBack(GROUP, SINCE)).groups[GROUP]
    story.records["group", GROUP] = replace(group, stage="closed")
    assert not story.happens(GroupSetBack(GROUP, SINCE))


def test_nothing_is_written_to_who_has_died_or_is_not_known(story) -> None:
    story.records["care", MEI] = Care(MEI, START, mourned=(GROUP,))
    assert not hears_of_it(story)
    assert not hears_of_it(story, "@nobody:example.org")
