"""Nobody comes in at a side door: an invitation past the gate is undone."""

import pytest

from appservice.domain.application import Application, Code
from appservice.domain.effects import Admit
from appservice.domain.group import Group
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace

GROUP = f"group-{CODE}"
CIRCLE, TEAM = f"!circle-{GROUP}", f"!facilitators-{GROUP}"


@pytest.fixture
def story() -> Story:
    """A group whose facilitators decide, with three places."""
    story = Story()
    story.founds(replace(example(), approval=True, capacity=3))
    story.lets_in(ADA, BEN)
    story.says(ADA, "!invite new")
    return story


def code(story: Story) -> str:
    return next(code.spelled for code in story.all(Code) if not code.trusted)


@pytest.mark.parametrize("how", ["invite", "join", "knock"])
@pytest.mark.parametrize("room", [CIRCLE, TEAM])
def test_an_invitation_or_a_forced_join_of_whoever_waits_is_undone(story, how, room):
    story.passes_the_gate(MEI, code(story))
    story.rooms[room][MEI] = how
    heard = story.looks(GROUP)
    assert MEI not in story.rooms[room]
    assert {h.room for h in heard} == {TEAM, story.person(MEI).chat}
    assert story.of(Application, MEI)[0].waiting.number == 1
    story.says(ADA, "!accept 1")
    assert MEI in story.admitted()


def test_an_invitation_of_a_stranger_leads_to_the_gate_and_not_round_it(story):
    story.opens_chat(ZOE)
    story.rooms[CIRCLE][ZOE] = "invite"
    told = [heard.body for heard in story.looks(GROUP) if heard.room == story.person(ZOE).chat]
    assert "write join and your code" in told[0]
    assert ZOE not in story.rooms[CIRCLE]
    story.passes_the_gate(ZOE, code(story))
    assert not story.consents(ZOE)
    assert "facilitators decide" in story.hears("notice").body


def test_a_member_who_is_invited_again_by_somebody_else_stays(story):
    story.rooms[CIRCLE][BEN] = "invite"
    assert story.looks(GROUP) == []
    assert story.rooms[CIRCLE][BEN] == "invite"


def test_whoever_left_is_not_let_in_by_an_invitation_but_by_the_code(story):
    story.passes_the_gate(MEI)
    story.says(MEI, "leave")
    story.effects.clear()
    story.rooms[CIRCLE][MEI] = "invite"
    story.looks(GROUP)
    assert MEI not in story.rooms[CIRCLE]
    assert not story.done(Admit)
    story.passes_the_gate(MEI)
    assert MEI in story.rooms[CIRCLE]


def test_a_full_group_takes_nobody_who_was_brought_in(story):
    story.passes_the_gate(MEI)
    story.rooms[CIRCLE][ZOE] = "join"
    story.looks(GROUP)
    assert ZOE not in story.rooms[CIRCLE]
    assert not story.one(Group, GROUP).place_told
