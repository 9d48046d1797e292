"""Questions without a name told as stories: previewed, decided by a facilitator, and forgotten."""

from dataclasses import asdict

import pytest

from appservice.domain.effects import Quote
from appservice.domain.unsigned.records import Questions
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
TEAM, BOARD = f"!facilitators-{GROUP}", f"!noticeboard-{GROUP}"
CANARY = "kanari"
ASKS = f"Question:  how do you\nget through {CANARY} nights?"


def told(**charter) -> Story:
    story = Story()
    story.founds(replace(example(), **{"facilitators": (ADA, BEN), **charter}))
    story.lets_in(ADA, BEN, MEI, ZOE)
    return story


@pytest.fixture
def story() -> Story:
    return told()


def asks(story: Story, user=MEI, text=ASKS) -> list:
    story.says(user, text)
    return story.says(user, "yes")


def waiting(story: Story) -> dict:
    return story.one(Questions, GROUP).waiting


def quotes(story: Story, room: str) -> list[Quote]:
    return [one for one in story.done(Quote) if one.room == room]


def test_it_goes_to_the_facilitators_only_after_a_yes(story):
    preview = story.says(MEI, ASKS)
    assert [one.message.kind for one in preview] == ["question"]
    assert not quotes(story, TEAM)
    heard = story.says(MEI, "yes")
    assert [one.room for one in heard] == [TEAM, "!chat-mei"]
    assert heard[1].message.kind == "question_pending"
    assert MEI not in heard[0].body
    quote = quotes(story, TEAM)[0]
    assert (quote.skip, quote.followed) == (1, False)
    assert quote.answers[0][1].room == "!chat-mei"


def test_a_no_passes_nothing_on(story):
    story.says(MEI, ASKS)
    assert story.says(MEI, "no")[0].body == "All right. Nothing was passed on."
    assert not story.all(Questions)


def test_nothing_of_what_was_written_is_kept(story):
    asks(story)
    assert CANARY not in repr([asdict(one) for one in story.records.values()])
    assert CANARY not in repr(story.effects)


def test_a_yes_puts_it_on_the_noticeboard_and_forgets_who_asked(story):
    asks(story)
    heard = story.says(ADA, "!question 1 approve", room=TEAM)
    assert [one.room for one in heard] == [BOARD, "!chat-mei", TEAM]
    assert not waiting(story)
    assert MEI not in repr(heard[0].message) + repr(heard[2].message)
    assert story.says(BEN, "!question decline 1", room=TEAM)[0].message.kind == "refusal"


def test_a_no_is_told_without_blame(story):
    asks(story)
    heard = story.says(ADA, "!question 1 decline", room=TEAM)
    assert "You did nothing wrong" in heard[0].body
    assert not quotes(story, BOARD)
    assert not waiting(story)


def test_in_a_small_group_facilitators_get_a_card_to_hand_on():
    story = told(size="small")
    assert [one.room for one in asks(story)][:2] == ["!chat-ada", "!chat-ben"]
    heard = story.says(ADA, "!question 1 approve")
    cards = [one for one in heard if "hand on in the circle" in one.body]
    assert {one.room for one in cards} == {"!chat-ada", "!chat-ben"}


def test_each_member_has_one_that_waits(story):
    asks(story)
    assert asks(story)[0].message.kind == "refusal"
    asks(story, ZOE)
    assert {one.number for one in waiting(story).values()} == {1, 2}
    assert len(story.says(ADA, "!question", room=TEAM)) == 2
    story.says(ADA, "!question 1 decline", room=TEAM)
    asks(story)
    assert waiting(story)[MEI].number == 3


def test_what_nobody_decides_about_is_let_go_and_told(story):
    asks(story)
    story.passes(days=3)
    asks(story, ZOE)
    heard = len(story.heard)
    story.passes(days=4)
    assert [one.room for one in story.heard[heard:]] == ["!chat-mei"]
    assert "Nobody has decided" in story.heard[-1].body
    assert list(waiting(story)) == [ZOE]
    story.passes(days=3)
    assert not waiting(story)


def test_who_leaves_takes_their_question_along(story):
    asks(story)
    story.says(MEI, "leave")
    assert not waiting(story)
    assert story.says(ADA, "!question", room=TEAM)[0].body == "No question waits."


def test_in_two_groups_it_is_asked_for_which(story):
    story.founds(replace(example(), name="Birch", facilitators=(ADA, BEN)), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    story.says(MEI, ASKS)
    story.says(MEI, "willow")
    assert MEI in waiting(story)
    story.says(MEI, ASKS)
    assert story.says(MEI, "no")[0].body == "All right. Nothing was passed on."


@pytest.mark.parametrize(
    "words",
    [
        "!question approve",
        "!question 1",
        "!question 1 maybe",
        "!question 1 2 approve",
        "!question 7 approve",
        "!question 99999999 approve",
        "!question 1 approve decline",
    ],
)
def test_unclear_words_decide_nothing(story, words):
    asks(story)
    assert story.says(ADA, words, room=TEAM)[0].message.kind == "refusal"
    assert list(waiting(story)) == [MEI]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("question", "notice"), ("question " + "x" * 1000, "refusal"), ("question:why", "program")],
)
def test_what_cannot_be_passed_on_meets_one_sentence(story, text, kind):
    assert [one.message.kind for one in story.says(MEI, text)] == [kind]
    assert not story.all(Questions)


def test_a_newer_question_of_ours_takes_the_preview_away(story):
    story.says(MEI, ASKS)
    story.says(MEI, "forget me")
    story.says(MEI, "no")
    assert not story.all(Questions)
