"""`help`: the right country's numbers, short enough, and whom near them a member's group names."""

from pathlib import Path

import pytest

from appservice.domain.group import Group
from appservice.domain.types import Assurance, Audience
from appservice.helplines.rows import Emergency, Helpline
from appservice.helplines.sheets import Sheet
from appservice.helplines.showing import numbers
from tests.support.story import ADA, BEN, CODE, MEI, START, ZOE, Story, example, replace

LONGEST = 900  # letters
NEAR = "Crisis team of the town, 01632 960 001, day and night"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds()
    return story


def bodies(heard) -> str:
    return "\n".join(one.body for one in heard)


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_is_short_enough_in_every_country(story, language):
    story.passes_the_gate(MEI)
    story.says(MEI, f"language {language}")
    person = replace(story.person(MEI), greeted=False)
    for country, found in story.house.helplines.items():
        assert len(found.shown) <= 4
        story.records["person", MEI] = replace(person, country=country)
        (heard,) = story.says(MEI, "help")
        assert heard.message.parts == ("program", "help")
        assert len(heard.body) <= LONGEST, f"{country}: {len(heard.body)}"
        assert "2026-11-23" in heard.body
        assert heard.body.index("findahelpline.com") > heard.body.index("2026-11-23")


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_is_short_enough_whatever_an_operator_writes(story, language):
    row = {
        "name": "A service for everybody in a long valley",
        "number": " 0800 111 222 333 / 0800 111",
        "method": ["call", "text"],
        "hours": "Mo-Fr 09:00-17:00, Sa-Su 10:00-14:00",
        "zone": "America/Argentina/Buenos_Aires",
        "cost": "usual",
        "languages": ["es", "de", "en", "pt"],
        "official_url": "https://line.example",
        "source": "https://line.example",
        "verified_on": START.date(),
        "verified_by": "Ada",
    }
    lines = [Helpline.model_validate(row | {"number": f"{n}{row['number']}"}) for n in (1, 2)]
    first = Emergency(number="144 / 112", verified_on=START.date(), verified_by="Ada")
    sheet = Sheet("GB", Path("gb.yaml"), first, tuple(lines))
    story.passes_the_gate(MEI)
    story.says(MEI, f"language {language}")
    story.house = replace(story.house, helplines=numbers({"GB": sheet}, START.date()))
    story.records["person", MEI] = replace(story.person(MEI), greeted=False)
    (heard,) = story.says(MEI, "help")
    assert "1 0800" in heard.body
    assert "2 0800" in heard.body
    assert len(heard.body) <= LONGEST, len(heard.body)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("help FR", "3114"),
        ("help france", "3114"),
        ("Hilfe Frankreich!", "3114"),
        ("help New  Zealand", "1737"),
        ("HELP GERMANY", "0800 111 0 111"),
        ("help england", "116 123"),
        ("help the usa", "988"),
        ("help us", "116 123"),
        ("HELP US", "116 123"),
        ("HELP ME", "116 123"),
        ("help me", "116 123"),
        ("help please", "116 123"),
    ],
)
def test_a_country_counts_for_once(story, text, number):
    story.passes_the_gate(MEI)
    assert number in story.says(MEI, text)[0].body
    assert "116 123" in story.says(MEI, "help")[0].body


@pytest.mark.parametrize("text", ["help JP", "help japan", "help EU", "help"])
def test_where_no_numbers_are_known_words_and_a_directory_stand_and_no_other_countrys(text):
    story = Story()
    story.opens_chat(ZOE)
    body = story.says(ZOE, text)[0].body
    assert "emergency number of your country" in body
    assert "findahelpline.com" in body
    for number in ("911", "988", "999", "116 123", "741741"):
        assert number not in body


def test_two_groups_in_two_countries_have_no_country_in_common(story):
    story.passes_the_gate(MEI)
    german = replace(example(), name="Birch", country="DE")
    story.founds(german, code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    assert "emergency number of your country" in story.says(MEI, "help")[0].body
    story.passes_the_gate(ADA)
    story.passes_the_gate(ADA, "BIRCH-2222")
    for code, number in ((CODE, "116 123"), ("BIRCH-2222", "0800 111 0 111")):
        team = story.one(Group, f"group-{code}").rooms["facilitators"]
        assert number in story.says(ADA, "help", room=team)[0].body
    story.says(MEI, "country germany")
    assert "0800 111 0 111" in story.says(MEI, "help")[0].body


def test_what_nobody_has_confirmed_is_not_said(story):
    story.passes_the_gate(MEI)
    story.house = replace(story.house, helplines={})
    body = story.says(MEI, "help")[0].body
    assert "116 123" not in body
    assert "emergency number of your country" in body
    assert "116 123" not in story.says(MEI, "country GB")[0].body


def test_professionals_near_a_group_are_named_to_its_members_only(story):
    for user in (ADA, BEN, MEI):
        story.passes_the_gate(user)
    team = story.one(Group, f"group-{CODE}").rooms["facilitators"]
    heard = story.says(ADA, f"!professionals {NEAR}", room=team)
    assert [one.room for one in heard] == [team]
    first, second = story.says(MEI, "help")
    assert first.message.audience is Audience.ALL
    assert NEAR not in first.body
    assert NEAR in second.body
    assert second.message.audience is Audience.SIGNED
    asked = [one.room for one in story.says(MEI, "1", reply_to=first.id)]
    assert team in asked, "the number is for the first one"
    assert len(story.says(MEI, "help FR")) == 1
    for assurance in (Assurance.UNSIGNED, Assurance.PLAIN):
        assert NEAR not in bodies(story.says(MEI, "help", assurance=assurance))
    story.says(ZOE, f"join {CODE}")
    assert NEAR not in bodies(story.says(ZOE, "help"))
    assert "no one near you" in story.says(ADA, "!professionals off")[0].body
    assert len(story.says(MEI, "help")) == 1


def test_professionals_are_part_of_the_plan_that_is_signed(story):
    story = Story()
    group = story.founds(is_open=False)
    for user in (ADA, BEN):
        story.passes_the_gate(user)
        story.says(user, "!sign")
    heard = story.says(ADA, f"!professionals {NEAR}")
    assert "names are gone" in bodies(heard)
    assert NEAR in bodies(story.says(BEN, "!draft show"))
    assert story.says(ADA, f"!professionals {'x' * 201}")[0].message.kind == "refusal"
    assert NEAR in story.says(ADA, "!professionals")[0].body
    assert story.one(Group, group).stage == "draft"


def test_a_group_opens_once_a_person_has_looked_at_its_numbers():
    story = Story()
    group = story.founds(is_open=False)
    confirmed = story.house.helplines
    waiting = replace(confirmed["GB"], waiting=("Samaritans 116 123", "emergency number 999"))
    story.house = replace(story.house, helplines={**confirmed, "GB": waiting})
    for user in (ADA, BEN):
        story.passes_the_gate(user)
        signed = story.says(user, "!sign")[0].body
        assert "circlekeeper helplines confirm GB" in signed
        assert "Samaritans 116 123, emergency number 999" in signed
    refused = story.says(ADA, "!open")[0]
    assert refused.message.kind == "refusal"
    assert "circlekeeper helplines confirm GB" in refused.body
    assert story.one(Group, group).stage == "draft"
    story.house = replace(story.house, helplines=confirmed)
    story.says(ADA, "!open")
    assert story.one(Group, group).stage == "open"
