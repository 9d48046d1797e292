"""A time is looked for: everybody is asked in private, and only counts are told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.effects import ClosePoll
from appservice.domain.events import GroupDue
from appservice.domain.group import Group
from appservice.domain.meetings.proposed import length, proposed
from appservice.domain.meetings.when import Hearing
from appservice.domain.times.search import TimeSearch, answered
from appservice.domain.types import Matter
from tests.support.story import (
    ADA,
    BEN,
    CODE,
    MEI,
    START,
    ZOE,
    Story,
    example,
    known_of_charters,
    replace,
    words,
)

GROUP = f"group-{CODE}"
TEAM = f"!facilitators-{GROUP}"
ASK = "!times 2026-12-01 19:00, 2026-12-02 18:30, 2026-12-05 10:00 for 90m"
BERLIN = "Europe/Berlin"


@pytest.fixture
def story() -> Story:
    story = Story(now=START)
    story.founds(replace(example(), zone=BERLIN, facilitators=(ADA, BEN)))
    for user in (ADA, BEN, MEI, ZOE):
        story.passes_the_gate(user)
    return story


@pytest.fixture
def asked(story) -> Story:
    story.says(ADA, ASK, room=TEAM)
    story.passes(minutes=11)
    return story


def chat(story, user) -> str:
    return story.person(user).chat


def of(story, user, kind) -> list:
    return [h for h in story.heard if h.room == chat(story, user) and h.message.kind == kind]


def search(story) -> TimeSearch:
    return story.one(TimeSearch, GROUP)


def test_everybody_is_asked_in_private_on_their_own_clock(story):
    story.records["person", MEI] = replace(story.person(MEI), zone="Europe/London")
    begun = story.says(ADA, ASK, room=TEAM)
    assert "Tuesday 1 December 2026, 19:00 (Berlin; 18:00 UTC)" in begun[0].body
    assert not of(story, MEI, "poll")
    story.passes(minutes=11)
    for user in (ADA, BEN, MEI, ZOE):
        assert [h for h in of(story, user, "poll") if h.is_poll]
    poll = next(h for h in of(story, MEI, "poll") if h.is_poll)
    assert "1 December 2026, 18:00 (London" in poll.body
    assert len(story.person(MEI).unasked) == 1
    assert "up to 3 numbers from 1 to 4" in of(story, MEI, "poll")[-1].body


def test_two_questions_and_what_is_kept(asked):
    asked.votes(MEI, "0", "2")
    second = of(asked, MEI, "poll")[-1]
    assert [choice.id for choice in second.message.choices] == ["1", "none"]
    asked.votes(MEI, "1")
    assert search(asked).said(MEI) == ((0, 2), (1,))
    asked.says(ZOE, "1 2 3")
    assert search(asked).said(ZOE) == ((0, 1, 2), ())
    assert search(asked).counts() == ((2, 0), (1, 1), (2, 0))
    assert "if need be" in of(asked, MEI, "notice")[-1].body


def test_none_of_these_is_an_answer(asked):
    asked.says(MEI, "4")
    assert search(asked).said(MEI) == ((), ())
    assert search(asked).is_answered_by(MEI)
    asked.says(MEI, "4")
    assert "none of these times" in of(asked, MEI, "notice")[-1].body


def test_minds_are_changed_until_the_close_and_the_newest_counts(asked):
    first = next(h for h in of(asked, MEI, "poll") if h.is_poll)
    for times in (("0",), ("1",), ("0", "1"), ("2",)):
        asked.votes(MEI, *times, poll=first)
    assert search(asked).said(MEI)[0] == (2,)
    asked.votes(MEI, poll=first)  # taken back
    assert not search(asked).is_answered_by(MEI)
    asked.says(MEI, "times")
    assert "no answer of yours" not in of(asked, MEI, "poll")[-1].body
    asked.says(MEI, "2")
    assert search(asked).said(MEI)[0] == (1,)
    asked.votes(MEI, "0", poll=first)  # in the older poll, about the same times
    assert search(asked).said(MEI)[0] == (0,)


def test_facilitators_see_counts_and_no_names(asked):
    asked.votes(MEI, "1")
    told = asked.says(BEN, "!times", room=TEAM)[0].body
    assert "1 of 4 have answered" in told
    assert "18:30 (Berlin; 17:30 UTC): suits 1, if need be 0 more" in told
    assert MEI not in told


def test_it_is_recalled_once_to_who_has_not_answered_and_then_closed(asked):
    asked.votes(MEI, "1")
    for _ in range(9):
        asked.passes(hours=6)
    assert len(of(asked, ZOE, "reminder")) == 1
    assert not of(asked, MEI, "reminder")
    for _ in range(4):
        asked.passes(hours=6)
    assert not asked.all(TimeSearch)
    result = asked.hears("notice", TEAM).body
    assert "!meeting 2026-12-02 18:30 for 90m" in result
    assert MEI not in result
    closed = {effect.room for effect in asked.done(ClosePoll)}
    assert closed == {chat(asked, user) for user in (ADA, BEN, MEI, ZOE)}
    assert not [q for q in asked.person(MEI).asked if q.poll and not q.answered]
    assert "over" in asked.votes(ZOE, "0")[0].body
    assert len(of(asked, ZOE, "reminder")) == 1
    assert not [key for key in asked.timers if key.startswith(("times", f"group {GROUP} times"))]


def test_one_word_ends_it_now(asked):
    asked.says(MEI, "3")
    told = asked.says(ADA, "!times close", room=TEAM)
    own = [h for h in told if h.room == TEAM]
    assert [h.message.kind for h in own] == ["result"]
    assert "10:00 for 90m" in own[0].body
    assert not asked.all(TimeSearch)
    assert asked.says(ADA, "!times close", room=TEAM)[0].message.kind == "refusal"


def test_a_small_group_is_told_in_private_chats():
    story = Story(now=START)
    story.founds(replace(example("small"), facilitators=(ADA, BEN), zone=BERLIN))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    story.says(ADA, ASK)
    story.passes(minutes=11)
    story.votes(MEI, "0")
    story.says(ADA, "!times close")
    assert story.hears("result", chat(story, ADA))
    assert story.hears("notice", chat(story, BEN)).body.count("suits 1") == 1
    assert "suits" not in story.hears("result", chat(story, MEI)).body


def test_who_leaves_takes_their_answer_along(asked):
    asked.votes(MEI, "0")
    asked.says(MEI, "leave")
    assert search(asked).counts()[0] == (0, 0)
    assert MEI not in repr(search(asked))


def test_who_wants_no_prompt_is_not_asked_and_can_answer_all_the_same(story):
    story.records["person", MEI] = replace(story.person(MEI), prompts_off=True)
    story.says(ADA, ASK, room=TEAM)
    story.passes(minutes=11)
    assert not of(story, MEI, "poll")
    story.says(MEI, "times")
    story.says(MEI, "1")
    assert search(story).said(MEI)[0] == (0,)


def test_nobody_is_asked_at_night_nor_within_a_day_of_a_red_case(story):
    story.records["person", MEI] = replace(story.person(MEI), zone="Pacific/Auckland")  # 1 a.m.
    story.says(ADA, ASK, room=TEAM)
    story.passes(minutes=11)
    assert not of(story, MEI, "poll")
    story.passes(hours=7)
    assert of(story, MEI, "poll")
    red = Story(now=START)
    red.founds(replace(example(), zone=BERLIN))
    red.passes_the_gate(MEI)
    red.passes_the_gate(ADA)
    red.says(ADA, ASK)
    red.records["group", GROUP] = replace(red.one(Group, GROUP), red=red.now)
    red.passes(minutes=11)
    assert not of(red, MEI, "poll")
    red.passes(hours=24)
    assert of(red, MEI, "poll")


def test_days_of_downtime_ask_nobody_about_what_is_over(story):
    story.says(ADA, ASK, room=TEAM)
    story.passes(days=9)
    assert not of(story, MEI, "poll")
    assert not story.all(TimeSearch)
    assert len([h for h in story.heard if "erased" in h.body and h.room == TEAM]) == 1


@pytest.mark.parametrize(
    ("wish", "part"),
    [
        ("2026-12-01 19:00", "I have found 1"),
        (", ".join(f"2026-12-{day:02} 19:00" for day in range(1, 10)), "I have found 9"),
        ("", "looks for no time now"),
        ("2026-12-01 19:00, 2026-12-01 19:00", "twice"),
        ("2026-12-01 19:00, 2026-11-01 19:00", "over already"),
        ("2026-12-01 19:00, 2028-11-01 19:00", "more than a year"),
        ("2026-12-01 19:00, soon", "cannot read the time"),
        ("2026-12-01 19:00, tue 1 dec 7", "cannot read the time"),
        ("2026-12-01 19:00, every tue 19:00", "cannot read the time"),
        ("2026-12-01 19:00, 2026-02-31 25:99", "cannot read the time"),
        ("2026-12-01 19:00, 2026-12-02 19:00 for ages", "how long"),
        ("2026-12-01 19:00, 2026-12-02 19:00 for 3m", "from 10 to 480"),
        ("2026-12-01 19:00, 2026-12-02 19:00 for 60m within 9 moons", "within 5 days"),
        ("2026-12-01 19:00, 2026-12-02 19:00 within 50 days", "within 5 days"),
        ("2026-11-23 15:00, 2026-12-02 19:00", "too soon"),
    ],
)
def test_what_cannot_be_asked_changes_nothing(story, wish, part):
    told = story.says(ADA, f"!times {wish}".strip(), room=TEAM)
    assert [h.message.kind for h in told] == ["refusal"]
    assert part in told[0].body
    assert not story.all(TimeSearch)


def test_a_second_list_waits_for_the_end_of_the_first(asked):
    told = asked.says(ADA, "!times 2026-12-11 19:00, 2026-12-12 18:30", room=TEAM)
    assert "one list at a time" in told[0].body
    assert len(search(asked).walls) == 3


def test_a_time_that_the_clocks_skip_is_said(story):
    story.now = datetime(2027, 3, 1, 12, tzinfo=UTC)
    told = story.says(ADA, "!times 2027-03-28 02:30, 2027-03-29 19:00", room=TEAM)[0].body
    assert "No clock will show 02:30" in told
    assert "28 March 2027, 03:30 (Berlin; 01:30 UTC)" in told


def test_strangers_and_members_do_not_ask(story):
    assert story.says(MEI, ASK)[0].message.kind == "refusal"
    assert story.says(MEI, "times they are changing")[0].message.kind == "program"
    assert "No group of yours" in story.says(MEI, "times")[0].body


def test_it_closes_when_asked_to(story):
    story.says(ADA, f"{ASK} within 5 days", room=TEAM)
    assert search(story).closes == START + timedelta(days=5)


def test_in_german(story):
    story.says(MEI, "sprache de")
    story.says(ADA, ASK, room=TEAM)
    story.passes(minutes=11)
    assert "Welche dieser Zeiten passen dir?" in of(story, MEI, "poll")[-1].body
    story.says(MEI, "zeiten")
    story.says(MEI, "1, 2")
    assert search(story).said(MEI)[0] == (0, 1)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("60m", 60), ("90", 90), ("1h", 60), ("1h30", 90), ("1 h 30 min", 90), ("2 stunden", 120)],
)
def test_lengths(text, minutes):
    assert length(text) == minutes


@pytest.mark.parametrize(
    ("said", "wall"),
    [
        ("2026-12-01  19.05", datetime(2026, 12, 1, 19, 5)),
        ("tue 1 dec at 7pm", datetime(2026, 12, 1, 19)),
        ("1.12. 19:00", datetime(2026, 12, 1, 19)),
    ],
)
def test_a_wall_time_is_read_as_it_is_written(said, wall):
    hearing = Hearing(words(), "en", START, BERLIN, known_of_charters().zones)
    assert proposed(said, hearing) == wall


def test_times_in_words_are_asked_too(story):
    told = story.says(ADA, "!times tue 1 dec 19:00, wed 2 dec 6:30 pm for 60m", room=TEAM)
    assert told[0].message.kind != "refusal"
    assert search(story).walls == (datetime(2026, 12, 1, 19), datetime(2026, 12, 2, 18, 30))


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from([ADA, BEN, MEI]),
        st.none() | st.lists(st.integers(0, 3), unique=True).map(tuple),
        st.booleans(),
    ),
    max_size=30,
)


@given(answers=ANSWERS)
def test_only_the_newest_answer_of_each_counts_and_each_time_once(answers):
    walls = tuple(datetime(2026, 12, day, 19) for day in range(1, 5))
    found = TimeSearch(GROUP, BERLIN, walls, 60, START, START)
    newest = {}
    for user, times, suits in answers:
        found = answered(found, user, times, suits=suits)
        newest[user, suits] = times or ()
    for index, (yes, maybe) in enumerate(found.counts()):
        best = {u for u in (ADA, BEN, MEI) if index in newest.get((u, True), ())}
        rest = {u for u in (ADA, BEN, MEI) if index in newest.get((u, False), ())} - best
        assert (yes, maybe) == (len(best), len(rest))
    best = found.best()
    assert best is None or all(sum(found.counts()[best]) >= sum(one) for one in found.counts())


def test_what_is_kept_is_named_nowhere_else(asked):
    asked.votes(MEI, "0")
    kept = [record for record in asked.records.values() if re.search(r"suits", repr(record))]
    assert [type(record) for record in kept] == [TimeSearch]


def test_looking_twice_recalls_nothing_twice(asked):
    asked.passes(hours=48)
    asked.happens(GroupDue(GROUP, Matter.TIMES))
    asked.votes(MEI, "1")  # just before the reminder would come
    asked.passes(minutes=11)
    asked.happens(GroupDue(GROUP, Matter.TIMES))
    asked.passes(minutes=11)
    assert len(of(asked, ZOE, "reminder")) == 1
    assert not of(asked, MEI, "reminder")


def test_a_vote_after_the_close_does_not_count_even_if_the_timer_is_late(asked):
    asked.now = search(asked).closes
    assert "over" in asked.votes(MEI, "0")[0].body
    assert not search(asked).is_answered_by(MEI)


def test_a_vote_in_the_poll_of_an_earlier_search_is_no_answer_to_a_later_one(asked):
    old = next(h for h in of(asked, MEI, "poll") if h.is_poll)
    asked.says(ADA, "!times close", room=TEAM)
    asked.passes(minutes=1)
    asked.says(ADA, "!times 2026-12-11 19:00, 2026-12-12 18:30", room=TEAM)
    asked.passes(minutes=11)
    assert "over" in asked.votes(MEI, "0", poll=old)[0].body
    assert not search(asked).is_answered_by(MEI)
