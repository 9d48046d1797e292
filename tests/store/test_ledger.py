"""The record of consents: what is changed behind our back shows, what is erased does not."""

import pytest
from sqlalchemy import delete, select, update

from appservice.domain.entries import DATA, RULES, Entry, Erasure
from appservice.store import tables
from appservice.store.ledger import _end
from tests.store.conftest import NOON

TABLE = tables.ledger
WORDS = "I agree to the rules, says the canary"


def entry(user="@ada:x", group="g", subject=RULES, **more):
    return Entry(user, group, subject, given=True, at=NOON, language="en", statement=WORDS, **more)


@pytest.fixture
async def kept(store):
    """Three lines of one group, and one of another."""
    async with store.begin() as work:
        await work.append(entry())
        await work.append(entry(subject=DATA))
        await work.append(entry("@ben:x"))
        await work.append(entry(group="h"))
    return store


async def faults(store, groups=("g", "h")):
    async with store.begin() as work:
        return [chain.fault for chain in await work.verify_ledger(groups) if chain.fault]


async def changed(store, statement):
    async with store._scope() as scope:
        assert await scope.run(statement)


async def group_of(store, user):
    async with store._scope() as scope:
        person = scope.keys.hash("ledger.person", user)
        rows = await scope.rows(select(TABLE).where(TABLE.c.person_hash == person))
        return rows[0].group_hash


async def test_lines_are_read_back_by_person(kept):
    async with kept.begin() as work:
        assert await work.entries("@ada:x") == [entry(), entry(subject=DATA), entry(group="h")]
        assert await work.entries("@zoe:x") == []
    assert await faults(kept) == []


async def test_an_erased_member_leaves_the_chain_whole(kept):
    async with kept.begin() as work:
        assert await work.erase(Erasure("@ada:x", "g")) == 2
    async with kept.begin() as work:
        assert await work.entries("@ada:x") == [entry(group="h")]
        chains = await work.verify_ledger(["g", "h"])
        await work.append(entry("@zoe:x"))
    assert sorted((chain.lines, chain.erased) for chain in chains) == [(1, 0), (3, 2)]
    async with kept.begin() as work:
        assert await work.erase(Erasure("@ada:x")) == 1
    assert await faults(kept) == []


async def test_of_who_was_erased_nothing_is_left(kept):
    async with kept.begin() as work:
        await work.erase(Erasure("@ben:x"))
    async with kept._scope() as scope:
        rows = await scope.rows(select(TABLE))
        left = [row for row in rows if row.body is None]
        assert [row.person_hash for row in left] == [None]
        read = [
            scope.keys.open(f"ledger.body {r.group_hash} {r.place}", r.body)
            for r in rows
            if r.body
        ]
    assert not any(b"@ben:x" in body for body in read)
    assert all(b"@ada:x" in body for body in read)


@pytest.mark.parametrize("place", [1, 2, 3])
async def test_a_line_that_is_taken_out_shows(kept, place):
    group = await group_of(kept, "@ben:x")
    await changed(kept, delete(TABLE).where(TABLE.c.group_hash == group, TABLE.c.place == place))
    assert len(await faults(kept)) == 1


async def test_a_whole_chain_that_is_taken_out_shows(kept):
    group = await group_of(kept, "@ben:x")
    await changed(kept, delete(TABLE).where(TABLE.c.group_hash == group))
    assert await faults(kept) == ["lines are missing at the end"]


@pytest.mark.parametrize("column", ["previous", "commitment", "hash", "body"])
@pytest.mark.parametrize("place", [1, 2, 3])
async def test_a_line_that_is_changed_shows(kept, column, place):
    group = await group_of(kept, "@ben:x")
    at = (TABLE.c.group_hash == group, TABLE.c.place == place)
    async with kept._scope() as scope:
        value = bytearray((await scope.rows(select(TABLE.c[column]).where(*at)))[0][0])
    value[-1] ^= 1
    await changed(kept, update(TABLE).where(*at).values({column: bytes(value)}))
    assert len(await faults(kept)) == 1


async def test_a_body_of_another_line_shows(kept):
    group = await group_of(kept, "@ben:x")
    of = TABLE.c.group_hash == group
    async with kept._scope() as scope:
        rows = await scope.rows(select(TABLE).where(of).order_by(TABLE.c.place))
    await changed(kept, update(TABLE).where(of, TABLE.c.place == 1).values(body=rows[1].body))
    assert await faults(kept) == ["line 1 does not say what it was written with"]


async def test_a_damaged_end_of_a_chain_is_told_and_hides_no_other(kept):
    group = await group_of(kept, "@ben:x")
    async with kept._scope() as scope:
        name = scope.keys.hash("facts.name", _end(group))
    damaged = update(tables.facts).where(tables.facts.c.name == name).values(body=b"damaged")
    await changed(kept, damaged)
    assert await faults(kept) == ["what keeps its end is damaged"]


async def test_two_instances_write_one_chain(postgres_store_pair):
    one, other = postgres_store_pair
    for number in range(5):
        for store in (one, other):
            async with store.begin() as work:
                await work.append(entry(f"@{number}:x"))
    assert await faults(one, ["g"]) == []
    async with one.begin() as work:
        assert (await work.verify_ledger(["g"]))[0].lines == 10


async def test_lines_stay_whole_when_all_is_sealed_anew(kept):
    await kept.reseal()
    assert await faults(kept) == []
