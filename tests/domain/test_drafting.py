"""Founding in conversation: questions, answers, signatures, and a group that opens with them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.charter_file import presets, read_preset
from appservice.domain.application import Code
from appservice.domain.drafting.fields import LONGEST, open_fields
from appservice.domain.drafting.questions import FULL, QUESTIONS
from appservice.domain.drafting.signing import digest
from appservice.domain.founding import BLANK, PLAN_SMALL, PLAN_STANDARD
from appservice.domain.group import Group
from appservice.domain.records import Consent
from appservice.domain.types import Size
from tests.support.story import ADA, BEN, MEI, Story, house, replace

ANSWERS = {
    "zone": "europe/berlin",
    "country": "DE",
    "review": "2027-05-01",
    "language": "ok",
    "minimum_age": "21",
}


def drafted(size=Size.STANDARD, preset="bereavement", **more):
    story = Story()
    charter = replace(
        read_preset(preset, "Willow", "en"), facilitators=(ADA, BEN), size=size, **more
    )
    group = story.founds(charter, is_open=False)
    story.lets_in(ADA, BEN)
    return story, group


def completes(story, user, group):
    """Answer every question, each with words of one's own."""
    story.says(user, "!draft")
    for name in story.one(Group, group).draft.questions:
        assert story.heard[-1].message.kind == "question"
        story.says(user, ANSWERS.get(name, f"our words on {name}"))


def charter_of(story, group):
    return story.one(Group, group).charter


@pytest.mark.parametrize("preset", presets())
@pytest.mark.parametrize("language", ["en", "de"])
def test_presets_have_words_for_all_but_what_only_the_group_can_know(preset, language):
    charter = read_preset(preset, "Willow", language)
    assert {rules.language for rules in charter.rules} == {"en", "de"}
    assert charter.rules[0].language == language
    numbers = {tuple(rule.number for rule in rules.rules) for rules in charter.rules}
    assert len(numbers) == 1
    assert {field for field, _ in charter.crisis_plan} == {*PLAN_SMALL, *PLAN_STANDARD}
    left = open_fields(charter, house())
    assert {"zone", "country", "hours", "emergency_numbers"} <= set(left)
    assert not {"purpose", "for_whom", "outside_contact", "told_to_whom"} & set(left)


def test_every_field_can_be_asked_about():
    assert set(QUESTIONS) == {*FULL, *PLAN_SMALL}


def test_a_small_group_is_asked_a_third():
    story, group = drafted(Size.SMALL, zone="Europe/Berlin", country="DE")
    story.says(ADA, "!draft")
    assert story.one(Group, group).draft.questions == ("purpose", "hours", *PLAN_SMALL)
    assert len(FULL) >= 3 * 7
    story, group = drafted(Size.SMALL)
    story.says(ADA, "!draft")
    questions = story.one(Group, group).draft.questions
    assert questions == ("purpose", "hours", "country", "zone", *PLAN_SMALL)


def test_from_a_preset_to_an_open_group_without_a_file():
    story, group = drafted()
    heard = story.says(ADA, "!draft")[0]
    assert heard.message.step == f"1/{len(FULL)}"
    assert "After a loss" in heard.body
    assert [choice.id for choice in heard.message.choices] == ["keep", "later"]
    assert "refusal" in {h.message.kind for h in story.says(BEN, "!sign")}
    completes(story, ADA, group)
    assert "!sign" in story.heard[-1].body
    charter = charter_of(story, group)
    assert (charter.zone, charter.country, charter.minimum_age) == ("Europe/Berlin", "DE", 21)
    assert dict(charter.crisis_plan)["postvention"] == "our words on postvention"
    assert charter.title == "our words on title"
    story.says(ADA, "!sign")
    story.says(ADA, "!open")
    assert story.one(Group, group).stage == "draft"
    story.says(BEN, "!sign")
    story.says(BEN, "!open")
    assert story.one(Group, group).stage == "open"
    assert story.one(Group, group).draft is None
    story.passes_the_gate(MEI)
    assert story.consents(MEI)


def test_ok_keeps_and_back_goes_back():
    story, group = drafted()
    story.says(ADA, "!draft")
    before = charter_of(story, group)
    assert story.says(ADA, "ok")[0].message.step == f"2/{len(FULL)}"
    assert story.says(ADA, "back")[0].message.step == f"1/{len(FULL)}"
    assert charter_of(story, group) == before
    assert story.says(ADA, "!draft 6")[0].message.step == f"6/{len(FULL)}"
    assert story.says(ADA, "ok")[0].message.step == f"6/{len(FULL)}", "a gap cannot be kept"
    assert story.says(ADA, "on Mondays at 7")[0].message.step == f"7/{len(FULL)}"
    assert story.says(ADA, "!draft 99")[0].message.kind == "refusal"


def test_later_is_gone_on_with():
    story, group = drafted()
    story.says(ADA, "!draft")
    story.says(ADA, "Our name")
    story.says(ADA, "later")
    assert story.says(ADA, "I am tired today")[0].message.kind == "program"
    assert charter_of(story, group).title == "Our name"
    assert story.says(ADA, "continue")[0].message.step == f"2/{len(FULL)}"
    assert story.says(ADA, "continue")[0].message.step == f"2/{len(FULL)}"
    story.says(ADA, "stop")
    assert story.says(ADA, "!draft")[0].message.step == f"2/{len(FULL)}"


def test_words_of_the_keeper_are_followed_between_two_questions():
    story, group = drafted()
    story.says(ADA, "!draft")
    before = charter_of(story, group)
    assert story.says(ADA, "help")[0].message.kind == "help"
    assert story.says(ADA, "rules")[0].message.kind == "rule"
    assert charter_of(story, group) == before
    story.says(ADA, "Join us when it hurts")
    assert charter_of(story, group).title == "Join us when it hurts"


def test_a_sentence_of_another_question_is_no_answer_to_this_one():
    story, group = drafted(Size.SMALL)
    story.says(ADA, "!rules propose 7. Breathe: Breathe in and out.")
    story.says(ADA, "!rules propose de 7. Atme: Atme ein und aus.")
    story.says(ADA, "!rules why It helps.")
    story.says(ADA, "!rules publish major")
    story.says(BEN, "!draft")
    before = charter_of(story, group)
    assert story.says(BEN, "I agree to the rules")[0].message.kind == "receipt"
    assert charter_of(story, group) == before
    assert story.consents(BEN)[0].rules_version == "2.0.0"
    story.says(BEN, "our own words")
    assert charter_of(story, group).purpose == "our own words"


def test_a_yes_keeps_what_is_there_but_where_yes_is_an_answer():
    story, group = drafted()
    before = charter_of(story, group)
    story.says(ADA, "!draft")
    assert story.says(ADA, "Yes")[0].message.step == f"2/{len(FULL)}"
    assert charter_of(story, group) == before
    story.says(ADA, f"!draft {FULL.index('emergency_contacts_kept') + 1}")
    story.says(ADA, "yes")
    assert dict(charter_of(story, group).crisis_plan)["emergency_contacts_kept"] == "yes"


@pytest.mark.parametrize(
    ("question", "said", "hint"),
    [
        ("zone", "Middle Earth", "Europe/Berlin"),
        ("language", "Klingon", "en, de"),
        ("country", "Atlantis", "DE"),
        ("country", "QQ", "DE"),
        ("minimum_age", "12", "16"),
        ("minimum_age", "old enough", "16"),
        ("title", "x" * 61, "60"),
        ("purpose", "so " * LONGEST, str(LONGEST)),
        ("hours", f"at {BLANK}", "missing"),
    ],
)
def test_bad_answers_change_nothing(question, said, hint):
    story, group = drafted()
    before = charter_of(story, group)
    number = FULL.index(question) + 1
    story.says(ADA, f"!draft {number}")
    heard = story.says(ADA, said)[0]
    assert hint in heard.body.split("\n\n")[0]
    assert heard.message.step == f"{number}/{len(FULL)}"
    assert charter_of(story, group) == before


@pytest.mark.parametrize(
    ("question", "said", "kept"),
    [
        ("zone", "america/new york", "America/New_York"),
        ("language", "German", "de"),
        ("country", "gb", "GB"),
        ("country", "uk", "GB"),
        ("minimum_age", "18+", 18),
        ("purpose", "two\n  lines", "two lines"),
    ],
)
def test_answers_are_taken_as_people_write_them(question, said, kept):
    story, group = drafted()
    story.says(ADA, f"!draft {FULL.index(question) + 1}")
    story.says(ADA, said)
    charter = charter_of(story, group)
    assert getattr(charter, question) == kept
    assert charter.rules[0].language == charter.language


def test_both_see_who_changed_what_and_the_whole_as_members_will():
    story, _ = drafted()
    story.says(ADA, "!draft")
    story.says(ADA, "Ours")
    story.says(BEN, "!draft 2")
    story.says(BEN, "To be there")
    heard = story.says(BEN, "!draft show")
    kinds = [h.message.kind for h in heard]
    assert kinds == ["charter", "rule", "privacy_card", "charter", "notice"]
    assert "Ours\nTo be there" in heard[0].body
    assert ADA in heard[-1].body
    assert BEN in heard[-1].body
    story.says(MEI, "join WILLOW-7Q4K")
    assert story.heard[-1].message.kind == "refusal", "a draft is for its facilitators"


def test_a_change_voids_the_signatures_and_both_are_told():
    story, group = drafted(Size.SMALL)
    completes(story, ADA, group)
    for user in (ADA, BEN):
        story.says(user, "!sign")
    story.says(BEN, "!draft 1")
    heard = story.says(BEN, "ok")
    assert not any("names are gone" in h.body for h in heard), "to keep it changes nothing"
    story.says(BEN, "!draft 1")
    heard = story.says(BEN, "for something else")
    assert {h.room for h in heard if "names are gone" in h.body} == {
        story.person(ADA).chat,
        story.person(BEN).chat,
    }
    assert story.says(ADA, "!open")[0].message.kind == "refusal"
    for user in (ADA, BEN):
        assert "signed" in story.says(user, "!sign")[0].body
    story.says(ADA, "!open")
    assert story.one(Group, group).stage == "open"


def test_new_rules_void_the_signatures_too():
    story, group = drafted(Size.SMALL)
    completes(story, ADA, group)
    for user in (ADA, BEN):
        story.says(user, "!sign")
    story.says(ADA, "!rules propose 7. Breathe: Breathe in and out.")
    story.says(ADA, "!rules why It helps.")
    story.says(ADA, "!rules propose de 7. Atme: Atme ein und aus.")
    heard = story.says(ADA, "!rules publish minor")
    assert charter_of(story, group).rules[0].version == "1.1.0", heard[0].body
    assert any("names are gone" in h.body for h in heard)
    assert story.says(ADA, "!open")[0].message.kind == "refusal"


def test_no_group_opens_without_numbers_to_call():
    story, group = drafted(Size.SMALL)
    completes(story, ADA, group)
    charter = replace(charter_of(story, group), country="PL")
    story.records["group", group] = replace(story.one(Group, group), charter=charter)
    for user in (ADA, BEN):
        story.says(user, "!sign")
    assert "PL" in story.says(ADA, "!open")[0].body
    assert story.one(Group, group).stage == "draft"


def test_questions_are_answered_in_private_by_facilitators_whose_identity_is_sure():
    story, group = drafted()
    team = story.one(Group, group).rooms["facilitators"]
    assert story.says(ADA, "!draft", room=team)[0].message.kind == "refusal"
    story.says(ADA, "!draft")
    before = charter_of(story, group)
    story.resets_identity(ADA)
    assert story.says(ADA, "Another name")[0].message.kind == "refusal"
    assert charter_of(story, group) == before
    story.says(ADA, "leave")
    assert story.says(ADA, "!draft")[0].message.kind == "refusal"


def test_a_draft_from_a_whole_charter_works_as_before():
    story = Story()
    group = story.founds(is_open=False)
    for user in (ADA, BEN):
        story.passes_the_gate(user)
        story.says(user, "!sign")
    story.says(ADA, "!open")
    assert story.one(Group, group).stage == "open"
    assert story.says(ADA, "!draft")[0].message.kind == "refusal"
    assert story.all(Code)


STEPS = st.sampled_from(
    [
        *(("!sign",), ("!open",)) * 5,
        *(("!draft 1", "words of ours"), ("!draft 2", "other words"), ("!draft 3", "so so")) * 2,
        *(("!draft",), ("!draft 4", "ok"), ("!draft show",), ("back",), ("later",), ("stop",)),
        *(("continue",), ("leave",), ("I agree to the rules",), ("join WILLOW-7Q4K", "yes")),
        ("!rules propose 9. Rest: Rest.", "!rules propose de 9. Ruh: Ruh dich aus."),
        ("!rules why So.", "!rules publish major"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([ADA, BEN]), STEPS), max_size=20), st.booleans())
def test_it_never_opens_without_two_signatures_over_what_members_will_read(steps, complete):
    story, group = drafted(Size.SMALL)
    if complete:
        completes(story, ADA, group)
    signed = {}
    for user, texts in steps:
        for text in texts:
            before = story.one(Group, group)
            story.says(user, text)
            after = story.one(Group, group)
            if text == "!sign" and user in after.signed and after != before:
                signed[user] = after.charter
        if after.stage == "open":
            break
    else:
        return
    consents = {c.user for c in story.all(Consent) if c.withdrawn is None}
    assert signed.keys() == {ADA, BEN} <= consents
    assert all(charter == after.charter for charter in signed.values())
    assert digest(after.charter) == after.signed_digest
    assert not open_fields(after.charter, story.house)
