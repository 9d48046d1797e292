"""What members would like to talk about: suggested without a name, voted on, then forgotten."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.agenda.topics import (
    Topics,
    closed,
    dropped,
    listed,
    merged,
    suggested,
    tally,
)
from appservice.domain.effects import ClosePoll
from appservice.domain.meetings.meeting import Meeting
from tests.support.at_meetings import FIRST, of_kind, plans, runs
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
BOARD, TEAM = f"!noticeboard-{GROUP}", f"!facilitators-{GROUP}"


@pytest.fixture
def story() -> Story:
    """A group with three topics and a meeting ahead."""
    story = Story()
    story.founds()
    for user in (ADA, BEN, MEI, ZOE):
        story.passes_the_gate(user)
    plans(story, GROUP)
    story.says(MEI, "topic We talk about sleep")
    story.says(ZOE, "topic with my name: Holidays alone")
    story.says(MEI, "topic Work")
    return story


def topics(story) -> Topics:
    return story.all(Topics)[0]


def votes(story, user, *numbers) -> list:
    story.says(user, "topics vote")
    return story.votes(user, *numbers)


def test_a_topic_is_noted_without_a_name_and_seen_by_all(story):
    seen = story.says(BEN, "topics")[0].body
    assert "1. We talk about sleep\n2. Holidays alone (from @zoe:example.org)\n3. Work" in seen
    assert "@mei" not in seen
    assert "You can vote until Mon 30 Nov, 19:00" in seen
    told = [heard.body for heard in story.heard if heard.room == TEAM and "suggests" in heard.body]
    assert len(told) == 3
    assert not any("@mei" in body or "@zoe" in body for body in told)


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("topic", "notice", "Nobody sees that it was you"),
        ("topic with my name", "notice", "Nobody sees that it was you"),
        ("topic " + "x" * 101, "refusal", "at most 100"),
        ("topic we talk about SLEEP", "refusal", "suggested already"),
        ("topic drop 2", "refusal", "not a topic of yours"),
        ("topic drop 9", "refusal", "no topic with number 9"),
    ],
)
def test_what_is_no_topic_changes_nothing(story, said, kind, told):
    before = topics(story)
    answer = story.says(MEI, said)[0]
    assert answer.message.kind == kind
    assert told in answer.body
    assert topics(story) == before


def test_a_topic_of_many_lines_becomes_one(story):
    story.says(ZOE, "topic One\nBEGIN:VEVENT\r\nline")
    assert listed(topics(story))[-1].title == "One BEGIN:VEVENT line"


def test_one_member_has_three_and_all_of_them_twenty(story):
    story.says(MEI, "topic A third")
    assert "topic drop 1" in story.says(MEI, "topic A fourth")[0].body
    full = Topics(GROUP)
    for number in range(20):
        full = suggested(full, f"@m{number}", f"t{number}", named=False)
    story.records["topics", GROUP] = full
    assert story.says(MEI, "topic One more")[0].message.kind == "refusal"


def test_it_can_be_taken_back(story):
    story.says(MEI, "topic drop 1")
    assert [one.number for one in listed(topics(story))] == [2, 3]
    story.says(MEI, "topic drop 3")
    assert MEI not in topics(story).suggested


def test_who_leaves_takes_topics_and_dots_along(story):
    votes(story, MEI, "2")
    story.says(MEI, "leave")
    assert MEI not in topics(story).suggested
    assert MEI not in topics(story).votes
    assert [one.number for one in listed(topics(story))] == [2]


def test_strangers_and_who_is_paused_suggest_nothing(story):
    story.says(ZOE, "pause 2 weeks")
    before = topics(story)
    assert "no group" in story.says(ZOE, "topic Mine")[0].body
    assert "no group" in story.says("@eve:example.org", "topic Mine")[0].body
    assert topics(story) == before


def test_with_two_groups_its_name_comes_first(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    asked = story.says(MEI, "topic Trees")[0]
    assert asked.message.kind == "not_understood"
    assert "Birch" in asked.body
    story.says(MEI, "topic birch Trees at Willow")
    other = next(one for one in story.all(Topics) if one.group != GROUP)
    assert listed(other)[0].title == "Trees at Willow"


def test_facilitators_merge_and_drop(story):
    body = story.says(ADA, "!topics merge 2 3")[0].body
    assert "1. We talk about sleep\n2. Holidays alone\n\n" in body
    assert "3. Work" not in body
    story.says(ADA, "!topics drop 1")
    assert [one.number for one in listed(topics(story))] == [2]
    story.says(ADA, "!topics drop 3")  # by its old number
    assert listed(topics(story)) == ()


@pytest.mark.parametrize(
    "said",
    ["merge", "merge 2", "merge 2 2", "merge 2 9", "merge a b", "drop", "drop 9", "drop x", "?"],
)
def test_what_cannot_be_merged_or_dropped_stays(story, said):
    before = topics(story)
    answer = story.says(ADA, f"!topics {said}")[0]
    assert answer.message.kind == ("refusal" if said != "?" else "notice")
    assert topics(story) == before


def test_three_dots_each_by_buttons_or_numbers_hidden_until_the_end(story):
    asked = story.says(MEI, "vote topics")
    poll = next(heard for heard in asked if heard.is_poll)
    assert [choice.id for choice in poll.message.choices] == ["1", "2", "3"]
    story.votes(MEI, "1", "3")
    assert topics(story).votes[MEI] == ("1", "3")
    story.says(MEI, "2 2 1")
    assert topics(story).votes[MEI] == ("2", "2", "1")
    story.votes(MEI)
    assert MEI not in topics(story).votes
    for number in range(100):
        story.says(MEI, f"{number % 3 + 1}")
    assert topics(story).votes[MEI] == ("1",)
    votes(story, ZOE, "2")
    for said in (
        *story.says(BEN, "topics"),
        *story.says(ADA, "!topics"),
        *story.says(BEN, "agenda"),
    ):
        assert "dots" not in said.body
        assert "1 vote" not in said.body


def test_the_vote_closes_a_day_before_and_goes_onto_the_agenda(story):
    votes(story, MEI, "2", "3")
    story.says(ZOE, "topics vote")
    story.says(ZOE, "2 2 2")
    heard = runs(story, FIRST - timedelta(hours=23))
    posted = of_kind(heard, "agenda", BOARD)[0].body
    assert "- Holidays alone (dots: 4)\n- Work (dots: 1)" in posted
    assert "sleep" not in posted
    told = of_kind(heard, "result", TEAM)[0].body
    assert "- We talk about sleep (dots: 0)" in told
    assert "@zoe" not in posted + told
    kept = topics(story)
    assert (kept.suggested, kept.votes) == ({}, {})
    assert "mei" not in repr(kept)
    assert {closed.room for closed in story.done(ClosePoll)} == {
        story.person(user).chat for user in (MEI, ZOE)
    }
    assert "Holidays alone" in story.says(BEN, "agenda")[0].body


def test_dots_after_the_close_are_not_counted(story):
    votes(story, MEI, "2")
    story.says(ZOE, "topics vote")
    runs(story, FIRST - timedelta(hours=23))
    before = topics(story)
    assert "over" in story.votes(ZOE, "1")[-1].body
    assert "over" in story.votes(MEI, "1")[-1].body
    assert topics(story) == before


def test_who_wants_quiet_is_not_told_the_result(story):
    votes(story, MEI, "2")
    story.records["person", MEI] = replace(story.person(MEI), prompts_off=True)
    runs(story, FIRST - timedelta(hours=23))
    assert story.done(ClosePoll) == []
    assert "over" in story.votes(MEI, "1")[-1].body


def test_without_a_vote_the_topics_wait_and_the_host_has_them(story):
    heard = runs(story, FIRST + timedelta(minutes=31))
    assert not of_kind(heard, "result")
    card = next(one.body for one in heard if "Now: We choose" in one.body)
    assert "These were suggested:\nWe talk about sleep\nHolidays alone\nWork" in card
    assert len(listed(topics(story))) == 3


def test_facilitators_close_it_sooner(story):
    assert "Nobody has voted" in story.says(ADA, "!topics close")[0].body
    votes(story, MEI, "1")
    assert "closed" in story.says(ADA, "!topics close")[-1].body
    assert topics(story).results[0].topics[0].title == "We talk about sleep"
    posted = of_kind(runs(story, FIRST - timedelta(hours=23)), "agenda", BOARD)
    assert "We talk about sleep" in posted[0].body


def test_each_meeting_has_its_own_topics(story):
    """Two meetings on one evening: votes after the first close go to the second."""
    plans(story, GROUP, number=2, start=FIRST + timedelta(hours=3), rule="")
    votes(story, MEI, "1")
    runs(story, FIRST - timedelta(hours=23))
    story.says(MEI, "topic Tea")
    story.says(MEI, "topic Cake")
    votes(story, ZOE, "5")
    heard = of_kind(runs(story, FIRST - timedelta(hours=20)), "agenda", BOARD)
    assert "Cake" in heard[0].body
    assert "sleep" in story.says(BEN, "agenda")[0].body
    runs(story, FIRST + timedelta(hours=2))
    assert "Cake" in story.says(BEN, "agenda")[0].body
    assert "sleep" not in repr(topics(story))
    runs(story, FIRST + timedelta(hours=5))
    assert not topics(story).results


@pytest.mark.parametrize(("rule", "hours"), [("FREQ=DAILY", 72), ("FREQ=HOURLY;INTERVAL=12", 60)])
def test_meetings_that_are_close_together_take_them_once(story, rule, hours):
    plans(story, GROUP, number=2, start=FIRST, rule=rule)
    del story.records["meeting", f"{GROUP} 1"]
    runs(story, FIRST + timedelta(hours=30))
    votes(story, MEI, "1")
    story.passes(hours=19)  # down meanwhile
    assert [one.was for one in topics(story).results] == [FIRST + timedelta(hours=hours)]


def test_with_one_topic_there_is_nothing_to_vote_on(story):
    story.says(ADA, "!topics drop 2 3")
    answer = story.says(MEI, "topics vote")
    assert not any(heard.is_poll for heard in answer)
    assert "fewer than two" in answer[0].body


def test_a_sentence_that_begins_with_the_word_is_for_people(story):
    assert story.says(MEI, "topics like these hurt me")[0].message.kind == "program"


def test_a_vote_while_no_meeting_is_planned_waits(story):
    for planned in story.all(Meeting):
        del story.records[planned.kind, planned.key]
    votes(story, MEI, "1")
    assert "no such meeting" in story.says(ADA, "!topics close")[0].body
    assert topics(story).votes


users = st.sampled_from([f"@{name}" for name in "abcdef"])


@given(
    st.lists(st.tuples(users, st.text("xyz", min_size=1, max_size=3)), max_size=12),
    st.lists(st.tuples(users, st.lists(st.integers(1, 12), max_size=3)), max_size=6),
    st.lists(st.lists(st.integers(1, 12), min_size=2, max_size=3), max_size=3),
    st.sets(st.integers(1, 12), max_size=3),
)
def test_no_dot_is_lost_or_made_up_and_no_name_is_left(said, voted, merges, drops):
    state = Topics(GROUP)
    for user, title in said:
        state = suggested(state, user, title, named=False)
    state = replace(state, votes={user: tuple(map(str, dots)) for user, dots in voted})
    for numbers in merges:
        state = merged(state, numbers)
    for number in drops:
        state = dropped(state, number)
    alive = {topic.number for own in state.suggested.values() for topic in own}
    alike = [set(one) for one in state.merged]
    counts = [
        vote
        for dots in state.votes.values()
        for vote in map(int, dots)
        if vote in alive or any(vote in one and one & alive for one in alike)
    ]
    assert sum(one.dots for one in tally(state)) == len(counts)
    over = closed(state, 1, FIRST)
    assert not over.suggested
    assert not over.votes
    assert len(over.results[0].topics) <= 3
