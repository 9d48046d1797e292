"""How much the keeper writes unasked, and when: five a week, and not at night."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain import prompting, prompts
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.group_life import agenda
from appservice.domain.person import Person
from appservice.domain.prompt_timers import spread, waking
from appservice.domain.types import Matter, Prompt
from tests.support.story import ADA, BEN, START, Story, replace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


def test_the_last_of_five_is_left_for_the_nearest_meeting():
    person = Person(ADA)
    for _ in range(4):
        assert prompts.has_room(person, START)
        person = prompts.counted(person, START)
    assert not prompts.has_room(person, START)
    assert prompts.has_room(person, START, nearest=True)
    person = prompts.counted(person, START)
    assert not prompts.has_room(person, START, nearest=True)
    assert prompts.has_room(person, START + 7 * DAY)


@given(steps=st.lists(st.integers(0, 72), max_size=60), nearest=st.booleans())
def test_in_no_seven_days_come_more_than_five(steps, nearest):
    person, now, said = Person(ADA), START, []
    for hours in steps:
        now += hours * HOUR
        if prompts.has_room(person, now, nearest=nearest):
            person = prompts.counted(person, now)
            said.append(now)
    for begin in said:
        assert sum(begin <= at < begin + 7 * DAY for at in said) <= prompts.MOST


@pytest.mark.parametrize(
    ("quiet", "clock", "awake"),
    [
        (None, "20:59", "20:59"),
        (None, "21:00", "08:00"),
        (None, "03:00", "08:00"),
        (None, "08:00", "08:00"),
        ((time(13), time(15)), "14:00", "15:00"),
        ((time(13), time(15)), "12:00", "12:00"),
        ((time(0), time(0)), "03:00", "03:00"),
    ],
)
def test_quiet_hours_end_on_their_own_clock(quiet, clock, awake):
    person = replace(Person(ADA), quiet_hours=quiet)
    local = datetime.combine(datetime(2026, 7, 1), time.fromisoformat(clock))
    moment = (local - 2 * HOUR).replace(tzinfo=UTC)  # Berlin, in summer
    ready = prompts.awake_at(person, "Europe/Berlin", moment)
    assert f"{ready + 2 * HOUR:%H:%M}" == awake
    assert moment <= ready < moment + DAY


@given(
    moment=MOMENTS,
    begin=st.times(),
    end=st.times(),
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"]),
)
def test_nobody_is_written_to_in_quiet_hours(moment, begin, end, zone):
    person = replace(Person(ADA), quiet_hours=(begin, end))
    ready = prompts.awake_at(person, zone, moment)
    assert moment <= ready <= moment + DAY + HOUR
    assert prompts.awake_at(person, zone, ready) == ready


@pytest.fixture
def story() -> Story:
    told = Story()
    told.founds()
    told.passes_the_gate(ADA)
    told.accepts(ADA)
    return told


def may_come(story: Story, user=ADA) -> bool:
    event = PromptDue(user, story.all(Group)[0].id, Prompt.REMINDER)
    return prompts.welcome(story.state(event), user, event.group, "cause", story.now) is not None


def test_members_are_written_to_as_long_as_they_want_it(story):
    assert may_come(story)
    assert not may_come(story, BEN)
    person = story.person(ADA)
    for change in ({"prompts_off": True}, {"snoozed": story.now + HOUR}):
        story.records["person", ADA] = replace(person, **change)
        assert not may_come(story)
    story.records["person", ADA] = replace(person, snoozed=story.now)
    assert may_come(story)


def test_who_is_paused_in_company_or_gone_is_left_in_peace(story):
    story.says(ADA, "pause 2 weeks")
    assert not may_come(story)
    story.says(ADA, "return")
    assert may_come(story)
    chat = story.person(ADA).chat
    story.rooms[chat][BEN] = "join"
    story.inspects(chat)
    assert not may_come(story)


def test_moments_in_a_window_differ_between_people_and_stay(story):
    until, window = story.now + HOUR, timedelta(minutes=20)
    events = [PromptDue(f"@{n}:example.org", "g", Prompt.REMINDER, "1") for n in range(50)]
    moments = [spread(event, until, window) for event in events]
    assert moments == [spread(event, until, window) for event in events]
    assert len(set(moments)) == 50
    assert all(until - window <= moment <= until for moment in moments)
    assert max(moments) - min(moments) > window / 2


def test_a_prompt_of_no_part_of_the_house_is_nothing(story):
    event = PromptDue(ADA, story.all(Group)[0].id, Prompt.DIGEST, "that nobody has asked for")
    for effect in waking(event, story.now).effects:
        story.performs(effect, "x")
    assert story.passes(hours=1) is None


def test_after_a_red_case_nothing_is_posted_by_itself_for_a_day(story):
    group = story.all(Group)[0]
    assert prompts.is_calm(group, story.now)
    red = replace(group, red=story.now)
    assert not prompts.is_calm(red, story.now + DAY - timedelta(seconds=1))
    assert prompts.is_calm(red, story.now + DAY)


@pytest.mark.parametrize(
    ("kinds", "looks"),
    [(Matter, agenda._LOOKS), (Prompt, prompting._LOOKS)],
    ids=["groups", "people"],
)
def test_for_every_timer_there_is_somebody_who_looks(kinds, looks):
    assert set(looks) == set(kinds)
