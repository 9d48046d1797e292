"""While a meeting goes on: hands, turns, a soft timer, and stepping out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.cases.case import About, Case
from appservice.domain.floor import floor as rules
from appservice.domain.floor.floor import Floor, queue
from appservice.domain.meetings.meeting import Meeting
from tests.support.at_meetings import FIRST, plans, runs, to_start
from tests.support.story import ADA, BEN, CODE, MEI, START, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
TEAM = f"!facilitators-{GROUP}"


def settled(charter=None) -> Story:
    story = Story()
    story.founds(charter)
    for user in (ADA, BEN, MEI, ZOE):
        story.passes_the_gate(user)
    plans(story, GROUP)
    return story


@pytest.fixture
def story() -> Story:
    """A group in the middle of a meeting."""
    story = settled()
    to_start(story, minutes=13)
    return story


def told(story, heard, user=None) -> list[str]:
    """Return what facilitators were told, or somebody in their chat."""
    room = TEAM if user is None else story.person(user).chat
    return [one.body for one in heard if one.room == room]


def floor(story) -> Floor:
    return story.all(Floor)[0]


def test_a_hand_has_a_place_and_who_leads_sees_it(story):
    heard = story.says(MEI, "hand")
    assert "number 1" in told(story, heard, MEI)[0]
    assert told(story, heard) == ["Nobody has been given the word.\n1. @mei:example.org"]
    assert "number 2" in told(story, story.says(ZOE, "Hand!"), ZOE)[0]
    again = story.says(ZOE, "hand")
    assert "number 2" in told(story, again, ZOE)[0]
    assert told(story, again) == []


def test_fewest_turns_first_then_first_come(story):
    for user in (MEI, ZOE):
        story.says(user, "hand")
    heard = story.says(ADA, "!next")
    assert told(story, heard) == ["Speaks now: @mei:example.org\n1. @zoe:example.org"]
    heard = runs(story, story.now.replace(tzinfo=None))
    assert "It is your turn" in told(story, heard, MEI)[0]
    story.says(MEI, "done")
    story.says(MEI, "hand")
    story.says(BEN, "hand")
    assert queue(floor(story)) == (ZOE, BEN, MEI)
    story.says(ADA, "!next")
    story.says(ADA, "!next")  # who was called has had a turn
    assert floor(story).turns == {MEI: 1, ZOE: 1}
    assert floor(story).speaking.keys() == {BEN}


def test_pass_counts_nothing(story):
    story.says(MEI, "hand")
    heard = story.says(MEI, "pass")
    assert "That is fine" in told(story, heard, MEI)[0]
    assert told(story, heard) == ["Nobody has been given the word.\nNobody is in line."]
    assert floor(story).turns == {}
    story.says(MEI, "hand")
    story.says(ADA, "!next")
    story.says(MEI, "pass")
    assert floor(story).turns == {}
    assert not floor(story).speaking


def test_a_call_that_comes_too_late_is_not_said(story):
    story.says(MEI, "hand")
    story.says(ADA, "!next")
    story.says(MEI, "pass")
    assert told(story, runs(story, story.now.replace(tzinfo=None)), MEI) == []


@pytest.mark.parametrize("word", ["hand", "done", "pass", "step out", "check on me", "hands up"])
@pytest.mark.parametrize("minutes", [-11, 91])
def test_outside_of_a_meeting_these_are_words_like_others(word, minutes):
    story = settled()
    to_start(story, minutes=minutes)
    heard = story.says(MEI, word)
    assert [one.message.kind for one in heard] == ["program"]
    assert not story.all(Floor)


@pytest.mark.parametrize("minutes", [-10, -1, 0, 89])
def test_they_count_from_ten_minutes_before_to_a_quarter_of_an_hour_after(minutes):
    story = settled()
    to_start(story, minutes=-20)
    story.now = (FIRST + timedelta(minutes=minutes, seconds=1)).replace(tzinfo=START.tzinfo)
    assert "in line" in story.says(MEI, "hand")[-1].body


@pytest.mark.parametrize("word", ["and", "one", "gone", "past", "hand me the tissues"])
def test_nobody_is_taken_to_have_meant_them(story, word):
    assert story.says(MEI, word)[0].message.kind == "program"


def test_whoever_comes_late_gets_the_card_once(story):
    first = story.says(MEI, "hand")[-1]
    assert first.message.parts == ("meeting_open", "notice")
    assert "Our rules in short" in first.body
    assert "Our rules in short" not in story.says(MEI, "pass")[-1].body
    read = story.says(ZOE, "agenda")[0]
    assert read.message.parts == ("meeting_open", "agenda")
    assert story.says(ZOE, "agenda")[0].message.parts == ("agenda",)


def test_before_it_begins_nobody_is_late():
    story = settled()
    to_start(story, minutes=-5)
    assert "Our rules" not in story.says(MEI, "hand")[-1].body


def test_who_is_paused_or_a_stranger_has_no_hand(story):
    story.says(ZOE, "pause 2 weeks")
    assert story.says(ZOE, "hand")[0].message.kind == "program"
    assert story.says("@eve:example.org", "hand")[0].message.kind == "program"


def test_it_is_forgotten_a_quarter_of_an_hour_after_the_end(story):
    story.says(MEI, "hand")
    runs(story, FIRST + timedelta(minutes=89))
    assert story.all(Floor)
    runs(story, FIRST + timedelta(minutes=90))
    assert not story.all(Floor)


def test_it_is_forgotten_also_when_the_series_ends_or_we_were_down(story):
    story.says(MEI, "hand")
    planned = story.one(Meeting, f"{GROUP} 1")
    story.records[planned.kind, planned.key] = replace(planned, ended=story.now)
    story.passes(days=12)
    assert not story.all(Floor)


def test_who_leaves_is_nowhere_in_it(story):
    story.says(MEI, "hand")
    story.says(ADA, "!next")
    story.says(MEI, "done")
    story.says(MEI, "hand")
    story.says(MEI, "leave")
    assert MEI not in repr(floor(story))


def test_the_queue_is_shown_to_facilitators_only(story):
    story.says(MEI, "hand")
    assert "1. @mei:example.org" in story.says(BEN, "!queue")[0].body
    for word in ("!queue", "!next", "!timer 3"):
        assert story.says(ZOE, word)[0].message.kind == "refusal"
    assert floor(story).hands


def test_without_a_meeting_the_words_of_who_leads_say_so():
    story = settled()
    for word in ("!queue", "!next", "!timer 3"):
        heard = story.says(ADA, word)[0]
        assert heard.message.kind == "refusal"
        assert "No meeting goes on" in heard.body


def test_next_with_nobody_in_line_says_so(story):
    assert "Nobody is in line" in told(story, story.says(ADA, "!next"))[0]


def test_a_soft_timer_only_if_the_host_wants_it(story):
    story.says(MEI, "hand")
    story.says(ADA, "!next")
    assert not [b for b in told(story, to_start(story, minutes=20), MEI) if "nearly" in b]
    story.says(MEI, "done")
    story.says(ZOE, "hand")
    story.says(ADA, "!timer 3")
    story.says(ADA, "!next")
    assert not [b for b in told(story, to_start(story, minutes=22), ZOE) if "nearly" in b]
    nudges = [b for b in told(story, to_start(story, minutes=60), ZOE) if "nearly" in b]
    assert len(nudges) == 1


@pytest.mark.parametrize("how", ["done", "off", "timer", "leave"])
def test_no_nudge_to_who_is_done_or_wants_none(story, how):
    story.says(ADA, "!timer 2")
    story.says(MEI, "hand")
    story.says(ADA, "!next")
    match how:
        case "off":
            story.records["person", MEI] = replace(story.person(MEI), prompts_off=True)
        case "timer":
            story.says(ADA, "!timer off")
        case _:
            story.says(MEI, how)
    heard = to_start(story, minutes=60)
    assert not [one for one in heard if "nearly round" in one.body]


@pytest.mark.parametrize(
    "said", ["!timer", "!timer 0.5", "!timer 16", "!timer soon", "!timer 3000"]
)
def test_a_timer_that_cannot_be_is_refused(story, said):
    heard = story.says(ADA, said)[0]
    assert heard.message.kind == "refusal"
    assert "from 1 to 15" in heard.body
    assert not story.all(Floor)


@pytest.mark.parametrize(
    ("answer", "team", "member"),
    [
        ("1", "is fine", "you are fine"),
        ("no contact", "wants no contact", "no contact now"),
    ],
)
def test_stepping_out_tells_what_was_chosen_and_nothing_else(story, answer, team, member):
    story.says(MEI, "hand")
    asked = story.says(MEI, "step out")
    assert told(story, asked) == []
    assert [c.id for c in asked[0].message.choices] == ["step-fine", "step-check", "step-alone"]
    heard = story.says(MEI, answer)
    assert team in told(story, heard)[-1]
    assert member in told(story, heard, MEI)[-1]
    assert MEI not in floor(story).hands
    assert all(one.answered for one in story.person(MEI).asked if one.topic == "step-out")


def test_stepping_out_can_be_a_wish_for_somebody(story):
    story.says(MEI, "hand")
    story.says(MEI, "step out")
    heard = story.says(MEI, "Please check on me")
    assert "Nobody has read it yet" in told(story, heard, MEI)[-1]
    assert [case.named for case in story.all(Case)] == [(MEI,)]
    assert MEI not in floor(story).hands


def test_step_out_in_a_longer_sentence_is_for_people(story):
    assert story.says(MEI, "step out for a moment")[0].message.choices
    sentence = "step out of line and he gets very angry"
    assert story.says(MEI, sentence)[0].message.kind == "program"


def test_check_on_me_is_a_case_of_care_with_numbers_for_the_member(story):
    heard = story.says(MEI, "please check on me")
    [case] = story.all(Case)
    assert (case.about, case.reporter, case.excerpt) == (About.ME, MEI, ())
    answer = told(story, heard, MEI)[0]
    assert "116 123" in answer
    assert "notified" not in answer
    story.says(ADA, "!off")
    story.says(BEN, "!off")
    assert "is on duty now" in told(story, story.says(MEI, "check on me now"), MEI)[0]


def test_in_a_small_group_who_leads_reads_it_in_their_chats():
    story = settled(example("small"))
    to_start(story, minutes=-5)
    heard = story.says(MEI, "hand")
    assert "1. @mei:example.org" in told(story, heard, ADA)[0]
    assert told(story, heard, ZOE) == []


def test_a_hand_of_who_leads_is_told_to_the_others():
    story = settled(example("small"))
    to_start(story, minutes=-5)
    assert len(told(story, story.says(ADA, "hand"), ADA)) == 1


def test_in_german():
    story = settled()
    story.says(MEI, "sprache de")
    to_start(story, minutes=-5)
    assert "Nummer 1" in story.says(MEI, "wortmeldung")[-1].body
    assert "stehst nicht" in story.says(MEI, "passe")[-1].body
    assert story.says(MEI, "kurz raus")[0].message.choices


users = st.sampled_from([f"@{name}" for name in "abcde"])
moves = st.tuples(st.sampled_from(["raised", "passed", "spoken", "called"]), users)


@given(st.lists(moves, max_size=40))
def test_the_queue_is_fair(said):
    state = Floor(GROUP, 1, FIRST, START)
    for number, (what, user) in enumerate(said):
        now = START + timedelta(seconds=number)
        before = queue(state)
        match what:
            case "raised":
                state = rules.raised(state, user, now)
            case "called":
                state = rules.called(state, now)
                assert tuple(state.speaking) == before[:1]
            case "passed":
                state = rules.passed(state, user)
            case _:
                state = rules.spoken(state, user)
        assert len(state.speaking) <= 1
        assert not state.speaking.keys() & state.hands.keys()
        turns = [state.turns.get(one, 0) for one in queue(state)]
        assert turns == sorted(turns)
        equal = [one for one in queue(state) if state.turns.get(one, 0) == 0]
        assert equal == sorted(equal, key=lambda one: state.hands[one])
