"""Where the parts of a group's rhythm meet: in one chat, in one week, and when somebody goes."""

from datetime import timedelta

import pytest

from appservice.domain.meetings.meeting import Meeting
from tests.domain.voting_group import group_of, in_chat, opens, poll
from tests.support.at_meetings import FIRST, of_kind, plans, runs, to_start
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
LATER = "!poll How many? | 3 | 5 | 7 | for 2 weeks"


def led(story: Story) -> None:
    """Found a small group that Ada and Ben lead."""
    story.founds(replace(example("small"), facilitators=(ADA, BEN)))
    story.lets_in(ADA, BEN, MEI)


@pytest.mark.parametrize("word", ["off", "snooze 4 weeks", "pause 4 weeks"])
def test_who_leads_a_small_group_and_wants_nothing_gets_no_cards_in_private(word):
    story = Story()
    led(story)
    story.says(ADA, word)
    plans(story, GROUP)
    heard = [*to_start(story), *runs(story, story.now.replace(tzinfo=None) + timedelta(hours=3))]
    for kind in ("runthrough", "agenda", "meeting_open", "notice"):
        assert not of_kind(heard, kind, story.person(ADA).chat), kind
        assert of_kind(heard, kind, story.person(BEN).chat), kind


def test_the_list_of_a_host_who_is_paused_goes_to_the_others():
    story = Story()
    led(story)
    story.says(ADA, "pause 4 weeks")
    plans(story, GROUP, host=ADA)
    heard = to_start(story)
    assert not of_kind(heard, "runthrough", story.person(ADA).chat)
    assert of_kind(heard, "runthrough", story.person(BEN).chat)


def test_a_wrong_number_is_no_vote_in_an_older_poll():
    story = group_of(MEI, ZOE)
    first = opens(story)
    opens(story, LATER)
    assert story.says(MEI, "2")[-1].message.kind == "not_understood"
    assert not [one for one in story.all(type(first)) if one.votes]
    story.says(MEI, "5")
    assert poll(story).votes == {MEI: ("2",)}


def test_stop_after_a_check_in_ends_check_ins():
    story = group_of(MEI, ZOE)
    story.says(MEI, "check-in on")
    runs(story, story.now.replace(tzinfo=None) + timedelta(days=7))
    assert in_chat(story, MEI)[-1].message.kind == "checkin"
    said = story.says(MEI, "stop")[-1]
    assert "Nothing is open" not in said.body
    heard = runs(story, story.now.replace(tzinfo=None) + timedelta(days=15))
    assert not of_kind(heard, "checkin")


def test_a_choice_between_two_meetings_undoes_no_change_made_meanwhile():
    story = Story()
    led(story)
    plans(story, GROUP)
    plans(story, GROUP, number=2, start=FIRST + timedelta(hours=2))
    asked = story.says(ADA, "!meeting cancel 1 dec")[-1]
    assert len(asked.message.choices) == 2
    story.says(BEN, "!meeting length 2 90m")
    story.says(BEN, "yes")
    story.says(ADA, "2")
    story.says(ADA, "yes")
    assert story.one(Meeting, f"{GROUP} 2").minutes == 90


@pytest.mark.parametrize("text", ["themen abstimmen", "themen wählen", "über themen abstimmen"])
def test_the_german_word_for_a_vote_on_topics_begins_one(text):
    story = group_of(MEI, ZOE)
    story.says(MEI, "language de")
    story.says(MEI, "thema Schlaf")
    story.says(MEI, "thema Wege")
    assert any(heard.is_poll for heard in story.says(MEI, text))


def test_a_word_that_is_a_command_itself_is_not_taken_for_a_slip():
    story = group_of(MEI, ZOE)
    story.says(MEI, "language de")
    assert "land" not in story.says(MEI, "hand")[-1].body


def test_alle_zwei_wochen_is_a_time_and_not_all_groups():
    story = group_of(MEI, ZOE)
    story.says(MEI, "language de")
    said = story.says(MEI, "check-in alle zwei Wochen Montag 9:00")[-1]
    assert "Montag" in said.body
