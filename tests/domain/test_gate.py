"""The gate, told as dialogues: from a code to the receipt, and every way to stray from it."""

import pytest

from appservice.domain.application import Application
from appservice.domain.effects import Admit
from appservice.domain.events import AdmissionBlocked, Admitted, DeviceTrusted
from appservice.domain.records import Consent
from appservice.domain.types import Assurance, Audience, Form, RoomKind
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    return story


def right(story, user=MEI):
    story.answers_right(user)


def test_the_whole_way(story):
    story.says(MEI, "join willow 7q4k")
    first = story.hears("age").message
    assert first.parts == ("program", "charter", "privacy_card", "age")
    assert (first.step, first.group) == ("1/7", "Willow")
    assert [choice.id for choice in first.choices] == ["yes", "no"]
    story.says(MEI, "yes")
    for step in ("2/7", "3/7", "4/7"):
        asked = story.hears("question").message
        assert asked.step == step
        assert asked.parts[-2:] == ("rule", "question")
        application = story.of(Application, MEI)[0]
        rule = example().rules[0].asked[application.step - 2]
        answers = range(1, len(rule.question.answers) + 1)
        assert [choice.id for choice in asked.choices] == [str(number) for number in answers]
        story.says(MEI, str(rule.question.right + 1))
    assert story.hears("statement").message.parts == ("feedback", "rule", "statement")
    story.says(MEI, "I agree to the rules")
    assert story.hears("statement").message.step == "6/7"
    assert not story.admitted()
    story.says(MEI, "i consent.")
    assert story.hears("receipt").message.parts == ("receipt", "options", "invited")
    consent = story.consents(MEI)[0]
    assert consent.admitted
    assert (consent.rules_statement, consent.data_statement) == (
        "I agree to the rules",
        "I consent",
    )
    assert [(entry.subject, entry.given) for entry in story.entries] == [
        ("rules", True),
        ("data", True),
    ]
    assert story.entries[0].digest == consent.rules_hash
    assert not story.all(Application)
    assert list(story.timers) == [f"tips {MEI}"]


def test_facilitators_pass_the_same_gate_and_are_let_into_their_room(story):
    story.passes_the_gate(ADA)
    group = story.consents(ADA)[0].group
    assert story.rooms[f"!{RoomKind.FACILITATORS}-{group}"][ADA] == "invite"
    story.passes_the_gate(MEI)
    assert MEI not in story.rooms[f"!{RoomKind.FACILITATORS}-{group}"]
    assert story.rooms[f"!{RoomKind.CIRCLE}-{group}"][MEI] == "invite"


def test_a_wrong_answer_is_explained_and_asked_again(story):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "yes")
    asked = story.hears("question").message
    story.says(MEI, "1")
    again = story.hears("question")
    assert again.message.parts == ("feedback", "rule", "question")
    assert again.message.step == asked.step
    assert again.message.choices == asked.choices
    assert example().rules[0].asked[0].question.explain in again.body
    story.says(MEI, "Nobody can promise that? No, nobody can promise that")
    assert story.hears("program")
    story.says(MEI, "no, NOBODY can promise that!")
    assert story.hears("question").message.step == "3/7"


@pytest.mark.parametrize("said", ["no", "2", "Nope", "NO.", "2)"])
def test_too_young(story, said):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, said)
    assert "Childline" in story.hears("declined").body
    assert not story.all(Application)


@pytest.mark.parametrize("said", ["yes", "1", "ok", "I agree", "I do not agree to the rules", "2"])
def test_only_the_sentence_counts(story, said):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "yes")
    right(story)
    asked = story.hears("statement").message
    story.says(MEI, said)
    again = story.hears("statement").message
    assert (again.step, again.choices) == (asked.step, asked.choices)
    assert not story.all(Consent)


@pytest.mark.parametrize("said", ["what is this for", "I miss him so much", "maybe"])
def test_unexpected_text_meets_the_program_and_then_continue_repeats(story, said):
    story.says(MEI, f"join {CODE}")
    asked = story.hears("age").message
    story.says(MEI, said)
    told = story.hears("program").message
    assert not told.choices  # no member yet: nothing to offer
    story.says(MEI, "continue")
    again = story.hears("age").message
    assert (again.step, again.choices) == (asked.step, asked.choices)


@pytest.mark.parametrize("code", ["WILLOW-7Q4L", "nonsense", "7Q4K", "x" * 60_000])
def test_a_wrong_code_is_not_repeated(story, code):
    heard = story.says(MEI, f"join {code}")
    assert [h.message.kind for h in heard] == ["refusal"]
    assert code not in heard[0].body
    assert not story.all(Application)


def test_draft_closed_and_unknown_are_answered_alike():
    answers = []
    for stage in ("draft", "closed", None):
        story = Story()
        if stage:
            group = story.founds(is_open=False)
            story.records["group", group] = replace(story.records["group", group], stage=stage)
        answers.append(story.says(MEI, f"join {CODE}")[0].message)
    assert answers[0] == answers[1] == answers[2]


def test_a_draft_lets_its_facilitators_in_and_opens_with_two_signatures():
    story = Story()
    story.founds(is_open=False)
    story.passes_the_gate(ADA)
    story.says(ADA, "!sign")
    assert story.hears("notice")
    story.says(ADA, "!open")
    assert "1 of 2" in story.hears("refusal").body
    story.passes_the_gate(BEN)
    story.says(BEN, "!sign")
    story.says(BEN, "!open")
    story.says(MEI, f"join {CODE}")
    assert story.hears("age")


def test_a_group_that_closes_meanwhile_takes_nobody_in(story):
    story.says(MEI, f"join {CODE}")
    group = story.all(Application)[0].group
    story.records["group", group] = replace(story.records["group", group], stage="closed")
    assert story.says(MEI, "yes")[0].message.kind == "refusal"
    assert not story.all(Application)


def test_an_application_is_forgotten_after_seven_days(story):
    story.says(MEI, f"join {CODE}")
    story.passes(days=6)
    story.says(MEI, "yes")
    story.passes(days=6)
    assert story.all(Application)
    heard = len(story.heard)
    story.passes(days=1.1)
    assert not story.all(Application)
    assert len(story.heard) == heard
    story.says(MEI, "1")
    assert story.hears("program")


def test_two_devices_at_once(story):
    story.says(MEI, f"join {CODE}")
    story.held = []
    assert story.says(MEI, "yes")[0].message.step == "2/7"
    assert story.says(MEI, "yes") == []
    assert story.says(MEI, "1") == []
    story.shows()
    story.says(MEI, "2")
    assert story.hears("question").message.step == "3/7"


def test_a_reply_names_its_question(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.says(MEI, f"join {CODE}")
    willow = story.hears("age")
    story.says(MEI, "join BIRCH-2222")
    birch = story.hears("age")
    story.says(MEI, "yes", reply_to=willow.id)
    assert story.hears("question").message.group == "Willow"
    assert story.says(MEI, "yes", reply_to=willow.id) == []
    story.says(MEI, "no", reply_to=birch.id)
    assert story.hears("declined").message.group == "Birch"
    assert [a.group for a in story.all(Application)] == [f"group-{CODE}"]
    story.says(MEI, "2", reply_to="an unknown message")
    assert story.hears("program")


def test_an_unsigned_device_is_explained_and_the_gate_goes_on_by_itself(story):
    story.says(MEI, f"join {CODE}", assurance=Assurance.UNSIGNED, has_signed_device=False)
    told = story.hears("notice").message
    assert told.audience is Audience.ALL
    assert told.parts == ("program", "notice")
    assert story.of(Application, MEI)[0].step == 0
    story.happens(DeviceTrusted(MEI))
    assert story.hears("age").message.audience is Audience.SIGNED
    heard = len(story.heard)
    story.happens(DeviceTrusted(ZOE))
    assert len(story.heard) == heard


def test_an_unsigned_device_beside_a_signed_one_answers_nothing(story):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "yes", assurance=Assurance.UNSIGNED)
    assert story.hears("notice").message.audience is Audience.ALL
    assert story.of(Application, MEI)[0].step == 1


def test_stop_and_leave_end_an_application(story):
    for word, kind in (("stop", "notice"), ("leave", "withdrawn")):
        story.says(MEI, f"join {CODE}")
        story.says(MEI, word)
        assert story.hears(kind)
        assert not story.all(Application)
        assert not story.timers
        assert story.says(MEI, "yes")[0].message.kind == "program"


def test_join_again_goes_on_or_invites_again(story):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "yes")
    story.says(MEI, f"join {CODE}")
    assert story.hears("question").message.step == "2/7"
    right(story)
    story.says(MEI, "i agree to the rules")
    story.says(MEI, "I consent")
    before = len(story.done(Admit))
    for text in (f"join {CODE}", "continue"):
        story.says(MEI, text)
        assert story.hears("notice")
    assert len(story.done(Admit)) == before + 2
    assert sum(h.message.kind == "receipt" for h in story.heard) == 1
    assert len(story.all(Consent)) == 1


def test_a_blocked_invitation_tells_how_to_allow_it(story):
    story.blocked.add(MEI)
    story.passes_the_gate(MEI)
    group = story.consents(MEI)[0].group
    story.happens(AdmissionBlocked(MEI, group, "M_INVITE_BLOCKED"))
    assert "continue" in story.hears("notice").body
    story.blocked.clear()
    heard = story.says(MEI, "continue")
    assert [h.message.kind for h in heard] == ["notice", "receipt"]


def test_admitted_without_a_consent_says_nothing(story):
    story.opens_chat(MEI)
    assert story.happens(Admitted(MEI, f"group-{CODE}")) == []


def test_a_new_chat_goes_on_where_the_old_one_stopped(story):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "yes")
    story.opens_chat(MEI, "second")
    assert story.says(MEI, "2")[0].message.parts[0] == "program"
    story.says(MEI, "continue")
    assert story.hears("question").message.step == "2/7"


@pytest.mark.parametrize("form", [Form.MEDIA, Form.EDIT, Form.TOO_LONG])
def test_forms_that_are_no_text(story, form):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "", form=form)
    assert story.hears("not_understood")
    assert story.says(MEI, "", form=Form.OTHER) == []
    assert story.says(MEI, "", form=Form.OTHER, assurance=Assurance.UNSIGNED) == []
    unsigned = story.says(MEI, "", form=form, assurance=Assurance.UNSIGNED)
    assert unsigned[0].message.audience is Audience.ALL
    assert story.says(MEI, "  ") == []
    assert story.of(Application, MEI)[0].step == 1


def test_the_gate_in_german(story):
    story.says(MEI, "sprache de")
    assert "Deutsch" in story.hears("notice").body
    story.says(MEI, f"beitreten {CODE}")
    assert "Kein Mensch liest" in story.hears("age").body
    story.says(MEI, "Ja")
    right(story)
    story.says(MEI, "Ich stimme den Regeln nicht zu")
    assert not story.all(Consent)
    story.says(MEI, "ich stime den regeln zu")
    story.says(MEI, "Ich willige ein!")
    assert story.hears("receipt")
    assert story.consents(MEI)[0].language == "de"


def test_another_language_begins_the_rules_anew(story):
    story.says(MEI, f"join {CODE}")
    story.says(MEI, "yes")
    story.says(MEI, "2")
    story.says(MEI, "language deutsch")
    assert story.hears("age").message.language == "de"
    assert story.hears("age").message.step == "1/7"


def test_whoever_guesses_codes_gets_the_same_answer_until_the_next_day():
    story = Story()
    story.founds()
    bodies = set()
    for number in range(20):
        story.says(ZOE, f"join WILLOW-{number:04}")
        bodies.add(story.hears("refusal").body)
    story.says(ZOE, f"join {CODE}")
    bodies.add(story.hears("refusal").body)
    assert len({body.partition("\n\n")[2] or body for body in bodies}) == 1
    story.passes(days=1)
    story.says(ZOE, f"join {CODE}")
    assert story.hears("age")
