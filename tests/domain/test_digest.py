"""The weekly digest told as stories: for who wants it, once a week, if there is something."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appservice.domain.digest.records import Digest
from appservice.domain.events import PromptDue
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.polls.poll import How, Poll, Stage
from appservice.domain.shelf.shelf import Entry, Resource, Shelf
from appservice.domain.types import Prompt
from tests.support.story import ADA, BEN, CODE, MEI, Story, example, replace

GROUP, BIRCH = f"group-{CODE}", "group-BIRCH-2222"
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=BERLIN)
CHAT = "!chat-mei"


@pytest.fixture
def story() -> Story:
    story = Story()
    charter = replace(example(), facilitators=(ADA, BEN), zone="Europe/Berlin")
    story.founds(charter)
    story.founds(replace(charter, name="Birch"), code="BIRCH-2222")
    for code in (CODE, "BIRCH-2222"):
        story.passes_the_gate(MEI, code)
    for group, hour in ((GROUP, 19), (BIRCH, 20)):
        start = datetime(2026, 12, 1, hour, 0)
        meeting = Meeting(group, 1, start, "Europe/Berlin", 60, rule="FREQ=WEEKLY;COUNT=3")
        story.records[meeting.kind, meeting.key] = meeting
    return story


def until(story: Story, moment: datetime) -> list:
    return [one for one in story.until(moment) if "coming week" in one.body]


def test_nobody_gets_one_who_did_not_ask(story):
    assert not until(story, MONDAY + timedelta(days=14))


def test_it_comes_on_monday_at_nine_for_all_groups_in_one_message(story):
    assert story.says(MEI, "digest on")[0].body.count("30 November 2026, 09:00 (Berlin") == 2
    assert not until(story, MONDAY - timedelta(seconds=1))
    heard = until(story, MONDAY + timedelta(hours=1))
    assert [one.room for one in heard] == [CHAT]
    assert "The coming week in Willow:\n- Meeting: Tuesday 1 December 2026, 19:00" in heard[0].body
    assert "The coming week in Birch:" in heard[0].body
    assert len(story.person(MEI).unasked) == 1


def test_it_tells_of_open_votes_and_new_links_but_no_word_of_anybody(story):
    story.says(MEI, "digest on")
    until(story, MONDAY - timedelta(days=1))
    minutes = 3 * 24 * 60
    poll = Poll(
        "p", GROUP, 1, "Gardens?", ("Yes", "No"), How.SINGLE, Stage.OPEN, story.now, minutes, ADA
    )
    poll = replace(poll, closes=story.now + timedelta(minutes=minutes))
    link = Entry("Sleep", "https://www.example.org")
    new = Resource(1, link, story.now, story.now + timedelta(days=300))
    for record in (poll, Shelf(GROUP, (new,))):
        story.records[record.kind, record.key] = record
    told = until(story, MONDAY + timedelta(hours=1))[0].body
    assert "A vote is open until this time: " in told
    assert "new on the shelf" in told
    assert "Gardens" not in told
    assert "Sleep" not in told


def test_with_nothing_to_tell_it_does_not_come(story):
    story.says(MEI, "digest on")
    assert len(until(story, MONDAY + timedelta(days=60))) == 3


@pytest.mark.parametrize(
    ("words", "hours"), [("digest friday 18:00", 105), ("Digest on, weekly, mondays at 9 am", 0)]
)
def test_day_and_time_can_be_chosen(story, words, hours):
    story.says(MEI, words)
    moment = MONDAY + timedelta(hours=hours)
    until(story, moment - timedelta(minutes=1))
    assert len(until(story, moment)) == 1


def test_it_ends_with_a_word_and_in_one_group_alone(story):
    story.says(MEI, "digest on")
    story.says(MEI, "digest off birch")
    assert [one.group for one in story.all(Digest)] == [GROUP]
    assert "Birch" not in until(story, MONDAY)[0].body
    story.says(MEI, "digest off")
    assert not until(story, MONDAY + timedelta(days=8))


def test_a_paused_group_is_left_out_and_a_repeat_says_nothing(story):
    story.says(MEI, "digest on")
    story.says(MEI, "pause 3 weeks willow")
    heard = until(story, MONDAY)
    assert "Willow" not in heard[0].body
    assert not story.happens(PromptDue(MEI, BIRCH, Prompt.DIGEST))


def test_late_it_comes_within_a_day_and_not_at_night(story):
    story.says(MEI, "digest on")
    story.now = MONDAY + timedelta(hours=14)  # eleven at night
    assert not until(story, MONDAY + timedelta(hours=22))
    assert len(until(story, MONDAY + timedelta(hours=23))) == 1
    story.now = MONDAY + timedelta(days=8)
    assert not until(story, MONDAY + timedelta(days=13))


@pytest.mark.parametrize("words", ["digest daily", "digest on someday", "digest monday 25:00"])
def test_what_cannot_be_read_changes_nothing(story, words):
    assert [one.message.kind for one in story.says(MEI, words)] == ["not_understood"]
    assert not story.all(Digest)


def test_an_ordinary_sentence_is_no_command(story):
    assert story.says(MEI, "digest takes a while with all of this")[0].message.kind == "program"
    assert not story.all(Digest)
