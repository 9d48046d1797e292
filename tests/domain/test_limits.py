"""What a group is not: a reminder as far as it is welcome, and words to forward."""

import pytest

from appservice.domain.group import Group
from appservice.domain.types import Size
from tests.support.story import ADA, BEN, CODE, MEI, Story, example, replace

GROUP = f"group-{CODE}"
BOARD = f"!noticeboard-{GROUP}"
TEAM = f"!facilitators-{GROUP}"
WORDS = "It is not a doctor"


def standing(size: Size = Size.STANDARD, **charter) -> Story:
    story = Story()
    story.founds(replace(example(), size=size, **charter))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    for user in (ADA, BEN, MEI):
        story.accepts(user)
    return story


@pytest.fixture
def story() -> Story:
    return standing()


def said(heard) -> list[str]:
    return [one.room for one in heard if WORDS in one.body]


def looks(story: Story, **span) -> list[str]:
    story.passes(**span)
    return said(story.looks(GROUP))


def test_it_comes_every_eight_weeks_by_day_on_the_noticeboard(story):
    assert looks(story, days=55) == []
    assert looks(story, days=1) == [BOARD]
    assert looks(story, minutes=10) == []
    assert looks(story, days=56, hours=8) == []  # eight in the evening
    assert looks(story, hours=12) == []  # eight in the morning
    assert looks(story, hours=2) == [BOARD]


def test_facilitators_set_how_often_or_off(story):
    told = story.says(ADA, "!limits every 4 weeks", room=TEAM)[0]
    assert "4 weeks" in told.body
    assert story.one(Group, GROUP).charter.limits_every == 4
    assert looks(story, days=28) == [BOARD]
    story.says(ADA, "!limits off")
    assert looks(story, days=300) == []
    assert "Every 52 weeks" in story.says(ADA, "!limits every 364 days")[0].body
    assert "Every 52 weeks" in story.says(ADA, "!limits")[0].body


@pytest.mark.parametrize(
    "rest", ["every", "every 1 week", "every 60 weeks", "often", "off now", "8"]
)
def test_anything_else_is_told_how_it_goes(story, rest):
    refused = story.says(ADA, f"!limits {rest}")[0]
    assert refused.message.kind == "refusal"
    assert "!limits every 8 weeks" in refused.body
    assert story.one(Group, GROUP).charter.limits_every == 8


def test_it_does_not_come_within_a_day_of_a_red_case(story):
    story.passes(days=56)
    group = story.one(Group, GROUP)
    story.records["group", GROUP] = replace(group, red=story.now)
    assert looks(story, hours=2) == []
    assert looks(story, hours=22) == [BOARD]


@pytest.mark.parametrize("stage", ["draft", "quiet", "closing"])
def test_a_group_that_is_not_open_hears_nothing(story, stage):
    story.passes(days=56)
    story.records["group", GROUP] = replace(story.one(Group, GROUP), stage=stage)
    assert said(story.looks(GROUP)) == []


def test_a_group_that_opens_late_has_its_weeks_first():
    story = Story()
    story.founds(is_open=False)
    for user in (ADA, BEN):
        story.passes_the_gate(user)
        story.says(user, "!sign")
    story.passes(days=60)  # the plan is looked at again within 3 months
    story.says(ADA, "!open")
    assert story.one(Group, GROUP).stage == "open"
    assert looks(story, days=55) == []
    assert looks(story, days=1) == [BOARD]


def test_in_a_small_group_it_comes_to_each_as_far_as_it_is_welcome():
    story = standing(Size.SMALL)
    story.says(BEN, "off")
    story.passes(days=56)
    story.looks(GROUP)
    before = len(story.heard)
    story.passes(minutes=10)
    chats = {story.person(user).chat for user in (ADA, MEI)}
    assert set(said(story.heard[before:])) == chats
    assert len(story.person(MEI).unasked) == 1
    before = len(story.heard)
    story.looks(GROUP)
    story.passes(days=7)
    assert said(story.heard[before:]) == []


def test_in_a_small_group_it_does_not_come_days_late():
    story = standing(Size.SMALL)
    story.passes(days=56)
    story.looks(GROUP)
    before = len(story.heard)
    story.passes(days=3, minutes=1)  # an outage
    assert said(story.heard[before:]) == []


def test_in_a_small_group_red_and_quiet_hours_are_kept():
    story = standing(Size.SMALL)
    story.passes(days=56, hours=7, minutes=55)  # five minutes to eight in the evening
    story.says(MEI, "quiet hours 19 to 9")
    story.looks(GROUP)
    before = len(story.heard)
    story.passes(minutes=15)
    assert story.person(MEI).chat not in said(story.heard[before:])
    story.records["group", GROUP] = replace(story.one(Group, GROUP), red=story.now)
    before = len(story.heard)
    story.passes(hours=14)
    assert said(story.heard[before:]) == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("!redirect medical", "your doctor"),
        ("!card medicine", "your doctor"),
        ("!card limits", WORDS),
        ("!redirect limits", WORDS),
    ],
)
def test_words_to_forward_stand_alone_and_say_why_beside(story, command, words):
    how, card = story.says(ADA, command, room=TEAM)
    assert "forward" in how.body
    assert words in card.body
    assert words not in how.body
    assert "forward" not in card.body
    assert (how.room, card.room) == (TEAM, TEAM)


def test_nothing_that_anybody_writes_brings_it(story):
    for text in ("how many pills may I take", "medical", "doctor", "limits", "!redirect medical"):
        heard = story.says(MEI, text)
        assert not any("your doctor" in one.body or WORDS in one.body for one in heard)
    assert story.says(ADA, "how many pills may I take", room=TEAM) == []
    assert story.says(ADA, "!redirect", room=TEAM)[0].message.kind == "refusal"
    assert "!redirect medical" in story.says(ADA, "!redirect pills")[0].body
