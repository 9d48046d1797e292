"""The agenda of a meeting: made, shown, posted, with cards for each part of it."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.agenda.items import LAST, TEMPLATE, Item, fitted, items_of, slots, total
from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting, Place, PlaceKind, Progress
from tests.support.at_meetings import FIRST, of_kind, plans, runs, to_start
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
BOARD, TEAM = f"!noticeboard-{GROUP}", f"!facilitators-{GROUP}"


def settled(charter=None) -> Story:
    story = Story()
    story.founds(charter)
    for user in (ADA, BEN, MEI, ZOE):
        story.passes_the_gate(user)
    return story


@pytest.fixture
def story() -> Story:
    return settled()


@pytest.fixture
def small() -> Story:
    return settled(example("small"))


def chat(story, user=MEI):
    return story.person(user).chat


def meeting(story) -> Meeting:
    return story.one(Meeting, f"{GROUP} 1")


@given(st.integers(1, 600))
def test_the_template_fills_a_meeting_of_any_length_and_ends_with_care(minutes):
    items = items_of((), minutes)
    assert total(items) == minutes
    assert all(item.minutes >= 1 for item in items)
    if minutes >= 8:
        assert tuple(item.part for item in items)[-2:] == LAST
    if minutes >= 30:
        assert total(items[-2:]) == 10


def test_the_template_is_as_told_for_75_minutes():
    assert items_of((), 75) == TEMPLATE


@given(st.lists(st.integers(1, 120), min_size=1, max_size=20), st.integers(1, 300))
def test_minutes_are_shared_fairly(minutes, room):
    items = tuple(Item("", each, f"part {at}") for at, each in enumerate(minutes))
    shared = fitted(items, room)
    assert total(shared) == max(room, 1)
    assert [one.title for one in shared] == [one.title for one in items[: len(shared)]]
    assert all(one.minutes >= 1 for one in shared)
    ends = [slot.ends for slot in slots(shared)]
    assert ends == sorted(ends)
    assert ends[-1] == timedelta(minutes=room)


def test_facilitators_change_it_part_by_part(story):
    plans(story, GROUP)
    shown = story.says(ADA, "!agenda")[0]
    assert shown.message.kind == "agenda"
    assert "3. A round: name and one line (18 min)" in shown.body
    story.says(ADA, "!agenda minutes 5 15")
    story.says(ADA, "!agenda add 10 A poem")
    story.says(ADA, "!agenda drop 6")
    body = story.says(ADA, "!agenda order 2 1 3 4 5 6 7 8")[0].body
    assert "1. Our rules (7 min)\n2. Welcome (5 min)" in body
    assert "6. A poem (10 min)\n7. Closing round (8 min)" in body
    assert total(meeting(story).agenda) == 70
    assert meeting(story).sequence == 0
    story.says(ADA, "!agenda reset")
    assert meeting(story).agenda == ()


def test_what_is_too_long_is_told_and_made_to_fit(story):
    plans(story, GROUP)
    body = story.says(ADA, "!agenda add 15 A poem")[0].body
    assert "Together that is 90 minutes. The meeting has 75." in body
    read = story.says(MEI, "agenda")[0].body
    assert "73 to 75 min: Take care of yourself" in read
    assert "A poem" in read


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("!agenda add", "minutes first"),
        ("!agenda add ten A poem", "minutes first"),
        ("!agenda add 10", "minutes first"),
        ("!agenda add 0 A poem", "from 1 to 75"),
        ("!agenda add 76 A poem", "from 1 to 75"),
        ("!agenda add 5 " + "x" * 81, "at most 80"),
        ("!agenda drop 9", "from 1 to 8"),
        ("!agenda drop", "from 1 to 8"),
        ("!agenda minutes 3", "from 1 to 75"),
        ("!agenda minutes 3 ½", "from 1 to 75"),
        ("!agenda order 1 2", "from 1 to 8 once"),
        ("!agenda order 1 1 2 3 4 5 6 7", "from 1 to 8 once"),
        ("!agenda order a b", "from 1 to 8 once"),
        ("!agenda please", "To change it"),
        ("!agenda meeting 4", "no such meeting"),
        ("!agenda meeting x drop 3", "no such meeting"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(story, said, told):
    plans(story, GROUP)
    answer = story.says(ADA, said)[0]
    assert answer.message.kind == "refusal"
    assert told in answer.body
    assert meeting(story).agenda == ()


def test_a_part_with_line_breaks_becomes_one_line(story):
    plans(story, GROUP)
    story.says(ADA, "!agenda add 5 A\npoem\n\nby Mei")
    assert meeting(story).agenda[-3].title == "A poem by Mei"


def test_without_a_meeting_there_is_none(story):
    assert "no such meeting" in story.says(ADA, "!agenda drop 3")[0].body
    assert story.says(MEI, "agenda")[0].body == "No meeting is planned yet."
    assert story.says(MEI, "!agenda drop 3")[0].message.kind == "refusal"
    assert story.says(MEI, "agenda items are hard for me")[0].message.kind == "program"


def test_another_series_than_the_next_can_be_named(story):
    plans(story, GROUP)
    plans(story, GROUP, number=2, start=FIRST + timedelta(days=1), minutes=30)
    story.says(ADA, "!agenda meeting 2 add 5 A poem")
    assert meeting(story).agenda == ()
    assert story.one(Meeting, f"{GROUP} 2").agenda


def test_members_read_it_on_their_own_clock(story):
    plans(story, GROUP)
    story.records["person", MEI] = replace(story.person(MEI), zone="Asia/Tokyo")
    body = story.says(MEI, "agenda")[0].body
    assert "Wednesday 2 December 2026, 04:00 (Tokyo; 19:00 UTC)" in body
    assert "12 to 30 min: A round" in body


def test_it_stands_on_the_noticeboard_a_day_before_once(story):
    plans(story, GROUP)
    heard = runs(story, FIRST - timedelta(hours=24, minutes=1))
    assert not of_kind(heard, "agenda")
    heard = runs(story, FIRST - timedelta(hours=2))
    assert [one.room for one in of_kind(heard, "agenda")] == [BOARD]
    assert "19:00 (London; 19:00 UTC)" in of_kind(heard, "agenda")[0].body


def test_a_meeting_that_is_planned_late_has_it_at_once_and_after_it_began_never(story):
    story.now = (FIRST - timedelta(hours=3)).replace(tzinfo=story.now.tzinfo)
    plans(story, GROUP)
    assert of_kind(story.heard, "agenda", BOARD)
    other = settled()
    other.now = (FIRST + timedelta(minutes=3)).replace(tzinfo=other.now.tzinfo)
    plans(other, GROUP)
    assert not of_kind(other.heard, "agenda", BOARD)


def test_on_a_hard_day_it_goes_to_who_leads(story):
    plans(story, GROUP)
    runs(story, FIRST - timedelta(hours=25))
    group = story.one(Group, GROUP)
    story.records["group", GROUP] = replace(group, red=story.now)
    heard = of_kind(runs(story, FIRST - timedelta(hours=23)), "agenda")
    assert [one.room for one in heard] == [TEAM]
    assert "hard day" in heard[0].body


def test_in_a_small_group_nobody_is_sent_it_unasked(small):
    plans(small, GROUP)
    heard = runs(small, FIRST - timedelta(hours=2))
    assert not of_kind(heard, "agenda")
    for user in (MEI, ZOE):
        assert not of_kind(heard, "runthrough", chat(small, user))
    assert "Welcome" in small.says(MEI, "agenda")[0].body


def test_each_part_has_its_card_for_who_leads(story):
    plans(story, GROUP)
    to_start(story, minutes=-1)
    heard = to_start(story, hours=3)
    cards = of_kind(heard, "agenda", TEAM)
    titles = [re.split(r" \(| To forward", one.body)[0] for one in cards]
    assert titles == [
        "Now: Welcome",
        "Now: Our rules",
        "Now: A round: name and one line",
        "Now: We choose what to talk about",
        "Now: We share",
        "Now: What helps, and the next date",
        "Ten minutes are left. Please end on time.",
        "Now: Take care of yourself",
    ]
    assert cards[1].body.count("\n") <= 12
    assert "999" in cards[-1].body
    assert [one.body[:24] for one in heard if one.body.startswith("For you who led")]


def test_the_board_opens_and_closes_the_meeting(story):
    plans(story, GROUP)
    to_start(story, minutes=-1)
    heard = to_start(story, hours=3)
    opened = of_kind(heard, "meeting_open")
    assert [one.room for one in opened] == [BOARD]
    rules = opened[0].body.split("Our rules in short:\n")[1].split("\n\n")[0]
    assert len(rules.splitlines()) == 5
    for word in ("hand", "pass", "done", "step out", "help"):
        assert word in opened[0].body
    closed = of_kind(heard, "meeting_close")
    assert [one.room for one in closed] == [BOARD]
    assert "116 123" in closed[0].body
    assert "8 December" in closed[0].body


def test_after_hours_of_downtime_only_what_is_still_useful_is_said(story):
    plans(story, GROUP)
    to_start(story, minutes=-1)
    before = len(story.heard)
    story.passes(minutes=41)  # down over half of the meeting
    heard = story.heard[before:]
    assert not of_kind(heard, "meeting_open")
    assert [one.body[:13] for one in of_kind(heard, "agenda", TEAM)] == ["Now: We share"]
    before = len(story.heard)
    story.passes(days=3)
    later = story.heard[before:]
    assert not of_kind(later, "meeting_close")
    assert not of_kind(later, "agenda")


def test_a_cancelled_meeting_has_nothing_of_it(story):
    planned = plans(story, GROUP)
    story.records[planned.kind, planned.key] = replace(planned, cancelled=(FIRST,))
    heard = to_start(story, hours=3)
    said = ("agenda", "meeting_open", "meeting_close")
    assert not [one for one in heard if one.message.kind in said]


def test_in_a_small_group_who_is_there_hears_how_it_ends_and_who_leads_how_it_begins(small):
    start = FIRST - timedelta(hours=2)
    plans(small, GROUP, start=start, zone="UTC")
    runs(small, start - timedelta(minutes=1))
    progress = next(one for one in small.all(Progress) if one.was == start)
    small.records["progress", progress.key] = replace(progress, coming={MEI: "yes", ZOE: "no"})
    before = small.person(MEI).unasked
    heard = runs(small, start + timedelta(minutes=80))
    leading = [chat(small, ADA)]
    assert [one.room for one in of_kind(heard, "meeting_open")] == leading
    assert [one.room for one in of_kind(heard, "meeting_close")] == [chat(small)]
    assert small.person(MEI).unasked == before


def test_in_a_small_group_the_next_date_is_told_on_each_ones_own_clocks(small):
    start = FIRST - timedelta(hours=2)
    plans(small, GROUP, start=start, zone="UTC")
    small.says(MEI, "zone America/New_York")
    heard = runs(small, start + timedelta(minutes=80))
    bodies = {one.room: one.body for one in of_kind(heard, "meeting_close")}
    assert "12:00 (New York; 17:00 UTC)" in bodies[chat(small)]
    assert "17:00 (UTC" in bodies[chat(small, ADA)] or "17:00 UTC" in bodies[chat(small, ADA)]


@pytest.mark.parametrize("why", ["off", "night"])
def test_in_a_small_group_nobody_is_disturbed(small, why):
    start = FIRST + timedelta(hours=2 if why == "night" else -2)
    plans(small, GROUP, start=start, zone="UTC")
    runs(small, start - timedelta(minutes=1))
    if why == "off":
        small.says(MEI, "off")
    heard = runs(small, start + timedelta(minutes=80))
    assert not of_kind(heard, "meeting_close", chat(small))
    assert bool(of_kind(heard, "meeting_close", chat(small, ZOE))) is (why != "night")


def test_the_run_through_comes_three_times_and_is_ticked(story):
    plans(story, GROUP)
    week = runs(story, FIRST - timedelta(days=6))
    assert [one.room for one in of_kind(week, "runthrough")] == [TEAM]
    assert "zone are right" in of_kind(week, "runthrough")[0].body
    ticked = story.says(ADA, "!done 1, 3")[0]
    assert "1. ✓ The time" in ticked.body
    assert "2. Everybody" in ticked.body
    story.says(BEN, "!run-through 2")
    day = of_kind(runs(story, FIRST - timedelta(hours=1)), "runthrough")[0].body
    assert "6. Two apps" in day
    half = of_kind(to_start(story), "runthrough")[0].body
    assert "Nothing records" in half
    assert "Sound" not in half
    assert story.all(Progress)[0].ticked == (1, 2, 3)
    to_start(story, days=30)
    assert not [one for one in story.all(Progress) if one.ticked]


def test_later_meetings_have_a_shorter_list_and_calls_a_longer_one(story):
    plans(story, GROUP, place=Place(PlaceKind.JITSI, "room"))
    assert "Sound works" in of_kind(to_start(story), "runthrough")[-1].body
    later = of_kind(to_start(story, days=6, hours=2), "runthrough")[-1].body
    assert "Two apps" not in later
    assert "reach each other" in later


def test_only_the_host_has_the_list(story):
    plans(story, GROUP, host=ADA)
    heard = of_kind(runs(story, FIRST - timedelta(days=6)), "runthrough")
    assert [one.room for one in heard] == [chat(story, ADA)]
    assert story.says(BEN, "!done 1")[0].message.kind == "refusal"
    assert "✓" in story.says(ADA, "!done 1")[0].body
    assert story.says(MEI, "!done 1")[0].message.kind == "refusal"


@pytest.mark.parametrize("said", ["!done 99", "!done 0", "!done yes", "!done 1 99"])
def test_points_that_do_not_exist_tick_nothing(story, said):
    plans(story, GROUP)
    runs(story, FIRST - timedelta(days=6))
    assert story.says(ADA, said)[0].message.kind == "refusal"
    assert not [one for one in story.all(Progress) if one.ticked]


def test_before_it_is_time_there_is_no_list(story):
    assert "a week before" in story.says(ADA, "!done 1")[0].body


def test_in_german():
    story = Story()
    story.founds(replace(example(), language="de"))
    story.says(ADA, "sprache de")
    story.passes_the_gate(ADA)
    plans(story, GROUP)
    assert "8. Gut für sich sorgen" in story.says(ADA, "!ablauf")[0].body
    assert "Ein Gedicht (10 min)" in story.says(ADA, "!ablauf dazu 10 Ein Gedicht")[0].body
    assert "Ankommen" in story.says(ADA, "ablauf")[0].body
