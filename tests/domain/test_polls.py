"""How a vote begins: shown back, confirmed, suggested by members, closed and stopped."""

from datetime import timedelta

import pytest

from appservice.domain.effects import ClosePoll
from appservice.domain.polls.poll import How, Poll, Stage
from tests.domain.voting_group import (
    JONAS,
    MEMBERS,
    MIRA,
    READ,
    TEAM,
    group_of,
    in_chat,
    on_board,
    opens,
    poll,
)
from tests.support.story import ADA, BEN, Story


@pytest.fixture
def story() -> Story:
    """A group of full size, with a noticeboard."""
    return group_of(*MEMBERS)


def test_a_vote_is_shown_back_and_begins_with_a_yes(story):
    shown = story.says(MIRA, READ)[0]
    assert shown.message.kind == "poll"
    assert "Vote 1: What shall we read?\n1: A novel\n2: Poems\n3: Nothing" in shown.body
    assert "Everybody chooses one.\nIt is open for 3 days." in shown.body
    assert poll(story).stage is Stage.DRAFT
    assert not on_board(story)
    assert "Vote 1 is open" in story.says(MIRA, "yes")[-1].body
    assert poll(story).closes == story.now + timedelta(days=3)
    assert "What shall we read?" in on_board(story)[0].body
    assert "polls" in on_board(story)[0].body


def test_a_no_leaves_nothing(story):
    story.says(MIRA, READ)
    assert "not asked" in story.says(MIRA, "no")[0].body
    assert not story.all(Poll)
    story.passes(days=9)
    assert not on_board(story)


def test_a_draft_that_nobody_confirms_is_let_go_of(story):
    story.says(MIRA, READ)
    story.passes(days=6)
    assert story.all(Poll)
    story.passes(days=1)
    assert not story.all(Poll)


def test_in_the_facilitators_room_it_is_confirmed_by_words(story):
    shown = story.says(MIRA, READ, room=TEAM)[0]
    assert "!poll yes 1" in shown.body
    assert not shown.message.choices
    assert not story.says(MIRA, "yes", room=TEAM)
    story.says(MIRA, "!poll yes 1", room=TEAM)
    assert poll(story).stage is Stage.OPEN


def test_a_draft_is_for_who_wrote_it_and_a_new_one_takes_its_place(story):
    story.says(MIRA, READ, room=TEAM)
    assert "no such vote" in story.says(JONAS, "!poll yes", room=TEAM)[0].body
    story.says(MIRA, "!poll Shall we meet on Sundays? | Yes | No", room=TEAM)
    assert [one.question for one in story.all(Poll)] == ["Shall we meet on Sundays?"]
    story.says(MIRA, "!poll yes", room=TEAM)
    assert poll(story).stage is Stage.OPEN


@pytest.mark.parametrize(
    ("text", "how", "options", "lasts"),
    [
        ("!poll What? | A | B", How.SINGLE, ("A", "B"), timedelta(days=3)),
        ("!poll What?\nA\nB\nfor 2 weeks", How.SINGLE, ("A", "B"), timedelta(days=14)),
        ("!poll multi What? | A | B | for 5 hours", How.MULTIPLE, ("A", "B"), timedelta(hours=5)),
        ("!poll What? | A | B | dots", How.DOTS, ("A", "B"), timedelta(days=3)),
        ("!poll What? | A | B | until 2026-12-24 | multi", How.MULTIPLE, ("A", "B"), None),
        ("!poll consent What?", How.CONSENT, (), timedelta(days=3)),
        ("!poll What? | consent | for 1 day", How.CONSENT, (), timedelta(days=1)),
        ("!poll What? | 3 days | 1 week", How.SINGLE, ("3 days", "1 week"), timedelta(days=3)),
        ("!poll consent: What?", How.CONSENT, (), timedelta(days=3)),
        ("!POLL  What?  |  A  |B|", How.SINGLE, ("A", "B"), timedelta(days=3)),
        ("!umfrage What? | A | B | punkte | für 2 Tage", How.DOTS, ("A", "B"), timedelta(days=2)),
    ],
)
def test_easy_words_say_how_it_goes(story, text, how, options, lasts):
    if text.startswith("!umfrage"):
        story.says(MIRA, "language de")
    story.says(MIRA, text)
    begun = poll(story)
    assert (begun.question, begun.how, begun.options) == ("What?", how, options)
    if lasts is None:
        assert begun.until.isoformat() == "2026-12-24T00:00:00+00:00"
    else:
        assert timedelta(minutes=begun.minutes) == lasts


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("!poll What? | A", "2 to 10 choices"),
        ("!poll What?", "2 to 10 choices"),
        ("!poll What? |" + "|".join(f"choice {n}" for n in range(50)), "I read 50"),
        ("!poll | A | B", "What is the question"),
        ("!poll ??? | A | B", "What is the question"),
        ("!poll What? | A | a | B", "twice"),
        ("!poll " + "What" * 60 + "? | A | B", "at most 200"),
        ("!poll What? | A | " + "B" * 81, "at most 80"),
        ("!poll What? | A | B | consent", "its own four answers"),
        ("!poll What? | A | B | for 90 days", "From one hour to 60 days"),
        ("!poll What? | A | B | for 0 hours", "From one hour to 60 days"),
        ("!poll What? | A | B | until 2020-01-01", "From one hour to 60 days"),
        ("!poll What? | A | B | for 3 fortnights", "From one hour to 60 days"),
    ],
)
def test_what_is_no_vote_is_told_in_one_sentence_and_changes_nothing(story, text, part):
    told = story.says(MIRA, text)
    assert [heard.message.kind for heard in told] == ["refusal"]
    assert part in told[0].body
    assert not story.all(Poll)


def test_signs_that_nobody_sees_are_taken_out(story):
    story.says(MIRA, "!poll What\u202e is it? | A\x00 b | C\u2066D | \ud800 E")
    assert poll(story).question == "What is it?"
    assert poll(story).options == ("A b", "C D", "E")


def test_five_votes_may_be_open_at_once(story):
    for number in range(5):
        opens(story, f"!poll Question {number}? | A | B")
    story.says(MIRA, READ)
    assert "Close one first" in story.says(MIRA, "yes")[0].body
    assert [one.number for one in story.all(Poll)] == [1, 2, 3, 4, 5, 6]


def test_what_was_opened_by_words_is_not_opened_again_by_a_number(story):
    story.says(MIRA, READ)
    story.says(MIRA, "!poll yes", room=TEAM)
    closes = poll(story).closes
    story.now += timedelta(seconds=30)
    assert "decided already" in story.says(MIRA, "1")[-1].body
    assert poll(story).closes == closes
    assert len(on_board(story)) == 1


def test_in_german_it_goes_by_german_words(story):
    for user in (MIRA, ADA):
        story.says(user, "sprache de")
    shown = story.says(MIRA, "!umfrage Was lesen wir? | Gedichte | Einen Roman | für 2 Tage")[0]
    assert "Sie ist 2 Tage lang offen" in shown.body
    story.says(MIRA, f"!umfrage ja {poll(story).number}", room=TEAM)
    story.passes(minutes=10)
    assert "Antworte mit 1 bis 2" in in_chat(story, ADA)[-1].body
    assert "Deine Wahl: Einen Roman" in story.says(ADA, "2")[0].body
    assert "Gewählt: Einen Roman" not in on_board(story)[-1].body
    story.says(MIRA, "!umfrage schließen", room=TEAM)
    assert "Chosen: Einen Roman" in on_board(story)[-1].body  # the language of the group


def test_a_vote_can_be_closed_early_and_stopped(story):
    opens(story)
    story.votes(ADA, "2")
    assert "result is told" in story.says(MIRA, "!poll close 1", room=TEAM)[-1].body
    assert "Chosen: Poems" in on_board(story)[-1].body
    opens(story, "!poll What else? | A | B")
    story.votes(BEN, "1")
    assert "no answer is kept" in story.says(MIRA, "!poll stop", room=TEAM)[-1].body
    assert "stopped, and nothing was counted: What else?" in on_board(story)[-1].body
    assert [one.stage for one in story.all(Poll)] == [Stage.CLOSED]
    story.passes(minutes=10)
    ended = [effect.message.lines[0].key for effect in story.done(ClosePoll)]
    assert "poll-ended-stopped" in ended


def test_the_list_tells_no_number_of_votes(story):
    opens(story)
    story.votes(ADA, "2")
    told = story.says(MIRA, "!poll list", room=TEAM)[0].body
    assert "1: What shall we read? (open until" in told
    assert "Poems" not in told.partition("A new one")[0]
    opens(story, "!poll What else? | A | B")
    assert "Which one" in story.says(MIRA, "!poll close", room=TEAM)[0].body
    assert "Which one" in story.says(MIRA, "!poll close 7", room=TEAM)[0].body


def test_a_question_that_begins_with_such_a_word_is_a_question(story):
    story.says(MIRA, "!poll stop at nine? | Yes | No")
    assert poll(story).question == "stop at nine?"


def test_words_with_a_mark_are_for_facilitators(story):
    assert story.says(ADA, READ)[0].message.kind == "refusal"
    assert not story.all(Poll)


def test_a_members_vote_needs_a_facilitators_yes_and_says_so(story):
    shown = story.says(ADA, "poll What shall we read? | A novel | Poems")[0]
    assert "A facilitator decides" in shown.body
    assert "waits for a facilitator" in story.says(ADA, "yes")[-1].body
    told = [heard for heard in story.heard if heard.room == TEAM]
    assert "A member suggests a vote" in told[-1].body
    assert "ada" not in told[-1].body.casefold()
    story.says(JONAS, "!poll yes 1", room=TEAM)
    assert "is open now" in in_chat(story, ADA)[-1].body
    story.passes(minutes=10)
    assert [heard for heard in in_chat(story, BEN) if heard.is_poll]


def test_a_no_is_told_kindly_and_one_may_wait_at_a_time(story):
    story.says(ADA, "poll What shall we read? | A novel | Poems")
    story.says(ADA, "yes")
    story.says(ADA, "poll What else? | A | B")
    assert "still waits" in in_chat(story, ADA)[-1].body
    story.says(JONAS, "!poll no 1", room=TEAM)
    assert "for now" in in_chat(story, ADA)[-1].body
    assert not story.all(Poll)


def test_a_suggestion_goes_with_who_made_it(story):
    story.says(ADA, "poll What shall we read? | A novel | Poems")
    story.says(ADA, "yes")
    story.says(ADA, "leave")
    assert not story.all(Poll)


@pytest.mark.parametrize("text", ["poll me when you can", "vote for her", "votes are in"])
def test_an_ordinary_sentence_is_no_vote(story, text):
    assert story.says(ADA, text)[0].message.kind == "program"


def test_polls_alone_shows_what_is_open(story):
    assert "No vote is open" in story.says(ADA, "poll")[0].body
    opens(story)
    assert [heard.is_poll for heard in story.says(ADA, "polls")] == [False, True, False]
    assert [heard.is_poll for heard in story.says(ADA, "poll")] == [False, True, False]
