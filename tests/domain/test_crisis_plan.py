"""The crisis plan: shown, changed, signed by two, looked at again, and played through."""

from datetime import timedelta

import pytest

from appservice.domain.cases.case import About
from appservice.domain.crisis_plan.drill import CARDS
from appservice.domain.events import GroupDue
from appservice.domain.founding import PLAN_SMALL, PLAN_STANDARD
from appservice.domain.group import Group
from appservice.domain.types import Matter, RoomKind
from tests.domain.test_cases import raises
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
REVIEW = "2027-03-01"  # the story begins on 2026-11-23


def drafted(size: str = "standard", **plan: str) -> Story:
    """Found a draft whose charter is whole, with two facilitators and a lead who can be told."""
    story = Story()
    charter = example(size)
    words = tuple({**dict(charter.crisis_plan), "review": REVIEW, **plan}.items())
    charter = replace(charter, facilitators=(ADA, BEN), lead=ZOE, crisis_plan=words)
    story.founds(charter, is_open=False)
    for user in (ADA, BEN):
        story.passes_the_gate(user)
        story.accepts(user)
    story.opens_chat(ZOE, "lead")
    return story


def opened(size: str = "standard", **plan: str) -> Story:
    story = drafted(size, **plan)
    for user in (ADA, BEN):
        story.says(user, "!sign")
    story.says(ADA, "!open")
    story.passes_the_gate(MEI)
    story.accepts(MEI)
    return story


def group_of(story: Story) -> Group:
    return story.one(Group, GROUP)


def field(story: Story, name: str) -> str:
    return dict(group_of(story).charter.crisis_plan)[name]


def told(story: Story, since: int, words: str) -> set[str]:
    """Return the rooms in which this was said since then."""
    return {heard.room for heard in story.heard[since:] if words in heard.body}


def kinds(heard) -> list[str]:
    return [one.message.kind for one in heard]


@pytest.mark.parametrize(("size", "fields"), [("standard", PLAN_STANDARD), ("small", PLAN_SMALL)])
def test_it_is_shown_line_by_line_with_its_names_and_days(size, fields):
    story = opened(size)
    body = story.says(ADA, "!plan")[0].body
    for number, name in enumerate(fields, start=1):
        assert f"\n{number}. " in body
        assert field(story, name) in body
    assert ADA in body
    assert BEN in body
    assert group_of(story).plan.review.date().isoformat() in body


def test_signing_the_draft_signs_the_plan_and_says_so():
    story = drafted()
    assert "crisis plan too" in story.says(ADA, "!sign")[0].body
    assert group_of(story).plan.signed == (ADA,)


def test_a_group_opens_only_with_two_names_and_a_day_ahead():
    story = drafted()
    for user in (ADA, BEN):
        story.says(user, "!sign")
    signed = group_of(story)
    story.records["group", GROUP] = replace(signed, plan=replace(signed.plan, signed=(ADA,)))
    assert kinds(story.says(ADA, "!open")) == ["refusal"]
    assert group_of(story).stage == "draft"
    story.says(BEN, "!plan sign")
    story.says(ADA, "!open")
    assert group_of(story).stage == "open"


@pytest.mark.parametrize("review", ["2026-11-23", "2020-01-01"])
def test_a_day_that_is_over_opens_no_group(review):
    story = drafted(review=review)
    said = story.says(ADA, "!sign")[0]
    assert said.message.kind == "refusal"
    assert "!plan set 12 2027-05-01" in said.body
    assert kinds(story.says(ADA, f"!plan set review {review}")) == ["refusal"]
    story.says(ADA, "!plan set review 2027-05-01")
    for user in (ADA, BEN):
        story.says(user, "!sign")
    story.says(ADA, "!open")
    assert group_of(story).stage == "open"


def test_a_day_that_comes_while_the_draft_waits_keeps_it_from_opening():
    story = drafted()
    for user in (ADA, BEN):
        story.says(user, "!sign")
    story.passes(days=120)
    assert kinds(story.says(ADA, "!open")) == ["refusal"]


def test_a_review_in_words_only_is_asked_about_again():
    story = drafted(review="before real people join")
    assert kinds(story.says(ADA, "!sign")) == ["refusal"]


def test_a_group_that_opens_as_an_example_needs_nothing():
    story = Story()
    story.founds(replace(example(), crisis_plan=()))
    assert group_of(story).stage == "open"


@pytest.mark.parametrize("how", ["3", "helplines", "Helplines:"])
def test_a_change_voids_the_names_and_all_are_told(how):
    story = opened()
    story.heard.clear()
    story.says(ADA, f"!plan set {how} Samaritans 116 123, by day and night")
    assert field(story, "helplines") == "Samaritans 116 123, by day and night"
    room = group_of(story).rooms[RoomKind.FACILITATORS]
    assert told(story, 0, "names under it are gone") == {room, story.person(ZOE).chat}
    assert "Nobody has signed" in story.says(ADA, "!plan")[0].body
    for user in (ADA, BEN):
        story.says(user, "!plan sign")
    assert group_of(story).plan.signed == (ADA, BEN)
    assert group_of(story).stage == "open"


def test_a_change_in_a_draft_voids_the_names_under_the_draft():
    story = drafted()
    for user in (ADA, BEN):
        story.says(user, "!sign")
    story.says(ADA, "!plan set postvention Ben")
    assert kinds(story.says(ADA, "!open")) == ["refusal"]


def test_a_day_that_changes_voids_nothing():
    story = opened()
    story.says(ADA, "!plan set review 2027-06-01")
    story.says(ADA, "!plan reviewed")
    assert group_of(story).plan.signed == (ADA, BEN)
    assert "Signed by" in story.says(BEN, "!plan")[0].body


@pytest.mark.parametrize(
    "word",
    [
        "!plan nonsense",
        "!plan set",
        "!plan set 13 words",
        "!plan set 0 words",
        f"!plan set {'9' * 5000} words",
        "!plan set title words",
        "!plan set 3",
        "!plan set 3 ___",
        f"!plan set 3 {'long ' * 200}",
        "!plan set review some day",
        "!plan set review 2026-01-01",
        "!plan reviewed some day",
        "!plan reviewed 2026-01-01",
    ],
)
def test_what_cannot_be_so_is_refused_and_changes_nothing(word):
    story = opened()
    before = group_of(story)
    assert kinds(story.says(ADA, word)) == ["refusal"]
    assert group_of(story) == before


def test_members_have_no_part_in_it():
    story = opened()
    for word in ("!plan", "!plan sign", "!drill"):
        assert kinds(story.says(MEI, word)) == ["refusal"]


def days_of(story: Story, count: int, words: str) -> list[str]:
    """Let days pass; return those on which the lead heard this."""
    found = []
    for _ in range(count):
        since = len(story.heard)
        story.passes(days=1)
        if story.person(ZOE).chat in told(story, since, words):
            found.append(story.now.date().isoformat())
    return found


def test_the_review_is_announced_a_month_before_and_then_asked_for_weekly():
    story = opened()
    assert days_of(story, 97, "It is time to look at the crisis plan") == ["2027-01-30"]
    found = days_of(story, 16, "The day to look at the crisis plan")
    assert found == ["2027-03-01", "2027-03-08", "2027-03-15"]
    assert group_of(story).stage == "open"
    story.says(BEN, "!plan reviewed 2027-12-01")
    assert field(story, "review") == "2027-12-01"
    assert not days_of(story, 40, "The day to look at the crisis plan")


def test_after_an_outage_it_is_said_once():
    story = opened()
    since = len(story.heard)
    story.passes(days=120)
    story.happens(GroupDue(GROUP, Matter.PLAN))
    room = group_of(story).rooms[RoomKind.FACILITATORS]
    assert len([h for h in story.heard[since:] if h.room == room and "crisis plan" in h.body]) == 1


def test_a_small_group_looks_again_in_half_a_year_and_reviewed_counts_for_both():
    story = opened("small")
    first = group_of(story).plan.review
    assert first - story.now == timedelta(days=182)
    story.passes(days=170)
    story.says(ADA, "!reviewed")
    assert group_of(story).plan.review - story.now == timedelta(days=182)


def test_missing_names_are_asked_for_weekly():
    story = opened()
    story.says(ADA, "!plan set postvention Ben")
    assert len(days_of(story, 15, "needs two names")) == 2
    for user in (ADA, BEN):
        story.says(user, "!plan sign")
    assert not days_of(story, 15, "needs two names")


def test_a_drill_goes_card_by_card_and_its_day_is_kept():
    story = opened()
    since = len(story.heard)
    chat = story.person(MEI).chat
    heard = story.says(ADA, "!drill", room=group_of(story).rooms[RoomKind.FACILITATORS])
    room = group_of(story).rooms[RoomKind.FACILITATORS]
    for number in range(1, len(CARDS) + 1):
        assert f"card {number} of {len(CARDS)}" in heard[0].body
        assert "This is a drill" in heard[0].body
        heard = story.says(BEN, "!drill next", room=room)
    assert kinds(heard) == ["drill"]
    assert "What was hard?" in heard[0].body
    assert field(story, "last_drill") == "2026-11-23"
    assert group_of(story).plan.drill == 0
    assert {one.room for one in story.heard[since:]} == {room}
    assert chat not in {one.room for one in story.heard[since:]}


@pytest.mark.parametrize("size", ["standard", "small"])
def test_a_drill_reaches_no_member(size):
    """Never-list 14."""
    story = opened(size)
    since = len(story.heard)
    for word in ("!drill", *["!drill next"] * len(CARDS), "!drill", "!drill stop"):
        story.says(ADA, word)
    story.passes(days=800)
    drills = [one for one in story.heard[since:] if one.message.kind == "drill"]
    places = {story.person(ADA).chat, story.person(BEN).chat}
    places |= {group_of(story).rooms.get(RoomKind.FACILITATORS)}
    assert drills
    assert {one.room for one in drills} <= places
    assert story.person(MEI).chat not in {one.room for one in story.heard[since:]} or not [
        one for one in story.heard[since:] if "drill" in one.body and one.room not in places
    ]


def test_a_drill_that_was_stopped_does_not_count():
    story = opened()
    before = field(story, "last_drill")
    story.says(ADA, "!drill")
    story.says(ADA, "!drill stop")
    assert field(story, "last_drill") == before
    assert kinds(story.says(ADA, "!drill next")) == ["refusal"]
    assert kinds(story.says(ADA, "!drill nonsense")) == ["refusal"]


def test_no_drill_goes_on_over_somebody_who_needs_care():
    story = opened()
    raises(story, About.ME, MEI)
    assert kinds(story.says(ADA, "!drill")) == ["refusal"]
    assert not group_of(story).plan.drill


def test_a_year_later_they_are_reminded_of_it_once():
    story = opened(last_drill="2026-09-15")
    story.says(ADA, "!learned")
    found = days_of(story, 330, "not played the crisis plan")
    assert len(found) == 1
    assert "2027-09-15" <= found[0] <= "2027-09-22"


def test_of_what_was_learned_only_the_day_is_kept_and_asked_for_after_a_year():
    story = opened()
    story.passes(days=10)
    [said] = story.says(ADA, "!learned two cases, and we want to be kanari faster")
    assert "kanari" not in said.body
    assert "kanari" not in repr(story.records)
    assert group_of(story).plan.learned == story.now
    assert "2026-12-03" in story.says(BEN, "!plan")[0].body
    assert days_of(story, 380, "hard days have taught you") == ["2027-12-06"]


def test_a_plan_that_was_never_played_through_is_not_said_to_have_been():
    story = opened("small")
    assert "played it through" not in story.says(ADA, "!plan")[0].body
    found = days_of(story, 380, "not played the crisis plan")
    assert len(found) == 1
    assert found[0] >= "2027-11-23"


# -- a charter that is kept as a file


@pytest.mark.parametrize("years", [0, 1, 5])
def test_the_example_can_be_signed_whenever_it_is_used(years):
    story = Story()
    story.now += timedelta(days=365 * years)
    story.founds(replace(example(), facilitators=(ADA, BEN)), is_open=False)
    for user in (ADA, BEN):
        story.passes_the_gate(user)
        story.accepts(user)
    assert field(story, "review") == f"{story.now + timedelta(days=180):%Y-%m-%d}"
    for user in (ADA, BEN):
        assert kinds(story.says(user, "!sign")) == ["notice"]
    story.says(ADA, "!open")
    assert group_of(story).stage == "open"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("6 months", "2027-05-22"),
        ("six weeks", "2027-01-04"),
        ("3 Monate", "2027-02-21"),
        ("on 2027-05-01 with Lea", "on 2027-05-01 with Lea"),
        ("in spring", "in spring"),
    ],
)
def test_a_review_may_be_a_day_or_a_span(written, day):
    story = drafted(review=written)
    assert field(story, "review") == day
    can_sign = written != "in spring"
    assert (kinds(story.says(ADA, "!sign")) == ["notice"]) is can_sign
