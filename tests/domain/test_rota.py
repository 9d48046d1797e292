"""Who is there when: hours that are planned, swapped, shown to members, and told honestly."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.duty.hours import honest, hours
from appservice.domain.duty.rota import Rota, Slot
from appservice.domain.duty.staffed import (
    after_hours,
    has_hours,
    is_staffed,
    shifts,
    staffed_from,
    staffed_until,
)
from appservice.domain.duty.who import on_duty
from appservice.domain.events import CaseDue
from appservice.domain.group import Group
from appservice.domain.types import Size
from tests.domain.ladder_story import GROUP, ROOM, TOM, Watch
from tests.support.story import ADA, BEN, MEI, START, ZOE, example, words

BERLIN = "Europe/Berlin"
HOUR = timedelta(hours=1)


@pytest.fixture
def story() -> Watch:
    return Watch.begins()


def there(story):
    return on_duty(story.state(CaseDue(GROUP, 0)), story.group(), story.now)


def group_with(*slots, zone=BERLIN):
    kept = tuple(Slot(day, time(a), time(b), zone, (ADA,)) for day, a, b in slots)
    charter = replace(example(), facilitators=(ADA, BEN), zone=zone)
    return Group("g", "open", charter, START, rota=Rota(kept))


def said(story, text):
    return words().say(text, "en")


# -- in words


def test_a_rota_is_planned_shown_and_taken_apart(story):
    assert "There is no rota" in story.says(ADA, "!rota")[0].body
    body = story.says(ADA, f"!rota add mon tue 18:00-22:00 {BEN} {ADA}")[0].body
    assert f"1. Monday, 18:00 to 22:00: {BEN}, {ADA}" in body
    assert f"2. Tuesday, 18:00 to 22:00: {BEN}, {ADA}" in body
    assert "by the clocks of Europe/Berlin" in body
    assert f"3. Friday, 22:00 to 02:00: {ADA}" in story.says(ADA, "!rota add fri 22-2")[0].body
    body = story.says(BEN, "!rota remove 1", room=ROOM)[0].body
    assert "1. Tuesday" in body
    assert "Monday" not in body
    assert len(story.group().rota.slots) == 2


def test_in_german(story):
    story.says(ADA, "language de")
    assert (
        "1. Montag, 18:00 bis 22:00" in story.says(ADA, "!dienstplan dazu mo 18:00-22:00")[0].body
    )
    told = story.says(ADA, "!weg bis 3. Mai")[0].body
    assert "Du bist weg bis Montag, 3. Mai 2027, 00:00 (Berlin; 22:00 UTC)" in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("!rota add", "I did not get these hours"),
        ("!rota add monday evening", "I did not get these hours"),
        ("!rota add mon 18:00-25:00", "I did not get these hours"),
        ("!rota add someday 18:00-22:00", "I did not get these hours"),
        ("!rota add mon 18:00-18:10", "at least half an hour"),
        (f"!rota add mon 18:00-22:00 {MEI}", "I do not know @mei:example.org as one of you"),
        ("!rota remove 7", "no line with this number"),
        ("!rota remove everything", "no line with this number"),
        ("!rota dance", "You can write: !rota"),
        ("!swap", "Write the day"),
        (f"!swap mon {ADA}", "Write the day"),
        (f"!swap sun {BEN}", "You have no hours on this day"),
        (f"!swap mon {MEI}", "I do not know @mei:example.org as one of you"),
        ("!away", "I did not get until when"),
        ("!away until", "I did not get until when"),
        ("!away until the cows come home", "I did not get until when"),
        ("!away until 2020-01-01", "That moment is over"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence_and_changes_nothing(story, text, reason):
    story.says(ADA, "!rota add mon 18:00-22:00")
    before = story.group(), story.person(ADA).off
    heard = story.says(ADA, text)
    assert [h.message.kind for h in heard] == ["refusal"]
    assert reason in heard[0].body
    assert (story.group(), story.person(ADA).off) == before


def test_members_have_no_say_in_it(story):
    assert story.says(MEI, "!rota add mon 18:00-22:00")[0].message.kind == "refusal"
    assert not story.group().rota.slots


def test_a_small_group_has_none():
    story = Watch.begins(Size.SMALL)
    assert "A small group has no rota" in story.says(ADA, "!rota add mon 18:00-22:00")[0].body
    assert there(story) == (ADA, BEN)


def test_who_is_on_duty_follows_the_hours(story):
    story.says(ADA, f"!rota add mon 14:00-16:00 {BEN}")
    story.says(ADA, f"!rota add mon 15:00-17:00 {TOM}")
    seen = {}
    for _ in range(6):
        seen[story.now.astimezone(ZoneInfo(BERLIN)).hour] = there(story)
        story.passes(hours=1)
    assert seen == {13: (), 14: (BEN,), 15: (BEN, TOM), 16: (TOM,), 17: (), 18: ()}


def test_whoever_is_no_facilitator_any_more_is_in_no_hours(story):
    story.says(ADA, f"!rota add mon 13:00-16:00 {BEN}")
    assert has_hours(story.group())
    story.says(BEN, "!resign")
    assert not has_hours(story.group())
    assert "13:00 to 16:00: nobody now" in story.says(ADA, "!rota")[0].body
    assert there(story) == (ADA, TOM)


def test_who_is_forgotten_leaves_no_name_behind(story):
    story.says(ADA, f"!rota add mon 13:00-16:00 {BEN}")
    story.says(BEN, "forget me")
    story.says(BEN, "yes")
    assert BEN not in repr(story.group().rota)


def test_away_is_for_good_until_its_end_and_is_told(story):
    assert "Nothing reaches you until then" in story.says(BEN, "!away until 3 december")[0].body
    assert story.person(BEN).off.away
    assert there(story) == (ADA, TOM)
    story.passes(days=10)
    assert story.person(BEN).off is None
    story.says(BEN, "!away 2 weeks")
    story.says(BEN, "!on")
    assert story.person(BEN).off is None


def test_the_last_one_who_leaves_is_told_what_happens_to_flags(story):
    story.says(ADA, "!off")
    story.says(TOM, "!away 2 weeks")
    body = story.says(BEN, "!off")[0].body
    assert "I keep every flag, ask the lead" in body
    story.says(BEN, "!on")
    story.says(ADA, f"!rota add sun 18:00-22:00 {ADA}")
    assert "keep every flag" not in story.says(TOM, "!off")[0].body, "Ben is there for the hours"


# -- swaps


def test_a_swap_needs_the_other_ones_yes_and_holds_for_one_day(story):
    story.says(ADA, f"!rota add mon 14:00-16:00 {ADA}")
    heard = story.says(ADA, f"!swap mon {BEN}")
    asked = next(h for h in heard if h.room == story.chat(BEN))
    assert "asks you to be on duty in Willow" in asked.body
    assert "14:00 (Berlin" in asked.body
    story.passes(hours=1, minutes=30)
    assert there(story) == (ADA,)
    heard = story.says(BEN, "yes")
    assert there(story) == (BEN,)
    assert {h.room for h in heard} == {story.chat(BEN), ROOM}
    story.says(BEN, f"!swap mon {TOM}")
    story.says(TOM, "1")
    assert there(story) == (TOM,)
    story.passes(days=7)
    assert there(story) == (ADA,)


def test_a_swap_that_is_declined_or_comes_too_late_changes_nothing(story):
    story.says(ADA, f"!rota add mon 14:00-16:00 {ADA}")
    story.says(ADA, f"!swap mon {BEN}")
    heard = story.says(BEN, "no")
    assert {h.room for h in heard} == {story.chat(BEN), story.chat(ADA)}
    assert not story.group().rota.swaps
    story.says(ADA, f"!swap mon {BEN}")
    story.passes(hours=4)
    assert "over by now" in story.says(BEN, "yes")[0].body
    assert not story.group().rota.swaps


# -- what members are told


def test_members_see_the_hours_and_never_who(story):
    assert "fixed duty hours" in story.says(MEI, "privacy")[0].body
    story.says(ADA, f"!rota add mon tue 18:00-22:00 {BEN}")
    story.says(ADA, f"!rota add mon 21:00-23:00 {ADA}")
    body = story.says(MEI, "privacy")[0].body
    assert "- Monday, 18:00 to 23:00\n- Tuesday, 18:00 to 22:00" in body
    assert BEN not in body


def test_it_is_said_honestly_when_somebody_may_look(story):
    def told():
        state = story.state(CaseDue(GROUP, 0))
        return said(story, honest(state, story.group(), story.now, "America/New_York"))

    assert "no fixed hours" in told()
    for user in (ADA, BEN, TOM):
        story.says(user, "!off")
    assert "None of your facilitators is on duty" in told()
    for user in (ADA, BEN, TOM):
        story.says(user, "!on")
    story.says(ADA, "!rota add mon 14:00-16:00")
    assert "The next hours begin on Monday 23 November 2026, 08:00 (New York; 13:00 UTC)" in told()
    assert "perhaps nobody sees it" in told()
    story.passes(hours=1)
    assert "until Monday 23 November 2026, 10:00 (New York; 15:00 UTC)" in told()
    assert "Nobody has read it yet" in told()
    for user in (ADA, BEN, TOM):
        story.says(user, "!off")
    assert "None of your facilitators is on duty" in told()
    assert not any(user in told() for user in (ADA, BEN, TOM, ZOE))


# -- clocks


def test_hours_stand_on_the_clocks_of_their_zone_over_both_changes():
    group = group_with((6, 1, 4))  # Sundays, on which clocks change
    spring = datetime(2027, 3, 28, tzinfo=UTC)
    autumn = datetime(2027, 10, 31, tzinfo=UTC)
    lengths = {}
    for day in (spring, autumn, autumn + timedelta(days=7)):
        (one,) = shifts(group, day - 2 * HOUR, day + 5 * HOUR)
        lengths[day.month, day.day] = (one.ends - one.begins) / HOUR
    assert lengths == {(3, 28): 2, (10, 31): 4, (11, 7): 3}


def test_hours_that_a_change_of_clocks_swallows_do_not_come():
    group = group_with((6, 2, 3))
    night = datetime(2027, 3, 28, tzinfo=UTC)
    assert not shifts(group, night - 2 * HOUR, night + 5 * HOUR)
    assert shifts(group, night + timedelta(days=7) - 2 * HOUR, night + timedelta(days=7, hours=5))


def test_hours_as_told_join_where_they_touch_and_pass_midnight():
    told = hours(group_with((0, 20, 23), (0, 22, 2), (3, 0, 0)))
    lines = words().say(told, "en").splitlines()
    assert lines[1:] == ["- Monday, 20:00 to 02:00", "- Thursday, 00:00 to 00:00"]


SLOTS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(0, 23)), min_size=1, max_size=6
)
ZONES = st.sampled_from([BERLIN, "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "UTC"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)


@given(SLOTS, ZONES, MOMENTS, st.integers(1, 5000))
def test_hours_are_counted_as_if_one_watched_every_minute(slots, zone, since, minutes):
    group, span = group_with(*slots, zone=zone), timedelta(minutes=minutes)
    end = after_hours(group, since, span)
    assert since + span <= end <= since + span + timedelta(days=7)
    within, done = timedelta(0), since
    for one in shifts(group, since, end):
        begins, ends = max(one.begins, done), min(one.ends, end)
        if begins < ends:
            within, done = within + (ends - begins), ends
    assert within == span or (within < span and end == since + span + timedelta(days=7))


@given(SLOTS, ZONES, MOMENTS)
def test_the_next_hours_begin_at_the_first_moment_that_is_one_of_them(slots, zone, moment):
    group = group_with(*slots, zone=zone)
    first = staffed_from(group, moment)
    assert is_staffed(group, first)
    assert first == moment or not is_staffed(group, moment)
    last = staffed_until(group, first)
    assert first < last
    assert last - first >= timedelta(days=7) or not is_staffed(group, last)
