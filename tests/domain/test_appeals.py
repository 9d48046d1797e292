"""Appeals, told as dialogues: three questions, other eyes, an outcome that is told and done."""

import pytest

from appservice.domain.conduct.appeal import Appeal
from appservice.domain.conduct.standing import Rung, Standing, Verdict
from appservice.domain.effects import Quote, TellOperator
from tests.domain.conduct_story import (
    GROUP,
    LEA,
    TEAM,
    climbs,
    later,
    newest,
    power,
    settles,
    standing,
    told,
    waiting,
)
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, replace

CANARY = "violet cormorant"


@pytest.fixture
def story() -> Story:
    return told()


def appeals(story: Story, user: str = MEI) -> int:
    """Answer the three questions; return the number."""
    story.says(user, "appeal")
    for n in range(3):
        assert newest(story, user).message.step == f"{n + 1}/3"
        story.says(user, f"I think that the {CANARY} was right, number {n}")
    settles(story)
    return story.all(Appeal)[-1].number


def test_three_questions_in_own_words_that_are_kept_nowhere(story):
    climbs(story, to=Rung.FIRST)
    first = story.says(MEI, "appeal")[0]
    assert first.message.kind == "appeal"
    assert "What happened" in first.body
    assert "a first warning" in first.body
    story.says(MEI, "stop that is what I said to them all")  # own words, not the command
    story.says(MEI, "3")
    sent = story.says(MEI, "leave it as it was before, please")[0]
    assert "2026-11-30" in sent.body
    settles(story)
    quotes = story.done(Quote)
    assert len(quotes[0].answers) == 3
    assert CANARY not in str(story.records)


def test_it_goes_to_who_had_no_part_in_it_and_into_no_shared_room(story):
    climbs(story, to=Rung.SECOND)
    appeals(story)
    assert {quote.room for quote in story.done(Quote)} == {story.person(BEN).chat}
    assert "You had no part" in "".join(h.body for h in story.heard if h.room != TEAM)
    assert "You had no part" not in "".join(h.body for h in story.heard if h.room == TEAM)


@pytest.mark.parametrize("user", [ADA, MEI])
def test_who_decided_and_whom_it_is_about_cannot_decide(story, user):
    climbs(story, to=Rung.SECOND)
    number = appeals(story)
    said = story.says(user, f"!appeal {number} uphold")[0]
    assert said.message.kind == "refusal"
    assert story.all(Appeal)


def test_the_second_person_had_a_part_in_it_so_the_lead_decides(story):
    story.says(ADA, f"!pause {MEI} rule 3 serious")
    story.says(ADA, "1")
    story.says(BEN, "!second 1")
    later(story, seconds=11)
    number = appeals(story)
    assert {quote.room for quote in story.done(Quote)} == {story.person(LEA).chat}
    assert story.says(BEN, f"!appeal {number} lift")[0].message.kind == "refusal"
    story.says(LEA, f"!appeal {number} lift")
    assert power(story) == 0
    assert standing(story).highest(story.now) is None


def test_where_everybody_had_a_part_lead_and_operator_are_asked_to_name_somebody(story):
    story.says(ADA, f"!pause {MEI} rule 3 serious")
    story.says(ADA, "1")
    story.says(LEA, "!second 1")
    later(story, seconds=11)
    group = story.one(type(story.records["group", GROUP]), GROUP)
    alone = replace(group.charter, facilitators=(ADA,))
    story.records["group", GROUP] = replace(group, charter=alone)
    appeals(story)
    assert not story.done(Quote)
    assert "name somebody" in newest(story, LEA).body
    keys = {effect.text.key for effect in story.done(TellOperator)}
    assert "operator-appeal-nobody" in keys
    story.records["group", GROUP] = group
    later(story, days=1)
    assert {quote.room for quote in story.done(Quote)} == {story.person(BEN).chat}


def test_it_stays(story):
    climbs(story, to=Rung.SECOND)
    number = appeals(story)
    story.says(BEN, f"!appeal {number} uphold")
    assert "It stays as it was" in newest(story, MEI).body
    assert "reason" in newest(story, MEI).body
    assert standing(story).measures[-1].verdict is Verdict.UPHOLD
    assert not story.all(Appeal)
    assert story.says(BEN, f"!appeal {number} lift")[0].message.kind == "refusal"
    assert "can be appealed" in story.says(MEI, "appeal")[0].body or story.all(Appeal)


def test_a_milder_step_ends_a_pause(story):
    climbs(story, to=Rung.PAUSE)
    number = appeals(story)
    story.says(BEN, f"!appeal {number} change")
    assert power(story) == 0
    assert standing(story).highest(story.now) is Rung.SECOND
    assert any("milder" in h.body for h in story.heard if h.room == story.person(MEI).chat)
    later(story, days=10)
    assert standing(story).pause is None


def test_who_was_removed_can_appeal_and_comes_back_without_a_code(story):
    climbs(story, to=Rung.REMOVAL)
    number = appeals(story)
    story.says(BEN, f"!appeal {number} lift")
    assert "counts no more" in "".join(h.body for h in story.heard[-4:])
    story.says(MEI, "return")
    story.says(MEI, story.hears_choice("agree"))
    story.says(MEI, story.hears_choice("agree"))
    assert story.consents(MEI)
    assert story.says(ADA, f"!let-in {MEI}")[0].message.kind == "refusal"


def test_reminders_then_the_lead_and_the_truth(story):
    climbs(story, to=Rung.SECOND)
    appeals(story)
    later(story, days=3)
    later(story, days=3)
    reminders = [h for h in story.heard if "waits for you" in h.body]
    assert {h.room for h in reminders} == {story.person(BEN).chat}
    assert len(reminders) == 2
    later(story, days=1)
    assert "Nobody has decided" in newest(story, MEI).body
    assert story.person(LEA).chat in {quote.room for quote in story.done(Quote)}
    heard = len(story.heard)
    later(story, days=30)
    assert len(story.heard) == heard


def test_after_twenty_days_it_is_too_late_and_days_of_downtime_change_nothing(story):
    climbs(story, to=Rung.SECOND)
    story.says(MEI, "appeal")
    later(story, days=21)
    assert not story.all(Appeal)
    assert "can be appealed" in story.says(MEI, "appeal")[0].body


def test_the_open_question_comes_again(story):
    climbs(story, to=Rung.FIRST)
    story.says(MEI, "appeal")
    story.says(MEI, "what I saw was quite another thing")
    for text in ("continue", "appeal"):
        again = story.says(MEI, text)[0]
        assert (again.message.kind, again.message.step) == ("appeal", "2/3")


def test_stop_ends_it_and_it_can_begin_anew(story):
    climbs(story, to=Rung.FIRST)
    story.says(MEI, "appeal")
    story.says(MEI, "what I saw was quite another thing")
    assert "let your appeal go" in story.says(MEI, "stop")[0].body
    assert not story.all(Appeal)
    assert appeals(story)


def test_nothing_to_appeal(story):
    assert "can be appealed" in story.says(ZOE, "appeal")[0].body
    climbs(story, to=Rung.REMINDER)
    assert "can be appealed" in story.says(MEI, "appeal")[0].body


def test_the_list_and_the_words_again_in_private_only(story):
    assert "No appeal" in story.says(BEN, "!appeal")[0].body
    climbs(story, to=Rung.FIRST)
    number = appeals(story)
    assert f"Appeal {number}" in story.says(BEN, "!appeal", room=TEAM)[0].body
    assert story.says(BEN, f"!appeal {number}", room=TEAM)[0].message.kind == "refusal"
    before = len(story.done(Quote))
    story.says(BEN, f"!appeal {number}")
    assert len(story.done(Quote)) == before + 1
    for text in ("!appeal 99", f"!appeal {number} perhaps", "!appeal soon"):
        assert story.says(BEN, text)[0].message.kind == "refusal"


def test_whoever_is_forgotten_has_no_appeal_any_more(story):
    climbs(story, to=Rung.FIRST)
    appeals(story)
    story.says(MEI, "forget me")
    story.says(MEI, "1")
    settles(story)
    assert not story.all(Appeal)
    assert not story.all(Standing)
    assert not waiting(story)
    assert CODE
