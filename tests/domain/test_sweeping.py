"""Messages taken out of rooms: somebody's own on their word, everybody's by their age."""

from datetime import timedelta

import pytest

from appservice.domain.effects import Say, SweepPage
from appservice.domain.events import LifetimeDue, PageSwept, SweepDue
from appservice.domain.group import Group
from appservice.domain.records import Sweep
from appservice.domain.types import RoomKind, Size
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
CIRCLE, BOARD, TEAM = (
    f"!{what}-{GROUP}" for what in (RoomKind.CIRCLE, RoomKind.NOTICEBOARD, RoomKind.FACILITATORS)
)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    return story


def pages(story) -> list[SweepPage]:
    """Let the next ones be due; what was asked of the steward for it."""
    story.effects.clear()
    story.passes(seconds=5)
    return story.done(SweepPage)


def sweeps(story, page: SweepPage, then: str, age: int | None = None) -> None:
    """Let the steward have carried a page out, whose oldest event has this age in days."""
    oldest = None if age is None else story.now - timedelta(days=age)
    story.happens(PageSwept(page.group, page.room, page.whose, then, oldest))


def test_it_asks_once_and_says_what_it_cannot_do(story):
    story.says(MEI, "redact my messages")
    asked = story.hears("notice")
    assert "may have kept it" in asked.body
    assert [choice.id for choice in asked.message.choices] == ["yes", "no"]
    story.says(MEI, "no")
    assert not story.all(Sweep)
    assert not pages(story)


def test_page_by_page_to_the_beginning_and_then_it_is_told(story):
    story.says(MEI, "redact my messages")
    story.says(MEI, "yes")
    circle, team = pages(story)
    assert (circle.room, circle.whose, circle.before, circle.start) == (CIRCLE, MEI, None, "")
    assert team.room == TEAM
    sweeps(story, team, "")
    sweeps(story, circle, "t1", 1)
    assert [page.start for page in pages(story)] == ["t1"]
    assert not pages(story)  # one at a time
    sweeps(story, circle, "t2", 400)
    assert [page.start for page in pages(story)] == ["t2"]
    story.heard.clear()
    sweeps(story, circle, "", 500)
    assert "what you wrote in Willow is taken out" in story.hears("notice").body
    assert not story.all(Sweep)
    assert not pages(story)
    sweeps(story, circle, "t3", 600)  # a repeat of what is over
    assert not story.all(Sweep)


def test_whoever_has_left_can_ask_too(story):
    story.says(MEI, "leave")
    assert "redact my messages" in story.hears("withdrawn").body
    story.says(MEI, "redact my messages")
    story.says(MEI, "1")
    assert {page.room for page in pages(story)} == {CIRCLE, TEAM}
    story.says(ZOE, "redact my messages")
    assert not story.hears("notice").message.choices


def test_with_forget_me_it_goes_on_when_they_are_forgotten(story):
    story.says(MEI, "forget me")
    story.says(MEI, "2")
    assert "until what you wrote is taken out" in story.hears("erased").body
    assert story.person(MEI) is None
    circle, team = pages(story)
    assert circle.whose == MEI
    story.heard.clear()
    for page in (circle, team):
        sweeps(story, page, "", 9)
    assert not story.heard
    assert not [record for record in story.records.values() if MEI in repr(record)]


# -- the lifetime


def test_it_is_off_until_facilitators_set_it_and_everybody_is_told(story):
    assert "lifetime" not in "".join(story.timers)
    story.says(ADA, "!lifetime")
    assert "stays there" in story.hears("notice").body
    for wrong in ("!lifetime 31", "!lifetime soon", "!lifetime off off"):
        story.says(ADA, wrong)
        assert story.hears("refusal")
    said = story.says(ADA, "!lifetime 30")
    assert [heard.room for heard in said] == [story.person(ADA).chat, BOARD]
    assert all("after 30 days" in heard.body for heard in said)
    assert story.one(Group, GROUP).charter.message_lifetime == 30
    story.says(MEI, "privacy")
    assert "goes after 30 days" in story.hears("privacy_card").body
    assert [heard.room for heard in story.says(ADA, "!lifetime 30")] == [story.person(ADA).chat]
    assert len(story.says(ADA, "!lifetime off")) == 2
    story.says(MEI, "privacy")
    assert "goes after" not in story.hears("privacy_card").body
    story.passes(days=3)
    assert not story.all(Sweep)
    story.says(MEI, "!lifetime 30")
    assert story.hears("refusal")


def test_in_a_small_group_it_is_told_in_the_chats():
    story = Story()
    story.founds(replace(example("small"), facilitators=(ADA, BEN), size=Size.SMALL))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    said = story.says(ADA, "!lifetime 90")
    chats = [story.person(user).chat for user in (ADA, BEN, MEI)]
    assert sorted(heard.room for heard in said) == sorted(chats)


def test_once_a_day_what_is_older_goes(story):
    story.says(ADA, "!lifetime 30")
    story.passes(days=1)
    circle, board = pages(story)
    assert {circle.room, board.room} == {CIRCLE, BOARD}
    assert circle.whose is None
    assert circle.before == story.now - timedelta(days=30, seconds=5)
    for page in (circle, board):
        sweeps(story, page, "", 40)
    assert not pages(story)
    assert {sweep.done_before for sweep in story.all(Sweep)} == {circle.before}
    story.passes(days=1)
    assert [page.start for page in pages(story)] == ["", ""]


def test_the_first_time_it_goes_to_the_beginning_and_later_only_as_far_as_needed(story):
    story.says(ADA, "!lifetime 30")
    story.passes(days=1)
    circle = next(page for page in pages(story) if page.room == CIRCLE)
    sweeps(story, circle, "t1", 700)
    assert [page.start for page in pages(story)] == ["t1"]
    sweeps(story, circle, "", 800)
    story.passes(days=1)
    circle = next(page for page in pages(story) if page.room == CIRCLE)
    sweeps(story, circle, "t1", 31)
    assert [page.start for page in pages(story)] == ["t1"]
    sweeps(story, circle, "t2", 33)
    assert not pages(story)


def test_when_the_lifetime_gets_shorter_all_between_goes_too(story):
    story.says(ADA, "!lifetime 90")
    story.passes(days=1)
    for page in pages(story):
        sweeps(story, page, "", 800)
    story.says(ADA, "!lifetime 30")
    story.passes(days=1)
    circle = next(page for page in pages(story) if page.room == CIRCLE)
    for age in (40, 89):
        sweeps(story, circle, f"t{age}", age)
        assert [page.start for page in pages(story)] == [f"t{age}"]
    sweeps(story, circle, "t99", 93)
    assert not pages(story)


def test_what_is_under_way_after_a_day_goes_on_where_it_is(story):
    story.says(ADA, "!lifetime 30")
    story.passes(days=1)
    circle = next(page for page in pages(story) if page.room == CIRCLE)
    sweeps(story, circle, "t1", 31)
    pages(story)  # the homeserver does not answer
    story.passes(days=1)
    assert "t1" in [page.start for page in pages(story)]


def test_a_charter_can_have_it_from_the_first_day():
    story = Story()
    story.founds(replace(example(), message_lifetime=90))
    story.passes(days=1)
    assert {page.room for page in pages(story)} == {CIRCLE, BOARD}


def test_timers_look_again(story):
    before = dict(story.records)
    story.happens(LifetimeDue(GROUP))
    story.happens(SweepDue(GROUP, CIRCLE, MEI))
    story.happens(LifetimeDue("nowhere"))
    assert story.records == before
    assert not story.done(SweepPage)
    assert not [say for say in story.done(Say)[-1:] if "lifetime" in repr(say)]
