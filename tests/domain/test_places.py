"""Places of a group: who comes when all are taken waits on a list, and a free one is told."""

from tests.domain.test_applying import GROUP, ROOM, code, founded
from tests.support.story import ADA, BEN, MEI, ZOE


def test_a_full_group_puts_whoever_passes_the_gate_on_the_list():
    story = founded(capacity=3)
    story.passes_the_gate(MEI, code(story))
    story.passes_the_gate(ZOE, code(story))
    assert "cannot say when" in story.hears("waitlisted").body
    assert not story.consents(ZOE)
    assert "full" in story.says(ADA, "!accept")[0].body
    assert not story.consents(ZOE)


def test_a_free_place_is_told_once_and_the_first_on_the_list_comes_in():
    story = founded(capacity=3)
    for user in (MEI, ZOE, "@eve:example.org"):
        story.passes_the_gate(user, code(story))
    assert story.looks(GROUP) == []
    story.says(MEI, "leave")
    told = story.looks(GROUP)
    assert [heard.room for heard in told] == [ROOM]
    assert "number 1" in told[0].body
    assert story.looks(GROUP) == []
    story.says(ADA, "!accept")
    assert story.consents(ZOE)
    assert story.looks(GROUP) == []
    story.says(ZOE, "leave")
    assert "number 2" in story.looks(GROUP)[0].body


def test_approval_comes_before_the_place():
    story = founded(approval=True, capacity=3)
    story.passes_the_gate(MEI)
    story.passes_the_gate(ZOE, code(story))
    assert "facilitators decide" in story.hears("notice").body
    assert "full" in story.says(ADA, "!accept 1")[0].body
    story.says(ADA, "!waitlist 1")
    story.says(MEI, "leave")
    assert "number 1" in story.looks(GROUP)[0].body
    story.says(BEN, "!accept")
    assert story.consents(ZOE)
