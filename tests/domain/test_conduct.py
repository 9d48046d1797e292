"""Fair conduct, told as dialogues: a ladder of steps, each by a person, by a rule, in private."""

from datetime import timedelta

import pytest

from appservice.domain.cases.case import About, Case, For, Level, Track
from appservice.domain.cases.clock import kept
from appservice.domain.conduct.motion import Motions
from appservice.domain.conduct.standing import Rung, Standing
from appservice.domain.effects import Remove, Say, SetPowers, SweepPage, TakeOut
from appservice.domain.events import CaseDue
from appservice.domain.group import Group
from appservice.domain.records import Grace, PauseReason, Sweep
from appservice.domain.turn import nowhere
from appservice.domain.types import CauseId
from tests.domain.conduct_story import (
    BOARD,
    CIRCLE,
    GROUP,
    LEA,
    TEAM,
    cares,
    climbs,
    does,
    later,
    newest,
    power,
    settles,
    standing,
    told,
    waiting,
)
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace


@pytest.fixture
def story() -> Story:
    return told()


def test_the_ladder_from_a_talk_to_the_end_of_a_place(story):
    climbs(story, to=Rung.REMOVAL)
    assert [one.rung for one in standing(story).measures] == list(Rung)
    assert not story.consents(MEI)
    assert MEI not in story.rooms[CIRCLE]


def test_each_step_is_told_in_private_with_its_rule_and_nothing_in_the_circle(story):
    climbs(story, to=Rung.SECOND)
    heard = newest(story, MEI)
    rule = next(r for r in example().rules[0].rules if r.number == 3)
    assert heard.message.kind == "warning"
    for part in (rule.text, "A person decided this", "second warning", "Write appeal"):
        assert part in heard.body
    assert not [e for e in story.effects if isinstance(e, Say) and e.room in (CIRCLE, BOARD)]
    assert any("a second warning to" in h.body for h in story.heard if h.room == TEAM)
    assert "rule 3" not in str(standing(story))


def test_what_hurts_is_shown_first_and_can_be_undone_for_ten_seconds(story):
    climbs(story, to=Rung.REMINDER)
    shown = story.says(ADA, f"!warn {MEI} rule 3")[0]
    assert [choice.id for choice in shown.message.choices] == ["yes", "no"]
    heard = len(story.heard)
    later(story, minutes=5)
    assert len(story.heard) == heard
    story.says(ADA, "1")
    later(story, seconds=8)
    assert "off" in story.says(BEN, "!undo")[-1].body
    later(story, seconds=60)
    assert standing(story).highest(story.now) is Rung.REMINDER
    assert not waiting(story)


def test_in_the_facilitators_room_only_words_count(story):
    climbs(story, to=Rung.REMINDER)
    shown = story.says(ADA, f"!warn {MEI} rule 3", room=TEAM)[0]
    assert "!yes 3" in shown.body
    assert story.says(ADA, "1", room=TEAM) == []
    story.says(ADA, "!yes 3", room=TEAM)
    later(story, seconds=11)
    assert standing(story).highest(story.now) is Rung.FIRST


def test_a_yes_that_never_comes_lets_it_go(story):
    climbs(story, to=Rung.REMINDER)
    story.says(ADA, f"!warn {MEI} rule 3")
    later(story, hours=2)
    assert not waiting(story)
    assert story.says(ADA, "!yes 3")[0].message.kind == "refusal"


def test_a_skipped_step_needs_the_reason_and_a_second_person(story):
    said = story.says(ADA, f"!pause {MEI} rule 3")[0]
    assert said.message.kind == "refusal"
    assert "a talk" in said.body
    story.says(ADA, f"!pause {MEI} rule 3 serious")
    assert "second person" in newest(story, ADA).body
    story.says(ADA, "1")
    later(story, hours=1)
    assert power(story) == 0
    assert story.says(ADA, "!second 1")[0].message.kind == "refusal"
    story.says(BEN, "!second 1")
    later(story, seconds=11)
    assert power(story) == -1
    measure = standing(story).measures[-1]
    assert (measure.rung, measure.skipped) == (Rung.PAUSE, True)
    assert measure.second
    assert measure.second != measure.by


def test_without_a_second_person_nothing_happens_and_it_is_said(story):
    story.says(ADA, f"!remove {MEI} rule 3 serious")
    story.says(ADA, "1")
    later(story, hours=25)
    assert "No second person" in newest(story, ADA).body
    assert story.consents(MEI)
    assert story.says(BEN, "!second 1")[0].message.kind == "refusal"


def test_the_lead_can_be_the_second_person(story):
    story.says(ADA, f"!pause {MEI} rule 3 serious")
    story.says(ADA, "1")
    assert "!second 1" in newest(story, LEA).body
    story.says(LEA, "!second 1")
    later(story, seconds=11)
    assert power(story) == -1


@pytest.mark.parametrize("word", ["!talk", "!remind", "!warn", "!pause", "!remove"])
def test_care_never_leads_to_a_step(story, word):
    cares(story)
    said = story.says(ADA, f"{word} {MEI} rule 3 serious")[0]
    assert said.message.kind == "refusal"
    assert "care case" in said.body
    assert "contact room" in said.body
    assert not waiting(story)


def test_care_that_begins_between_the_word_and_the_deed_stops_it(story):
    climbs(story, to=Rung.PAUSE)
    story.says(ADA, f"!remove {MEI} rule 3")
    story.says(ADA, "1")
    cares(story)
    later(story, seconds=11)
    assert story.consents(MEI)
    assert "care case" in newest(story, ADA).body
    assert not waiting(story)


@pytest.mark.parametrize("user", [ADA, BEN])
def test_no_facilitator_is_sanctioned_by_one(story, user):
    assert story.says(ADA, f"!talk {user} rule 3")[0].message.kind == "refusal"
    assert not story.all(Standing)


def flags(story: Story, **more: object) -> None:
    case = Case(GROUP, 1, Track.CONDUCT, About.BEHAVIOUR, story.now, story.now, MEI, **more)
    story.records["case", case.key] = case


@pytest.mark.parametrize("more", [{"named": (ADA,)}, {"visible": For.LEAD}])
def test_who_was_flagged_does_not_act_alone_on_who_flagged_and_hears_no_reason(story, more):
    flags(story, **more)
    said = story.says(ADA, f"!talk {MEI} rule 3")[0]
    assert "second person" in said.body
    assert "flag" not in said.body
    assert "case" not in said.body
    does(story, f"!talk {ZOE} rule 3")
    assert len(standing(story, ZOE).measures) == 1


def test_nothing_is_done_by_a_rule_that_is_not_there(story):
    for text in (f"!talk {MEI}", f"!talk {MEI} rule 99", "!talk rule 3", f"!talk {LEA} rule 3"):
        assert story.says(ADA, text)[0].message.kind == "refusal"
    assert not waiting(story)


@pytest.mark.parametrize(
    ("text", "days"), [("", 7), ("3d ", 3), ("30 days ", 30), ("2 weeks ", 14)]
)
def test_a_pause_ends_by_itself_with_a_kind_word(story, text, days):
    climbs(story, to=Rung.SECOND)
    does(story, f"!pause {MEI} {text}rule 3")
    assert power(story) == -1
    assert story.consents(MEI)[0].pauses == (PauseReason.CONDUCT,)
    later(story, days=days, seconds=-60)
    assert power(story) == -1
    later(story, seconds=61)
    assert power(story) == 0
    assert story.consents(MEI)[0].pauses == ()
    assert newest(story, MEI).message.kind == "resumed"


@pytest.mark.parametrize("text", ["0 days", "31 days", "9 weeks"])
def test_a_pause_is_neither_short_nor_long(story, text):
    climbs(story, to=Rung.SECOND)
    assert story.says(ADA, f"!pause {MEI} {text} rule 3")[0].message.kind == "refusal"


def test_a_pause_ends_sooner_by_a_word_and_its_step_stays(story):
    climbs(story, to=Rung.PAUSE)
    story.says(BEN, f"!unpause {MEI}")
    assert power(story) == 0
    assert standing(story).highest(story.now) is Rung.PAUSE
    heard = len(story.heard)
    later(story, days=8)
    assert len(story.heard) == heard
    assert story.says(BEN, f"!unpause {MEI}")[0].message.kind == "refusal"


def test_the_word_back_ends_no_pause_of_the_facilitators(story):
    climbs(story, to=Rung.PAUSE)
    story.says(MEI, "pause 1 week")
    assert "goes on" in story.says(MEI, "return")[0].body
    assert power(story) == -1


def test_leaving_and_coming_back_ends_no_pause(story):
    climbs(story, to=Rung.PAUSE)
    story.says(MEI, "leave")
    assert power(story) == 0
    later(story, days=1)
    story.passes_the_gate(MEI)
    settles(story)
    assert power(story) == -1
    later(story, days=7)
    assert power(story) == 0


def test_steps_lapse_after_ninety_days(story):
    climbs(story, to=Rung.SECOND)
    assert len(story.says(ADA, f"!record {MEI}")[0].body.splitlines()) == 5
    later(story, days=91)
    assert not story.all(Standing)
    assert "Nothing counts" in story.says(ADA, f"!record {MEI}")[0].body
    assert story.says(ADA, f"!warn {MEI} rule 3")[0].message.kind == "refusal"


def test_who_was_removed_hears_where_help_is_and_comes_back_by_a_facilitator_only(story):
    climbs(story, to=Rung.REMOVAL)
    heard = newest(story, MEI)
    assert heard.message.kind == "warning"
    assert "For a bad night" in heard.body
    assert "Write appeal" in heard.body
    refused = story.says(MEI, f"join {CODE}")[0]
    assert refused.message.kind == "refusal"
    assert "facilitator must let you in" in refused.body
    assert MEI not in str(story.one(Group, GROUP).barred)
    story.says(ADA, f"!let-in {MEI}")
    assert "return" in newest(story, MEI).body
    story.says(MEI, "return")
    story.says(MEI, story.hears_choice("agree"))
    story.says(MEI, story.hears_choice("agree"))
    assert story.consents(MEI)
    assert story.says(ADA, f"!let-in {MEI}")[0].message.kind == "refusal"


def test_the_door_stays_closed_after_forgetting_and_for_a_year(story):
    climbs(story, to=Rung.REMOVAL)
    story.says(MEI, "forget me")
    story.says(MEI, "1")
    assert not story.all(Standing)
    assert "facilitator must let you in" in story.says(MEI, f"join {CODE}")[-1].body
    later(story, days=366)
    assert not story.one(Group, GROUP).barred


def test_a_second_removal_in_a_day_needs_a_second_person(story):
    climbs(story, to=Rung.PAUSE)
    climbs(story, to=Rung.PAUSE, user=ZOE)
    does(story, f"!remove {MEI} rule 3")
    assert not story.consents(MEI)
    does(story, f"!remove {ZOE} rule 3")
    assert story.consents(ZOE)
    story.says(BEN, f"!second {waiting(story)[0].number}")
    later(story, seconds=11)
    assert not story.consents(ZOE)


def test_two_removals_that_cross_do_not_both_pass_alone(story):
    climbs(story, to=Rung.PAUSE)
    climbs(story, to=Rung.PAUSE, user=ZOE)
    story.says(ADA, f"!remove {MEI} rule 3")
    story.says(BEN, f"!remove {ZOE} rule 3")
    story.says(ADA, "1")
    story.says(BEN, "1")
    later(story, seconds=30)
    assert len([user for user in (MEI, ZOE) if story.consents(user)]) == 1


def test_two_who_ask_for_the_same_do_it_once(story):
    story.says(ADA, f"!pause {MEI} rule 3 serious")
    assert "already" in story.says(BEN, f"!pause {MEI} rule 3 serious")[0].body
    story.says(ADA, "!yes 1")
    story.says(ADA, "!yes 1")
    story.says(BEN, "!second 1")
    story.says(BEN, "!second 1")
    later(story, seconds=11)
    assert len(standing(story).measures) == 1


def test_a_step_that_another_one_overtook_is_not_taken(story):
    climbs(story, to=Rung.REMINDER)
    story.says(ADA, f"!warn {MEI} rule 3")
    story.says(ADA, "1")
    does(story, f"!remind {MEI} rule 4", BEN)
    later(story, seconds=11)
    assert standing(story).highest(story.now) is Rung.REMINDER
    assert "faster" in "".join(h.body for h in story.heard)


def test_a_motion_and_a_pause_survive_days_of_downtime(story):
    climbs(story, to=Rung.SECOND)
    story.says(ADA, f"!pause {MEI} rule 3")
    story.says(ADA, "1")
    later(story, days=3)
    assert power(story) == -1
    later(story, days=30)
    assert power(story) == 0
    later(story, days=300)
    assert not story.all(Standing)


def test_after_a_restore_nothing_that_waited_is_done(story):
    climbs(story, to=Rung.PAUSE)
    story.says(ADA, f"!remove {MEI} rule 3")
    story.says(ADA, "1")
    story.restored = True
    later(story, seconds=11)
    assert story.consents(MEI)


def test_writing_rests_for_some_minutes_and_the_noticeboard_says_so(story):
    told = story.says(ADA, "!hush 30m")
    assert "12:30" in told[0].body
    levels = story.room_state[CIRCLE]["m.room.power_levels"]
    assert levels["events_default"] == 50
    assert story.looks(GROUP) == []
    later(story, minutes=29)
    assert story.room_state[CIRCLE]["m.room.power_levels"]["events_default"] == 50
    later(story, minutes=2)
    assert story.room_state[CIRCLE]["m.room.power_levels"]["events_default"] == 0
    assert story.one(Group, GROUP).hushed is None


def test_quiet_with_minutes_means_the_same_and_off_ends_it(story):
    story.says(ADA, "!quiet 30m")
    assert story.one(Group, GROUP).stage == "open"
    assert story.one(Group, GROUP).hushed is not None
    story.says(ADA, "!hush off")
    assert story.room_state[CIRCLE]["m.room.power_levels"]["events_default"] == 0


@pytest.mark.parametrize("text", ["!hush", "!hush 4m", "!hush 121 minutes", "!hush soon"])
def test_a_break_is_neither_short_nor_long(story, text):
    assert story.says(ADA, text)[0].message.kind == "refusal"
    assert not story.done(SetPowers)


@pytest.mark.parametrize("more", [{"level": Level.RED}, {"urgent": True}])
def test_no_break_while_a_case_is_red(story, more):
    flags(story, **more)
    assert story.says(ADA, "!hush 30m")[0].message.kind == "refusal"
    story.records.pop(("case", f"{GROUP} 1"))
    story.says(ADA, "!hush 30m")
    raises(story, **more)
    settles(story)
    assert story.one(Group, GROUP).hushed is None


def raises(story: Story, **more: object) -> None:
    """Let a case be kept as the facilitators' words do it."""
    state = story.state(CaseDue(GROUP, 1))
    case = Case(GROUP, 1, Track.CARE, About.OTHER, story.now, story.now, ZOE, **more)
    here = nowhere(state, CauseId("raised"), story.now, "en")
    out = kept(here, state.groups[GROUP], None, case)
    story.writes(out)
    for effect in out.effects:
        story.performs(effect, "effect")


LINK = f"https://matrix.to/#/{CIRCLE}/$event?via=example.org"


def test_a_message_is_taken_out_and_its_author_hears_support_first(story):
    story.authors[CIRCLE, "$event"] = MEI
    cares(story)
    does(story, f"!redact {LINK} rule 3")
    assert story.done(TakeOut)[0].event == "$event"
    told = newest(story, MEI).body
    assert told.index("you matter here") < told.index("3. ")
    assert "The message is out" in newest(story, ADA).body
    assert not story.all(Standing)


def test_a_message_that_is_gone_and_links_that_lead_elsewhere(story):
    does(story, f"!redact matrix:roomid/{CIRCLE[1:]}/e/gone")
    assert "no message" in newest(story, ADA).body
    for link in ("", "https://example.org", "https://matrix.to/#/!other:example.org/$event"):
        assert story.says(ADA, f"!redact {link}")[0].message.kind == "refusal"


def test_all_that_somebody_wrote_since_then_needs_two(story):
    does(story, f"!redact-all {MEI} --since 2d")
    assert not story.done(SweepPage)
    story.says(BEN, f"!second {waiting(story)[0].number}")
    later(story, seconds=11)
    pages = story.done(SweepPage)
    assert {page.whose for page in pages} == {MEI}
    assert story.now - pages[0].since < timedelta(days=2, minutes=1)
    assert "Two people" in newest(story, MEI).body
    cares(story, ZOE)
    assert story.says(ADA, f"!redact-all {ZOE} --since 2d")[0].message.kind == "refusal"
    assert story.says(ADA, f"!redact-all {MEI} --since 60d")[0].message.kind == "refusal"


def test_nothing_about_it_has_a_reason_that_the_server_reads(story):
    climbs(story, to=Rung.REMOVAL)
    assert story.done(Remove)
    assert not hasattr(story.done(Remove)[0], "reason")


def test_who_has_no_private_chat_is_to_be_told_by_people(story):
    story.records["person", MEI] = replace(story.person(MEI), chat=None)
    does(story, f"!talk {MEI} rule 3")
    assert "tell them yourself" in newest(story, ADA).body


def test_whoever_is_found_inside_after_a_removal_needs_a_facilitator_too(story):
    climbs(story, to=Rung.REMOVAL)
    story.records["grace", MEI] = Grace(MEI, GROUP, story.now + timedelta(days=9))
    assert "facilitator must let you in" in story.says(MEI, "continue")[0].body


def test_what_is_kept_is_shown_to_whom_it_is_about(story):
    climbs(story, to=Rung.FIRST)
    told = story.says(MEI, "my data")[0].body
    assert "a first warning, rule 3" in told
    assert ADA not in str(standing(story))


@pytest.mark.parametrize(
    ("word", "part"), [("!warnen", "erste Warnung"), ("!auszeit", "7 Tage Pause")]
)
def test_in_german(story, word, part):
    climbs(story, to=Rung.REMINDER if word == "!warnen" else Rung.SECOND)
    story.says(ADA, "sprache de")
    assert part in story.says(ADA, f"{word} {MEI} Regel 3")[0].body
    assert "rot" not in story.says(ADA, "!ruhe 30 Minuten")[0].body
    assert story.one(Group, GROUP).hushed is not None


def test_what_a_facilitator_asked_for_goes_with_them(story):
    story.says(ADA, f"!remove {MEI} rule 3 serious")
    story.says(ADA, "1")
    story.says(ADA, "forget me")
    story.says(ADA, "1")
    later(story, seconds=1)
    assert not waiting(story)
    assert ADA not in str([story.all(Motions), story.all(Standing)])
    later(story, days=2)
    assert story.consents(MEI)


def test_what_somebody_has_taken_out_themselves_is_not_cut_short(story):
    story.says(MEI, "redact my messages")
    story.says(MEI, "1")
    story.says(ADA, f"!redact-all {MEI} --since 2d")
    story.says(ADA, "1")
    story.says(BEN, "!second 1")
    later(story, seconds=11)
    assert {one.since for one in story.all(Sweep)} == {None}


@pytest.mark.parametrize("word", ["!gespräch", "!erinnern", "!warnen", "!entfernen"])
def test_in_german_a_sentence_names_the_word_that_was_meant(word):
    story = told()
    story.says(ADA, "language de")
    assert f"{word} @anna" in story.says(ADA, word)[0].body
