"""What the version before this one wrote (its JSON, of each kind) is read, and found, by this."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from appservice.domain.application import Code
from appservice.domain.gate.rules_text import canonical
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.records import Consent, Record
from appservice.store import tables
from appservice.store.codec import EFFECTS, EVENTS, RECORDS, dumps
from appservice.store.scope import place
from tests.store.conftest import NOON

YESTERDAY = json.loads(Path(__file__).with_name("yesterday.json").read_text("utf-8"))
USER, GROUP = "@eve:x", "group"
KINDS = {kind.kind: kind for kind in get_args(Record)}


@pytest.fixture
async def old_url(database_url, open_store, run_sql) -> str:
    """A database with a record of every kind, as they were written then."""
    store = await open_store(database_url)
    async with store._scope() as scope:
        for kind, key, person, group, plain in YESTERDAY["records"]:
            hashed = scope.keys.hash("records", "key", kind, key)
            values = {
                "kind": kind,
                "key": hashed,
                "version": 1,
                "person_hash": person and scope.keys.hash("records", "person", person),
                "group_hash": group and scope.keys.hash("records", "group", group),
                "body": scope.keys.seal(
                    place(tables.records, "body", f"{kind} {hashed}"), dumps(plain)
                ),
            }
            await scope.run_each(tables.records.insert(), [values])
    async with store._scope() as scope:
        await scope.run(tables.facts.delete().where(tables.facts.c.name != proof(scope)))
    return database_url


def proof(scope) -> str:
    return scope.keys.hash("facts.name", "proof")


async def test_every_kind_is_read(old_url, open_store):
    store = await open_store(old_url)
    async with store.begin() as work:
        for kind in {row[0] for row in YESTERDAY["records"]}:
            assert await work.all(KINDS[kind]), kind
        group = await work.get(Group, GROUP)
        code = await work.get(Code, "W1LL0W7Q4K")
        assert (await work.get(Person, USER)).asked[0].topic == "gate"
    assert (group.muted, group.team.offers, group.charter.capacity) == ((), (), None)
    assert (code.uses, code.revoked, code.spelled) == (None, False, "WILLOW-7Q4K")


async def test_rules_in_two_lists_are_one_text_with_the_same_seal(old_url, open_store):
    store = await open_store(old_url)
    async with store.begin() as work:
        (rules,) = (await work.get(Group, GROUP)).charter.rules
    assert [rule.number for rule in rules.rules] == [1, 2, 4]
    assert [rule.number for rule in rules.asked] == [1, 2]
    assert canonical(rules).splitlines()[0] == "1.0.0 en"
    for effect in YESTERDAY["effects"]:
        assert EFFECTS.value(effect).charter.rules == (rules,)
    assert [EVENTS.value(event).group for event in YESTERDAY["events"]] == [GROUP]


async def test_a_consent_from_then_can_be_taken_back_and_counts_no_more(old_url, open_store):
    for _ in range(2):  # a second start finds it done
        store = await open_store(old_url)
    async with store.begin() as work:
        (consent,) = await work.of_person(Consent, USER)
        assert consent.given == NOON + timedelta(days=2)
        gone = datetime.fromisoformat("2026-12-01T00:00:00+00:00")
        await work.put(RECORDS.value(RECORDS.plain(consent) | {"withdrawn": gone.isoformat()}))
    async with store.begin() as work:
        assert [one.withdrawn for one in await work.of_group(Consent, GROUP)] == [gone]
        await work.drop(await work.get(Consent, consent.key))
    async with store.begin() as work:
        assert await work.all(Consent) == []
