"""Join codes: how they are asked for, how far they reach, and that they never reach further."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.domain.application import Application, Code
from appservice.domain.effects import HandOut, Shape
from appservice.domain.gate.codes import fold_code, spelling
from appservice.domain.group import Group
from appservice.domain.records import Consent
from appservice.domain.types import Assurance, UserId
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

ROOM = f"!facilitators-group-{CODE}"
MANY = [UserId(f"@{number}guest:example.org") for number in range(8)]


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    story.passes_the_gate(ADA)
    return story


def draw(story: Story, wish: str = "5 uses 14 days") -> str:
    """Let a facilitator make a code; how it is spelled."""
    story.says(ADA, f"!invite new {wish}")
    return newest(story).spelled


def newest(story: Story) -> Code:
    return [code for code in story.all(Code) if not code.trusted][-1]


def is_unknown(story: Story, user: UserId, code: str) -> bool:
    """Whether a code is answered exactly as one that never was."""
    story.says(user, "rules")  # the program sentence stands in the first answer only
    answers = [story.says(user, f"join {one}")[0].message for one in (code, "WILLOW-2222")]
    return answers[0] == answers[1] and answers[0].kind == "refusal"


@pytest.mark.parametrize(
    ("wish", "uses", "days"),
    [
        ("--uses 5 --days 14", 5, 14),
        ("5 uses 14 days", 5, 14),
        ("days=14, uses=5", 5, 14),
        ("\u2014uses 5 \u2014days 14", 5, 14),
        ("5 mal", 5, 30),
        ("1 day", None, 1),
        ("", None, 30),
    ],
)
def test_a_code_is_asked_for_in_plain_words(story, wish, uses, days):
    if "mal" in wish:
        story.says(ADA, "language de")
    draw(story, wish)
    code = newest(story)
    assert (code.uses, code.expires and (code.expires - story.now).days) == (uses, days)
    assert code.spelled in story.hears("notice").body
    assert fold_code(code.spelled) == code.code


@pytest.mark.parametrize(
    "wish", ["5", "five uses", "0 uses", "400 days", "5 uses 6 uses", "x y z"]
)
def test_a_wish_that_makes_no_sense_changes_nothing(story, wish):
    heard = story.says(ADA, f"!invite new {wish}")
    assert [h.message.kind for h in heard] == ["refusal"]
    assert len(story.all(Code)) == 1


def test_a_code_that_is_taken_is_drawn_again(story, monkeypatch):
    taken = iter([CODE, "WILLOW-AAAA"])
    monkeypatch.setattr("tests.support.story.spelling", lambda *_: next(taken))
    assert draw(story) == "WILLOW-AAAA"
    assert len(story.all(Code)) == 2


def test_codes_hold_nothing_that_is_read_as_another():
    drawn = {spelling("Old Oak", str(number).encode()) for number in range(500)}
    assert len(drawn) > 495
    assert all(one.startswith("OLDOAK-") and len(one) == len("OLDOAK-7Q4K") for one in drawn)
    assert not set("0O1IL") & {letter for one in drawn for letter in one[-4:]}


def test_five_uses_let_in_five(story):
    code = draw(story)
    for user in MANY[:5]:
        story.passes_the_gate(user, code)
    assert is_unknown(story, MEI, code)
    assert newest(story).used == 5
    assert "5 of 5" in story.says(ADA, "!invite list")[0].body


def test_a_place_is_held_from_the_first_step_and_given_back(story):
    code = draw(story, "1 use")
    story.says(MEI, f"join {code}")
    assert story.says(ZOE, f"join {code}")[0].message.kind == "refusal"
    story.says(MEI, "stop")
    assert newest(story).used == 0
    story.says(ZOE, f"join {code}")
    story.says(ZOE, "no")  # too young
    assert newest(story).used == 0
    story.says(BEN, f"join {code}")
    story.passes(days=7.1)
    assert not story.of(Application, BEN)
    assert newest(story).used == 0
    story.says(MEI, f"join {code}")
    story.says(MEI, "leave")
    assert newest(story).used == 0
    story.passes_the_gate(MEI, code)
    assert newest(story).used == 1


def test_joining_twice_holds_one_place(story):
    code, other = draw(story, "2 uses"), draw(story, "2 uses")
    for _ in range(3):
        story.says(MEI, f"join {code}")
    story.says(MEI, f"join {other}")
    assert sorted(c.used for c in story.all(Code) if not c.trusted) == [0, 1]


def test_a_place_is_held_for_whoever_verifies_a_device_first(story):
    code = draw(story, "1 use")
    story.opens_chat(MEI)
    device = {"assurance": Assurance.UNSIGNED, "has_signed_device": False}
    story.says(MEI, f"join {code}", **device)
    story.says(MEI, f"join {code}", **device)
    assert newest(story).used == 1
    assert story.says(ZOE, f"join {code}")[0].message.kind == "refusal"


def test_an_expired_code_is_unknown_but_not_to_whoever_is_on_the_way(story):
    code = draw(story, "1 day")
    story.says(MEI, f"join {code}")
    story.passes(days=1.1)
    assert is_unknown(story, ZOE, code)
    assert story.says(MEI, f"join {code}")[0].message.step == "1/7"


def test_a_revoked_code_stops_whoever_is_on_the_way(story):
    code = draw(story)
    story.passes_the_gate(BEN, code)
    story.says(MEI, f"join {code}")
    story.says(ADA, f"!invite revoke {code.lower()}")
    assert is_unknown(story, ZOE, code)
    assert story.says(MEI, "yes")[0].message.kind == "refusal"
    assert not story.of(Application, MEI)
    assert story.consents(BEN)
    story.says(MEI, f"join {draw(story)}")
    assert story.hears("age")


def test_revoke_all_takes_the_operators_code_too(story):
    codes = [CODE, draw(story), draw(story)]
    heard = story.says(ADA, "!invite revoke all")
    assert "3" in heard[0].body
    for code in codes:
        assert story.says(MEI, f"join {code}")[0].message.kind == "refusal"
    assert "no code" in story.says(ADA, "!invite list")[0].body


def test_spent_expired_revoked_and_a_drafts_code_are_answered_alike(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222", is_open=False)
    spent, revoked, expired = draw(story, "1 use"), draw(story), draw(story, "1 day")
    story.passes_the_gate(BEN, spent)
    story.says(ADA, f"!invite revoke {revoked}")
    story.passes(days=1.1)
    look_alike = CODE.replace("Q", "G")
    tried = (spent, revoked, expired, "BIRCH-2222", look_alike, "WILLOW-9999")
    story.says(MEI, "rules")
    answers = [story.says(MEI, f"join {code}")[0].message for code in tried]
    assert len(story.person(MEI).misses) == len(tried)
    assert all(answer == answers[-1] for answer in answers)


def test_whoever_left_comes_back_by_a_spent_code_and_takes_no_new_place(story):
    code = draw(story, "1 use")
    story.passes_the_gate(MEI, code)
    story.says(MEI, "leave")
    story.passes(days=60)
    story.passes_the_gate(MEI, code)
    assert story.consents(MEI)
    assert newest(story).used == 1
    story.says(MEI, "leave")
    story.says(ADA, "!invite revoke all")
    assert story.says(MEI, f"join {code}")[0].message.kind == "refusal"


def test_codes_are_told_in_the_facilitators_room_and_to_nobody_else(story):
    heard = story.says(ADA, "!invite new 5 uses", room=ROOM)
    assert [h.room for h in heard] == [ROOM]
    story.passes_the_gate(MEI)
    assert story.says(MEI, "!invite list")[0].message.kind == "refusal"


def test_a_code_comes_as_text_and_as_a_picture_and_a_card_when_asked_for(story):
    story.passes(minutes=1)
    code = draw(story)
    [picture] = story.done(HandOut)
    assert (picture.sheet.code, picture.sheet.shape) == (code, Shape.PICTURE)
    assert picture.room == story.person(ADA).chat
    for wish in (f"{code} card", "card", f"card {code.lower()}"):
        assert story.says(ADA, f"!invite {wish}") == []
        card = story.done(HandOut)[-1].sheet
        assert (card.code, card.shape, card.country) == (code, Shape.CARD, "GB")
    assert code in story.says(ADA, f"!invite {code.lower().replace('-', ' ')}")[0].body
    cards = len(story.done(HandOut))
    for wish in ("WILLOW-2222 card", "card WILLOW-2222", "WILLOW-2222", "nonsense"):
        assert story.says(ADA, f"!invite {wish}")[0].message.kind == "refusal"
    story.says(ADA, "!invite revoke all")
    assert story.says(ADA, "!invite card")[0].message.kind == "refusal"
    assert len(story.done(HandOut)) == cards


def test_with_several_groups_a_code_names_its_own(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(ADA, "BIRCH-2222")
    assert story.says(ADA, "!invite new")[0].message.kind == "refusal"
    story.says(ADA, "!invite Birch new 3 uses")
    code = newest(story).spelled
    assert code.startswith("BIRCH-")
    assert code in story.says(ADA, f"!invite {code}")[0].body
    story.says(ADA, f"!invite {code} card")
    assert story.done(HandOut)[-1].sheet.code == code
    story.says(ADA, f"!invite Birch revoke {code}")
    assert newest(story).revoked
    story.says(ADA, "!invite Willow revoke all")
    revoked = {c.spelled for c in story.all(Code) if c.revoked}
    assert revoked == {code, CODE}


def test_one_groups_facilitators_cannot_take_back_anothers_code(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    assert story.says(ADA, "!invite revoke BIRCH-2222")[0].message.kind == "refusal"
    assert not any(code.revoked for code in story.all(Code))


def test_a_cohort_that_has_begun_or_ended_is_unknown(story):
    today = story.now.date()
    group = story.one(Group, f"group-{CODE}")
    for charter in (
        replace(group.charter, begins=today, late_joins=False),
        replace(group.charter, ends=today.replace(day=today.day - 1)),
    ):
        story.records["group", group.id] = replace(group, charter=charter)
        assert is_unknown(story, MEI, CODE)
        assert story.says(BEN, f"join {CODE}")[0].message.kind == "age"  # a facilitator
    story.records["group", group.id] = replace(
        group, charter=replace(group.charter, begins=today, ends=today)
    )
    story.says(MEI, f"join {CODE}")
    assert story.hears("age")


STEPS = st.tuples(
    st.integers(0, 7), st.sampled_from(["join", "on", "stop", "leave", "wait", "look"])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, min_size=5, max_size=40))
def test_a_code_for_three_never_lets_in_four(steps):
    story = Story()
    story.founds()
    story.passes_the_gate(ADA)
    code = draw(story, "3 uses 300 days")
    ever: set[UserId] = set()
    for number, what in steps:
        user = MANY[number]
        waiting = story.of(Application, user)
        if what == "join":
            story.says(user, f"join {code}")
        elif what == "on" and waiting:
            story.says(user, f"join {code}")  # so that its message is the newest
            if waiting[0].step in (2, 3, 4):
                rule = example().rules[0].asked[waiting[0].step - 2]
                story.says(user, str(rule.question.right + 1))
            else:
                story.says(user, story.hears_choice("yes" if waiting[0].step == 1 else "agree"))
        elif what in ("stop", "leave"):
            story.says(user, what)
        elif what == "wait":
            story.passes(days=2)
        ever |= {consent.user for consent in story.all(Consent) if consent.user in MANY}
        held = {a.user for a in story.all(Application) if a.code}
        assert len(ever | held) <= 3
        assert newest(story).used == len(ever) + len(held - ever)
