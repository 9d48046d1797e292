"""A facilitator whose identity changed commands nothing until somebody has vouched for it."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.domain.decide import decide
from appservice.domain.effects import AcceptIdentity, TellOperator
from appservice.domain.events import IdentityAccepted, IdentityChanged, IdentityConfirmed
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.types import Assurance, CauseId
from tests.support.story import (
    ADA,
    BEN,
    CODE,
    KEEPER,
    MEI,
    STEWARD,
    ZOE,
    Story,
    example,
    replace,
)

ROOM = f"!facilitators-group-{CODE}"


def group_of(*facilitators, size="standard", is_open=True):
    story = Story()
    story.founds(replace(example(size), facilitators=facilitators), is_open=is_open)
    for user in (*facilitators, *([MEI] if is_open else [])):
        story.passes_the_gate(user)
    return story


@pytest.fixture(params=["standard", "small"])
def story(request):
    return group_of(ADA, BEN, size=request.param)


WORDS = ("!sign", "!open", "!help", *(f"!confirm {user}" for user in (ADA, BEN, ZOE)))
STEPS = (*WORDS, "a new identity", "a new identity, unseen", "emoji")


@cache
def draft():
    return group_of(ADA, BEN, ZOE, is_open=False)


@settings(max_examples=80, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([ADA, BEN, ZOE]), st.sampled_from(STEPS)), max_size=20
    )
)
def test_no_command_takes_effect_while_its_owners_identity_waits(steps):
    story = draft().again()
    for user, step in steps:
        waits = story.identities.get(user) != story.pinned.get(user)
        before = story.all(Group), dict(story.pinned), len(story.done(AcceptIdentity))
        if step == "a new identity":
            story.resets_identity(user)
        elif step == "a new identity, unseen":
            story.identities[user] = f"unseen-{story.causes}"
        elif step == "emoji" and user in story.identities:
            story.happens(IdentityConfirmed(user, story.identities[user]))
        elif step in WORDS:
            story.says(user, step)
            after = story.all(Group), dict(story.pinned), len(story.done(AcceptIdentity))
            assert after == before or not waits
    for accept in story.done(AcceptIdentity):
        assert accept.by != accept.user


def kinds(heard):
    return [h.message.kind for h in heard]


@pytest.mark.parametrize("word", ["!help", "!sign", "!open", f"!confirm {BEN}"])
def test_every_word_of_a_facilitator_rests(story, word):
    story.resets_identity(ADA)
    records = dict(story.records)
    (heard,) = story.says(ADA, word)
    assert heard.message.kind == "refusal"
    assert f"write !confirm {ADA}" in heard.body
    assert "say it once more" in heard.body
    assert story.records == records


def test_words_rest_in_the_facilitators_room_too():
    story = group_of(ADA, BEN)
    story.resets_identity(ADA)
    (heard,) = story.says(ADA, "!help", room=ROOM)
    assert (heard.room, heard.message.kind) == (ROOM, "refusal")
    assert f"!confirm {ADA}" in heard.body
    assert story.says(ADA, "good morning", room=ROOM) == []
    assert kinds(story.says(ADA, "help", room=ROOM)) == ["help"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("help", "help"), ("groups", "notice"), ("rules", "rule"), ("leave", "withdrawn")],
)
def test_what_any_member_may_do_goes_on(story, word, kind):
    story.resets_identity(ADA)
    assert kinds(story.says(ADA, word))[-1:] == [kind]


def test_nothing_rests_for_a_member(story):
    assert story.resets_identity(MEI) == []
    assert "!confirm" not in story.says(MEI, "!help")[0].body
    assert kinds(story.says(MEI, "groups")) == ["notice"]
    assert kinds(story.says(MEI, "leave")) == ["withdrawn"]


@pytest.mark.parametrize("size", ["standard", "small"])
def test_the_others_are_told_once(size):
    story = group_of(ADA, BEN, size=size)
    (told,) = story.resets_identity(ADA)
    assert told.room == (ROOM if size == "standard" else story.person(BEN).chat)
    assert told.message.kind == "notice"
    assert str(ADA) in told.body
    assert "best by voice" in told.body
    again = IdentityChanged(ADA, story.identities[ADA])
    assert story.happens(again) == []
    assert kinds(story.resets_identity(ADA)) == ["notice"]  # another one


def test_colleagues_in_two_groups_are_told_once():
    story = group_of(ADA, BEN, size="small")
    other = replace(example("small"), name="Birch", facilitators=(ADA, BEN))
    story.founds(other, code="BIRCH-2222")
    for user in (ADA, BEN):
        story.passes_the_gate(user, "BIRCH-2222")
    assert len(story.resets_identity(ADA)) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"!confirm {ADA}",
        f"!Confirm: {ADA.upper()}.",
        f"!confirm [Ada](https://matrix.to/#/{ADA})",
        f"!confirm https://matrix.to/#/{ADA}",
    ],
)
def test_a_colleague_makes_it_count_and_what_rested_is_said_again(story, text):
    story.resets_identity(ADA)
    story.says(ADA, "!help")
    heard = story.says(BEN, text)
    assert story.done(AcceptIdentity) == [AcceptIdentity(ADA, story.identities[ADA], by=BEN)]
    assert kinds(heard) == ["notice"] * 3
    assert {h.room for h in heard} >= {story.person(ADA).chat, story.person(BEN).chat}
    assert any(f"{BEN} talked with {ADA}" in h.body for h in heard)
    assert not any("Words for facilitators:" in h.body for h in heard)
    (listed,) = story.says(ADA, "!help")
    assert "Words for facilitators:" in listed.body


def test_the_word_counts_in_german(story):
    story.says(BEN, "language de")
    story.resets_identity(ADA)
    story.says(BEN, f"!bestätigen {ADA}")
    assert story.pinned[ADA] == story.identities[ADA]


def test_a_word_that_names_nobody_confirms_nobody(story):
    assert kinds(story.says(BEN, f"!confirm {ADA}")) == ["notice"]  # nobody waits
    story.resets_identity(ADA)
    for text in (
        "!confirm",
        "!confirm Ada",
        f"!confirm {MEI}",
        f"!confirm {ADA}x",
        f"!confirm {BEN}",
    ):
        (heard,) = story.says(BEN, text)
        assert heard.message.kind == "refusal"
        assert str(ADA) in heard.body
    assert not story.done(AcceptIdentity)


def test_nobody_vouches_for_themself(story):
    story.resets_identity(ADA)
    (heard,) = story.says(ADA, f"!confirm {ADA}", identity_changed=False)
    assert kinds([heard]) == ["notice"]
    assert not story.done(AcceptIdentity)


@pytest.mark.parametrize("assurance", [Assurance.UNSIGNED, Assurance.PLAIN])
def test_only_a_signed_device_vouches(story, assurance):
    story.resets_identity(ADA)
    story.says(BEN, f"!confirm {ADA}", assurance=assurance)
    assert not story.done(AcceptIdentity)


def test_only_a_facilitator_of_the_same_group_vouches():
    story = group_of(ADA, BEN)
    story.founds(replace(example(), name="Birch", facilitators=(ZOE, BEN)), code="BIRCH-2222")
    for user in (ZOE, BEN):
        story.passes_the_gate(user, "BIRCH-2222")
    story.resets_identity(ADA)
    assert kinds(story.says(MEI, f"!confirm {ADA}")) == ["refusal"]
    assert kinds(story.says(ZOE, f"!confirm {ADA}")) == ["notice"]  # nobody waits for her
    story.says(BEN, f"!confirm {ADA}", room="!facilitators-group-BIRCH-2222")
    assert not story.done(AcceptIdentity)
    story.says(BEN, f"!confirm {ADA}")
    assert story.done(AcceptIdentity)


def test_two_who_both_changed_need_a_third():
    story = group_of(ADA, BEN, ZOE)
    for user in (ADA, BEN):
        story.resets_identity(user)
    assert kinds(story.says(BEN, f"!confirm {ADA}")) == ["refusal"]
    story.says(ZOE, f"!confirm {BEN}")
    story.says(BEN, f"!confirm {ADA}")
    assert story.pinned == story.identities


def test_a_word_for_the_last_identity_does_not_cover_the_next(story):
    story.resets_identity(ADA)
    story.identities[ADA] = "newer"  # nobody was told of it yet
    assert kinds(story.says(BEN, f"!confirm {ADA}")) == ["notice"]
    assert story.pinned == {}
    assert kinds(story.happens(IdentityChanged(ADA, "newer"))) == ["notice"]
    late = IdentityAccepted(ADA, "key-0", BEN)
    assert story.happens(late) == []
    assert story.person(ADA).new_identity == "newer"
    assert kinds(story.says(ADA, "!help")) == ["refusal"]


def test_being_accepted_twice_is_said_once(story):
    story.resets_identity(ADA)
    story.says(BEN, f"!confirm {ADA}")
    assert story.happens(IdentityAccepted(ADA, story.identities[ADA], BEN)) == []


def test_one_alone_is_sent_to_the_operator_who_confirms_by_emoji():
    story = group_of(ADA)
    assert story.resets_identity(ADA) == []
    assert [tell.text.key for tell in story.done(TellOperator)] == ["operator-identity-changed"]
    (rests,) = story.says(ADA, "!help")
    assert "compare emoji" in rests.body
    assert "!confirm" not in rests.body
    (counts,) = story.happens(IdentityConfirmed(ADA, story.identities[ADA]))
    assert "counts now" in counts.body
    assert "Words for facilitators:" in story.says(ADA, "!help")[0].body


def test_colleagues_hear_that_the_operator_confirmed(story):
    story.resets_identity(ADA)
    heard = story.happens(IdentityConfirmed(ADA, story.identities[ADA]))
    assert kinds(heard) == ["notice"] * 2
    assert any("compared emoji" in h.body and h.room != story.person(ADA).chat for h in heard)


def test_emoji_with_somebody_else_are_told_to_nobody(story):
    story.resets_identity(MEI)
    assert story.happens(IdentityConfirmed(MEI, story.identities[MEI])) == []
    assert story.person(MEI).new_identity is None
    assert story.happens(IdentityConfirmed(ZOE, "first seen")) == []


def test_an_old_identity_that_comes_back_after_another_was_accepted_rests_again(story):
    story.resets_identity(ADA)
    first = story.identities[ADA]
    story.says(BEN, f"!confirm {ADA}")
    story.resets_identity(ADA)
    story.says(BEN, f"!confirm {ADA}")
    story.identities[ADA] = first
    assert kinds(story.happens(IdentityChanged(ADA, first))) == ["notice"]


def test_signing_a_draft_rests():
    story = group_of(ADA, BEN, is_open=False)
    story.resets_identity(ADA)
    story.says(ADA, "!sign")
    (group,) = story.all(Group)
    assert group.signed == ()


def test_marks_on_our_own_are_not_asked_about(story):
    for user in (KEEPER, STEWARD):
        assert story.resets_identity(user) == []
        assert story.person(user) is None


def test_whoever_facilitates_later_can_be_vouched_for():
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN)))
    story.resets_identity(ADA)  # before she ever wrote
    for user in (ADA, BEN):
        story.passes_the_gate(user)
    assert kinds(story.says(ADA, "!help")) == ["refusal"]
    story.says(BEN, f"!confirm {ADA}")
    assert "Words for facilitators:" in story.says(ADA, "!help")[0].body


def test_no_chat_no_words():
    story = group_of(ADA, BEN)
    story.resets_identity(ADA)
    person = replace(story.person(ADA), chat=None)
    story.records["person", ADA] = person
    event = IdentityAccepted(ADA, story.identities[ADA], BEN)
    outcome = decide(story.state(event), event, CauseId("late"), story.now)
    assert outcome.puts == (Person(**{**vars(person), "new_identity": None}),)
    assert [say.room for say in outcome.effects] == [ROOM]
