"""Whether immediate danger pages somebody: a promise that is given and taken back by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from appservice.domain.cases.urgent import red_paging
from appservice.domain.duty.drill import STEP
from appservice.domain.effects import Page, Say
from appservice.domain.events import PageFailed
from appservice.domain.types import Size
from tests.domain.ladder_story import GROUP, LEA, ROOM, TOM, Watch
from tests.support.story import ADA, BEN, MEI, ZOE


@pytest.fixture
def story() -> Watch:
    return Watch.begins()


def promised(story):
    """Let the group have hours and answers, and switch red paging on."""
    story.says(ADA, "!rota add mon tue wed thu fri sat sun 8:00-20:00")
    story.says(ADA, "!test-page")
    for user in (ADA, BEN):
        story.says(user, "1")
    story.says(ADA, "!red-paging on")
    assert red_paging(story.group())
    story.forget()


def test_a_test_page_goes_to_facilitators_and_lead_by_each_way_and_says_what_it_is(story):
    story.records["person", MEI] = replace(story.person(MEI), pages=(("ntfy", "mei"),))
    story.says(TOM, "!off")
    story.forget()
    story.says(ADA, "!test-page", room=ROOM)
    told = story.told()
    assert told.keys() == {ADA, BEN, LEA, ROOM}
    for user in (ADA, BEN, LEA):
        assert [h.message.kind for h in told[user]] == ["drill"]
        assert "only a test" in told[user][0].body
        assert "1: I am here" in told[user][0].body
    pages = story.done(Page)
    assert [(p.user, p.way, p.address, p.drill) for p in pages] == [
        (ADA, "email", "a@b.org", True)
    ]
    assert not story.all(type("Case", (), {"kind": "case"}))


def test_it_is_measured_how_fast_each_rung_answers(story):
    assert "No test page was sent" in story.says(ADA, "!test-page show")[0].body
    story.says(ADA, "!test-page")
    story.passes(seconds=12)
    heard = story.says(BEN, "1")
    assert "That took 12 seconds" in heard[0].body or "That took 12 seconds" in heard[-1].body
    told = next(h for h in heard if h.room == ROOM)
    assert told.message.kind == "drill"
    assert "- on duty: 12 seconds\n- all facilitators: 12 seconds" in told.body
    assert "- the lead: no answer yet" in told.body
    story.passes(seconds=30)
    story.says(LEA, "1")
    story.says(ADA, "1")
    body = story.says(TOM, "!test-page show", room=ROOM)[0].body
    assert "- on duty: 12 seconds\n- all facilitators: 12 seconds\n- the lead: 42 seconds" in body
    assert story.says(BEN, "1") == [] or story.heard[-1].message.kind != "drill"


def test_in_a_small_group_the_other_one_hears_the_result_too():
    story = Watch.begins(Size.SMALL)
    story.says(ADA, "!test-page")
    heard = story.says(BEN, "1")
    assert {h.room for h in heard} == {story.chat(ADA), story.chat(BEN)}


def test_a_test_page_that_fails_is_told(story):
    story.says(ADA, "!test-page")
    says = [e for e in story.done(Say) if e.unheard is not None]
    assert {e.unheard for e in says} == {
        PageFailed(GROUP, 0, user, STEP) for user in (ADA, BEN, TOM, LEA)
    }
    heard = story.happens(PageFailed(GROUP, 0, ADA, STEP))
    assert [h.room for h in heard] == [ROOM]
    assert "did not arrive" in heard[0].body


def test_it_needs_hours_and_two_who_answered(story):
    def says(text):
        return story.says(ADA, text)[0]

    assert "Red paging is off" in says("!red-paging").body
    heard = says("!red-paging on")
    assert heard.message.kind == "refusal"
    assert "It needs hours" in heard.body
    assert "Two of you must have answered" in heard.body
    says("!rota add mon 18:00-22:00")
    says("!test-page")
    says("1")
    story.says(LEA, "1")
    heard = says("!red-paging on")
    assert "It needs hours" not in heard.body
    assert "Two of you must have answered" in heard.body
    story.says(BEN, "1")
    assert "Red paging is on" in says("!red-paging on").body
    assert red_paging(story.group())
    assert "Red paging is on" in says("!red-paging").body
    assert "I get" not in says("!red-paging perhaps").body
    assert red_paging(story.group())
    assert "Red paging is off" in says("!red-paging off").body
    assert not red_paging(story.group())


def test_members_cannot_promise_anything(story):
    promised(story)
    for text in ("!red-paging off", "!test-page", "!rota remove 1"):
        assert story.says(MEI, text)[0].message.kind == "refusal"
    assert red_paging(story.group())


def test_it_falls_back_when_the_answers_are_too_old(story):
    promised(story)
    for _ in range(89):
        story.passes(days=1)
    assert red_paging(story.group())
    assert not story.told()
    story.passes(days=1)
    told = story.told()
    assert set(told) == {ROOM}
    assert "Red paging is off from now" in told[ROOM][0].body
    assert "Two of you must have answered" in told[ROOM][0].body
    assert not red_paging(story.group())
    story.passes(days=90)
    assert not story.told()


def test_new_answers_keep_it_and_an_unanswered_test_takes_nothing_away(story):
    promised(story)
    story.passes(days=60)
    story.says(ADA, "!test-page")
    assert red_paging(story.group())
    for user in (ADA, BEN):
        story.says(user, "1")
    story.passes(days=1)
    story.forget()
    for _ in range(80):
        story.passes(days=1)
    assert red_paging(story.group())
    assert not story.told()


def test_it_falls_back_with_the_last_of_the_hours(story):
    promised(story)
    for _ in range(6):
        story.says(ADA, "!rota remove 1")
    assert red_paging(story.group())
    heard = story.says(ADA, "!rota remove 1")
    assert any(h.room == ROOM and "Red paging is off from now" in h.body for h in heard)
    assert story.group().red_paging is None


def test_it_does_not_outlive_those_who_answered(story):
    promised(story)
    story.says(BEN, "!resign")
    assert not red_paging(story.group()), "at once"
    story.forget()
    story.passes(days=1)
    assert "Red paging is off from now" in story.told()[ROOM][0].body


def test_it_looks_again_after_a_long_downtime(story):
    promised(story)
    story.now += timedelta(days=200)
    story.passes()
    assert not red_paging(story.group())
    assert set(story.told()) == {ROOM}


def test_a_drill_reaches_no_member_in_any_way(story):
    story.says(ADA, "!test-page")
    told = story.told()
    assert not {MEI, ZOE} & told.keys()
    assert f"!noticeboard-{GROUP}" not in told
    assert f"!circle-{GROUP}" not in told
    assert not {p.user for p in story.done(Page)} & {MEI, ZOE}


def test_a_test_page_keeps_nobody_from_anything(story):
    story.says(ADA, "!test-page")
    assert "1: ask a facilitator to write to you" in story.says(BEN, "help")[0].body
    story.passes(minutes=5)
    story.says(ADA, "!test-page")
    assert "That took 0 seconds" in story.says(BEN, "1")[0].body


def test_test_pages_are_not_sent_one_upon_the_other(story):
    story.says(ADA, "!test-page")
    story.told()
    heard = [h for _ in range(50) for h in story.says(BEN, "!test-page")]
    assert {(h.room, h.message.kind) for h in heard} == {(story.chat(BEN), "refusal")}
    story.says(TOM, "1")
    assert "all facilitators: 0 seconds" in story.says(ADA, "!test-page show")[0].body


def test_who_was_woken_while_off_hears_that_a_colleague_is_back_and_has_it(story):
    promised(story)
    story.says(TOM, "!away 3 days")
    for user in (ADA, BEN):
        story.says(user, "!off")
    story.keeps(rooms={k: v for k, v in story.group().rooms.items() if v != ROOM})
    story.raises(urgent=True)
    assert story.asked() == {ADA, BEN}
    story.says(ADA, "!on")
    story.told()
    story.says(ADA, "1")
    told = story.told()
    assert [h.message.kind for h in told[BEN]] == ["case_claimed"]
    assert f"{ADA} has C-1" in told[BEN][0].body
    assert TOM not in told
    assert "C-1" in story.says(BEN, "1")[0].body
