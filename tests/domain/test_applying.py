"""Past the gate: questions of the facilitators, their word, the list for a place."""

import pytest

from appservice.domain.application import Application, Code
from appservice.domain.effects import Quote, TakeBack
from appservice.domain.events import AnswersQuoted
from appservice.domain.group import Group
from appservice.domain.types import EventId, Form
from tests.support.story import ADA, BEN, CODE, MEI, Story, example, replace

GROUP = f"group-{CODE}"
ROOM = f"!facilitators-{GROUP}"
ASKED = ("What brings you here?", "Have you been in a group before?")
NEVER_KEPT = "my brother died in the spring and nights are long"


def founded(**charter: object) -> Story:
    """A group with two facilitators in it, and a code that asks for approval."""
    story = Story()
    story.founds(replace(example(), **charter))
    for facilitator in (ADA, BEN):
        story.passes_the_gate(facilitator)
    story.says(ADA, "!invite new")
    return story


@pytest.fixture
def story() -> Story:
    return founded(approval=True, questions=ASKED)


def code(story: Story) -> str:
    return next(code.spelled for code in story.all(Code) if not code.trusted)


def asks(story: Story, user=MEI, *answers: str) -> Application:
    """Pass the gate up to the wait."""
    story.passes_the_gate(user, code(story))
    for answer in answers or (NEVER_KEPT, "skip"):
        story.says(user, answer)
    return story.of(Application, user)[0]


def changed(story: Story, **charter: object) -> None:
    group = story.one(Group, GROUP)
    story.records["group", GROUP] = replace(group, charter=replace(group.charter, **charter))


def test_only_a_facilitators_word_lets_in(story):
    story.passes_the_gate(MEI, code(story))
    asked = story.hears("question")
    assert ASKED[0] in asked.body
    assert [choice.id for choice in asked.message.choices] == ["skip"]
    assert "skip: leave" in asked.body
    said = f"$said-{story.causes}"
    story.says(MEI, NEVER_KEPT)
    assert ASKED[1] in story.hears("question").body
    story.says(MEI, "Skip!")
    application = story.of(Application, MEI)[0]
    assert [place and place.event for place in application.answers] == [said, None]
    assert NEVER_KEPT not in repr(story.records)
    assert MEI not in story.admitted()
    assert not story.consents(MEI)
    assert not [entry for entry in story.entries if entry.user == MEI]
    heard = story.says(BEN, "!accept 1", room=ROOM)
    assert [BEN in h.body for h in heard if h.room == ROOM] == [True]
    assert story.hears("receipt", story.person(MEI).chat)
    [consent] = story.consents(MEI)
    assert (consent.given, consent.data_event) == (application.agreed, application.data_agreed)
    assert MEI in story.rooms[f"!circle-{GROUP}"]
    assert not story.all(Application)
    assert not [key for key in story.timers if key.startswith(("application", "applicant"))]


def test_the_facilitators_hear_a_number_and_look_when_they_like(story):
    asks(story)
    told = [heard for heard in story.heard if heard.room == ROOM][-1]
    assert "number is 1" in told.body
    assert MEI not in told.body
    assert MEI in story.says(ADA, "!applicants")[0].body
    story.says(ADA, "!applicants 1", room=ROOM)
    [quote] = story.done(Quote)
    application = story.of(Application, MEI)[0]
    assert [place for _, place in quote.answers] == list(application.answers)
    assert application.quotes[0].room == ROOM
    assert story.says(MEI, "!applicants 1")[0].message.kind == "refusal"


@pytest.mark.parametrize("word", ["!accept 1", "!waitlist 1", "!decline 1 because"])
def test_answers_are_taken_back_when_it_is_decided(story, word):
    asks(story)
    story.says(ADA, "!applicants 1", room=ROOM)
    quote = story.of(Application, MEI)[0].quotes[0]
    story.says(BEN, word)
    assert story.done(TakeBack) == [TakeBack(quote.room, quote.event)]
    assert not any(a.answers or a.quotes for a in story.all(Application))


def test_answers_are_taken_back_after_a_week(story):
    asks(story)
    story.says(ADA, "!applicants 1", room=ROOM)
    story.passes(days=6.9)
    assert story.of(Application, MEI)[0].answers
    story.passes(days=0.2)
    assert not story.of(Application, MEI)[0].answers
    assert len(story.done(TakeBack)) == 1
    assert "forgotten" in story.says(ADA, "!applicants 1")[0].body
    assert len(story.done(Quote)) == 1


def test_a_quote_that_comes_too_late_is_taken_back_at_once(story):
    asks(story)
    story.says(BEN, "!decline 1")
    story.happens(AnswersQuoted(MEI, GROUP, ROOM, EventId("$late")))
    assert story.done(TakeBack) == [TakeBack(ROOM, EventId("$late"))]


def test_a_quote_that_comes_after_the_answers_were_forgotten_is_taken_back_too(story):
    asks(story)
    story.says(BEN, "!waitlist 1")
    story.happens(AnswersQuoted(MEI, GROUP, ROOM, EventId("$late")))
    assert story.done(TakeBack) == [TakeBack(ROOM, EventId("$late"))]
    assert not story.of(Application, MEI)[0].quotes


def test_of_two_who_decide_at_once_the_second_is_told_who_was_first(story):
    asks(story)
    story.says(ADA, "!accept 1")
    for word in ("!decline 1", "!accept 1", "!waitlist 1"):
        heard = story.says(BEN, word)
        assert heard[0].message.kind == "refusal"
        assert ADA in heard[0].body
    assert story.consents(MEI)
    assert "number 7" in story.says(BEN, "!accept 7")[0].body
    assert story.says(BEN, "!accept Mei")[0].message.kind == "refusal"


def test_declined_with_dignity(story):
    asks(story)
    heard = story.says(ADA, "!decline 1 she talks too much", room=ROOM)
    told = next(h for h in heard if h.room == story.person(MEI).chat)
    assert told.message.kind == "declined"
    assert "116 123" in told.body
    assert "talks too much" not in repr(story.records) + told.body
    assert not story.all(Application)
    assert next(c for c in story.all(Code) if not c.trusted).used == 0
    asks(story)  # and may ask again, under a new number
    assert story.of(Application, MEI)[0].waiting.number == 2


def test_waitlisted_is_told_what_it_means_and_no_date(story):
    asks(story)
    story.says(ADA, "!waitlist 1")
    told = next(h for h in story.heard if h.message.kind == "waitlisted")
    assert "cannot say when" in told.body
    assert story.says(MEI, "continue")[0].message.kind == "waitlisted"
    assert "on the list already" in story.says(BEN, "!waitlist 1")[0].body
    story.says(ADA, "!accept")
    assert story.consents(MEI)


def test_two_weeks_without_a_decision_remind_once_and_continue_tells_the_truth(story):
    asks(story)
    assert "Nobody has answered" in story.says(MEI, "continue")[0].body
    before = len(story.heard)
    story.passes(days=8)
    assert len(story.heard) == before
    story.passes(days=6.1)
    assert [heard.room for heard in story.heard[before:]] == [ROOM]
    assert "once more" in story.says(MEI, f"join {code(story)}")[0].body
    before = len(story.heard)
    story.passes(days=100)
    assert len(story.heard) == before
    story.passes(days=70)
    assert "half a year" in story.heard[-1].body
    assert not story.all(Application)
    assert not story.timers


def test_a_clock_that_jumps_reminds_no_more_than_once(story):
    asks(story)
    before = len(story.heard)
    story.passes(days=60)
    assert len(story.heard) == before + 1
    story.passes(days=60)
    assert len(story.heard) == before + 1


@pytest.mark.parametrize("word", ["stop", "leave"])
def test_whoever_waits_can_end_it(story, word):
    asks(story)
    story.says(ADA, "!applicants 1", room=ROOM)
    story.says(MEI, word)
    assert not story.all(Application)
    assert not story.timers
    assert len(story.done(TakeBack)) == 1
    assert story.says(ADA, "!accept 1")[0].message.kind == "refusal"


def test_own_words_may_begin_like_a_command_and_help_stays_help(story):
    story.passes_the_gate(MEI, code(story))
    assert story.says(MEI, "help me with this please")[0].message.kind == "help"
    assert story.says(MEI, "rules")[0].message.kind == "rule"
    assert story.says(MEI, "a picture", form=Form.MEDIA)[0].message.kind == "not_understood"
    assert not story.of(Application, MEI)[0].answers
    story.says(MEI, "join in with others is what I need")
    story.says(MEI, "1")
    assert len(story.of(Application, MEI)[0].answers) == 2
    assert None not in story.of(Application, MEI)[0].answers


def test_continue_repeats_the_open_question(story):
    story.passes_the_gate(MEI, code(story))
    asked = story.hears("question").message
    assert story.says(MEI, "continue")[0].message == asked
    story.says(MEI, "language de")
    assert ASKED[0] in story.says(MEI, "weiter")[0].body


def test_without_questions_they_wait_at_once():
    story = founded(approval=True)
    story.passes_the_gate(MEI, code(story))
    assert "facilitators decide" in story.hears("notice").body
    assert "no answers" in story.says(ADA, "!applicants 1")[0].body


def test_facilitators_and_the_operators_code_need_no_approval(story):
    story.passes_the_gate(MEI)
    assert story.consents(MEI)


def test_rules_that_changed_meanwhile_are_asked_about_before_a_yes_counts(story):
    asks(story)
    rules = tuple(replace(text, version="9.0.0") for text in example().rules)
    changed(story, rules=rules)
    heard = story.says(ADA, "!accept 1")
    assert not story.consents(MEI)
    asked = next(h for h in heard if h.room == story.person(MEI).chat)
    assert asked.message.step == "2/7"
    story.answers_right(MEI)
    for _ in range(2):
        story.says(MEI, story.hears_choice("agree"))
    assert story.consents(MEI)[0].rules_version == "9.0.0"


def test_a_small_groups_facilitators_decide_in_their_private_chats():
    story = Story()
    story.founds(replace(example("small"), approval=True, questions=ASKED[:1]))
    lead = example("small").lead
    for facilitator in (ADA, lead):
        story.passes_the_gate(facilitator)
    story.says(ADA, "!invite new")
    asks(story, MEI, NEVER_KEPT)
    chats = {story.person(user).chat for user in (ADA, lead)}
    assert {h.room for h in story.heard if "number is 1" in h.body} == chats
    told = story.says(ADA, "!accept 1")
    assert chats <= {heard.room for heard in told}


def test_nobody_to_decide_is_told_to_the_operator():
    story = Story()
    story.founds(replace(example(), approval=True))
    group = story.one(Group, GROUP)
    story.records["group", GROUP] = replace(group, rooms={})
    trusted = story.all(Code)[0]
    story.records["code", trusted.code] = replace(trusted, trusted=False)
    story.passes_the_gate(MEI)
    assert story.effects[-2].text.key == "operator-applicant-unheard"
