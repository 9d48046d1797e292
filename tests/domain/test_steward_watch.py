"""Marks on the steward are told once, to everybody concerned."""

import pytest

from appservice.domain.effects import Remove
from appservice.domain.events import StewardInspected
from tests.support.story import ADA, MEI, Story, example


def looked(group, devices=(), key="ours"):
    return StewardInspected(tuple(devices), key, "ours", (group,))


@pytest.mark.parametrize(
    ("seen", "words"),
    [({"devices": ["EVIL"]}, "EVIL"), ({"key": "theirs"}, "identity"), ({"key": None}, "gone")],
)
def test_noticeboard_and_facilitators_are_told_once(seen, words):
    story = Story()
    group = story.founds()
    assert story.happens(looked(group)) == []
    heard = story.happens(looked(group, **seen))
    assert {h.room.partition("-")[0] for h in heard} == {"!noticeboard", "!facilitators"}
    assert all(words in h.body and h.message.kind == "notice" for h in heard)
    assert story.happens(looked(group, **seen)) == []
    assert story.happens(looked(group, devices=["MORE"], key=seen.get("key", "ours")))
    assert not story.done(Remove)


def test_a_small_group_is_told_in_private_chats():
    story = Story()
    group = story.founds(example("small"))
    for user in (ADA, MEI):
        story.passes_the_gate(user)
    heard = story.happens(looked(group, ["EVIL", "WORSE"]))
    assert {h.room for h in heard} == {story.person(ADA).chat, story.person(MEI).chat}
    assert all("EVIL" in h.body and "WORSE" in h.body for h in heard)


def test_while_there_is_a_mark_the_privacy_card_says_so_and_its_end_is_told():
    story = Story()
    group = story.founds(example("small"))
    story.passes_the_gate(ADA)
    story.happens(looked(group, ["EVIL"]))
    story.says(ADA, "privacy")
    assert "Right now there is a mark" in story.hears("privacy_card").body
    heard = story.happens(looked(group))
    assert ["is gone" in h.body for h in heard] == [True]
    assert story.happens(looked(group)) == []
    story.says(ADA, "privacy")
    assert "Right now" not in story.hears("privacy_card").body
