"""A flag, told from its reporter's side: asked, shown, sent, and nobody else learns of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from appservice.domain import prompts
from appservice.domain.agenda.topics import Topics
from appservice.domain.application import EventIn
from appservice.domain.cases import clock
from appservice.domain.cases.case import About, Case, For, Result, Stage, Track
from appservice.domain.effects import Quote, SayPoll
from appservice.domain.events import MessageUnreadable, PromptDue
from appservice.domain.flags import talk, updates
from appservice.domain.group import Group
from appservice.domain.records import Care
from appservice.domain.turn import nowhere
from appservice.domain.types import Assurance, Form, Prompt, RoomKind
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, words

GROUP = f"group-{CODE}"
CIRCLE = f"!circle-{GROUP}"
LEA = "@lea:example.org"
LINK = f"https://matrix.to/#/{CIRCLE}/$event?via=example.org"
CANARY = "canary-4711 she wants to die tonight"


def told_group(**charter: object) -> Story:
    values = {"facilitators": (ADA, BEN), "lead": LEA, **charter}
    story = Story()
    story.founds(replace(example(), **values))
    story.lets_in(ADA, BEN, MEI, ZOE)
    story.opens_chat(LEA)
    story.says(LEA, "help")
    return story


@pytest.fixture
def story() -> Story:
    return told_group()


def says(story: Story, *texts: str, user: str = MEI):
    """Let somebody write several messages; return what the keeper says to the last."""
    return [story.says(user, text) for text in texts][-1]


def flags(story: Story, *texts: str, about="2", urgent="no", whom="1", user=MEI):
    """Raise a flag in these words, up to its receipt."""
    says(story, "flag", about, urgent, user=user)
    if about != "1":
        says(story, whom, user=user)
    says(story, *texts, user=user)
    return says(story, "yes", user=user)[-1]


def case(story: Story, number: int = 1) -> Case:
    return story.one(Case, f"{GROUP} {number}")


def kinds(heard) -> list[str]:
    return [one.message.kind for one in heard]


def choices(heard) -> list[str]:
    return [choice.id for choice in heard.message.choices]


# -- the way


def test_a_flag_step_by_step(story):
    first = says(story, "flag")[0]
    assert (first.message.kind, first.message.step) == ("flag_track", "1/5")
    assert first.body.index("999") < first.body.index("What is it about?")
    assert choices(first) == ["me", "other", "behaviour"]
    second = says(story, "2")[0]
    assert (second.message.kind, choices(second)) == ("flag_urgent", ["yes", "no"])
    third = says(story, "no")[0]
    assert choices(third) == ["no", "facilitator", "lead"]
    fourth = says(story, "no")[0]
    assert (fourth.message.kind, choices(fourth)) == (
        "flag_disclosure",
        ["just", "three", "words"],
    )
    says(story, "3")
    preview = says(story, CANARY)[-1]
    assert (preview.message.kind, preview.message.step) == ("flag_preview", "5/5")
    assert choices(preview) == ["send", "change", "send-nothing"]
    assert "one of the 2 facilitators of Willow" in preview.body
    assert "whoever runs the server does not either" in preview.body
    assert not story.all(Case)
    receipt = says(story, "yes")[-1]
    assert (receipt.message.kind, receipt.message.case) == ("flag_receipt", "C-1")
    assert "999" in receipt.body
    assert "It was right to tell somebody" in receipt.body
    for promise in ("notified", "informed", "has been told"):
        assert promise not in receipt.body
    one = case(story)
    assert (one.about, one.track, one.reporter) == (About.OTHER, Track.CARE, MEI)
    assert (one.urgent, one.visible, one.named) == (False, For.FACILITATORS, ())
    assert len(one.excerpt) == 1
    assert says(story, "yes")[0].message.kind == "program"


def test_the_preview_quotes_exactly_what_goes(story):
    says(story, "flag", "2", "no", "1", CANARY)
    [quote] = story.done(Quote)
    chat = story.person(MEI).chat
    assert (quote.room, quote.user, quote.followed) == (chat, MEI, False)
    assert quote.gone is not None
    [(_, place)] = quote.answers
    says(story, "yes")
    assert case(story).excerpt == (place,)


def test_words_may_come_at_once_in_any_form(story):
    for more in ({"form": Form.MEDIA}, {"form": Form.TEXT}):
        says(story, "flag", "2", "no", "1")
        heard = story.says(MEI, "" if more["form"] is Form.MEDIA else CANARY, **more)
        assert heard[-1].message.kind == "flag_preview"
        says(story, "stop")


def test_the_next_three_are_three_messages_however_fast_they_come(story):
    says(story, "flag", "2", "no", "1", "2")
    story.held = []
    assert kinds(story.says(MEI, "one of what she wrote")) == ["flag_disclosure"]
    assert kinds(story.says(MEI, "", form=Form.MEDIA)) == ["flag_disclosure"]
    assert kinds(story.says(MEI, "and this one too"))[-1] == "flag_preview"
    story.says(MEI, "a fourth that came close behind")
    story.shows()
    says(story, "yes")
    assert len(case(story).excerpt) == 4


def test_fewer_than_three_are_enough(story):
    says(story, "flag", "2", "no", "1", "2", "one of what she wrote")
    assert kinds(says(story, "that is all"))[-1] == "flag_preview"
    assert kinds(says(story, "yes"))[-1] == "flag_receipt"


def test_change_forgets_what_was_shared_and_stop_forgets_all(story):
    says(story, "flag", "2", "no", "1", CANARY)
    assert kinds(says(story, "change")) == ["flag_disclosure"]
    says(story, "these are other words now", "1")
    assert len(case(story).excerpt) == 1
    says(story, "flag", "3", "no", "1", CANARY)
    assert "Nothing was sent" in says(story, "3")[0].body
    assert len(story.all(Case)) == 1
    assert all(one.flag is None for one in story.person(MEI).asked)


def test_what_stands_behind_the_word_is_part_of_it(story):
    says(story, "flag Kim wrote that she wants to die", "2", "no")
    assert choices(says(story, "1")[0]) == ["enough", "three"]
    assert kinds(says(story, "1"))[-1] == "flag_preview"
    says(story, "yes")
    assert len(case(story).excerpt) == 1


def test_words_where_a_number_is_awaited_are_kept(story):
    says(story, "flag")
    assert "part of it now" in says(story, "she wrote that she cannot go on")[0].body
    assert "with a number" in says(story, "hm maybe")[0].body
    says(story, "2", "no", "1", "1", "1")
    assert len(case(story).excerpt) == 1


def test_a_longer_text_is_no_command_but_help_always_is(story):
    says(story, "flag", "2", "no", "1")
    assert kinds(says(story, "topic: she wants to die tonight"))[-1] == "flag_preview"
    assert not [topics for topics in story.all(Topics) if topics.suggested]
    assert kinds(says(story, "help me she said to all of us")) == ["help"]
    assert kinds(says(story, "1"))[-1] == "flag_receipt"


def test_help_and_other_words_leave_it_open_and_continue_asks_again(story):
    says(story, "flag", "2")
    assert choices(says(story, "help")[0]) == ["contact"]
    assert kinds(says(story, "meetings")) != ["flag_urgent"]
    assert kinds(says(story, "continue")) == ["flag_urgent"]
    says(story, "no", "1", CANARY)
    assert kinds(says(story, "continue"))[-1] == "flag_preview"


def test_with_two_groups_it_asks_which(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    asked = says(story, "flag")[0]
    assert choices(asked) == ["Willow", "Birch"]
    assert "emergency number" in asked.body
    assert kinds(says(story, "birch")) == ["flag_track"]
    says(story, "2", "no", "1", CANARY, "1")
    assert [one.group for one in story.all(Case)] == ["group-BIRCH-2222"]
    assert says(story, "flag willow")[0].message.kind == "flag_track"


def test_about_oneself_two_questions_less_and_no_words_are_needed(story):
    assert choices(says(story, "flag", "1", "no")[0]) == ["words", "nothing"]
    preview = says(story, "nothing")[0]
    assert "They learn only" in preview.body
    assert kinds(says(story, "yes"))[-1] == "flag_receipt"
    one = case(story)
    assert (one.about, one.named, one.excerpt) == (About.ME, (MEI,), ())
    assert [care.user for care in story.all(Care)] == [MEI]


def test_in_german():
    story = told_group()
    story.says(MEI, "sprache de")
    says(story, "melden", "2", "nein", "1", "sie will nicht mehr leben")
    assert "Die Nummer ist C-1" in says(story, "ja")[-1].body
    assert says(story, "melden wir uns bald wieder")[0].message.kind == "program"
    assert "angekommen" in says(story, "meine meldungen")[0].body


@pytest.mark.parametrize(("minutes", "comes"), [(59, False), (61, True)])
def test_no_question_comes_between_for_an_hour(story, minutes, comes):
    says(story, "flag", "2", "no", "1", CANARY)
    story.passes(minutes=minutes)
    state = story.state(PromptDue(MEI, GROUP, Prompt.CHECKIN))
    turn = prompts.welcome(state, MEI, GROUP, "cause", story.now)
    assert (turn is not None) == comes


def test_report_in_a_sentence_is_for_people(story):
    assert says(story, "report from the meeting was good")[0].message.kind == "program"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "back"), ("en", "Go back."), ("de", "zurück")]
)
@pytest.mark.parametrize(
    "before", [(), ("2",), ("2", "1"), ("2", "no", "2"), ("1", "no", "words")]
)
def test_who_chose_something_by_mistake_goes_back_to_the_first_question(
    story, language, text, before
):
    """In German it is the word that ends a pause, too."""
    story.says(MEI, f"language {language}")
    says(story, "flag", *before)
    told = says(story, text)[-1]
    assert (told.message.kind, choices(told)) == ("flag_track", ["me", "other", "behaviour"])
    says(story, "1", "2", "1", CANARY)
    says(story, "1")
    assert (case(story).about, case(story).visible) == (About.ME, For.FACILITATORS)
    assert (case(story).urgent, len(case(story).excerpt)) == (False, 1)


# -- danger


def test_danger_shows_the_number_before_anything_else_and_promises_nothing(story):
    told = says(story, "flag", "2", "yes")[0].body
    assert told.startswith("Please call now")
    assert told.index("999") < told.index("I call nobody") < told.index("leads this group")
    assert "may see this in time" in told
    says(story, "1", CANARY)
    assert "Please call now" in says(story, "yes")[-1].body
    assert case(story).urgent


def test_danger_where_red_pages_are_answered_still_says_to_call(story, monkeypatch):
    monkeypatch.setattr(talk, "red_paging", lambda group: group.id == GROUP)
    told = says(story, "flag", "1", "yes")[0].body
    assert "ask those on duty at once" in told
    assert "please call first" in told


# -- who may see it


@pytest.mark.parametrize(
    ("whom", "visible", "said"),
    [
        ("no", For.FACILITATORS, "one of the 2 facilitators of Willow or the lead"),
        ("2", For.LEAD, "only the lead of Willow"),
        ("3", For.BUT_LEAD, "who are not the lead"),
    ],
)
def test_about_whom_decides_who_sees_it(story, whom, visible, said):
    says(story, "flag", "3", "no", whom)
    assert said in says(story, CANARY)[-1].body
    says(story, "yes")
    assert case(story).visible is visible


@pytest.mark.parametrize("lead", [None, BEN, ZOE])
def test_a_lead_who_will_not_see_it_is_not_named(lead):
    """There is none; or they are one of the facilitators; or they have raised it themselves."""
    story = told_group(lead=lead)
    told = (says(story, "flag", "2", "no", "no", user=ZOE), says(story, CANARY, user=ZOE))[1]
    assert "lead" not in told[-1].body
    assert "one of the 2 facilitators" in told[-1].body


def test_of_one_facilitator_and_a_lead_both_are_named():
    story = told_group(facilitators=(ADA,))
    says(story, "flag", "1", "no")
    assert "the one facilitator of Willow or the lead" in says(story, CANARY)[-1].body


def test_hours_are_honest_about_those_who_may_see_it(story):
    told = flags(story, CANARY).body
    assert "Nobody has read it yet" in told
    assert "call the emergency number now" in told
    assert "cannot say when one of them does" in flags(story, CANARY, about="3", whom="2").body
    story.says(ADA, "!off")
    story.says(BEN, "!off 2 days")
    told = flags(story, CANARY).body
    assert "None of your facilitators is on duty now" in told
    assert "call the emergency number now" in told


def test_who_alone_is_on_duty_and_must_not_see_it_is_no_comfort():
    story = told_group(lead=BEN)
    story.says(ADA, "!off")
    assert "Few people" not in flags(story, CANARY).body
    told = flags(story, CANARY, about="3", whom="3").body
    assert "Few people may see this" in told
    story.says(BEN, "!off")
    story.says(ADA, "!on")
    assert "Few people may see this" in flags(story, CANARY, user=ADA).body


def test_in_a_small_group_the_lead_is_the_second_facilitator():
    story = Story()
    story.founds(replace(example("small"), facilitators=(ADA,), lead=BEN))
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    says(story, "flag", "3", "no", "3")
    assert "only the one facilitator" not in says(story, CANARY)[-1].body
    assert "the one facilitator of" in story.heard[-1].body
    says(story, "yes")
    assert case(story).visible is For.BUT_LEAD


@pytest.mark.parametrize("operator", [None, "@op:example.org"])
def test_where_nobody_is_left_it_says_so_and_offers_others(operator):
    story = told_group(lead=None)
    story.house = replace(story.house, operator=operator)
    assert choices(says(story, "flag", "3", "no")[0]) == ["no", "facilitator"]
    told = says(story, "2")[0]
    assert "nobody else could see this" in told.body
    assert ("@op:example.org" in told.body) == (operator is not None)
    assert "116 123" in told.body
    assert says(story, CANARY)[0].message.kind == "program"
    assert not story.all(Case)


def test_a_lead_who_cannot_be_reached_is_not_promised():
    story = told_group(lead="@gone:example.org")
    assert "nobody else could see this" in says(story, "flag", "3", "no", "2")[0].body


# -- links


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        LINK.replace("!", "%21").replace("$", "%24"),
        f"matrix:roomid/{CIRCLE[1:]}/e/event?via=example.org",
        f"Look at this: <{LINK}>.",
    ],
)
def test_a_link_goes_as_a_link(story, link):
    says(story, "flag", "2", "no", "1")
    preview = says(story, link)[-1]
    assert preview.message.kind == "flag_preview"
    assert "I cannot read the circle" in preview.body
    says(story, "yes")
    assert len(case(story).excerpt) == 1


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://matrix.to/#/!other:example.org/$event", "leads out of Willow"),
        (f"https://matrix.to/#/{CIRCLE}", "leads to no message"),
        ("https://matrix.to/#/", "leads to no message"),
        ("matrix.to/#/!other:example.org/$event", "leads out of Willow"),
        ("https://matrix.to/#/nothing", "leads to no message"),
        ("matrix:roomid/other:example.org/e/event", "leads out of Willow"),
        ("matrix:r/somewhere:example.org", "leads to no message"),
        ("https://matrix.to/#/#somewhere:example.org/$event", "leads out of Willow"),
    ],
)
def test_a_link_that_helps_nobody_meets_one_sentence_and_is_not_taken(story, link, said):
    says(story, "flag", "2", "no", "1")
    heard = says(story, link)
    assert kinds(heard) == ["not_understood"]
    assert said in heard[0].body
    assert kinds(says(story, "she wrote that it is enough"))[-1] == "flag_preview"
    says(story, "yes")
    assert len(case(story).excerpt) == 1


def test_a_lead_outside_of_the_circle_needs_words_beside_a_link(story):
    says(story, "flag", "3", "no", "2")
    told = says(story, LINK)[0]
    assert told.message.kind == "flag_disclosure"
    assert "cannot follow the link" in told.body
    assert kinds(says(story, "he wrote names of medicines"))[-1] == "flag_preview"
    says(story, "yes")
    assert len(case(story).excerpt) == 2


# -- bad input


def test_an_empty_flag(story):
    says(story, "flag", "2", "no", "1", "1")
    told = says(story, "that is all")[0]
    assert "nothing in it yet" in told.body
    assert not story.all(Case)
    assert kinds(says(story, CANARY))[-1] == "flag_preview"


def test_sixty_kilobytes(story):
    says(story, "flag", "2", "no", "1")
    told = story.says(MEI, "", form=Form.TOO_LONG)
    assert kinds(told) == ["not_understood"]
    assert "in smaller parts" in told[0].body
    assert kinds(says(story, CANARY))[-1] == "flag_preview"


def test_what_cannot_be_decrypted_is_asked_for_in_words(story):
    says(story, "flag", "2", "no", "1")
    chat = story.person(MEI).chat
    told = story.happens(MessageUnreadable(chat, MEI, "$lost"))
    assert kinds(told) == ["say_again"]
    assert "in your own words" in told[0].body
    assert kinds(says(story, CANARY))[-1] == "flag_preview"
    says(story, "yes")
    told = story.happens(MessageUnreadable(chat, MEI, "$lost"))
    assert "once more" in told[0].body


def test_a_picture_without_a_flag_is_no_flag(story):
    assert kinds(story.says(MEI, "", form=Form.MEDIA)) == ["not_understood"]


def test_more_than_fits_waits_for_another_flag(story):
    says(story, "flag", "2", "no", "1")
    for _ in range(6):
        says(story, CANARY)
    assert "do not fit" in says(story, CANARY)[0].body
    says(story, "yes")
    assert len(case(story).excerpt) == 6


@pytest.mark.parametrize("verified_another", [True, False])
@pytest.mark.parametrize("text", ["flag", "contact", "Flag: she wants to die"])
def test_from_an_unverified_device_come_numbers_first_and_the_truth(story, text, verified_another):
    more = {"assurance": Assurance.UNSIGNED, "has_signed_device": verified_another}
    told = story.says(MEI, text, **more)[0]
    assert (
        told.body.index("nobody was told") < told.body.index("999") < told.body.index("verif", 200)
    )
    assert not story.all(Case)
    assert "999" not in story.says(MEI, "meetings", **more)[0].body


# -- who may flag


def test_who_is_in_no_group_gets_numbers(story):
    told = story.says("@eve:example.org", "flag")[0]
    assert "none of my groups" in told.body
    assert "findahelpline.com" in told.body
    assert not story.all(Case)


def test_who_applies_or_has_left_gets_numbers(story):
    story.says("@eve:example.org", f"join {CODE}")
    assert "none of my groups" in story.says("@eve:example.org", "flag")[0].body
    story.says(MEI, "leave")
    assert "none of my groups" in says(story, "flag")[0].body


def test_who_is_paused_may(story):
    story.says(MEI, "pause 2 weeks")
    assert flags(story, CANARY).message.kind == "flag_receipt"


def test_who_left_in_the_middle_sends_nothing(story):
    says(story, "flag", "2", "no", "1", CANARY, "leave")
    assert all(one.flag is None for one in story.person(MEI).asked)
    assert kinds(says(story, "yes")) != ["flag_receipt"]
    assert not story.all(Case)


# -- much


def test_a_hundred_care_flags_become_one_case_and_none_is_slowed(story):
    for _ in range(100):
        assert flags(story, CANARY).message.kind == "flag_receipt"
    assert len(story.all(Case)) == 1
    assert len(case(story).excerpt) == 100


def test_about_behaviour_five_a_day_then_a_kind_sentence(story):
    for _ in range(5):
        assert flags(story, CANARY, about="3").message.kind == "flag_receipt"
    told = says(story, "flag", "3")[0]
    assert "until tomorrow" in told.body
    assert len(story.all(Case)) == 5
    assert flags(story, CANARY).message.kind == "flag_receipt"
    story.passes(days=1)
    assert flags(story, CANARY, about="3").message.kind == "flag_receipt"
    assert len(story.all(Case)) == 7


def test_more_words_go_to_whoever_has_the_case(story):
    flags(story, CANARY)
    claim(story)
    heard = len(story.heard)
    receipt = flags(story, "and there is more to it")
    assert "added it to C-1" in receipt.body
    told = [h for h in story.heard[heard:] if h.room == story.person(ADA).chat]
    assert kinds(told) == ["case_excerpt", "case_excerpt"]
    assert len(told[-1].body) > 150  # a note: a preview on a locked phone has no word of it
    assert not [h for h in story.heard[heard:] if h.room not in (receipt.room, told[0].room)]


def test_who_adds_to_a_case_is_not_told_that_it_waits_for_all(story):
    flags(story, CANARY, about="1")
    claim(story)
    for told in (flags(story, "and more", about="1").body, says(story, "contact")[-1].body):
        assert "Somebody has C-1" in told
        assert "Nobody has read it yet" not in told
        assert "I ask all" not in told


def test_danger_does_not_wait_behind_what_somebody_is_busy_with(story):
    flags(story, CANARY)
    claim(story)
    flags(story, "now he is on the bridge", urgent="yes")
    assert [c.urgent for c in story.all(Case)] == [False, True]


@pytest.mark.parametrize("gone", ["!off", "chat"])
def test_nothing_is_added_for_somebody_who_would_not_see_it(story, gone):
    flags(story, CANARY)
    claim(story)
    if gone == "!off":
        story.says(ADA, gone)
    else:
        story.records["person", ADA] = replace(story.person(ADA), chat=None)
    flags(story, CANARY)
    assert [c.owner for c in story.all(Case)] == [ADA, None]


def test_more_words_do_not_go_to_who_had_the_case_until_a_moment_ago(story):
    flags(story, CANARY)
    story.says(ADA, "!take 1")
    story.now += timedelta(hours=5)  # of downtime: the case was due to be given back
    heard = len(story.heard)
    flags(story, "and there is more to it")
    assert case(story).owner is None
    assert len(case(story).excerpt) == 2
    assert "case_excerpt" not in kinds(story.heard[heard:])


def test_danger_is_added_to_what_nobody_has_taken(story):
    flags(story, CANARY)
    flags(story, "now he is on the bridge", urgent="yes")
    assert case(story).urgent
    assert len(story.all(Case)) == 1


def test_another_day_is_another_case(story):
    flags(story, CANARY)
    story.passes(days=1)
    flags(story, CANARY)
    assert len(story.all(Case)) == 2


# -- what the reporter hears later


def claim(story: Story, stage: Stage = Stage.CLAIMED, **values: object) -> None:
    """Let Ada have it, as the words of facilitators do."""
    here, group, known = at(story)
    after = replace(known, stage=stage, owner=ADA, **values)
    out = clock.kept(here, group, known, after)
    story.writes(out + updates.claimed(here, group, after))
    for effect in updates.claimed(here, group, after).effects:
        story.performs(effect, f"claimed-{story.causes}")


def at(story: Story):
    known = case(story)
    state = story.state(clock.CaseDue(GROUP, known.number))
    return nowhere(state, "turn", story.now, "en"), state.groups[GROUP], known


def test_the_reporter_hears_twice_at_most_and_my_flags_three_words(story):
    assert "nothing that I still know" in says(story, "my flags")[0].body
    flags(story, CANARY)
    assert "received" in says(story, "my flags")[0].body
    claim(story)
    chat = story.person(MEI).chat
    assert story.hears("flag_update", chat).message.case == "C-1"
    assert ADA not in story.heard[-1].body
    assert "being looked after" in says(story, "my flags")[0].body
    here, group, known = at(story)
    over = replace(known, stage=Stage.CLOSED, closed=story.now, result=Result.MISUSE)
    story.writes(clock.kept(here, group, known, over))
    for effect in updates.closed(here, group, over).effects:
        story.performs(effect, "closed")
    assert "has been looked after" in story.hears("flag_update", chat).body
    assert "closed" in says(story, "my flags")[0].body
    assert says(story, "my flags", user=ZOE)[0].body.startswith("You have raised nothing")


def test_who_was_forgotten_hears_nothing(story):
    flags(story, CANARY)
    here, group, known = at(story)
    assert not updates.closed(here, group, replace(known, reporter=None)).effects


# -- nobody else


def test_nobody_but_the_reporter_hears_a_word(story):
    heard = len(story.heard)
    flags(story, f"{ZOE} {CANARY}", about="3", whom="2")
    flags(story, f"{ZOE} {CANARY}", urgent="yes")
    chat = story.person(MEI).chat
    others = [h for h in story.heard[heard:] if h.room != chat]
    assert not [h for h in others if "canary" in h.body or ZOE in h.body]
    kept = [h for h in others if h.room in (CIRCLE, f"!noticeboard-{GROUP}")]
    zoe = [h for h in others if h.room == story.person(ZOE).chat]
    assert kept == zoe == []
    assert "canary" not in repr(story.records)
    assert not story.done(SayPoll)


def test_the_words_stand_in_the_reporters_chat_and_nowhere_else(story):
    flags(story, CANARY)
    [place] = case(story).excerpt
    assert isinstance(place, EventIn)
    assert place.room == story.person(MEI).chat
    assert RoomKind.CONTACT not in {room.what for room in story.one(Group, GROUP).side.values()}


# -- a worried bystander


@pytest.mark.parametrize("text", ["help someone", "help a friend", "Help somebody"])
def test_help_someone(story, text):
    told = says(story, text)[0]
    assert told.message.kind == "help"
    assert "Ask them plainly" in told.body
    assert "999" in told.body
    assert "Write flag" in told.body
    stranger = story.says("@eve:example.org", text)[0].body
    assert "Ask them plainly" in stranger
    assert "Write flag" not in stranger
    assert len(told.body) < 1500


def test_help_someone_in_german(story):
    told = story.says("@eve:example.org", "hilfe jemandem")[0]
    assert words().say(told.message.lines[1], "de") in told.body
    assert "Frag offen" in told.body
