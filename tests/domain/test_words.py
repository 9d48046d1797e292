"""Words that people write: help in any state, commands, near misses, the table itself."""

import sys
from pathlib import Path

import pytest

import appservice.domain.commands as package
from appservice.domain.cases.case import About, Case
from appservice.domain.commands.facilitator_help import LISTED, TOPICS
from appservice.domain.commands.help import help_name
from appservice.domain.commands.table import COMMANDS
from appservice.domain.effects import Remove
from appservice.domain.events import MessageSaid, MessageUnreadable
from appservice.domain.types import Assurance, Audience, CauseId, EventId, Form, Role, Text
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story, example, replace, words


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    return story


def test_table_and_files_hold_together():
    folder = Path(package.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "table"}
    modules = [command.handle.__module__.rpartition(".")[2] for command in COMMANDS.values()]
    assert sorted(modules) == sorted(files)
    for name in COMMANDS:
        assert words().synonyms(name, "en"), name
        assert words().synonyms(name, "de"), name


def test_a_facilitators_word_says_what_its_file_says(story):
    assert set(LISTED) == {c.id for c in COMMANDS.values() if c.role is not Role.MEMBER}
    for name in LISTED:
        docstring = sys.modules[COMMANDS[name].handle.__module__].__doc__
        assert words().say(Text(f"about-{name}"), "en") == docstring.strip()


def test_the_list_names_each_word_in_the_language_of_the_list(story):
    story.passes_the_gate(ADA)
    story.says(ADA, "language de")
    told = story.says(ADA, "!hilfe")[-1].body
    assert "Fälle: !fälle, !fall, !nehmen" in told
    named = [word for line in told.splitlines()[1:-2] for word in line.split(": ")[1].split(", ")]
    for name, word in zip(LISTED[1:], named, strict=True):
        assert words().command(word, "de") == (name, ""), word


@pytest.mark.parametrize("text", ["help", "HELP!", "Hilfe", "help me please", "sos", "„Hilfe“"])
@pytest.mark.parametrize("assurance", list(Assurance))
def test_help_from_any_device_in_any_language(story, text, assurance):
    story.opens_chat(MEI)
    heard = story.says(MEI, text, assurance=assurance)
    assert [h.message.kind for h in heard] == ["help"]
    assert heard[0].message.audience is Audience.ALL
    assert "findahelpline.com" in heard[0].body
    assert "I am a program" in heard[0].body or "Ich bin ein Programm" in heard[0].body


def test_help_has_one_name_whichever_way_it_goes(story):
    story.passes_the_gate(MEI)
    chat = story.person(MEI).chat
    said = [
        story.happens(
            MessageSaid(chat, MEI, EventId("$same"), "help", Form.TEXT, assurance),
            cause=CauseId("$same"),
        )[0]
        for assurance in Assurance
    ]
    assert {heard.id for heard in said} == {help_name(CauseId("$same"), chat)}
    assert len({heard.body for heard in said}) > 1  # a member on a good device is offered more


def test_help_in_german_answers_in_german(story):
    assert "Du musst da nicht allein durch" in story.says(MEI, "Hilfe")[0].body


def test_help_shows_the_countrys_numbers_at_most_three(story):
    story.says(MEI, f"join {CODE}")
    body = story.says(MEI, "help")[0].body
    assert "999" in body
    assert "116 123" in body
    assert "Childline" not in body
    assert "3114" in story.says(MEI, "help FR")[0].body
    assert "999" in story.says(MEI, "help uk")[0].body
    assert "emergency number of your country" in story.says(MEI, "help JP")[0].body
    assert "999" in story.says(MEI, "help us")[0].body  # a plea
    assert "988" in story.says(MEI, "help US")[0].body
    story.says(MEI, "country DE")
    assert "0800 111 0 111" in story.says(MEI, "help")[0].body


def test_help_goes_in_plain_where_the_room_is_not_encrypted(story):
    room = story.opens_chat(MEI)
    story.records["room", room] = replace(story.records["room", room], encrypted=False)
    assert story.says(MEI, "help", assurance=Assurance.PLAIN)[0].plain
    assert story.says(MEI, "hello", assurance=Assurance.PLAIN) == []
    story.records["room", room] = replace(story.records["room", room], encrypted=True)
    assert not story.says(MEI, "help", assurance=Assurance.PLAIN)[0].plain


def test_help_in_a_room_not_known_yet(story):
    heard = story.says(MEI, "help", room="!unknown")
    assert heard[0].message.kind == "help"
    assert story.says(ZOE, "join us", room="!new")[-1].message.kind in ("say_again", "refusal")


def test_every_first_answer_begins_with_the_program(story):
    for name, text in (
        ("a", "hello"),
        ("b", "privacy"),
        ("c", "leave"),
        ("d", "hlp"),
        ("e", "stop"),
    ):
        story.opens_chat(MEI, name)
        heard = story.says(MEI, text)[0]
        assert heard.message.parts[0] == "program"
        assert "I am a program" in heard.body
        assert "program" not in story.says(MEI, "privacy")[0].message.parts


@pytest.mark.parametrize(
    "text",
    [
        "leave me alone",
        "stop it hurts",
        "rules are hard for me",
        "continue like this I cannot",
        "privacy please and thank you",
    ],
)
def test_a_sentence_is_no_command(story, text):
    story.passes_the_gate(MEI)
    assert story.says(MEI, text)[0].message.kind == "program"
    assert story.consents(MEI)


@pytest.mark.parametrize(
    ("text", "word"), [("halp", "help"), ("leve", "leave"), ("priacy", "privacy")]
)
def test_a_near_miss_meets_a_suggestion_unless_a_question_is_open(story, text, word):
    assert word in story.says(MEI, text)[0].body
    story.hears("not_understood")
    story.says(MEI, f"join {CODE}")
    assert story.says(MEI, text)[0].message.kind == "program"


def test_program_offers_members_a_facilitator_by_number(story):
    story.passes_the_gate(ADA)
    story.passes_the_gate(MEI)
    told = story.says(MEI, "I do not know what to do any more")[0]
    assert [(c.id, words().say(c.reply, "en")) for c in told.message.choices] == [("contact", "1")]
    heard = story.says(MEI, "1")
    assert not any("do not know" in one.body for one in heard)
    assert "Nobody has read it yet" in story.hears("flag_receipt", heard[-1].room).body
    assert [(one.reporter, one.excerpt) for one in story.all(Case)] == [(MEI, ())]
    assert story.says(MEI, "1")[0].message.kind == "program"


def test_an_open_question_takes_numbers_so_contact_is_a_word(story):
    story.passes_the_gate(ADA)
    story.passes_the_gate(MEI)
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.says(MEI, "join BIRCH-2222")
    story.says(MEI, "yes")
    told = story.says(MEI, "I feel low")[0].message
    assert words().say(told.choices[0].reply, "en") == "contact"
    assert story.says(MEI, "1")[0].message.kind == "question"
    assert story.says(MEI, "contact")[-1].message.case == "C-1"


def test_contact_tells_the_truth_and_is_one_case_however_often_it_is_said():
    story = Story()
    story.founds(example("small"))
    story.passes_the_gate(MEI)
    told = story.says(MEI, "contact")[-1]
    assert (told.message.kind, told.message.case) == ("flag_receipt", "C-1")
    assert "None of your facilitators is on duty now" in told.body
    assert "0800 111 0 111" in told.body
    story.passes_the_gate(ADA)
    told = story.says(MEI, "contact")[-1]
    assert "asked again" in told.body
    assert "Nobody has read it yet" in told.body
    assert [(one.about, one.named) for one in story.all(Case)] == [(About.ME, (MEI,))]


def test_contact_with_two_groups_asks_which(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    for code in (CODE, "BIRCH-2222"):
        story.passes_the_gate(MEI, code)
    asked = story.says(MEI, "contact")[0].message
    assert [c.id for c in asked.choices] == ["Willow", "Birch"]
    story.says(MEI, "birch")
    assert [one.group for one in story.all(Case)] == ["group-BIRCH-2222"]


def test_leave_acts_at_once(story):
    story.passes_the_gate(MEI)
    heard = story.says(MEI, "leave")
    assert [h.message.kind for h in heard] == ["withdrawn"]
    assert not heard[0].message.choices
    assert not story.consents(MEI)
    assert all(MEI not in members for room, members in story.rooms.items() if "group" in room)
    assert story.says(MEI, "leave")[0].message.kind == "notice"
    story.passes_the_gate(MEI)
    assert story.consents(MEI)


def test_leave_with_two_groups_asks_which(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    for code in (CODE, "BIRCH-2222"):
        story.passes_the_gate(MEI, code)
    asked = story.says(MEI, "leave")[0].message
    assert [c.id for c in asked.choices] == ["Willow", "Birch"]
    assert len(story.consents(MEI)) == 2
    story.says(MEI, "2")
    assert story.hears("withdrawn").message.group == "Birch"
    assert [c.group for c in story.consents(MEI)] == [f"group-{CODE}"]
    story.says(MEI, "leave willow")
    assert not story.consents(MEI)


def test_groups_rules_privacy(story):
    for word in ("groups", "rules"):
        assert story.says(MEI, word)[0].message.kind == "notice"
    assert "circle" in story.says(MEI, "privacy")[0].body
    story.passes_the_gate(MEI)
    assert "Willow: After a loss" in story.says(MEI, "groups")[0].body
    assert "10. Trouble" in story.says(MEI, "rules")[0].body
    assert "noticeboard" in story.says(MEI, "privacy")[0].body


def test_privacy_of_a_small_federated_group():
    story = Story()
    story.founds(replace(example("small"), federated=True))
    body = story.says(MEI, f"join {CODE}")[0].body
    assert "noticeboard" not in body
    assert "other servers" in body


def test_language_and_country(story):
    assert story.says(MEI, "language tlh")[0].message.kind == "not_understood"
    assert story.says(MEI, "country Narnia")[0].message.kind == "not_understood"
    assert "Deutsch" in story.says(MEI, "language de")[0].body
    assert story.says(MEI, "land at")[0].message.kind == "not_understood"
    assert story.says(MEI, "land AT")[0].message.kind == "notice"
    assert story.person(MEI).country == "AT"


def test_words_with_a_mark_are_for_facilitators(story):
    story.passes_the_gate(MEI)
    for word in ("!help", "!sign", "!open", "!commands"):
        assert story.says(MEI, word)[0].message.kind == "refusal"
    story.passes_the_gate(ADA)
    assert "!sign" in story.says(ADA, "!help")[0].body
    assert story.says(ADA, "!sign")[0].message.kind == "refusal"  # it is open already


def test_in_the_facilitators_room(story):
    story.passes_the_gate(ADA)
    room = "!facilitators-group-WILLOW-7Q4K"
    assert "!sign" in story.says(ADA, "!help", room=room)[0].body
    assert story.says(ADA, "good morning", room=room) == []
    assert story.says(ADA, "help Mei with her device", room=room) == []
    assert story.says(ADA, "help", room=room)[0].message.kind == "help"
    assert (
        story.says(ADA, "!open", room=room, assurance=Assurance.UNSIGNED)[0].message.kind
        == "refusal"
    )
    assert story.says(ADA, "!open", room=room, assurance=Assurance.PLAIN) == []
    assert story.says(BEN, "!open", room=room)[0].message.kind == "refusal"


def test_an_unreadable_message_is_asked_for_again(story):
    room = story.opens_chat(MEI)
    heard = story.happens(MessageUnreadable(room, MEI, "$lost"))
    assert heard[0].message.kind == "say_again"
    assert heard[0].message.audience is Audience.ALL
    assert story.happens(MessageUnreadable("!other", MEI, "$lost")) == []


def test_nothing_is_said_to_members_of_a_noticeboard(story):
    assert story.says(ADA, "hello", room="!noticeboard-group-WILLOW-7Q4K") == []


def test_nobody_is_removed_by_leaving_nothing(story):
    story.says(MEI, "leave")
    assert not story.done(Remove)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", words().languages())
def test_help_for_facilitators_leads_to_each_word_by_its_topic(topic, language):
    story = Story()
    story.founds()
    story.passes_the_gate(ADA)
    story.says(ADA, f"language {language}")
    overview = story.says(ADA, "!help")[0].body
    title = words().say(Text(topic), language)
    told = story.says(ADA, f"!help {title.upper()}")[0].body
    for word in TOPICS[topic]:
        assert words().say(Text(f"words-{word}"), language).partition("|")[0] in overview
        assert words().say(Text(f"about-{word}"), language) in told
