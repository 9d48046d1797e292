"""Whom a case that waits is brought to, rung after rung, until somebody has it."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from appservice.domain.cases.case import About, For, Level
from appservice.domain.cases.rungs import AMBER, CONDUCT, GREEN, RED, Whom
from appservice.domain.duty.rota import Probe, Rota, Slot
from appservice.domain.effects import Page, Say
from appservice.domain.events import CaseDue, PageFailed
from appservice.domain.person import OffDuty
from appservice.domain.types import Size
from tests.domain.ladder_story import GROUP, HOUR, LEA, MINUTE, ROOM, TOM, Watch
from tests.support.story import ADA, BEN, MEI

TEAM = {ADA, BEN, TOM}


@pytest.fixture
def story() -> Watch:
    return Watch.begins()


def off(story, *users, until=None, away=False):
    for user in users:
        resting = OffDuty(story.now, until, away)
        story.records["person", user] = replace(story.person(user), off=resting)


def rota(story, *slots):
    """Give the group hours, as (weekday, from, to, people)."""
    kept = (Slot(day, time(a), time(b), "Europe/Berlin", users) for day, a, b, users in slots)
    story.keeps(rota=Rota(tuple(kept)))


def promised(story):
    """Let the group keep the promise that somebody is paged at once."""
    known = (Probe(user, story.now, story.now, story.now) for user in (ADA, BEN))
    story.keeps(red_paging=story.now, tested=tuple(known))


def test_the_table_is_that_of_the_specification():
    minutes = [(rung.whom, rung.after / MINUTE) for rung in RED]
    assert minutes == [
        (Whom.ON_DUTY, 0),
        (Whom.ON_DUTY, 5),
        (Whom.ALL, 10),
        (Whom.LEAD, 15),
        (Whom.OPERATOR, 20),
    ]
    assert [rung.after / HOUR for rung in AMBER] == [0, 2, 4, 8]
    assert [rung.after / HOUR for rung in GREEN] == [0, 12, 24, 48, 72]
    assert [rung.after / HOUR for rung in CONDUCT][:3] == [0, 48, 72]


def test_a_new_case_is_told_with_its_number_and_nothing_else(story):
    story.raises()
    told = story.told()
    assert [h.body.splitlines()[0] for h in told[ROOM]] == ["C-1 (care) waits. Nobody has it yet."]
    assert "Take it: !take 1" in told[ROOM][0].body
    assert told[ADA][0].body.endswith("1: I take it")
    assert told[ADA][0].message.kind == told[ROOM][0].message.kind == "case_new"
    assert MEI not in told
    assert not [h for each in told.values() for h in each if "@mei" in h.body]
    assert story.person(ADA).asked[-1].topic == "case 1"
    assert (story.person(ADA).asked[-1].group, story.person(ADA).asked[-1].about) == (GROUP, "1")
    assert [(p.way, p.address, p.number, p.drill) for p in story.pages()] == [
        ("email", "a@b.org", 1, False)
    ]


def test_nobody_answers_a_worried_flag(story):
    story.raises()
    assert story.asked() == TEAM
    story.passes(hours=1, minutes=59)
    assert story.asked() == set()
    story.passes(minutes=1)
    assert story.told()[ROOM][-1].message.kind == "case_ladder"
    assert story.asked() == TEAM
    story.passes(hours=2)
    assert story.asked() == {*TEAM, LEA} - TEAM
    assert not story.operator()
    story.passes(hours=4)
    told = story.told()
    assert [h.message.kind for h in told[MEI]] == ["flag_update"]
    assert "Nobody has answered to C-1" in told[MEI][0].body
    assert "116 123" in told[MEI][0].body
    assert [dict(e.facts) for e in story.operator()] == [{"case": "C-1"}]
    assert [p.way for p in story.pages()][-1] == "operator"
    assert GROUP not in {str(v) for e in story.operator() for v in e.facts.values()}
    story.passes(days=30)
    assert story.asked() == set()
    assert len(story.operator()) == 1


def test_red_climbs_in_minutes(story):
    story.raises()
    story.claims(1)
    story.changes(1, level=Level.RED)
    story.told()
    story.releases(1)
    begin, seen = story.now, []
    for _ in range(25):
        asked = story.asked()
        if asked or (story.operator() and "operator" not in str(seen)):
            seen.append(((story.now - begin) / MINUTE, asked or "operator"))
        story.passes(minutes=1)
    assert seen == [(0, TEAM), (5, TEAM), (10, TEAM), (15, {LEA}), (20, "operator")]


@pytest.mark.parametrize(
    ("level", "about", "hours"),
    [
        (Level.GREEN, About.OTHER, [0, 12, 24, 48, 72]),
        (Level.AMBER, About.OTHER, [0, 2, 4, 8]),
        (None, About.BEHAVIOUR, [0, 48, 72, 96]),
    ],
)
def test_each_level_has_its_hours(story, level, about, hours):
    story.raises(about)
    story.claims(1)
    story.changes(1, level=level)
    story.releases(1)
    begin, seen = story.now, []
    for _ in range(110):
        done = len([name for name in story.case().done if name.startswith("1 ")])
        if done > len(seen):
            seen.append((story.now - begin) / HOUR)
        story.passes(hours=1)
    assert seen == hours


def test_who_takes_it_ends_the_ladder_and_those_who_were_asked_are_told(story):
    story.raises()
    story.told()
    story.claims(1, BEN)
    told = story.told()
    assert [h.body for h in told.pop(ROOM)] == ["@ben:example.org has C-1 now."]
    assert not told
    assert story.person(ADA).asked[-1].answered
    story.passes(hours=3)
    assert not story.told()
    assert not story.operator()


def test_in_a_small_group_both_are_asked_and_told_in_their_chats():
    story = Watch.begins(Size.SMALL)
    assert not story.has_room
    story.raises()
    assert story.asked() == {ADA, BEN}
    story.claims(1, ADA)
    told = story.told()
    assert [h.message.kind for h in told[BEN]] == ["case_claimed"]
    assert "@ada:example.org has C-1" in told[BEN][0].body
    assert not {MEI, LEA} & told.keys()


def test_what_is_released_climbs_anew_from_the_first_rung(story):
    story.raises()
    story.passes(hours=2)
    story.claims(1)
    story.asked()
    story.passes(hours=1)
    story.releases(1)
    assert story.asked() == TEAM
    assert story.case().done[-1] == "1 duty"
    story.passes(hours=4)
    assert story.asked() == {*TEAM, LEA}


def test_a_rung_on_which_nobody_stands_is_passed_at_once(story):
    off(story, *TEAM)
    story.raises()
    assert story.asked() == {LEA}
    off(story, LEA)
    story.raises(user=MEI)
    assert story.asked() == set()
    assert len(story.operator()) == 1


def test_who_is_off_is_asked_in_red_only_and_who_is_away_never(story):
    off(story, BEN)
    off(story, TOM, until=story.now + timedelta(days=9), away=True)
    story.raises()
    story.passes(hours=3)
    assert story.asked() == {ADA}
    promised(story)
    rota(story, *((day, 0, 0, (ADA,)) for day in range(7)))
    story.told()
    story.raises(urgent=True)
    assert story.asked() == {ADA}
    story.passes(minutes=5)
    assert story.asked() == {ADA}
    story.passes(minutes=5)
    assert story.asked() == {ADA, BEN}
    story.passes(minutes=30)
    assert TOM not in story.asked()


@pytest.mark.parametrize("early", ["a page fails", "nobody has the hours"])
def test_who_is_off_is_asked_in_time_where_red_has_climbed_before_it(story, early):
    """What climbs early leaves those who are off out; nobody is left out of it for good."""
    off(story, BEN)
    off(story, TOM, away=True)
    promised(story)
    hours = range(7) if early == "a page fails" else (3,)
    rota(story, *((day, 0, 0, (ADA,)) for day in hours))
    story.raises(urgent=True)
    if early == "a page fails":
        story.happens(PageFailed(GROUP, 1, ADA, "0 duty"))
        story.happens(PageFailed(GROUP, 1, ADA, "0 again"))
    assert story.asked() == {ADA}
    assert "0 all" in story.case().done
    story.passes(minutes=9)
    assert story.asked() == set()
    story.passes(minutes=1)
    assert story.asked() == {BEN}
    story.passes(minutes=5)
    assert story.asked() == {LEA}
    story.passes(hours=1)
    assert story.asked() == set()


def test_a_lead_who_is_off_is_asked_in_time_too(story):
    off(story, LEA)
    promised(story)
    rota(story, *((day, 0, 0, (ADA,)) for day in range(7)))
    story.raises(urgent=True)
    for rung in ("duty", "again", "all"):
        story.happens(PageFailed(GROUP, 1, ADA, f"0 {rung}"))
    assert story.asked() == TEAM
    assert len(story.operator()) == 1, "nobody stands on her rung yet"
    story.passes(minutes=15)
    assert story.asked() == {LEA}
    story.passes(hours=1)
    assert story.asked() == set()


def test_who_came_back_has_heard_it_and_is_not_asked_as_one_who_is_off(story):
    off(story, BEN)
    promised(story)
    rota(story, *((day, 0, 0, (ADA,)) for day in range(7)))
    story.raises(urgent=True)
    story.happens(PageFailed(GROUP, 1, ADA, "0 duty"))
    story.happens(PageFailed(GROUP, 1, ADA, "0 again"))
    story.says(BEN, "!on")
    story.forget()
    story.passes(minutes=10)
    assert story.asked() == set()


def test_red_reaches_who_is_off_at_once_where_nobody_else_is_left(story):
    promised(story)
    rota(story, *((day, 0, 0, (ADA,)) for day in range(7)))
    off(story, *TEAM)
    story.raises(urgent=True)
    assert story.asked() == TEAM


def test_immediate_danger_without_that_promise_is_told_to_everybody_at_once(story):
    story.raises(urgent=True)
    told = story.told()
    assert {ADA, BEN, TOM, LEA, ROOM} == told.keys()
    assert "C-1 (immediate danger) waits" in told[ADA][0].body
    story.passes(hours=1, minutes=59)
    story.asked()
    story.passes(minutes=1)
    assert story.asked() == TEAM


def test_whom_it_names_and_who_raised_it_are_never_asked(story):
    story.raises(About.ME, ADA)
    assert story.asked() == {BEN, TOM}
    story.passes(days=9)
    told = story.told()
    assert ROOM not in told, "Ada reads that room"
    assert {h.message.kind for h in told[ADA]} == {"flag_update"}
    story.forget()
    story.raises(About.OTHER, BEN)
    assert story.asked() == {ADA, TOM}


def test_what_is_about_a_facilitator_begins_with_the_lead_and_nobody_else_hears_of_it(story):
    story.raises(visible=For.LEAD)
    assert set(story.told()) == {LEA}
    story.passes(days=2)
    assert set(story.told()) == {LEA, MEI}
    assert len(story.operator()) == 1


def test_what_is_about_the_lead_never_reaches_the_lead(story):
    story.raises(visible=For.BUT_LEAD)
    assert story.asked() == TEAM
    story.passes(days=2)
    assert LEA not in story.told()
    assert len(story.operator()) == 1


def test_without_anybody_the_operator_hears_at_once(story):
    story.keeps(charter=replace(story.group().charter, lead=None))
    story.raises(visible=For.LEAD)
    assert not story.told()
    assert len(story.operator()) == 1


def test_a_page_that_fails_climbs_at_once(story):
    story.raises()
    story.asked()
    page = story.pages()[0]
    failed = PageFailed(GROUP, 1, page.user, page.step)
    story.happens(failed)
    assert story.asked() == TEAM
    assert story.case().done == ("0 duty", "0 all")
    story.happens(failed)
    assert story.case().done == ("0 duty", "0 all")
    story.happens(PageFailed(GROUP, 1, ADA, "0 all"))
    assert story.asked() == {LEA}


def test_an_alert_that_cannot_be_said_counts_as_a_page_that_failed(story):
    story.raises()
    alert = next(e for e in story.done(Say) if e.room == story.chat(BEN))
    assert alert.unheard == PageFailed(GROUP, 1, BEN, "0 duty")
    story.asked()
    story.happens(alert.unheard)
    assert story.asked() == TEAM


def test_a_page_that_fails_after_somebody_took_it_changes_nothing(story):
    story.raises()
    story.claims(1)
    story.told()
    assert story.happens(PageFailed(GROUP, 1, ADA, "0 duty")) == []


def test_after_downtime_missed_rungs_are_one_and_the_first_thing_said_is_since_when(story):
    story.raises()
    story.told()
    story.now += timedelta(hours=5)
    story.happens(CaseDue(GROUP, 1))
    told = story.told()
    assert {ADA, BEN, TOM, LEA, ROOM, MEI} == told.keys()
    assert all(len(each) == 1 for each in told.values())
    for who in (ADA, ROOM):
        assert told[who][0].body.startswith("From Monday 23 November 2026, 15:00 (Berlin; 14:00")
    assert told[MEI][0].body.startswith("From Monday 23 November 2026, ")
    assert "not able to ask anybody about C-1" in told[MEI][0].body
    assert "Nobody has answered yet" in told[MEI][0].body
    assert story.case().done == ("0 duty", "0 all", "0 lead")


def test_after_long_downtime_reporter_and_operator_hear_it_once(story):
    story.raises()
    story.told()
    story.now += timedelta(days=3)
    story.passes()
    told = story.told()
    assert len(told[MEI]) == 1
    assert "Nobody has answered to C-1" in told[MEI][0].body
    assert len(story.operator()) == 1
    story.passes(days=3)
    assert not story.told()


def test_a_level_that_people_raise_is_no_downtime(story):
    story.raises()
    story.passes(hours=1)
    story.claims(1)
    story.changes(1, level=Level.RED)
    story.releases(1)
    told = story.told()
    assert not [h for each in told.values() for h in each if "From" in h.body]


def test_a_clock_that_jumps_back_asks_nobody_twice(story):
    story.raises()
    story.passes(hours=2)
    story.asked()
    story.now -= timedelta(hours=2)
    story.happens(CaseDue(GROUP, 1))
    assert story.asked() == set()


# -- with hours


def test_a_flag_at_night_waits_for_the_next_hours(story):
    rota(story, (1, 18, 22, (BEN,)))  # the story begins on a Monday at noon
    story.raises()
    assert story.asked() == set()
    story.passes(hours=28)
    assert story.asked() == set()
    story.passes(hours=1)  # Tuesday 18:00 in Berlin
    assert story.asked() == {BEN}
    story.passes(hours=2)
    assert story.asked() == TEAM
    story.passes(hours=2)  # the end of the hours
    assert story.asked() == {LEA}


def test_hours_count_over_the_days_on_which_they_lie(story):
    rota(story, *((day, 18, 19, (BEN, ADA)) for day in range(7)))
    story.raises()
    begin, seen = story.now, {}
    for _ in range(9 * 24):
        for name in story.case().done:
            seen.setdefault(name, (story.now - begin) / HOUR)
        story.passes(hours=1)
    assert seen == {"0 duty": 5, "0 all": 30, "0 lead": 78, "0 operator": 174}


def test_few_hours_make_nobody_wait_for_ever(story):
    rota(story, (0, 18, 19, (BEN,)))
    story.raises()
    story.passes(hours=5)
    story.passes(days=7, hours=8)
    assert len(story.operator()) == 1


def test_where_all_of_a_shift_are_off_the_next_in_the_ring_is_asked(story):
    rota(story, (0, 12, 22, (BEN,)))
    off(story, BEN)
    story.raises()
    assert story.asked() == {TOM}
    off(story, TOM)
    story.raises()
    assert story.asked() == {ADA}


def test_red_asks_whoever_is_there_outside_of_the_hours_too(story):
    rota(story, (1, 18, 22, (BEN,)))
    promised(story)
    story.raises(urgent=True)
    assert story.asked() == TEAM


def test_pages_go_to_nobody_but_those_who_are_asked(story):
    story.records["person", MEI] = replace(story.person(MEI), pages=(("ntfy", "mei"),))
    off(story, ADA)
    story.raises()
    story.passes(days=2)
    assert {(page.user, page.way) for page in story.done(Page)} == {("", "operator")}


def test_new_hours_and_a_new_promise_count_for_what_waits_already(story):
    rota(story, (1, 18, 22, (BEN,)))
    story.raises()
    story.says(ADA, f"!rota add mon 14:00-16:00 {TOM}")
    story.asked()
    story.passes(hours=1)  # Monday 14:00 in Berlin
    assert story.asked() == {TOM}


def test_a_level_that_is_raised_while_it_waits_goes_on_above_what_was_climbed(story):
    story.raises()
    story.passes(hours=2)
    story.asked()
    story.changes(1, level=Level.RED)
    assert story.asked() == {LEA}
    rungs = [name for name in story.case().done if name.startswith("0 ")]
    assert rungs == ["0 duty", "0 all", "0 lead", "0 operator"]


def test_the_room_hears_nothing_that_one_who_is_in_it_must_not_know(story):
    story.rooms[ROOM][LEA] = "join"
    room = story.records["room", ROOM]
    story.records["room", ROOM] = replace(room, members=(*room.members, LEA))
    story.raises(visible=For.BUT_LEAD)
    told = story.told()
    assert ROOM not in told
    assert told.keys() == TEAM


def test_every_message_names_its_case_for_programs(story):
    story.raises()
    story.passes(days=2)
    story.claims(1)
    said = [h.message for each in story.told().values() for h in each]
    assert {message.case for message in said} == {"C-1"}
    assert {message.kind for message in said} == {
        "case_new",
        "case_ladder",
        "case_claimed",
        "flag_update",
    }


def test_who_comes_back_hears_what_waits(story):
    story.says(BEN, "!off")
    story.says(TOM, "!off 2 days")
    story.raises()
    story.raises(About.ME, TOM)
    story.raises(visible=For.LEAD)
    story.told()
    body = story.says(BEN, "!on")[0].body
    assert "C-1 (care) waits, and nobody has it. Take it: !take 1" in body
    assert "C-2" in body
    assert "C-3" not in body
    assert "waits" not in story.says(BEN, "!on", room=ROOM)[0].body, "Tom reads that room"
    story.claims(2)
    story.told()
    story.passes(days=2)
    (body,) = [h.body for h in story.told()[TOM] if h.message.kind == "duty"]
    assert "C-1" in body
    assert "C-2" not in body


def test_the_question_stays_open_whatever_else_is_said(story):
    story.raises()
    assert "contact: ask a facilitator" in story.says(BEN, "help")[0].body
    assert "To see it again, write continue" in story.says(BEN, "I am so tired of this")[0].body
    again = story.says(BEN, "continue")[0]
    assert again.body == "C-1 (care) waits. Nobody has it yet.\n\n1: I take it"
    assert again.message.case == "C-1"
    story.claims(1)
    assert "the way in once more" in story.says(BEN, "continue")[0].body
