"""Buddies, told as dialogues: both say yes, either ends it, and no name comes too early."""

from datetime import timedelta

import pytest

from appservice.domain.buddies.buddy import Buddies
from appservice.domain.effects import Say
from appservice.domain.events import PromptDue
from appservice.domain.group import Group
from appservice.domain.records import Care
from appservice.domain.types import UserId
from tests.support.story import ADA, BEN, CODE, MEI, START, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
LEA = UserId("@lea:example.org")


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN)))
    for user in (ADA, BEN, MEI, ZOE, LEA):
        story.passes_the_gate(user)
    story.heard.clear()
    return story


def buddies(story: Story) -> Buddies:
    return next(iter(story.all(Buddies)), Buddies(GROUP))


def ticks(story: Story) -> None:
    """Let what is due now go off, and what follows from it."""
    for _ in range(3):
        story.passes(seconds=1)


def told(story: Story, user: UserId) -> str:
    chat = story.person(user).chat
    return "\n".join(heard.body for heard in story.heard if heard.room == chat)


def pairs(story: Story) -> None:
    story.says(ZOE, "buddy volunteer")
    story.says(MEI, "buddy on")
    ticks(story)
    story.says(ZOE, "yes")
    ticks(story)


def test_each_is_told_the_other_only_after_both_have_said_yes(story):
    story.says(ZOE, "buddy volunteer")
    story.says(MEI, "buddy on")
    ticks(story)
    assert "like to be that now" in told(story, ZOE)
    for user, other in ((ZOE, "mei"), (MEI, "zoe")):
        assert other not in told(story, user)
        timers = [at for at in story.timers.items() if user in at[0]]
        assert other not in repr(timers)
        assert other not in repr(story.person(user))
    story.says(ZOE, "yes")
    ticks(story)
    assert f"You and {MEI} are buddies in Willow now, until 2026-12-07" in told(story, ZOE)
    assert f"You and {ZOE} are buddies in Willow now, until 2026-12-07" in told(story, MEI)
    places = {story.person(user).chat for user in (MEI, ZOE)}
    assert {heard.room for heard in story.heard} == places  # and nowhere else
    assert f"You and {ZOE} are buddies" in story.says(MEI, "buddy")[0].body


def test_after_a_fortnight_each_hears_once_that_it_is_over(story):
    pairs(story)
    story.heard.clear()
    story.passes(days=14)
    ticks(story)
    assert "two weeks" in told(story, MEI)
    assert "two weeks" in told(story, ZOE)
    assert len(story.heard) == 2
    assert not buddies(story).halves
    story.passes(days=60)
    assert len(story.heard) == 2


@pytest.mark.parametrize("word", ["buddy end", "buddy off", "leave", "pause 1 month"])
def test_who_ends_it_does_so_in_silence(story, word):
    pairs(story)
    story.heard.clear()
    before = story.says(ZOE, "buddy")[0].body
    story.says(MEI, word)
    ticks(story)
    assert MEI not in buddies(story).halves
    spoken = {effect.room for effect in story.done(Say)[-1:]}
    assert spoken == {story.person(MEI).chat}
    if word != "leave":
        assert story.says(ZOE, "buddy")[0].body == before
    story.heard.clear()
    story.passes(days=14)
    ticks(story)
    assert "two weeks" in told(story, ZOE)
    assert "mei" not in told(story, ZOE)
    assert not told(story, MEI)


def test_who_has_left_is_named_nowhere(story):
    pairs(story)
    story.says(MEI, "leave")
    assert MEI not in repr(buddies(story))
    assert "mei" not in story.says(ZOE, "buddy")[0].body
    story.says(MEI, "forget me")


def test_after_a_no_somebody_else_is_asked_and_nobody_hears_of_it(story):
    story.says(ZOE, "buddy volunteer")
    story.passes(hours=1)
    story.says(LEA, "buddy volunteer")
    story.says(MEI, "buddy on")
    ticks(story)
    assert "like to be that now" in told(story, ZOE)
    assert "like to be that now" not in told(story, LEA)
    assert "Nobody hears of it" in story.says(ZOE, "no")[0].body
    ticks(story)
    assert "like to be that now" in told(story, LEA)
    story.says(LEA, "buddy yes")
    ticks(story)
    assert LEA in told(story, MEI)
    assert "zoe" not in told(story, MEI)


def test_who_says_nothing_for_three_days_is_not_waited_for(story):
    story.says(ZOE, "buddy volunteer")
    story.says(MEI, "buddy on")
    ticks(story)
    story.says(LEA, "buddy volunteer")
    story.passes(days=3)
    ticks(story)
    assert "like to be that now" in told(story, LEA)
    assert "not needed" in story.says(ZOE, "buddy yes")[0].body
    assert not buddies(story).halves


def test_the_fewest_buddies_come_first_and_two_are_enough(story):
    pairs(story)
    story.says(LEA, "buddy volunteer")
    story.says(BEN, "buddy on")
    ticks(story)
    assert buddies(story).asked(LEA) == BEN
    story.says(LEA, "buddy yes")
    ticks(story)
    story.says(LEA, "buddy off")
    story.says(ADA, "buddy on")
    ticks(story)
    assert buddies(story).asked(ZOE) == ADA
    story.says(ZOE, "buddy yes")
    ticks(story)
    assert len(buddies(story).halves[ZOE]) == 2
    story.says(LEA, "buddy on")
    ticks(story)
    assert buddies(story).asked(ZOE) is None


def test_a_newcomer_is_offered_a_buddy_a_day_later_if_anybody_volunteered(story):
    new = UserId("@new:example.org")
    story.passes_the_gate(new)
    story.passes(days=2)
    assert "buddy" not in told(story, new)
    story.says(ZOE, "buddy volunteer")
    newer = UserId("@tim:example.org")
    story.passes_the_gate(newer)
    story.passes(hours=23)
    assert "buddy" not in told(story, newer)
    story.passes(hours=2)
    assert "glad to be a buddy" in told(story, newer)
    assert len(story.person(newer).unasked) == 1
    story.says(newer, "yes")
    assert newer in buddies(story).seeking
    ticks(story)
    assert buddies(story).asked(ZOE) == newer


def test_a_newcomer_may_say_no_and_is_not_asked_again(story):
    story.says(ZOE, "buddy volunteer")
    new = UserId("@tim:example.org")
    story.passes_the_gate(new)
    story.passes(hours=25)
    story.says(new, "no")
    assert not buddies(story).seeking
    story.heard.clear()
    story.passes(days=30)
    assert not told(story, new)


@pytest.mark.parametrize("why", ["off", "snooze", "paused", "care", "full"])
def test_who_wants_nothing_now_is_not_asked(story, why):
    story.says(ZOE, "buddy volunteer")
    story.passes(hours=1)
    story.says(LEA, "buddy volunteer")
    zoe = story.person(ZOE)
    if why == "off":
        story.records["person", ZOE] = replace(zoe, prompts_off=True)
    elif why == "full":
        story.records["person", ZOE] = replace(zoe, unasked=(story.now,) * 4)
    elif why == "care":
        story.records["care", ZOE] = Care(ZOE, story.now)
    else:
        story.says(ZOE, "buddy snooze 2 weeks" if why == "snooze" else "pause 1 week")
    story.heard.clear()
    story.says(MEI, "buddy on")
    ticks(story)
    assert "like to be that now" in told(story, LEA)
    assert not told(story, ZOE)


def test_a_snooze_ends_by_itself(story):
    story.says(ZOE, "buddy volunteer")
    story.says(ZOE, "buddy snooze 1 week")
    story.says(MEI, "buddy on")
    story.passes(days=6)
    assert "like to be that now" not in told(story, ZOE)
    story.passes(days=1)
    ticks(story)
    assert "like to be that now" in told(story, ZOE)


def test_nobody_is_asked_at_night_or_within_a_day_of_a_red_case(story):
    story.says(ZOE, "buddy volunteer")
    story.passes(hours=10)  # 22:00 and later
    story.says(MEI, "buddy on")
    ticks(story)
    assert "like to be that now" not in told(story, ZOE)
    story.records["group", GROUP] = replace(story.one(Group, GROUP), red=story.now)
    story.passes(hours=12)
    ticks(story)
    assert "like to be that now" not in told(story, ZOE)
    story.passes(hours=13)
    story.passes(hours=13)
    assert "like to be that now" in told(story, ZOE)


def test_a_wish_that_nobody_meets_ends_after_four_weeks(story):
    story.says(MEI, "buddy on")
    assert "looking for a buddy" in story.says(MEI, "buddy")[0].body
    story.passes(days=28)
    assert not buddies(story).seeking
    story.heard.clear()
    story.says(ZOE, "buddy volunteer")
    ticks(story)
    assert "like to be that now" not in told(story, ZOE)
    assert not [key for key in story.timers if "buddies" in key]


def test_repeats_change_nothing(story):
    story.says(ZOE, "buddy volunteer")
    story.says(MEI, "buddy on")
    asking = PromptDue(ZOE, GROUP, "buddy", "ask")
    ticks(story)
    story.says(ZOE, "yes")
    story.says(ZOE, "yes")
    ticks(story)
    story.heard.clear()
    story.happens(asking)
    assert not story.heard
    assert len(buddies(story).halves[ZOE]) == 1


def test_a_quiet_group_asks_nobody(story):
    story.says(ZOE, "buddy volunteer")
    story.says(ADA, "!quiet")
    assert story.says(MEI, "buddy on")[0].message.kind == "refusal"
    assert not buddies(story).seeking


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("buddy", "notice"),
        ("buddy snooze", "refusal"),
        ("buddy snooze 2 weeks", "notice"),
        ("buddy yes", "notice"),
        ("buddy holly is my hero", "program"),
        ("buddy on the other hand", "program"),
        ("buddy volunteer work is fun", "program"),
    ],
)
def test_other_words_change_nothing(story, text, kind):
    assert [heard.message.kind for heard in story.says(MEI, text)] == [kind]
    assert not buddies(story).seeking
    assert not buddies(story).volunteers


def test_the_wish_is_found_after_long_days_without_a_clock(story):
    story.says(ZOE, "buddy volunteer")
    story.says(MEI, "buddy on")
    story.now = START + timedelta(days=40)
    story.passes(seconds=1)
    ticks(story)
    assert not buddies(story).seeking
    assert "are buddies" not in told(story, ZOE)
