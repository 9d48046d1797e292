"""You said, we did, told as stories: kept, told every four weeks or at once, on a calm day."""

from datetime import timedelta

import pytest

from appservice.domain.feedback.records import Did
from appservice.domain.group import Group
from tests.support.story import ADA, BEN, CODE, MEI, START, Story, example, replace

GROUP = f"group-{CODE}"
TEAM, BOARD = f"!facilitators-{GROUP}", f"!noticeboard-{GROUP}"


def told(**charter) -> Story:
    story = Story()
    story.founds(replace(example(), **{"facilitators": (ADA, BEN), **charter}))
    story.lets_in(ADA, BEN, MEI)
    return story


@pytest.fixture
def story() -> Story:
    return told()


def until(story: Story, moment) -> list:
    return [one for one in story.until(moment) if "we did" in one.body]


def test_lines_are_told_on_the_noticeboard_after_four_weeks_once(story):
    story.says(ADA, "!did We begin  more slowly now.", room=TEAM)
    story.passes(days=3)
    story.says(BEN, "!did The rules hang by the door.", room=TEAM)
    assert not until(story, START + timedelta(days=27, hours=23))
    heard = until(story, START + timedelta(days=28))
    assert [one.room for one in heard] == [BOARD]
    assert "- We begin more slowly now.\n- The rules hang by the door." in heard[0].body
    assert not story.one(Did, GROUP).lines
    assert not until(story, START + timedelta(days=90))


def test_they_can_be_told_at_once(story):
    story.says(ADA, "!did One.")
    assert story.says(ADA, "!did post")[0].room == BOARD
    assert not until(story, START + timedelta(days=60))
    assert story.says(ADA, "!did post")[0].message.kind == "refusal"


def test_a_line_can_be_dropped_and_the_last_one_ends_it(story):
    story.says(ADA, "!did One.")
    story.says(ADA, "!did Two.")
    assert story.says(ADA, "!did drop 3")[0].message.kind == "refusal"
    story.says(ADA, "!did drop 1")
    assert story.one(Did, GROUP).lines == ("Two.",)
    assert "- Two." in story.says(ADA, "!did")[0].body
    story.says(ADA, "!did drop 1")
    assert not [key for key in story.timers if "done" in key]


def test_within_a_day_of_a_red_case_nothing_is_told(story):
    story.says(ADA, "!did One.")
    red = START + timedelta(days=27, hours=20)
    story.records["group", GROUP] = replace(story.one(Group, GROUP), red=red)
    assert not until(story, red + timedelta(hours=23))
    assert story.says(ADA, "!did post")[0].message.kind == "refusal"
    assert len(until(story, red + timedelta(hours=24))) == 1


def test_members_of_a_small_group_are_told_in_private_counted_and_not_at_night():
    story = told(size="small")
    story.records["person", MEI] = replace(story.person(MEI), prompts_off=True)
    story.says(ADA, "!did One.")
    story.now = START + timedelta(days=28, hours=11)  # eleven at night
    assert not until(story, story.now + timedelta(hours=8))
    heard = until(story, story.now + timedelta(hours=3))
    assert {one.room for one in heard} == {"!chat-ada", "!chat-ben"}
    assert len(heard) == 2
    assert len(story.person(ADA).unasked) == 1


@pytest.mark.parametrize("words", ["!did " + "x" * 301, "!did drop 99", "!did post"])
def test_bad_input_changes_nothing(story, words):
    assert [one.message.kind for one in story.says(ADA, words)] == ["refusal"]
    assert not story.all(Did)


def test_there_is_room_for_twelve_lines(story):
    for number in range(12):
        story.says(ADA, f"!did Line {number}.")
    assert story.says(ADA, "!did One more.")[0].message.kind == "refusal"
    assert len(story.one(Did, GROUP).lines) == 12


def test_a_red_case_between_post_and_prompt_keeps_it_back_for_good():
    story = told(size="small")
    story.says(ADA, "!did One.")
    assert [one.room for one in story.says(ADA, "!did post")] == ["!chat-ada"]
    story.records["group", GROUP] = replace(story.one(Group, GROUP), red=story.now)
    assert not until(story, START + timedelta(days=7))
