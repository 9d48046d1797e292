"""After a death: nothing is sent to them or about them, those who are left are looked after."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.domain.buddies.buddy import Buddies, Half, Volunteer
from appservice.domain.cases.case import Result, Stage
from appservice.domain.duty.who import on_duty
from appservice.domain.effects import OpenChat, Remove
from appservice.domain.events import CircleSpoke, ErasureAsked, GroupDue, PromptDue
from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.prompts import calm_at, is_calm, welcome
from appservice.domain.records import Care
from appservice.domain.types import Matter, Prompt, RoomKind
from tests.domain.test_cases import changes, raises
from tests.support.at_meetings import FIRST, plans, runs
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
DAY = timedelta(days=1)
BEGIN, END = f"!postvention {MEI}", f"!postvention end {MEI}"


def told(size: str = "standard") -> Story:
    """Found a group that Ada and Ben look after, with Mei and Zoe in it."""
    story = Story()
    story.founds(replace(example(size), facilitators=(ADA, BEN), lead=None))
    story.lets_in(ADA, BEN, MEI, ZOE)
    return story


@pytest.fixture
def story() -> Story:
    return told()


def group_of(story: Story) -> Group:
    return story.one(Group, GROUP)


def room_of(story: Story) -> str:
    return group_of(story).rooms[RoomKind.FACILITATORS]


def to(story: Story, user: str, since: int = 0) -> list[str]:
    """Return what stands in somebody's chat since then."""
    chat = story.person(user).chat
    return [heard.body for heard in story.heard[since:] if heard.room == chat]


def in_room(story: Story, since: int) -> str:
    return "\n".join(h.body for h in story.heard[since:] if h.room == room_of(story))


def days(story: Story, count: int) -> None:
    for _ in range(count):
        story.passes(days=1)


def test_one_word_acts_at_once_and_tells_nobody_but_facilitators(story):
    before = len(story.heard)
    story.says(ADA, BEGIN)
    assert "has died" in in_room(story, before)
    assert "Today:" in in_room(story, before)
    assert "One of us has died" in in_room(story, before)
    assert "116 123" in in_room(story, before)
    for user in (MEI, ZOE, BEN):
        assert not to(story, user, before)
    assert [care.mourned for care in story.all(Care)] == [(GROUP,)]


def test_their_place_and_their_messages_are_let_be(story):
    story.says(ADA, BEGIN)
    assert story.consents(MEI)
    assert not [effect for effect in story.done(Remove) if effect.user == MEI]
    story.looks(GROUP)
    assert not [effect for effect in story.done(Remove) if effect.user == MEI]
    assert MEI in story.rooms[group_of(story).rooms[RoomKind.CIRCLE]]


@pytest.mark.parametrize("size", ["standard", "small"])
def test_no_prompt_reaches_them_in_forty_days(size):
    """Never-list 12."""
    story = told(size)
    for user in (MEI, ZOE):
        for wish in (
            "check-in on",
            "digest on",
            "buddy volunteer",
            "allow missed",
            "pause 2 days",
        ):
            story.says(user, wish)
    plans(story, GROUP)
    for word in (BEGIN, "!poll How many? | 3 | 5", "yes", "!meeting cancel next", "yes"):
        story.says(ADA, word)
    since = len(story.heard)
    runs(story, (story.now + 40 * DAY).replace(tzinfo=None))
    assert not to(story, MEI, since)
    assert to(story, ZOE, since)


@pytest.mark.parametrize("must_know", [False, True])
def test_no_prompt_is_welcome_even_if_they_should_know(story, must_know):
    def turn():
        event = PromptDue(MEI, GROUP, Prompt.NEWS)
        state = story.state(event)
        return welcome(state, MEI, GROUP, "cause", story.now, must_know=must_know)

    assert turn() is not None
    story.says(ADA, BEGIN)
    assert turn() is None
    story.says(BEN, END)
    assert turn() is not None


def test_it_holds_in_every_group_of_theirs(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    story.says(ADA, BEGIN)
    event = PromptDue(MEI, "group-BIRCH-2222", Prompt.REMINDER)
    state = story.state(event)
    assert welcome(state, MEI, event.group, "cause", story.now) is None


def test_word_to_all_members_leaves_them_out(story):
    story.says(ADA, BEGIN)
    since = len(story.heard)
    story.says(ADA, "!close")
    story.says(BEN, "!close")
    assert to(story, ZOE, since)
    runs(story, (story.now + 15 * DAY).replace(tzinfo=None))
    assert group_of(story).stage == "closed", "it does not wait for the dead"
    assert not to(story, MEI, since)
    assert not story.all(Care)


def test_changed_rules_neither_ask_nor_pause_nor_remove_them(story):
    story.says(ADA, BEGIN)
    since = len(story.heard)
    story.says(ADA, "!rules propose 7. Breathe: Breathe in and out.")
    story.says(ADA, "!rules propose de 7. Atme: Atme ein und aus.")
    story.says(ADA, "!rules why It helps.")
    story.says(ADA, "!rules publish major")
    runs(story, (story.now + 60 * DAY).replace(tzinfo=None))
    assert not to(story, MEI, since)
    assert not [effect for effect in story.done(OpenChat) if effect.user == MEI]
    [consent] = story.consents(MEI)
    assert not consent.pauses


def test_they_count_for_nothing_any_more(story):
    meeting = plans(story, GROUP, host=MEI)
    progress = Progress(GROUP, 1, FIRST, coming={MEI: "yes", ZOE: "yes"})
    story.records[progress.kind, progress.key] = progress
    until = story.now + 14 * DAY
    half = {MEI: (Half(ZOE, until),), ZOE: (Half(MEI, until),)}
    buddies = Buddies(GROUP, volunteers={MEI: Volunteer(story.now)}, halves=half)
    story.records[buddies.kind, buddies.key] = buddies
    story.says(ADA, BEGIN)
    assert story.one(Meeting, meeting.key).host is None
    assert story.one(Progress, progress.key).coming == {ZOE: "yes"}
    after = story.one(Buddies, buddies.key)
    assert not after.halves
    assert not after.volunteers
    since = len(story.heard)
    runs(story, (story.now + 20 * DAY).replace(tzinfo=None))
    assert not [body for body in to(story, ZOE, since) if "buddy" in body.casefold()]


def test_nobody_hears_that_a_first_message_of_theirs_has_no_answer(story):
    story.says(MEI, "allow newcomer")
    story.says(MEI, "yes")
    story.happens(CircleSpoke(group_of(story).rooms[RoomKind.CIRCLE], MEI, story.now))
    story.says(ADA, BEGIN)
    story.unanswered.add(MEI)
    since = len(story.heard)
    story.passes(hours=7)
    assert len(story.heard) == since


def test_posts_rest_for_a_week_and_then_until_somebody_says_so(story):
    story.says(ADA, BEGIN)
    assert not is_calm(group_of(story), story.now + 7 * DAY)
    days(story, 6)
    since = len(story.heard)
    days(story, 1)
    assert "!postvention posts" in in_room(story, since)
    assert not is_calm(group_of(story), story.now + 2 * DAY)
    story.says(BEN, "!postvention posts")
    assert is_calm(group_of(story), story.now)
    assert story.says(BEN, "!postvention posts")[0].message.kind == "refusal"


def test_posts_come_again_after_the_last_look(story):
    story.says(ADA, BEGIN)
    days(story, 29)
    assert not is_calm(group_of(story), story.now)
    days(story, 1)
    assert is_calm(group_of(story), story.now)


def test_a_red_case_and_a_death_both_keep_the_group_calm(story):
    group = replace(group_of(story), red=story.now, posts_rest=story.now + 3 * DAY)
    assert calm_at(group, story.now) == story.now + 3 * DAY
    assert calm_at(replace(group, posts_rest=None), story.now) == story.now + DAY
    assert calm_at(replace(group, red=None, posts_rest=None), story.now) == story.now


def test_facilitators_are_asked_to_look_on_five_days(story):
    story.says(ADA, BEGIN)
    story.says(BEN, f"!postvention confirm {MEI}")
    found = []
    for day in range(1, 41):
        since = len(story.heard)
        days(story, 1)
        if "the news about" in in_room(story, since):
            found.append(day)
    assert found == [1, 3, 7, 14, 30]


def test_of_looks_that_were_missed_only_the_newest_is_said(story):
    story.says(ADA, BEGIN)
    since = len(story.heard)
    story.passes(days=8)
    assert in_room(story, since).count("the news about") == 1
    assert "A week after" in in_room(story, since)
    story.happens(GroupDue(GROUP, Matter.POSTVENTION))
    assert in_room(story, since).count("the news about") == 1


def test_a_second_one_is_asked_for_within_a_day(story):
    story.says(ADA, BEGIN)
    since = len(story.heard)
    story.passes(hours=25)
    assert "Nobody else has said so" in in_room(story, since)
    days(story, 1)
    assert in_room(story, since).count("Nobody else has said so") == 1
    assert story.says(ADA, BEGIN)[0].message.kind == "refusal", "not the same one"
    story.says(BEN, BEGIN)
    assert group_of(story).postventions[0].second == BEN
    assert "confirmed by" in story.says(ADA, "!postvention")[0].body


def test_with_a_second_word_nobody_is_reminded(story):
    story.says(ADA, BEGIN)
    story.says(BEN, f"!postvention confirm {MEI}")
    since = len(story.heard)
    story.passes(hours=25)
    assert "Nobody else" not in in_room(story, since)


def test_a_mistake_is_undone_by_one_word_and_leaves_nothing(story):
    story.says(MEI, "check-in on")
    story.says(ADA, BEGIN)
    story.says(BEN, END)
    assert group_of(story).postventions == ()
    assert group_of(story).posts_rest is None
    assert not story.all(Care)
    assert f"group {GROUP} postvention" not in story.timers
    since = len(story.heard)
    runs(story, (story.now + 10 * DAY).replace(tzinfo=None))
    assert to(story, MEI, since), "check-ins go on"


def test_an_open_case_keeps_its_care_when_it_ends(story):
    story.says(ADA, BEGIN)
    care = replace(story.one(Care, MEI), cases=(12,))
    story.records[care.kind, care.key] = care
    story.says(ADA, END)
    assert story.one(Care, MEI).cases == (12,)
    assert story.one(Care, MEI).mourned == ()


def test_it_stays_when_a_case_that_named_them_is_closed(story):
    case = raises(story)
    story.says(ADA, BEGIN)
    assert story.one(Care, MEI).cases == (case.number,)
    changes(story, case, stage=Stage.CLOSED, closed=story.now, result=Result.LOOKED_AFTER)
    assert story.one(Care, MEI).mourned == (GROUP,)
    assert story.one(Care, MEI).cases == ()


def test_whoever_writes_is_answered_and_facilitators_are_told(story):
    story.says(ADA, BEGIN)
    since = len(story.heard)
    assert story.says(MEI, "groups")[0].room == story.person(MEI).chat
    assert story.says(MEI, "help")[0].message.kind == "help"
    assert in_room(story, since).count("account of") == 1
    story.passes(hours=25)
    story.says(MEI, "groups")
    assert in_room(story, since).count("account of") == 2
    story.says(MEI, "leave")
    assert not story.all(Care)
    assert group_of(story).postventions == ()


def test_forgetting_them_forgets_it(story):
    story.says(ADA, BEGIN)
    story.happens(ErasureAsked(MEI))
    assert not story.all(Care)
    assert group_of(story).postventions == ()


def test_members_are_asked_what_helps_only_when_facilitators_want_it(story):
    story.says(ZOE, "off")
    story.says(ADA, BEGIN)
    since = len(story.heard)
    story.says(BEN, "!postvention ask")
    story.passes(minutes=20)
    assert not to(story, MEI, since)
    assert not to(story, ZOE, since), "who wants nothing gets nothing"
    [asked] = to(story, ADA, since)
    assert "116 123" in asked
    assert MEI not in asked
    assert story.person(ADA).unasked == ()
    assert story.says(BEN, "!postvention ask")[0].message.kind == "refusal"
    story.says(ADA, "1")
    assert any("C-1" in body for body in to(story, BEN, since))


def test_no_member_is_asked_at_night_or_after_it_was_taken_back(story):
    story.says(ADA, BEGIN)
    story.passes(hours=10)
    story.says(ADA, "!postvention ask")
    since = len(story.heard)
    story.passes(minutes=20)
    assert not to(story, ZOE, since)
    story.says(ADA, END)
    days(story, 1)
    assert not to(story, ZOE, since)


@pytest.mark.parametrize(
    "word",
    [
        "!postvention mei",
        "!postvention @nobody:example.org",
        f"!postvention {MEI} {ZOE}",
        f"!postvention {ADA}",
        f"!postvention end {ZOE}",
        f"!postvention confirm {ZOE}",
        "!postvention ask",
        "!postvention posts",
        "!postvention begin",
    ],
)
def test_what_is_not_clear_changes_nothing(story, word):
    before = dict(story.records)
    said = story.says(ADA, word)
    assert [heard.message.kind for heard in said] == ["refusal"]
    assert group_of(story).postventions == ()
    assert before["care", MEI] if ("care", MEI) in before else not story.all(Care)


def test_members_cannot_say_it(story):
    story.says(ZOE, BEGIN)
    assert group_of(story).postventions == ()


def test_the_lead_hears_of_it_and_can_confirm_it():
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN), lead="@lea:example.org"))
    story.lets_in(ADA, BEN, MEI)
    lea = "@lea:example.org"
    story.opens_chat(lea)
    story.says(ADA, BEGIN)
    assert any("has died" in body for body in to(story, lea))
    story.says(lea, BEGIN)
    assert group_of(story).postventions[0].second == lea


def test_a_facilitator_who_has_died_is_neither_told_nor_on_duty():
    story = told("small")
    since = len(story.heard)
    story.says(ADA, f"!postvention {BEN}")
    assert not to(story, BEN, since)
    story.says(ZOE, "contact")
    story.passes(days=30)
    assert not to(story, BEN, since)
    assert any("C-1" in body for body in to(story, ADA, since))
    event = GroupDue(GROUP, Matter.POSTVENTION)
    assert on_duty(story.state(event), group_of(story), story.now) == (ADA,)


WISHES = ("check-in on", "digest on", "reminders on", "coming yes", "buddy", "buddy volunteer")
WORDS = (
    "!poll How many? | 3 | 5",
    "yes",
    "!poll close 1",
    "!meeting cancel next",
    "!theme use 1",
    "!theme rotate weekly on monday 9:00",
    "!feedback on",
    "!did We begin more slowly now.",
    "!did post",
    "!times 2026-12-20 19:00, 2026-12-21 18:30",
    "!lifetime 30",
    "!role @mei:example.org greeter",
    "!quiet",
    "!wake",
    "!postvention ask",
    "!postvention posts",
)
DOINGS = st.lists(st.tuples(st.sampled_from(WORDS), st.floats(0, 200)), min_size=3, max_size=8)


@settings(max_examples=15, deadline=None)
@given(
    size=st.sampled_from(["standard", "small"]),
    wishes=st.sets(st.sampled_from(WISHES)),
    doings=DOINGS,
)
def test_whatever_goes_on_nothing_is_said_to_them(size, wishes, doings):
    """Never-list 12."""
    story = told(size)
    plans(story, GROUP)
    for wish in sorted(wishes):
        story.says(MEI, wish)
    story.says(ADA, BEGIN)
    since = len(story.heard)
    for word, hours in doings:
        story.says(BEN, word)
        story.passes(hours=hours)
    story.passes(days=31)
    assert not to(story, MEI, since)
    assert not [effect for effect in story.done(Remove) if effect.user == MEI]
