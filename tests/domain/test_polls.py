"""Votes of a group, told as dialogues: private, hidden until the close, then forgotten."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.effects import Chart, ClosePoll, HandOut
from appservice.domain.events import GroupDue
from appservice.domain.group import Group
from appservice.domain.polls.counting import counted
from appservice.domain.polls.poll import How, Mood, Poll, Result, Stage
from appservice.domain.types import Matter, RoomKind, UserId
from appservice.service.export import _own_part
from tests.support.story import ADA, BEN, CODE, MEI, START, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
BOARD, TEAM = f"!noticeboard-{GROUP}", f"!facilitators-{GROUP}"
MIRA, JONAS = UserId("@mira:example.org"), UserId("@jonas:example.org")
MEMBERS = (ADA, BEN, MEI, ZOE)
READ = "!poll What shall we read? | A novel | Poems | Nothing"


def group_of(*members: UserId, size: str = "standard") -> Story:
    story = Story()
    story.founds(replace(example(size), facilitators=(MIRA, JONAS)))
    for user in (MIRA, JONAS, *members):
        story.passes_the_gate(user)
        story.accepts(user)
    story.passes(days=8)  # no tips or greetings are left
    story.heard.clear()
    return story


@pytest.fixture
def story() -> Story:
    """A group of full size, with a noticeboard."""
    return group_of(*MEMBERS)


def opens(story: Story, text: str = READ, by: UserId = MIRA) -> Poll:
    """Let a facilitator begin a vote, and everybody be asked."""
    shown = story.says(by, text)[0]
    assert [choice.id for choice in shown.message.choices] == ["yes", "no"], shown.body
    story.says(by, "yes")
    story.passes(minutes=10)
    return poll(story)


def poll(story: Story) -> Poll:
    return story.all(Poll)[-1]


def in_chat(story: Story, user: UserId) -> list:
    return [heard for heard in story.heard if heard.room == story.person(user).chat]


def on_board(story: Story) -> list:
    return [heard for heard in story.heard if heard.room == BOARD]


# -- a vote begins


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


# -- everybody is asked


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


# -- votes


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


# -- the close


def votes(story: Story, **choices: str) -> None:
    users = {"ada": ADA, "ben": BEN, "mei": MEI, "zoe": ZOE, "mira": MIRA, "jonas": JONAS}
    for name, choice in choices.items():
        story.votes(users[name], *choice)


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


# -- consent


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


# -- facilitators


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


# -- a member's vote


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


# -- what is kept


def test_somebodys_own_data_has_their_vote(story):
    opens(story)
    votes(story, ada="1", ben="2")
    assert _own_part(poll(story), ADA)["votes"] == ("1",)
    assert BEN not in str(_own_part(poll(story), ADA))
