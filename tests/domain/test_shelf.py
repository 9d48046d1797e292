"""The shelf, told as dialogues: links are added, suggested, decided about, and grow old."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain import rhythm
from appservice.domain.group import Group
from appservice.domain.shelf.shelf import Shelf
from appservice.domain.shelf.writing import same_link
from tests.support.story import ADA, BEN, CODE, MEI, Story, example, replace

GROUP = f"group-{CODE}"
SLEEP = "Sleep well | https://www.example.org/sleep"
FACILITATED = f"!facilitators-{GROUP}"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN)))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    story.heard.clear()
    return story


def shelf(story: Story) -> Shelf:
    return next(iter(story.all(Shelf)), Shelf(GROUP))


def body(heard) -> str:
    return "\n".join(one.body for one in heard)


def test_a_link_is_added_and_shown_with_who_says_so_and_when(story):
    assert "nothing on the shelf" in body(story.says(MEI, "resources"))
    said = body(story.says(ADA, f"!resource add {SLEEP}/ | A sleep clinic | for tired days"))
    assert "number 1: Sleep well" in said
    assert "2027-11-23" in said
    shown = body(story.says(MEI, "resources"))
    assert "1: Sleep well\nhttps://www.example.org/sleep/\nSays: A sleep clinic." in shown
    assert "Looked at: 2026-11-23" in shown
    assert "for tired days" in shown
    assert "health" not in shown


def test_a_link_that_says_something_medical_says_so(story):
    story.says(ADA, f"!resource add {SLEEP} | A clinic | medical")
    entry = shelf(story).resources[0].entry
    assert entry.medical
    assert (entry.source, entry.note) == ("A clinic", "")
    assert "This is about health" in body(story.says(MEI, "resources"))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Sleep well", "title first"),
        ("https://www.example.org", "title first"),
        ("https://www.example.org | Sleep", "title first"),
        ("", "title first"),
        (SLEEP, "who says so"),
        ("Sleep | http://www.example.org | me", "begin with https"),
        ("Sleep | https://www.example.org@evil.example | me", "begin with https"),
        ("Sleep | https:// | me", "begin with https"),
        ("Sleep | https://[::1 | me", "begin with https"),
        ("Sleep | https://www.example.org:99999/ | me", "begin with https"),
        ("Sleep | javascript:alert(1) | me", "begin with https"),
        ("Sleep | https://www.example.org/a b | me", "begin with https"),
        (f"{'x' * 121} | https://www.example.org | me", "title is too long"),
        (f"Sleep | https://www.example.org/{'x' * 500} | me", "link is too long"),
        (f"Sleep | https://www.example.org | {'x' * 121}", "source is too long"),
        (f"Sleep | https://www.example.org | me | {'x' * 301}", "note is too long"),
        (f"{SLEEP} | me | note | more", "too many parts"),
    ],
)
def test_what_cannot_be_added_is_told_in_one_sentence_and_changes_nothing(story, written, told):
    said = story.says(ADA, f"!resource add {written}")
    assert [heard.message.kind for heard in said] == ["refusal"]
    assert told in said[0].body
    assert not story.all(Shelf)


def test_a_link_stands_there_once_however_it_is_spelled(story):
    story.says(ADA, f"!resource add {SLEEP} | me")
    for again in ("https://EXAMPLE.org/sleep/", "https://www.example.org/sleep#top"):
        said = story.says(ADA, f"!resource add Again | {again} | me")
        assert "as number 1" in body(said)
    assert "as number 1" in body(story.says(MEI, f"suggest {SLEEP}"))
    assert len(shelf(story).resources) == 1
    story.says(ADA, "!resource edit 1 Sleep better | https://www.example.org/sleep | me")
    assert shelf(story).resources[0].entry.title == "Sleep better"


def test_fifty_links_are_enough(story):
    for number in range(50):
        story.says(ADA, f"!resource add N{number} | https://www.example.org/{number} | me")
    said = story.says(ADA, f"!resource add {SLEEP} | me")
    assert "it holds 50 links" in body(said)
    assert len(shelf(story).resources) == 50
    story.says(ADA, "!resource drop 7")
    story.says(ADA, f"!resource add {SLEEP} | me")
    assert shelf(story).resources[-1].number == 51


def test_a_suggestion_goes_to_facilitators_without_a_name_and_comes_back_kindly(story):
    said = story.says(MEI, f"suggest {SLEEP}")
    told = [heard for heard in said if heard.room == FACILITATED]
    assert "Somebody in Willow suggests" in body(told)
    assert "Says: example.org" in body(told)
    assert "mei" not in body(told)
    assert list(shelf(story).suggested) == [MEI]
    assert "nothing on the shelf" in body(story.says(MEI, "resources"))
    said = story.says(ADA, "!resource approve 1", room=FACILITATED)
    mine = [heard for heard in said if heard.room == story.person(MEI).chat]
    assert "is on the shelf of Willow now" in body(mine)
    assert "mei" not in body(said)
    assert not shelf(story).suggested
    assert "Sleep well" in body(story.says(BEN, "resources"))
    again = story.says(BEN, "!resource approve 1")
    assert "Perhaps somebody was faster" in body(again)
    assert len(shelf(story).resources) == 1


def test_a_suggestion_that_is_declined_is_told_kindly_and_forgotten(story):
    story.says(MEI, f"suggest {SLEEP}")
    said = story.says(BEN, "!resource decline 1")
    assert "Thank you for thinking of the others" in body(said)
    assert not shelf(story).suggested
    assert not shelf(story).resources
    assert MEI not in repr(shelf(story))


def test_what_somebody_suggested_goes_with_them(story):
    story.says(MEI, f"suggest {SLEEP}")
    story.says(MEI, "leave")
    assert not shelf(story).suggested


def test_three_suggestions_of_one_member_wait_at_most(story):
    for number in range(3):
        story.says(MEI, f"suggest N{number} | https://www.example.org/{number}")
    assert "wait for an answer" in body(story.says(MEI, f"suggest {SLEEP}"))
    assert len(shelf(story).suggested[MEI]) == 3
    story.says(ADA, "!resource decline 2")
    assert "Thank you" in body(story.says(MEI, f"suggest {SLEEP}"))


@pytest.mark.parametrize("text", ["suggest that we all go for a walk", "resources are scarce"])
def test_sentences_that_begin_alike_are_no_commands(story, text):
    assert story.says(MEI, text)[0].message.kind == "program"
    assert not story.all(Shelf)


def test_facilitators_are_told_once_a_month_before_and_once_when_it_is_too_old(story):
    story.says(ADA, f"!resource add {SLEEP} | me")
    story.says(ADA, "!resource add Walk | https://www.example.org/walk | me")
    story.heard.clear()
    story.passes(days=334)
    assert not story.heard
    story.passes(days=1)
    assert [heard.room for heard in story.heard] == [FACILITATED]
    assert "1: Sleep well is out of date from 2027-11-23 on" in story.heard[0].body
    story.says(ADA, "!resource review 2")
    story.heard.clear()
    story.passes(days=30, hours=1)
    assert "1: Sleep well is out of date since" in body(story.heard)
    assert "Walk" not in body(story.heard)
    story.passes(days=60)
    assert len(story.heard) == 1
    shown = body(story.says(MEI, "resources"))
    assert "Walk" in shown
    assert "Sleep" not in shown
    assert "members do not see it" in body(story.says(ADA, "!resource"))
    story.says(ADA, "!resource review 1")
    assert "Sleep" in body(story.says(MEI, "resources"))


def test_after_a_long_outage_it_is_told_once_and_as_it_is_by_then(story):
    story.says(ADA, f"!resource add {SLEEP} | me")
    story.heard.clear()
    story.passes(days=500)
    assert len(story.heard) == 1
    assert "out of date since" in story.heard[0].body


def test_at_the_end_of_a_group_nothing_is_left_to_look_at(story):
    story.says(ADA, f"!resource add {SLEEP} | me")
    story.says(ADA, "!theme rotate weekly on monday 9:00")
    story.says(MEI, "buddy on")
    assert len(story.timers) == 3
    state = story.state(next(iter(story.timers.values()))[1])
    outcome = rhythm.over(state, story.one(Group, GROUP))
    assert {drop.kind for drop in outcome.drops} == {"shelf", "themes", "buddies"}
    assert set(story.timers) <= {effect.key for effect in outcome.effects}


def test_within_a_day_of_a_red_case_it_waits(story):
    story.says(ADA, f"!resource add {SLEEP} | me")
    story.heard.clear()
    red = story.now + timedelta(days=334, hours=12)
    story.records["group", GROUP] = replace(story.one(Group, GROUP), red=red)
    story.passes(days=335)
    assert not story.heard
    story.passes(hours=12)
    assert len(story.heard) == 1


@pytest.mark.parametrize(
    ("day", "kind"),
    [("2027-02-01", "notice"), ("2026-11-01", "refusal"), ("2030-01-01", "refusal")],
)
def test_a_review_may_hold_until_another_day(story, day, kind):
    story.says(ADA, f"!resource add {SLEEP} | me")
    before = shelf(story)
    assert story.says(ADA, f"!resource review 1 until {day}")[0].message.kind == kind
    changed = shelf(story).resources[0].expires != before.resources[0].expires
    assert changed == (kind == "notice")


@pytest.mark.parametrize(
    "text",
    ["review 9", "drop", "edit x", "approve", "decline 99999999999", "sing", "edit 1 nothing"],
)
def test_what_names_nothing_is_told_so(story, text):
    story.says(ADA, f"!resource add {SLEEP} | me")
    before = shelf(story)
    assert story.says(ADA, f"!resource {text}")[0].message.kind == "refusal"
    assert shelf(story) == before


def test_members_cannot_touch_the_shelf(story):
    assert story.says(MEI, f"!resource add {SLEEP} | me")[0].message.kind == "refusal"
    assert not story.all(Shelf)


def test_with_two_groups_it_asks_which(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    assert "For which group?" in body(story.says(MEI, f"suggest {SLEEP}"))
    assert not story.all(Shelf)
    story.says(MEI, f"suggest Birch {SLEEP}")
    assert [one.group for one in story.all(Shelf)] == ["group-BIRCH-2222"]
    shown = body(story.says(MEI, "resources"))
    assert "shelf of Willow" in shown
    assert "shelf of Birch" in shown


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_links_never_fails_and_is_mutual(one, other):
    links = [f"https://example.org/{text.replace('[', '')}" for text in (one, other)]
    assert same_link(links[0], links[0])
    assert same_link(*links) == same_link(*reversed(links))


@given(st.text(max_size=80))
def test_whatever_is_written_is_answered_in_one_message(written):
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN)))
    story.passes_the_gate(ADA)
    story.passes_the_gate(BEN)
    said = story.says(ADA, f"!resource add A | https://{written} | me")
    assert len(said) == 1
    assert said[0].message.kind in ("refusal", "notice")
