"""What `my data` hands out of a group's rhythm: somebody's own part, and nobody else's name."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from appservice.domain.buddies.buddy import Asking, Buddies, Half, Seeking, Volunteer
from appservice.domain.cases.case import About, Case, Track
from appservice.domain.group import Group, Postvention
from appservice.domain.person import Person, Proving
from appservice.domain.records import Care
from appservice.domain.shelf.shelf import Entry, Shelf, Suggestion
from appservice.service.export import own_data
from tests.support.story import example

MEI, ZOE, LEA = "@mei:x", "@zoe:x", "@lea:x"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def kept(store):
    link = Suggestion(1, Entry("Sleep", "https://www.example.org/sleep"))
    async with store.begin() as work:
        await work.put(Shelf("g", suggested={MEI: (link,)}, last=1))
        asking = (Asking(MEI, ZOE, NOON), Asking(MEI, LEA, NOON, over=True))
        volunteers = {ZOE: Volunteer(NOON), LEA: Volunteer(NOON)}
        halves = {LEA: (Half(ZOE, NOON),)}
        await work.put(Buddies("g", volunteers, {MEI: Seeking(NOON)}, halves, asking))
    return store


async def rhythm(store, user):
    about = json.loads(await own_data(store, user))
    return {part["kind"]: part for part in about["rhythm"]}


async def test_what_somebody_suggested_is_in_it(kept):
    own = await rhythm(kept, MEI)
    assert own["shelf"]["suggested"][0]["entry"]["title"] == "Sleep"
    assert "shelf" not in await rhythm(kept, ZOE)


async def test_who_is_asked_for_whom_is_not(kept):
    own = await rhythm(kept, MEI)
    assert own["buddies"]["seeking"] == {"since": NOON.isoformat()}
    assert ZOE not in json.dumps(own)
    assert LEA not in json.dumps(own)
    assert MEI not in json.dumps(await rhythm(kept, ZOE))


async def test_whose_buddy_somebody_is_stands_in_it(kept):
    assert (await rhythm(kept, LEA))["buddies"]["halves"][0]["other"] == ZOE


async def test_what_somebody_raised_is_in_it_and_what_others_said_of_them_is_not(store):
    case = Case(
        "g", 12, Track.CARE, About.OTHER, NOON, NOON, reporter=MEI, named=(ZOE,), owner=LEA
    )
    async with store.begin() as work:
        await work.put(case)
    about = {user: json.loads(await own_data(store, user)) for user in (MEI, ZOE, LEA)}
    raised = {"case": "C-12", "raised": NOON.isoformat(), "state": "received"}
    assert about[MEI]["flags"] == [raised]
    assert about[LEA]["handled"] == [{"case": "C-12", "as": ["owner"]}]
    assert about[ZOE]["flags"] == about[ZOE]["handled"] == []
    assert "C-12" not in json.dumps(about[ZOE])
    assert not any(name in json.dumps(about[MEI]) for name in (ZOE, LEA))


async def test_an_address_that_nobody_has_proved_is_not_in_it(store):
    """It may be somebody else's, and whoever asked for its code could read that there."""
    proved = Person(MEI, pages=(("email", "mei@x.org"),))
    async with store.begin() as work:
        await work.put(replace(proved, proving=Proving("email", "canary@x.org", "482913")))
    told = (await own_data(store, MEI)).decode()
    assert "mei@x.org" in told
    assert "canary" not in told
    assert "482913" not in told


async def test_that_somebody_is_said_to_have_died_is_told_by_people_and_not_by_a_file(store):
    said = Postvention(MEI, LEA, NOON)
    group = replace(Group("g", "open", example(), NOON), postventions=(said,))
    async with store.begin() as work:
        await work.put(group)
        await work.put(Care(MEI, NOON, mourned=("g",)))
    about = json.loads(await own_data(store, MEI))
    assert about["groups"] == []
    assert about["records"] == []
    [named] = json.loads(await own_data(store, LEA))["groups"]
    assert named["group"] == "g"
