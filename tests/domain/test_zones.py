"""The word `zone`, the zone of a profile, and `meetings` on a member's own clocks."""

from datetime import datetime

import pytest

from appservice.domain.meetings.meeting import Meeting
from appservice.domain.zones import named, nearest
from tests.support.story import ADA, CODE, MEI, START, Story, known_of_charters, replace

GROUP = f"group-{CODE}"
ZONES = known_of_charters().zones


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    story.passes_the_gate(MEI)
    return story


def meets(story, start=datetime(2026, 11, 24, 19), rule="FREQ=WEEKLY", **more) -> None:
    record = Meeting(GROUP, 1, start, "Europe/London", 60, rule, **more)
    story.records[record.kind, record.key] = record


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("lord howe", "Australia/Lord_Howe"),
        ("utc", "UTC"),
        ("GMT+2", None),
        ("Etc/GMT+2", None),
        ("+02:00", None),
    ],
)
def test_a_zone_by_its_name_or_its_city(text, zone):
    assert named(text, ZONES) == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("Berln", "Europe/Berlin"),
        ("Amerika/New_York", "America/New_York"),
        ("Katmandu", "Asia/Katmandu"),
        ("Austalia/Lord_How", "Australia/Lord_Howe"),
    ],
)
def test_the_nearest_of_a_misspelt_one(text, zone):
    assert nearest(text, ZONES)[0] == zone or named(text, ZONES) == zone
    assert len(nearest(text, ZONES)) <= 3


def test_nothing_is_offered_where_nothing_is_near():
    assert nearest("qqqqqqqq", ZONES) == ()


def test_a_zone_is_kept_told_and_forgotten(story):
    assert "clocks of your group: Europe/London" in story.says(MEI, "zone")[-1].body
    assert "07:00 (New York; 12:00 UTC)" in story.says(MEI, "zone new york")[-1].body
    assert story.person(MEI).zone == "America/New_York"
    assert "as you asked" in story.says(MEI, "zone")[-1].body
    assert "America/New_York" in story.says(MEI, "my data")[-1].body
    assert "clocks of your group" in story.says(MEI, "zone group")[-1].body
    assert story.person(MEI).zone is None
    story.says(MEI, "time zone Asia/Kathmandu")
    assert story.person(MEI).zone == "Asia/Kathmandu"
    story.says(MEI, "zone none")
    assert story.person(MEI).zone is None


def test_a_misspelt_zone_changes_nothing(story):
    assert "Europe/Berlin" in story.says(MEI, "zone Europe/Berln")[-1].body
    assert "big city" in story.says(MEI, "zone qqqqqq")[-1].body
    assert story.person(MEI).zone is None


def test_a_sentence_that_begins_with_the_word_is_no_command(story):
    said = story.says(MEI, "zone out for a while is what I do")[-1]
    assert said.message.kind == "program"
    assert story.person(MEI).zone is None


def test_the_zone_of_the_profile_counts_after_the_own_word(story):
    room = story.person(MEI).chat
    story.zones[MEI] = "Australia/Sydney"
    story.inspects(room)
    assert story.person(MEI).profile_zone == "Australia/Sydney"
    assert "Your Matrix profile" in story.says(MEI, "zone")[-1].body
    story.says(MEI, "zone tokyo")
    meets(story)
    assert "Wednesday 25 November 2026, 04:00 (Tokyo" in story.says(MEI, "meetings")[-1].body
    story.says(MEI, "zone group")
    assert "Wednesday 25 November 2026, 06:00 (Sydney" in story.says(MEI, "meetings")[-1].body


@pytest.mark.parametrize(
    ("told", "kept"),
    [("Mars/Olympus", None), ("", None), (None, "Australia/Sydney"), ("../etc", None)],
)
def test_a_profile_that_tells_no_zone(story, told, kept):
    room = story.person(MEI).chat
    story.zones[MEI] = "Australia/Sydney"
    story.inspects(room)
    story.zones[MEI] = told
    story.inspects(room)
    assert story.person(MEI).profile_zone == kept


def test_meetings_of_all_groups_the_soonest_first(story):
    story.founds(
        replace(
            story.one(type(story.records["group", GROUP]), GROUP).charter,
            name="Birch",
            zone="Europe/Berlin",
        ),
        code="BIRCH-2222",
    )
    story.passes_the_gate(MEI, "BIRCH-2222")
    assert "None of your groups" in story.says(MEI, "meetings")[-1].body
    meets(story)
    other = Meeting("group-BIRCH-2222", 1, datetime(2026, 11, 23, 18), "Europe/Berlin", 60)
    story.records[other.kind, other.key] = other
    told = story.says(MEI, "meetings")[-1].body
    assert told.index("Birch, in 5 hours") < told.index("Willow, in 31 hours")
    assert "Willow, in 8 days: Tuesday 1 December" in told
    assert "welcome late" in told
    assert "in the circle" in told


def test_the_time_of_the_group_stands_beside_an_own_one(story):
    meets(story)
    assert "For the group" not in story.says(MEI, "meetings")[-1].body
    story.says(MEI, "zone new york")
    told = story.says(MEI, "meetings")[-1].body
    assert "Tuesday 24 November 2026, 14:00 (New York; 19:00 UTC)" in told
    assert "For the group: Tuesday 24 November 2026, 19:00 (London; 19:00 UTC)" in told


def test_a_change_of_clocks_that_moves_a_meeting_is_told(story):
    """New York changes its clocks on 14 March 2027, London two weeks later."""
    meets(story, start=datetime(2027, 3, 9, 19))
    assert "Clocks have changed" not in story.says(MEI, "meetings")[-1].body
    story.says(MEI, "zone new york")
    told = story.says(MEI, "meetings")[-1].body
    assert "begins later than last time, at 15:00 and not at 14:00" in told


def test_meetings_of_others_and_of_quiet_groups_are_not_told(story):
    meets(story)
    assert "None of your groups" in story.says(ADA, "meetings")[-1].body
    group = story.records["group", GROUP]
    story.records["group", GROUP] = replace(group, stage="quiet")
    assert "None of your groups" in story.says(MEI, "meetings")[-1].body


def test_who_is_in_no_group_hears_it_in_plain_words(story):
    assert story.now == START
    assert "None of your groups" in story.says(ADA, "my meetings")[-1].body
