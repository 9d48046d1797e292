"""Extras that members allow and take back, and what they are shown of all that is kept."""

import pytest

from appservice.domain.application import Application
from appservice.domain.departure import KEPT_FOR
from appservice.domain.effects import OwnData, Remove, SayFile
from appservice.domain.records import Consent
from tests.support.story import ADA, CODE, MEI, ZOE, Story, example, replace

GROUP, BIRCH = f"group-{CODE}", "group-BIRCH-2222"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    for user in (ADA, MEI):
        story.passes_the_gate(user)
    return story


def options(story, group=GROUP) -> tuple[str, ...]:
    return story.one(Consent, f"{MEI} {group}").options


def lines(story, subject="newcomer") -> list[tuple[str, bool]]:
    return [(entry.group, entry.given) for entry in story.entries if entry.subject == subject]


def test_nothing_is_on_at_first_and_nothing_without_a_yes(story):
    story.says(MEI, "options")
    assert "newcomer: off" in story.hears("options").body
    for answer in ("no", "hello", "stop", "yes"):
        story.says(MEI, "allow newcomer")
        assert story.hears("options").message.choices[0].id == "yes"
        story.says(MEI, answer)
        if answer != "yes":
            assert options(story) == ()
    assert options(story) == ("newcomer",)


def test_a_yes_is_written_down_in_the_words_of_the_question(story):
    asked = story.says(MEI, "Allow newcomer.")[0]
    said = story.says(MEI, "yes")[0]
    assert "on now in Willow" in said.body
    entry = story.entries[-1]
    assert (entry.subject, entry.given, entry.user, entry.group) == ("newcomer", True, MEI, GROUP)
    assert entry.statement in asked.body
    assert entry.event == "$said-" + entry.event.rpartition("-")[2]
    story.says(MEI, "options")
    assert "newcomer: on in Willow" in story.hears("options").body
    story.says(MEI, "allow newcomer")
    assert "on already" in story.hears("options").body


def test_one_word_ends_it_at_once(story):
    story.says(MEI, "allow newcomer")
    story.says(MEI, "yes")
    story.says(MEI, "withdraw newcomer")
    assert story.hears("withdrawn").message.choices == ()
    assert options(story) == ()
    assert lines(story) == [(GROUP, True), (GROUP, False)]
    story.says(MEI, "withdraw newcomer")
    assert story.hears("withdrawn")
    assert len(lines(story)) == 2


def test_in_several_groups_it_is_asked_for_all_or_for_the_one_that_is_named(story):
    story.passes_the_gate(MEI, "BIRCH-2222")
    story.says(MEI, "allow newcomer birch")
    assert "Birch" in story.hears("options").body
    story.says(MEI, "yes")
    assert (options(story), options(story, BIRCH)) == ((), ("newcomer",))
    story.says(MEI, "allow newcomer")
    assert "Willow" in story.hears("options").body
    assert "Birch" not in story.hears("options").body
    story.says(MEI, "yes")
    story.says(MEI, "withdraw newcomer birch")
    assert (options(story), options(story, BIRCH)) == (("newcomer",), ())
    story.says(MEI, "withdraw newcomer")
    assert options(story) == ()


def test_a_yes_counts_for_the_groups_that_were_named_in_the_question(story):
    story.says(MEI, "allow newcomer")
    question = story.heard[-1]
    story.passes_the_gate(MEI, "BIRCH-2222")
    story.says(MEI, "allow newcomer birch")
    story.says(MEI, "yes", reply_to=question.id)  # closed by the newer one
    assert options(story) == ()
    story.says(MEI, "yes")
    assert (options(story), options(story, BIRCH)) == ((), ("newcomer",))


def test_what_does_not_exist_is_answered_with_what_does(story):
    for said in ("allow", "allow everything", "allow newcomer oak"):
        story.says(MEI, said)
        assert "newcomer" in story.hears("refusal").body
    story.says(ZOE, "allow newcomer")
    assert "in none here" in story.hears("refusal").body
    assert not lines(story)


def test_leaving_ends_every_option(story):
    story.says(MEI, "allow newcomer")
    story.says(MEI, "yes")
    story.says(MEI, "leave")
    assert options(story) == ()
    assert lines(story) == [(GROUP, True), (GROUP, False)]
    story.passes_the_gate(MEI)
    assert options(story) == ()


def test_withdraw_alone_lists_what_can_be_taken_back(story):
    story.says(MEI, "withdraw")
    body = story.hears("options").body
    assert "withdraw rules" in body
    assert "newcomer" not in body
    story.says(MEI, "allow newcomer")
    story.says(MEI, "yes")
    story.says(MEI, "withdraw")
    assert "withdraw newcomer: on in Willow" in story.hears("options").body
    assert len(story.consents(MEI)) == 1


@pytest.mark.parametrize("what", ["rules", "data"])
def test_to_take_the_basis_back_is_to_leave(story, what):
    story.says(MEI, f"withdraw {what}")
    said = story.hears("withdrawn")
    assert "No group can do without" in said.body
    assert story.done(Remove)[-1].user == MEI
    assert not story.consents(MEI)
    story.passes_the_gate(MEI)
    story.passes_the_gate(MEI, "BIRCH-2222")
    story.says(MEI, f"withdraw {what}")
    assert [choice.id for choice in story.hears("notice").message.choices] == ["Willow", "Birch"]
    story.says(MEI, "birch")
    assert [consent.group for consent in story.consents(MEI)] == [GROUP]


def test_in_german_too(story):
    story.says(MEI, "language de")
    story.says(MEI, "erlaube ankommen")
    story.says(MEI, "ja")
    assert options(story) == ("newcomer",)
    assert story.entries[-1].language == "de"
    story.says(MEI, "widerrufe neu")
    assert options(story) == ()
    for word, kind in (("extras", "options"), ("meine daten", "export"), ("widerruf", "options")):
        story.says(MEI, word)
        assert story.hears(kind)


# -- my data


def test_my_data_tells_everything_in_plain_words_and_sends_a_file(story):
    story.says(MEI, "country DE")
    story.says(MEI, "allow newcomer")
    story.says(MEI, "yes")
    story.says(MEI, "join BIRCH-2222")
    story.says(MEI, "my data")
    said = story.hears("export")
    consent = story.consents(MEI)[0]
    for piece in (
        MEI,
        "Country: DE",
        "Your yes to Willow",
        consent.rules_hash[:12],
        "I agree to the rules",
        "I consent",
        "18 or older",
        "no one answers my first words",
        "on your way into Birch",
    ):
        assert piece in said.body, piece
    for other in (ADA, ZOE):
        assert other not in said.body
    assert story.done(SayFile) == [
        SayFile(said.room, "my-data.json", "application/json", OwnData(MEI), "export")
    ]


def test_it_tells_of_an_ended_membership_until_that_is_gone(story):
    story.says(MEI, "leave")
    story.says(MEI, "my data")
    ends = story.now + KEPT_FOR
    assert f"This goes on {ends:%Y-%m-%d}" in story.hears("export").body
    story.passes(days=KEPT_FOR.days)
    story.says(MEI, "my data")
    assert "Willow" not in story.hears("export").body


def test_of_somebody_new_it_tells_next_to_nothing(story):
    story.says(ZOE, "my data")
    said = story.hears("export")
    assert said.message.parts == ("program", "export")
    assert "Willow" not in said.body
    story.says(ZOE, f"join {CODE}")
    assert story.of(Application, ZOE)
    story.says(ADA, "my data")
    assert "You are a facilitator of Willow" in story.hears("export").body
    assert ZOE not in story.hears("export").body
