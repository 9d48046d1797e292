"""A member's calendar: a file, an address that only they have, and its end; where meetings are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from appservice.domain.effects import CheckVideo, DrawFeed, HandOut, Publish, ShowPlace
from appservice.domain.events import FeedDrawn, GroupAsked, MeetingDue, OutsideFailed
from appservice.domain.group import Group
from appservice.domain.meetings.calendar import BEHIND, current
from appservice.domain.meetings.changing import changed
from appservice.domain.meetings.feed import Feed
from appservice.domain.meetings.meeting import Meeting, Moved, Place, PlaceKind
from appservice.domain.meetings.place import refusal, told
from appservice.domain.records import Consent, PauseReason
from appservice.domain.rooms import CALLS, power_levels
from appservice.domain.turn import nowhere
from appservice.domain.types import CauseId, GroupId, RoomKind
from tests.support.story import ADA, BEN, MEI, ZOE, Heard, Story, example, house, words

PAGES = "https://pages.example.org"
STARTS = datetime(2026, 12, 1, 19)  # a Tuesday; London is at UTC then
HOUR = timedelta(hours=1)
LINK = "https://meet.example.org/room"


def gathered(**settings: Any) -> Story:
    """Let two facilitators and two members meet on Tuesdays; the first is host."""
    story = Story(house=replace(house(), **settings))
    charter = replace(example(), zone="Europe/London", facilitators=(ADA, BEN), lead=None)
    group = story.founds(charter)
    story.lets_in(ADA, BEN, MEI, ZOE)
    rule = "FREQ=WEEKLY;BYDAY=TU"
    keep(story, Meeting(group, 1, STARTS, "Europe/London", 60, rule, host=ADA, made=story.now))
    return story


def keep(story: Story, meeting: Meeting) -> Meeting:
    story.records[meeting.kind, meeting.key] = meeting
    return meeting


def meeting_of(story: Story, **changes: Any) -> Meeting:
    return keep(story, replace(story.all(Meeting)[0], **changes))


def at_place(story: Story, kind: PlaceKind, where: str = "", **changes: Any) -> Meeting:
    return meeting_of(story, place=Place(kind, where), **changes)


def address(heard: list[Heard]) -> str:
    found = [word for one in heard for word in one.body.split() if word.startswith(PAGES)]
    assert len(found) == 1, heard
    return found[0]


def bodies(heard: list[Heard]) -> str:
    return "\n".join(one.body for one in heard)


# -- the file


def test_the_word_gives_the_meetings_as_a_file():
    story = gathered()
    said = story.says(MEI, "calendar")
    (file,) = story.done(HandOut)
    assert file.room == story.person(MEI).chat
    assert [one.number for one in file.sheet.meetings] == [1]
    assert not file.sheet.place
    assert not file.sheet.alarm
    assert words().say(file.message.lines[0], "en") == "The meetings, as a file"
    assert len(said) == 1
    assert story.done(DrawFeed) == []  # nothing is listening


def test_links_and_alarms_come_by_wish_only():
    story = gathered()
    story.says(MEI, "calendar with place and alarm")
    assert (story.done(HandOut)[0].sheet.place, story.done(HandOut)[0].sheet.alarm) == (True, True)


@pytest.mark.parametrize(
    "text", ["calendar yesterday was a hard day for me", "calendars are hard"]
)
def test_a_sentence_is_no_command(text: str):
    story = gathered()
    assert story.says(MEI, text)[0].message.kind == "program"
    assert not story.done(HandOut)


def test_a_word_that_is_not_known_is_told_what_there_is():
    story = gathered()
    assert story.says(MEI, "calendar pink")[0].message.kind == "not_understood"
    assert "calendar new" in story.says(MEI, "calendar new alarm")[0].body
    assert not story.done(HandOut)


def test_without_a_meeting_or_a_group_there_is_no_file():
    story = gathered()
    meeting_of(story, ended=story.now - BEHIND)
    assert "No meeting" in story.says(MEI, "calendar")[0].body
    stranger = Story()
    stranger.opens_chat(MEI)
    assert "no group" in bodies(stranger.says(MEI, "calendar"))
    assert not story.done(HandOut)


def test_with_two_groups_the_file_has_both_or_the_one_that_is_named():
    story = gathered()
    charter = replace(example(), name="Rowan", zone="Europe/London", facilitators=(ADA, BEN))
    story.happens(GroupAsked(GroupId("rowan"), charter, "ROWAN-7Q4K", open=True, at=story.now))
    story.passes_the_gate(MEI, "ROWAN-7Q4K")
    keep(story, Meeting(GroupId("rowan"), 1, STARTS, "Europe/London", 60))
    story.says(MEI, "calendar")
    story.says(MEI, "calendar rowan")
    both, one = story.done(HandOut)
    assert {m.group for m in both.sheet.meetings} == {"rowan", "group-WILLOW-7Q4K"}
    assert {m.group for m in one.sheet.meetings} == {"rowan"}


def test_what_is_over_or_was_called_off_stays_for_a_while():
    now = datetime(2027, 6, 1, tzinfo=UTC)
    group = GroupId("g")
    series = Meeting(group, 1, STARTS, "Europe/London", 60, "FREQ=DAILY;COUNT=3")
    ended = replace(series, number=2, rule="FREQ=DAILY", ended=now - timedelta(days=59))
    kept = current([ended, series, replace(series, number=3, rule="FREQ=DAILY")], group, now)
    assert [one.number for one in kept] == [2, 3]
    assert current([ended], group, now + timedelta(days=1)) == ()
    assert current([ended], GroupId("other"), now) == ()


# -- the address


def test_an_address_is_drawn_said_once_and_only_its_hash_is_kept():
    story = gathered(group_pages=PAGES)
    first = address(story.says(MEI, "calendar"))
    assert first.startswith(f"{PAGES}/cal/secret-")
    assert first.endswith(".ics")
    (feed,) = story.of(Feed, MEI)
    assert feed.address.startswith("hash-")
    assert "secret" not in repr(feed)
    again = story.says(MEI, "calendar")
    assert PAGES not in bodies(again)
    assert story.of(Feed, MEI) == [feed]


def test_new_gives_another_and_ends_the_one_before():
    story = gathered(group_pages=PAGES)
    first = address(story.says(MEI, "calendar"))
    (before,) = story.of(Feed, MEI)
    assert address(story.says(MEI, "calendar new")) != first
    (after,) = story.of(Feed, MEI)
    assert after.address != before.address


def test_off_ends_it_and_tells_if_there_was_none():
    story = gathered(group_pages=PAGES)
    story.says(MEI, "calendar")
    story.says(ZOE, "calendar")
    assert "nowhere" in story.says(MEI, "calendar off")[0].body
    assert (story.of(Feed, MEI), len(story.of(Feed, ZOE))) == ([], 1)
    assert "nothing to end" in story.says(MEI, "calendar off")[0].body


def test_without_pages_there_are_no_addresses():
    story = gathered()
    assert story.says(MEI, "calendar new")[0].message.kind == "refusal"
    assert not story.done(DrawFeed)


@pytest.mark.parametrize("going", ["leave", "forget"])
def test_it_ends_with_the_membership(going: str):
    story = gathered(group_pages=PAGES)
    for user in (MEI, ZOE):
        story.says(user, "calendar")
    story.says(MEI, "leave" if going == "leave" else "forget me")
    if going == "forget":
        story.says(MEI, "yes")
    assert story.of(Feed, MEI) == []
    assert len(story.of(Feed, ZOE)) == 1


def test_an_address_that_is_drawn_after_somebody_left_is_not_kept():
    story = gathered(group_pages=PAGES)
    story.says(MEI, "leave")
    group = story.all(Group)[0].id
    assert story.happens(FeedDrawn(group, story.person(MEI).chat, MEI, "s", "h")) == []
    assert story.of(Feed, MEI) == []


def test_an_address_is_not_said_before_a_third_person():
    story = gathered(group_pages=PAGES)
    chat = story.person(MEI).chat
    story.records["room", chat] = replace(story.records["room", chat], crowded=True)
    group = story.all(Group)[0].id
    assert story.happens(FeedDrawn(group, chat, MEI, "s", "h")) == []


# -- where it is


def test_where_tells_the_next_meeting_in_somebodys_own_zone():
    story = gathered()
    at_place(story, PlaceKind.LINK, LINK)
    story.records["person", MEI] = replace(story.person(MEI), zone="Asia/Kolkata")
    said = story.says(MEI, "where")[0].body
    assert LINK in said
    assert "Wednesday 2 December 2026, 00:30" in said


def test_where_means_the_meeting_that_runs_and_the_one_that_comes_next():
    story = gathered()
    meeting_of(story, rule="", start=STARTS)
    other = Meeting(story.all(Group)[0].id, 2, STARTS + 3 * HOUR, "Europe/London", 60)
    keep(story, replace(other, place=Place(PlaceKind.ADDRESS, "High Street 1\nask for  Mia")))
    story.now = datetime(2026, 12, 1, 19, 59, tzinfo=UTC)
    assert "in the circle" in story.says(MEI, "where")[0].body
    story.passes(minutes=1)
    assert "We meet at: High Street 1 ask for Mia" in story.says(MEI, "where")[0].body
    story.passes(hours=4)
    assert "No meeting" in story.says(MEI, "where")[0].body


def test_where_is_no_command_inside_a_sentence():
    story = gathered()
    assert story.says(MEI, "where can I go when it hurts")[0].message.kind == "program"


def test_a_personal_link_comes_from_half_an_hour_before_and_to_the_host_as_host():
    story = gathered(video=True)
    at_place(story, PlaceKind.JITSI)
    story.now = datetime(2026, 12, 1, 18, 29, tzinfo=UTC)
    assert "half an hour before" in story.says(MEI, "where")[0].body
    assert not story.done(ShowPlace)
    story.passes(minutes=1)
    for user in (MEI, ADA, BEN):
        story.says(user, "link")
    shown = story.done(ShowPlace)
    assert [one.visit.host for one in shown] == [False, True, False]
    assert shown[0].room == story.person(MEI).chat
    assert shown[0].visit.was == STARTS
    assert str(MEI) not in repr(shown[0].visit)


def test_without_a_host_every_facilitator_leads():
    story = gathered(video=True)
    at_place(story, PlaceKind.JITSI, host=None)
    story.now = datetime(2026, 12, 1, 19, 5, tzinfo=UTC)
    for user in (ADA, BEN, ZOE):
        story.says(user, "where")
    assert [one.visit.host for one in story.done(ShowPlace)] == [True, True, False]


def test_who_is_paused_or_not_a_member_gets_no_link():
    story = gathered(video=True)
    at_place(story, PlaceKind.JITSI)
    story.now = datetime(2026, 12, 1, 19, 5, tzinfo=UTC)
    (consent,) = story.of(Consent, MEI)
    story.records["consent", consent.key] = replace(consent, pauses=(PauseReason.OWN,))
    assert "paused" in story.says(MEI, "where")[0].body
    story.says(ZOE, "leave")
    assert "No meeting" in story.says(ZOE, "where")[0].body
    assert not story.done(ShowPlace)


def test_a_video_server_that_is_gone_is_told_so():
    story = gathered()
    at_place(story, PlaceKind.JITSI)
    story.now = datetime(2026, 12, 1, 19, 5, tzinfo=UTC)
    assert "no video server any more" in story.says(MEI, "where")[0].body


def test_a_call_tells_what_the_server_can_see():
    meeting = Meeting(GroupId("g"), 1, STARTS, "UTC", 60, place=Place(PlaceKind.CALL))
    assert "people who run the server can see who is in the call" in words().say(
        told(meeting), "en"
    )


@pytest.mark.parametrize(
    "link",
    [
        "http://meet.example.org/x",
        "https://meet.example.org/x y",
        "https://meet.example.org/x\ny",
        "https://ada:secret@meet.example.org/x",
        "https://localhost/x",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://meet.example.org:99999/x",
        "javascript:alert(1)",
        "meet.example.org",
        "",
        "https://meet.example.org/" + "x" * 300,
    ],
)
def test_a_link_that_is_not_a_safe_one_is_refused(link: str):
    story = gathered()
    said = refusal(Place(PlaceKind.LINK, link), story.all(Group)[0], story.house)
    assert said is not None
    assert "https://" in words().say(said, "en")


def test_a_place_can_be_chosen_where_there_is_one():
    story = gathered()
    group = story.all(Group)[0]
    calling = replace(group, charter=replace(group.charter, calls=True))
    assert refusal(Place(PlaceKind.LINK, LINK), group, story.house) is None
    assert refusal(Place(PlaceKind.CIRCLE), group, story.house) is None
    assert refusal(Place(PlaceKind.ADDRESS, "High Street 1"), group, story.house) is None
    assert refusal(Place(PlaceKind.ADDRESS, " "), group, story.house).key == "place-address-form"
    assert refusal(Place(PlaceKind.CALL), group, story.house).key == "place-no-calls"
    assert refusal(Place(PlaceKind.CALL), calling, story.house) is None
    assert refusal(Place(PlaceKind.JITSI), group, story.house).key == "place-no-video"
    assert refusal(Place(PlaceKind.JITSI), group, replace(story.house, video=True)) is None


def test_calls_are_a_power_in_the_circle_and_only_where_the_charter_has_them():
    with_calls = replace(example(), calls=True)
    for kind in (RoomKind.CIRCLE, RoomKind.NOTICEBOARD, RoomKind.FACILITATORS):
        found = power_levels(kind, with_calls, house(), "12")["events"]
        assert (found.get(CALLS) == 0) is (kind is RoomKind.CIRCLE)
    assert CALLS not in power_levels(RoomKind.CIRCLE, example(), house(), "12")["events"]


# -- what the outside does


def change(story: Story, after: Meeting) -> list[Any]:
    here = nowhere(story.state(MeetingDue(after.group, 1)), CauseId("c"), story.now)
    out = changed(here, story.all(Group)[0], None, after)
    return [effect for effect in out.effects if isinstance(effect, Publish)]


def test_a_change_is_published_where_the_operator_set_it_up():
    story = gathered(calendars=frozenset({"willow"}))
    meeting = story.all(Meeting)[0]
    assert change(story, meeting) == [Publish(meeting.group, "Willow", 1)]
    other = gathered(calendars=frozenset({"rowan"}))
    assert change(other, meeting) == []


def test_a_meeting_is_published_once_more_a_week_before():
    story = gathered(calendars=frozenset({"willow"}))
    group = story.all(Group)[0].id
    for _ in range(2):
        story.happens(MeetingDue(group, 1))
    assert story.done(Publish) == []
    story.now = datetime(2026, 11, 24, 19, tzinfo=UTC)
    for _ in range(2):
        story.happens(MeetingDue(group, 1))
    assert story.done(Publish) == [Publish(group, "Willow", 1)]


def test_the_end_of_a_group_takes_its_meetings_out_of_the_calendar():
    story = gathered(calendars=frozenset({"willow"}))
    story.says(ADA, "!close")
    story.says(BEN, "!close")
    for _ in range(20):
        story.passes(days=1)
    assert story.all(Meeting) == []
    assert Publish(story.all(Group)[0].id, "Willow", 1) in story.done(Publish)


def test_the_video_server_is_looked_at_half_an_hour_before_and_once():
    story = gathered(video=True)
    meeting = at_place(story, PlaceKind.JITSI)
    story.happens(MeetingDue(meeting.group, 1))
    assert story.done(CheckVideo) == []
    story.now = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
    for _ in range(2):
        story.happens(MeetingDue(meeting.group, 1))
    assert story.done(CheckVideo) == [CheckVideo(meeting.group, 1, STARTS)]


def test_a_silent_video_server_is_told_the_facilitators_with_words_to_use():
    story = gathered(video=True)
    meeting = at_place(story, PlaceKind.JITSI)
    story.now = datetime(2026, 12, 1, 18, 31, tzinfo=UTC)
    failed = OutsideFailed(meeting.group, 1, "video", STARTS)
    said = story.happens(failed)
    assert [one.room for one in said] == [story.all(Group)[0].rooms[RoomKind.FACILITATORS]]
    assert "does not work today" in said[0].body
    story.now = datetime(2026, 12, 1, 20, 1, tzinfo=UTC)
    assert story.happens(failed) == []


def test_a_host_who_is_no_facilitator_is_told_as_well():
    story = gathered(video=True)
    meeting = at_place(story, PlaceKind.JITSI, host=MEI)
    story.now = datetime(2026, 12, 1, 18, 31, tzinfo=UTC)
    said = story.happens(OutsideFailed(meeting.group, 1, "video", STARTS))
    assert story.person(MEI).chat in [one.room for one in said]


def test_a_calendar_server_that_fails_is_told_and_nothing_else_changes():
    story = gathered(calendars=frozenset({"willow"}))
    before = dict(story.records)
    said = story.happens(OutsideFailed(story.all(Group)[0].id, 1, "calendar"))
    assert "stays as you planned it" in said[0].body
    assert story.records == before


def test_a_moved_occurrence_is_told_at_its_new_time():
    story = gathered()
    meeting_of(story, moved=(Moved(STARTS, STARTS + 2 * HOUR),))
    assert "21:00" in story.says(MEI, "where")[0].body
