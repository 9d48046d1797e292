"""How people vote: asked in private, by buttons and numbers, with changes of mind."""

from datetime import timedelta

import pytest

from appservice.domain.events import GroupDue
from appservice.domain.group import Group
from appservice.domain.polls.poll import Poll
from appservice.domain.types import Matter, UserId
from appservice.service.export import _own_part
from tests.domain.voting_group import (
    GROUP,
    MEMBERS,
    MIRA,
    READ,
    group_of,
    in_chat,
    opens,
    poll,
    votes,
)
from tests.support.story import ADA, BEN, MEI, Story, replace


@pytest.fixture
def story() -> Story:
    """A group of full size, with a noticeboard."""
    return group_of(*MEMBERS)


def test_everybody_is_asked_in_private_over_some_minutes_and_once(story):
    opens(story)
    for user in MEMBERS:
        asked = [heard for heard in in_chat(story, user) if heard.message.kind == "poll"]
        assert [heard.is_poll for heard in asked] == [False, True, False]
        assert "Nobody is told what you choose" in asked[0].body
        assert asked[1].body == "What shall we read?\n\n1: A novel\n2: Poems\n3: Nothing"
        assert "No buttons? Reply 1 to 3" in asked[2].body
        assert len(story.person(user).unasked) == 1
    story.happens(GroupDue(GROUP, Matter.POLLS))
    story.passes(hours=1)
    assert sum(heard.is_poll for heard in in_chat(story, ADA)) == 1


def test_not_all_are_asked_at_the_same_moment(story):
    story.says(MIRA, READ)
    story.says(MIRA, "yes")
    due = {at for key, (at, _) in story.timers.items() if key.startswith("poll ")}
    assert len(due) == len(MEMBERS) + 2
    assert all(story.now <= at <= story.now + timedelta(minutes=10) for at in due)


def test_who_sleeps_is_asked_in_the_morning(story):
    story.says(ADA, "zone Asia/Tokyo")
    person = replace(story.person(ADA), zone="Asia/Tokyo")
    story.records["person", ADA] = person
    opens(story)  # 12:00 UTC is 21:00 there
    assert not [heard for heard in in_chat(story, ADA) if heard.is_poll]
    story.passes(hours=11)
    assert [heard for heard in in_chat(story, ADA) if heard.is_poll]


def test_who_wants_nothing_unasked_is_not_asked_but_may_ask(story):
    story.records["person", ADA] = replace(story.person(ADA), prompts_off=True)
    opens(story)
    assert not [heard for heard in in_chat(story, ADA) if heard.is_poll]
    assert [heard.is_poll for heard in story.says(ADA, "polls")] == [False, True, False]
    assert not story.person(ADA).unasked
    assert "Your vote: Poems" in story.votes(ADA, "2")[0].body


def test_a_week_that_is_full_puts_it_off(story):
    full = replace(story.person(ADA), unasked=(story.now - timedelta(days=6),) * 4)
    story.records["person", ADA] = full
    opens(story)
    assert not [heard for heard in in_chat(story, ADA) if heard.is_poll]
    story.passes(days=1)
    assert [heard for heard in in_chat(story, ADA) if heard.is_poll]


def test_nobody_is_asked_within_a_day_of_a_red_case(story):
    story.says(MIRA, READ)
    story.records["group", GROUP] = replace(story.one(Group, GROUP), red=story.now)
    story.says(MIRA, "yes")
    story.passes(hours=20)
    assert not [heard for heard in story.heard if heard.is_poll]
    story.passes(hours=4)
    assert [heard for heard in in_chat(story, ADA) if heard.is_poll]


def test_a_vote_counts_by_button_and_by_number_and_may_be_changed(story):
    opens(story)
    assert "Your vote: Poems. You can change it until" in story.votes(ADA, "2")[0].body
    assert poll(story).votes == {ADA: ("2",)}
    assert story.says(ADA, "1")[0].body == "Changed. Your vote: A novel."
    assert "Your vote: Nothing" in story.says(BEN, "3")[0].body
    assert poll(story).votes == {ADA: ("1",), BEN: ("3",)}


def test_a_vote_can_be_taken_back(story):
    opens(story)
    story.votes(ADA, "2")
    story.passes(minutes=1)
    assert "no vote in it now" in story.votes(ADA)[0].body
    assert not poll(story).votes


def test_a_hundred_changes_of_mind_are_answered_once_a_minute(story):
    opens(story)
    told = [heard for n in range(100) for heard in story.votes(ADA, str(n % 3 + 1))]
    told += [heard for n in range(100) for heard in story.votes(ADA, *["1"][: n % 2])]
    assert len(told) == 1
    assert poll(story).votes == {ADA: ("1",)}
    story.passes(minutes=1)
    assert story.votes(ADA, "2")[0].body == "Changed. Your vote: Poems."
    assert not story.votes(ADA, "2")


def test_what_is_no_choice_counts_nothing(story):
    opens(story)
    assert "not one of the choices" in story.votes(ADA, "4")[0].body
    assert "1 to 3" in story.says(ADA, "4")[0].body
    assert not poll(story).votes


def test_several_may_be_chosen(story):
    opens(story, "!poll multi What? | A | B | C")
    story.votes(ADA, "3", "1")
    story.says(BEN, "1 1 2")
    assert poll(story).votes == {ADA: ("1", "3"), BEN: ("1", "2")}
    assert "up to 3 numbers" in in_chat(story, MEI)[-1].body


def test_dots_may_stand_on_one_together_by_numbers(story):
    opens(story, "!poll dots What? | A | B | C | D")
    story.votes(ADA, "1", "2", "3", "4")
    assert "Your vote: A (2), C (1)" in story.says(BEN, "1 3 1")[0].body
    assert poll(story).votes == {ADA: ("1", "2", "3"), BEN: ("1", "1", "3")}


def test_a_stranger_and_who_has_left_do_not_vote(story):
    opens(story)
    asked = next(heard for heard in in_chat(story, ADA) if heard.is_poll)
    story.votes(ADA, "1")
    story.says(ADA, "leave")
    assert not poll(story).votes
    assert "over" in story.votes(ADA, "1", poll=asked)[0].body
    stranger = UserId("@stranger:example.org")
    story.opens_chat(stranger)
    assert "over" in story.votes(stranger, "1", poll=asked)[0].body
    assert not poll(story).votes


def test_the_buttons_of_an_older_poll_about_the_same_count_too(story):
    opens(story)
    first = next(heard for heard in in_chat(story, ADA) if heard.is_poll)
    story.says(ADA, "polls")
    assert "Your vote: Poems" in story.votes(ADA, "2", poll=first)[0].body
    assert "You chose: Poems" in story.says(ADA, "polls")[0].body


def test_each_number_is_for_the_vote_that_was_asked_last(story):
    opens(story)
    opens(story, "!poll What else? | A | B")
    story.says(ADA, "2")
    first, second = story.all(Poll)
    assert (first.votes, second.votes) == ({}, {ADA: ("2",)})
    asked = next(heard for heard in in_chat(story, ADA) if heard.is_poll)
    story.votes(ADA, "3", poll=asked)
    assert story.all(Poll)[0].votes == {ADA: ("3",)}


def test_somebodys_own_data_has_their_vote(story):
    opens(story)
    votes(story, ada="1", ben="2")
    assert _own_part(poll(story), ADA)["votes"] == ["1"]
    assert BEN not in str(_own_part(poll(story), ADA))
