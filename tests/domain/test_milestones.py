"""Milestones, told as dialogues: shown first, said by a yes, and kept nowhere."""

import pytest

from appservice.domain.effects import Quote
from tests.support.story import ADA, BEN, CODE, MEI, Story, example, replace

GROUP = f"group-{CODE}"
BOARD = f"!noticeboard-{GROUP}"
CANARY = "kestrel"


def told(size: str = "standard") -> Story:
    story = Story()
    story.founds(replace(example(size), facilitators=(ADA, BEN)))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    story.heard.clear()
    story.effects.clear()
    return story


def quotes(story: Story) -> list[Quote]:
    return story.done(Quote)


def test_it_is_shown_first_and_said_by_a_yes():
    story = told()
    story.says(MEI, f"milestone one year of {CANARY}")
    chat = story.person(MEI).chat
    assert [quote.room for quote in quotes(story)] == [chat]
    asked = story.hears("question")
    assert "noticeboard of Willow, with your name" in asked.body
    assert [choice.id for choice in asked.message.choices] == ["yes", "no"]
    said = story.says(MEI, "yes")
    assert [quote.room for quote in quotes(story)] == [chat, BOARD]
    assert "is on the noticeboard" in said[-1].body
    for quote in quotes(story):
        ((title, at),) = quote.answers
        assert title.values["user"] == MEI
        assert (at.room, quote.user, quote.skip, quote.followed) == (chat, MEI, 1, False)
    assert quotes(story)[0].answers == quotes(story)[1].answers
    assert CANARY not in repr((story.records, story.effects, story.heard))


def test_a_no_says_nothing_and_a_second_yes_neither():
    story = told()
    story.says(MEI, "milestone one year")
    assert "I say nothing" in story.says(MEI, "no")[0].body
    story.says(MEI, "milestone two years")
    story.says(MEI, "1")
    story.says(MEI, "yes")
    assert [quote.room for quote in quotes(story)].count(BOARD) == 1


def test_another_question_closes_it():
    story = told()
    story.says(MEI, "milestone one year")
    story.says(MEI, "pause")
    story.says(MEI, "yes")
    assert BOARD not in [quote.room for quote in quotes(story)]


def test_in_a_small_group_facilitators_get_a_card():
    story = told("small")
    story.says(MEI, "milestone one year")
    assert "give it to the facilitators" in story.hears("question").body
    story.says(MEI, "yes")
    cards = [quote for quote in quotes(story) if quote.room != story.person(MEI).chat]
    assert {card.room for card in cards} == {story.person(ADA).chat, story.person(BEN).chat}
    assert all(card.message.lines[0].key == "milestone-card" for card in cards)


def test_with_two_groups_it_asks_where():
    story = told()
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    story.says(MEI, "milestone one year")
    asked = story.hears("question")
    assert [choice.id for choice in asked.message.choices] == ["Willow", "Birch", "no"]
    story.says(MEI, "birch")
    assert [quote.room for quote in quotes(story)][-1] == "!noticeboard-group-BIRCH-2222"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("milestone", "notice"), (f"milestone {'x' * 601}", "refusal")],
)
def test_what_cannot_be_said_is_told_so(text, kind):
    story = told()
    assert [heard.message.kind for heard in story.says(MEI, text)] == [kind]
    assert not quotes(story)


def test_who_is_paused_or_has_left_in_the_meantime_says_nothing():
    story = told()
    story.says(MEI, "milestone one year")
    story.says(MEI, "pause 2 weeks")
    assert story.says(MEI, "yes")[0].message.kind == "refusal"
    assert BOARD not in [quote.room for quote in quotes(story)]
    assert "not in a pause" in story.says(MEI, "milestone one year")[0].body
    story = told()
    story.says(MEI, "milestone one year")
    story.says(MEI, "leave")
    story.says(MEI, "yes")
    assert BOARD not in [quote.room for quote in quotes(story)]


@pytest.mark.parametrize(
    ("text", "skip"),
    [("Milestone: one year", 1), ("celebrate one year", 1), ("milestone:one year", 0)],
)
def test_only_the_word_of_the_command_is_left_out(text, skip):
    story = told()
    story.says(MEI, text)
    assert quotes(story)[0].skip == skip
