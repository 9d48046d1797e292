"""How a vote ends: what is told of it, what never is, and what is thrown away."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.effects import Chart, ClosePoll, HandOut
from appservice.domain.group import Group
from appservice.domain.polls.counting import counted
from appservice.domain.polls.poll import How, Mood, Poll, Result, Stage
from appservice.domain.types import RoomKind, UserId
from appservice.service.export import _own_part
from tests.domain.voting_group import (
    BOARD,
    GROUP,
    JONAS,
    MEMBERS,
    MIRA,
    TEAM,
    group_of,
    in_chat,
    on_board,
    opens,
    poll,
    votes,
)
from tests.support.story import ADA, BEN, MEI, START, Story, replace


@pytest.fixture
def story() -> Story:
    """A group of full size, with a noticeboard."""
    return group_of(*MEMBERS)


def test_one_reminder_comes_to_who_has_not_voted(story):
    opens(story)
    story.votes(ADA, "1")
    story.heard.clear()
    story.passes(days=2, hours=6)
    story.passes(minutes=10)
    assert not in_chat(story, ADA)
    assert [heard.message.kind for heard in in_chat(story, BEN)] == ["reminder"]
    assert "you need not" in in_chat(story, BEN)[0].body
    assert "Your vote: Poems" in story.says(BEN, "2")[0].body
    story.passes(hours=12)
    assert not [h for h in in_chat(story, MEI)[1:] if h.message.kind == "reminder"]


def test_below_five_votes_only_the_winner_is_told(story):
    opens(story)
    votes(story, ada="1", ben="1", mei="2", zoe="3")
    story.passes(days=3)
    told = [heard for heard in on_board(story) if heard.message.kind == "result"]
    said = "The vote is closed: What shall we read?\nChosen: A novel"
    assert [h.body for h in told] == [f"{said}\n\nI tell numbers from five votes on."]
    assert not story.done(HandOut)
    assert poll(story).result == Result((1,))


def test_from_five_votes_on_counts_are_told_and_drawn(story):
    opens(story)
    votes(story, ada="1", ben="1", mei="2", zoe="3", mira="1")
    story.passes(days=3)
    told = [heard for heard in on_board(story) if heard.message.kind == "result"]
    said = "Chosen: A novel\n1. A novel: 3\n2. Poems: 1\n3. Nothing: 1"
    assert said in told[0].body
    (handed,) = story.done(HandOut)
    assert (handed.room, handed.sheet) == (
        BOARD,
        Chart((("A novel", 3), ("Poems", 1), ("Nothing", 1))),
    )
    assert handed.message.lines == told[0].message.lines


@pytest.mark.parametrize(
    ("chosen", "part"),
    [
        ({"ada": "1", "ben": "2"}, "A tie between: A novel, Poems"),
        ({}, "Nobody has voted."),
    ],
)
def test_a_tie_is_told_as_a_tie_and_nothing_as_nothing(story, chosen, part):
    opens(story)
    votes(story, **chosen)
    story.passes(days=3)
    assert part in on_board(story)[-1].body


def test_at_the_close_single_votes_are_gone_and_polls_end(story):
    opens(story)
    votes(story, ada="1", ben="2")
    asked = next(heard for heard in in_chat(story, ADA) if heard.is_poll)
    story.passes(days=3)
    assert (poll(story).stage, poll(story).votes, poll(story).answered) == (Stage.CLOSED, {}, {})
    assert not _own_part(poll(story), ADA)
    story.passes(minutes=10)
    assert asked.id in {effect.poll for effect in story.done(ClosePoll)}
    assert "This vote is over" in story.votes(ADA, "3", poll=asked)[0].body
    assert (
        "Chosen" in story.says(ADA, "polls")[0].body or "tie" in story.says(ADA, "polls")[0].body
    )
    story.passes(days=7)
    assert not story.all(Poll)
    assert "No vote is open" in story.says(ADA, "polls")[0].body


def test_a_vote_after_the_moment_of_its_end_does_not_count_even_before_it_is_counted(story):
    opens(story)
    story.timers.pop(f"group {GROUP} polls")
    story.passes(days=3)
    assert poll(story).stage is Stage.OPEN
    assert "over" in story.votes(ADA, "1")[0].body
    assert not poll(story).votes


def test_days_of_downtime_over_the_close_change_nothing_else(story):
    opens(story)
    story.votes(ADA, "1")
    story.now += timedelta(days=6)
    story.passes(minutes=1)
    story.passes(minutes=10)
    assert len([h for h in on_board(story) if h.message.kind == "result"]) == 1
    assert not [h for h in story.heard if h.message.kind == "reminder"]


def test_in_a_quiet_group_the_result_waits(story):
    opens(story)
    story.says(MIRA, "!quiet")
    assert story.one(Group, GROUP).stage == "quiet"
    story.passes(days=4)
    assert not [h for h in on_board(story) if h.message.kind == "result"]
    story.says(MIRA, "!wake")
    story.passes(days=1)
    assert [h for h in on_board(story) if h.message.kind == "result"]


def test_in_a_small_group_the_result_comes_to_each_private_chat():
    story = group_of(*MEMBERS, size="small")
    assert RoomKind.NOTICEBOARD not in story.one(Group, GROUP).rooms
    opens(story)
    votes(story, ada="1", ben="1", mei="2", zoe="1", mira="1")
    story.heard.clear()
    story.passes(days=3)
    story.passes(minutes=10)
    for user in (*MEMBERS, MIRA, JONAS):
        told = [heard for heard in in_chat(story, user) if heard.message.kind == "result"]
        assert "1. A novel: 4" in told[-1].body
    assert len(story.done(HandOut)) == len(MEMBERS) + 2
    assert len(story.person(ADA).unasked) == 2


def test_a_concern_leads_to_a_talk_later_and_without_a_name(story):
    opens(story, "!poll consent Shall we open a second evening?")
    asked = next(heard for heard in in_chat(story, ADA) if heard.is_poll)
    assert "1: I agree\n2: I can live with it\n3: I am concerned\n4: I block it" in asked.body
    votes(story, ada="1", ben="2", mei="3")
    assert "later and without a name" in in_chat(story, MEI)[-1].body
    assert not [heard for heard in story.heard if heard.room == TEAM]
    story.passes(hours=3)
    told = [heard for heard in story.heard if heard.room == TEAM]
    assert len(told) == 1
    assert "Somebody is concerned" in told[0].body
    assert "For the circle" in told[0].body
    votes(story, zoe="4")
    story.passes(hours=3)
    assert len([heard for heard in story.heard if heard.room == TEAM]) == 1


def test_a_concern_that_is_taken_back_in_time_leads_to_nothing(story):
    opens(story, "!poll consent Shall we open a second evening?")
    votes(story, mei="4")
    story.passes(minutes=2)
    votes(story, mei="1")
    story.passes(hours=3)
    assert not [heard for heard in story.heard if heard.room == TEAM]


@pytest.mark.parametrize(
    ("chosen", "part"),
    [
        ({"ada": "1", "ben": "2"}, "Agreed"),
        ({"ada": "1", "ben": "3"}, "concerns to talk about"),
        ({"ada": "1", "ben": "4", "mei": "3"}, "Not agreed"),
        ({}, "Nobody has voted"),
    ],
)
def test_of_consent_only_the_effect_is_told_whatever_the_number(story, chosen, part):
    opens(story, "!poll consent Shall we open a second evening?")
    rest = {name: "1" for name in ("zoe", "mira", "jonas", "mei") if chosen and name not in chosen}
    votes(story, **chosen, **rest)
    story.passes(days=3)
    told = on_board(story)[-1].body
    assert part in told
    assert not any(sign.isdigit() for sign in told)
    assert not story.done(HandOut)


def test_the_strongest_objection_decides() -> None:
    draft = Poll("id", GROUP, 1, "?", (), How.CONSENT, Stage.OPEN, START, 60, MIRA)
    assert counted(replace(draft, votes={ADA: ("3",), BEN: ("4",)})).mood is Mood.BLOCKED


_VOTERS = [UserId(f"@voter{number}:example.org") for number in range(9)]


@given(
    st.sampled_from([How.SINGLE, How.MULTIPLE, How.DOTS]),
    st.dictionaries(
        st.sampled_from(_VOTERS), st.lists(st.sampled_from("123"), min_size=1, max_size=3)
    ),
)
def test_no_number_is_told_of_fewer_than_five(how, chosen):
    held = {user: tuple(one[: 1 if how is How.SINGLE else 3]) for user, one in chosen.items()}
    begun = Poll("id", GROUP, 1, "?", ("A", "B", "C"), how, Stage.OPEN, START, 60, MIRA)
    result = counted(replace(begun, votes=held))
    flat = [one for vote in held.values() for one in vote]
    assert bool(result.counts) == (len(held) >= 5)
    if result.counts:
        assert result.counts == tuple(flat.count(number) for number in "123")
    most = max((flat.count(number) for number in "123"), default=0)
    assert result.winners == tuple(n for n in (1, 2, 3) if flat.count(str(n)) == most > 0)
