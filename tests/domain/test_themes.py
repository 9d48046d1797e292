"""Themes, told as dialogues: used by a word or by the clock, and left out in hard days."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.group import Group
from appservice.domain.themes.choosing import following
from appservice.domain.themes.clock import slot_after
from appservice.domain.themes.theme import OwnTheme, Themes
from appservice.domain.themes.writing import time_in
from tests.support.story import (
    ADA,
    BEN,
    CODE,
    MEI,
    START,
    Story,
    example,
    library_of_themes,
    replace,
)

GROUP = f"group-{CODE}"
BOARD, FACILITATED = f"!noticeboard-{GROUP}", f"!facilitators-{GROUP}"
MONDAY = "!theme rotate weekly on monday 9:00"
ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "UTC")


def told(size: str = "standard") -> Story:
    story = Story()
    story.founds(replace(example(size), facilitators=(ADA, BEN)))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    story.heard.clear()
    return story


@pytest.fixture
def story() -> Story:
    return told()


def themes(story: Story) -> Themes:
    return next(iter(story.all(Themes)), Themes(GROUP))


def body(heard) -> str:
    return "\n".join(one.body for one in heard)


def on_board(story: Story) -> list[str]:
    return [heard.body for heard in story.heard if heard.room == BOARD]


def test_the_library_says_the_same_in_each_language():
    library = library_of_themes()
    assert sorted(library) == ["de", "en"]
    assert len(library["en"]) >= 20
    assert any(theme.aftercare for theme in library["en"])
    assert any(theme.months for theme in library["en"])


def test_a_theme_is_used_by_a_word_and_its_day_is_kept(story):
    said = story.says(ADA, "!theme use 3", room=FACILITATED)
    assert [heard.room for heard in said] == [BOARD, FACILITATED]
    assert "Rest" in said[0].body
    assert "Nobody has to talk about it" in said[0].body
    assert "3: Rest (used on 2026-11-23)" in body(story.says(BEN, "!theme"))
    assert "Rest" in body(story.says(MEI, "theme"))


def test_a_sensitive_theme_brings_what_does_good_after_it(story):
    said = story.says(ADA, "!theme use 22")
    assert "Anger" in said[0].body
    assert "Help now is there by the word help" in said[0].body


def test_next_only_shows(story):
    said = story.says(ADA, "!theme next")
    assert "Short days" in body(said)
    assert "!theme use 20" in body(said)
    assert not on_board(story)
    assert not story.all(Themes)


def test_a_theme_comes_each_week_at_its_wall_time(story):
    assert "30 November 2026" in body(story.says(ADA, MONDAY))
    zone = ZoneInfo(story.one(Group, GROUP).charter.zone)
    posted: list[datetime] = []
    while len(posted) < 20:  # over the change of clocks in March
        before = len(on_board(story))
        story.passes(hours=1)
        if len(on_board(story)) > before:
            posted.append(story.now.astimezone(zone))
    assert {(at.weekday(), at.hour) for at in posted} == {(0, 9)}
    assert all(b - a == timedelta(7) for a, b in pairwise(posted))
    assert len(set(on_board(story))) == 19  # only then they come again
    assert not any("Help now" in said or "write help" in said for said in on_board(story))


def test_none_comes_after_off(story):
    story.says(ADA, MONDAY)
    story.says(ADA, "!theme rotate off")
    assert not story.timers
    story.passes(days=8)
    assert not on_board(story)


def test_what_is_due_during_a_long_outage_is_left_out(story):
    story.says(ADA, MONDAY)
    story.passes(days=24)  # over three Mondays, until a Thursday
    assert not on_board(story)
    story.passes(days=4)
    assert len(on_board(story)) == 1


def test_what_is_a_little_late_comes_once(story):
    story.says(ADA, MONDAY)
    event = story.timers[f"group {GROUP} themes"][1]
    story.passes(days=7)
    assert len(on_board(story)) == 1
    story.happens(event)
    story.passes(hours=1)
    assert len(on_board(story)) == 1


def test_within_a_day_of_a_red_case_nothing_comes_and_facilitators_know(story):
    story.says(ADA, MONDAY)
    red = story.now + timedelta(days=6, hours=12)
    story.records["group", GROUP] = replace(story.one(Group, GROUP), red=red)
    story.heard.clear()
    story.passes(days=7)
    assert not on_board(story)
    assert [heard.room for heard in story.heard] == [FACILITATED]
    story.passes(days=7)
    assert len(on_board(story)) == 1


def test_nothing_comes_in_a_pause_or_in_a_quiet_time(story):
    story.says(ADA, MONDAY)
    assert "comes by itself before then" in body(story.says(ADA, "!theme pause 10 days"))
    story.passes(days=7)
    assert not on_board(story)
    story.says(ADA, "!quiet")
    posts = len(on_board(story))
    story.passes(days=7)
    assert len(on_board(story)) == posts
    story.says(ADA, "!wake")
    posts = len(on_board(story))
    story.passes(days=7)
    assert len(on_board(story)) == posts + 1


def test_a_pause_ends_by_a_word(story):
    story.says(ADA, MONDAY)
    story.says(ADA, "!theme pause 1 month")
    story.says(ADA, "!theme pause off")
    story.passes(days=7)
    assert len(on_board(story)) == 1


def test_in_a_small_group_it_comes_to_private_chats_and_is_counted():
    story = told("small")
    story.says(ADA, MONDAY)
    story.says(MEI, "language de")
    story.records["person", BEN] = replace(story.person(BEN), prompts_off=True)
    story.heard.clear()
    story.passes(days=6, hours=21)
    story.passes(seconds=1)
    heard = {heard.room: heard.body for heard in story.heard}
    assert set(heard) == {story.person(ADA).chat, story.person(MEI).chat}
    assert "Kurze Tage" in heard[story.person(MEI).chat]
    assert "Short days" in heard[story.person(ADA).chat]
    assert len(story.person(MEI).unasked) == 1
    story.passes(days=1)
    assert len(story.heard) == 2


def test_in_a_private_chat_it_waits_for_the_morning_and_gives_way_to_the_week():
    story = told("small")
    story.says(ADA, "!theme rotate weekly on monday 23:00")
    full = replace(story.person(BEN), unasked=(story.now + timedelta(days=7),) * 4)
    story.records["person", BEN] = full
    story.heard.clear()
    story.passes(hours=12)
    story.passes(seconds=1)
    assert not story.heard
    story.passes(hours=12)
    assert {heard.room for heard in story.heard} == {
        story.person(ADA).chat,
        story.person(MEI).chat,
    }


def test_ideas_of_members_are_decided_without_a_name(story):
    said = story.says(MEI, "theme Our pets")
    to_facilitators = [heard for heard in said if heard.room == FACILITATED]
    assert "There is an idea for a theme in Willow: Our pets" in body(to_facilitators)
    assert "mei" not in body(to_facilitators)
    assert list(themes(story).suggested) == [MEI]
    said = story.says(ADA, "!theme approve 101")
    assert "Your idea is now among the themes" in body(said)
    assert themes(story).own == (OwnTheme(101, "Our pets"),)
    assert MEI not in repr(themes(story))
    assert "Our pets" in body(story.says(ADA, "!theme next"))
    story.says(MEI, "theme Trains")
    assert "do not take it up" in body(story.says(ADA, "!theme decline 102"))
    assert MEI not in repr(themes(story))


def test_an_idea_goes_with_its_member(story):
    story.says(MEI, "theme Our pets")
    story.says(MEI, "leave")
    assert not themes(story).suggested


def test_a_long_sentence_is_no_idea(story):
    long = "theme " + "word " * 13
    assert story.says(MEI, long)[0].message.kind == "program"
    assert not story.all(Themes)


def test_facilitators_add_leave_out_and_bring_back(story):
    story.says(ADA, "!theme add Gardens")
    story.says(ADA, "!theme drop 20")
    assert "20: Short days (left out)" in body(story.says(ADA, "!theme"))
    story.says(ADA, "!theme drop 101")
    assert "Gardens" not in body(story.says(ADA, "!theme"))
    assert "A small good thing" in body(story.says(ADA, "!theme next"))
    assert "Among your themes again" in body(story.says(ADA, "!theme drop 20"))
    assert "Short days" in body(story.says(ADA, "!theme next"))


@pytest.mark.parametrize(
    "text",
    [
        "rotate",
        "rotate weekly",
        "rotate on monday",
        "rotate monday 9",
        "rotate monday 25:00",
        "rotate someday 9:00",
        "use 99",
        "use",
        "use three",
        "drop 0",
        "approve 1",
        "decline x",
        "pause",
        "pause 9 months",
        "pause until 2026-01-01",
        "add",
        f"add {'x' * 101}",
        "dance",
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(story, text):
    assert [heard.message.kind for heard in story.says(ADA, f"!theme {text}")] == ["refusal"]
    assert not story.all(Themes)
    assert not story.timers


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("monday 9:00", time(9)),
        ("monday 21.30", time(21, 30)),
        ("on monday at 9 am", time(9)),
        ("12 am monday", time(0)),
        ("12:30 pm", time(12, 30)),
        ("montag 9 Uhr", time(9)),
        ("monday 9", None),
        ("monday 13 pm", None),
        ("24:00", None),
    ],
)
def test_times_are_read(text, at):
    assert time_in(text) == at


@pytest.mark.parametrize(("country", "title"), [("DE", "Short days"), ("AU", "More light")])
def test_seasons_are_those_of_the_country(story, country, title):
    group = story.one(Group, GROUP)
    there = replace(group, charter=replace(group.charter, country=country))
    story.says(ADA, MONDAY)
    state = story.state(story.timers[f"group {GROUP} themes"][1])
    assert following(state, there, Themes(GROUP), START).title == title


@given(
    day=st.integers(0, 6),
    at=st.times().map(lambda t: t.replace(microsecond=0, fold=0)),
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)),
)
def test_a_slot_is_the_first_one_after_now(day, at, zone, now):
    now = now.replace(tzinfo=UTC)
    slot = slot_after(day, at, zone, now)
    assert now < slot <= now + timedelta(days=8)
    local = slot.astimezone(ZoneInfo(zone))
    skipped = local.time() != at
    assert skipped or local.weekday() == day
    assert not skipped or local.utcoffset() != (local - timedelta(days=1)).utcoffset()
