"""Several instances on one PostgreSQL: no row, no lane and no ratchet is worked on twice."""

import asyncio
from contextlib import suppress

import pytest

from appservice.crypto import Need
from appservice.domain.effects import EnterChat
from appservice.domain.events import GraceEnded
from appservice.domain.group import Group
from appservice.errors import StorageError
from appservice.matrix.own_device import own_device
from appservice.ports import Arrival, Posting
from appservice.store import migrate
from tests.store.conftest import NOON

NEED = Need(owners=frozenset({("account", "@keeper:x")}))
KEY = ("account", "@keeper:x", "KEEPER")


async def fill(store, lanes, each):
    async with store.begin() as work:
        for lane in range(lanes):
            names = [f"{lane}.{n}" for n in range(each)]
            await work.accept([Arrival(n, f"{lane}", "matrix", {}, NOON) for n in names])
            for name in names:
                await work.post(Posting(name, f"{lane}", EnterChat("!r"), NOON))


async def test_a_claimed_row_is_not_given_to_another_instance(postgres_store_pair):
    one, other = postgres_store_pair
    await fill(one, lanes=1, each=1)
    with suppress(InterruptedError):
        async with one.begin() as mine, other.begin() as theirs:
            (arrival,), (posting,) = await mine.arrivals(NOON, 9), await mine.postings(NOON, 9)
            assert await mine.finish(arrival.row)
            assert not await theirs.finish(arrival.row)
            assert await mine.claim_posting(posting.row) == posting
            assert await theirs.claim_posting(posting.row) is None
            raise InterruptedError  # one dies, and nothing of it was true
    async with other.begin() as theirs:
        assert await theirs.finish(arrival.row)
        assert await theirs.claim_posting(posting.row) == posting


async def test_a_released_row_waits_while_its_lane_is_worked_on(postgres_store_pair):
    one, other = postgres_store_pair
    await fill(one, lanes=2, each=2)
    async with one.begin() as work:
        first, elsewhere = await work.arrivals(NOON, 9)
        await work.set_aside(first.row, NOON.replace(hour=13), "session")
    async with one.begin() as mine:
        second, _ = await mine.arrivals(NOON, 9)
        assert await mine.finish(second.row)
        async with other.begin() as theirs:
            await theirs.release("session")
        async with other.begin() as theirs:
            assert not await theirs.finish(first.row)
            assert await theirs.finish(elsewhere.row)


async def test_two_instances_handle_everything_once_and_in_order(postgres_store_pair):
    one, _ = postgres_store_pair
    await fill(one, lanes=4, each=10)
    handled, busy = [], set()

    async def work_through(store):
        while True:
            async with store.begin() as work:
                found = await work.arrivals(NOON, 10)
            if not found:
                return
            for arrival in found:
                async with store.begin() as work:
                    if not await work.finish(arrival.row):
                        continue
                    assert arrival.lane not in busy
                    busy.add(arrival.lane)
                    await work.all(Group)
                    handled.append(arrival.id)
                    busy.discard(arrival.lane)

    await asyncio.gather(*(work_through(store) for store in postgres_store_pair for _ in range(3)))
    assert len(handled) == 40
    for lane in range(4):
        assert [x for x in handled if x[0] == f"{lane}"] == [f"{lane}.{n}" for n in range(10)]


async def test_a_timer_is_moved_by_one_instance(postgres_store_pair):

    one, other = postgres_store_pair
    async with one.begin() as work:
        await work.wake("key", NOON, GraceEnded("@ada", "g"))
    async with one.begin() as mine, other.begin() as theirs:
        assert await mine.due(NOON, 9) == 1
        assert await theirs.due(NOON, 9) == 0


async def test_a_vault_is_locked_until_the_transaction_ends(postgres_store_pair):
    async def step(store):
        async with store.begin() as work:
            vault = await work.vault(NEED)
            number = int(vault.get(KEY) or b"0")
            await asyncio.sleep(0)
            vault.put(KEY, b"%d" % (number + 1))
            await work.save(vault)

    await asyncio.gather(*(step(store) for store in postgres_store_pair * 10))
    async with postgres_store_pair[0].begin() as work:
        assert (await work.vault(NEED)).get(KEY) == b"20"


async def test_who_waits_too_long_for_a_vault_is_told_so(postgres_url, open_store):

    await migrate(postgres_url)
    one, other = await open_store(postgres_url), await open_store(postgres_url, limit=0.3)
    async with one.begin() as mine:
        await mine.vault(NEED)
        with pytest.raises(StorageError):
            async with other.begin() as theirs:
                await theirs.vault(NEED)
    async with other.begin() as theirs:
        assert (await theirs.vault(NEED)).get(KEY) is None


async def test_instances_that_start_at_once_draw_one_device(postgres_store_pair):
    drawn = await asyncio.gather(*(own_device(store) for store in postgres_store_pair * 4))
    assert len(set(drawn)) == 1
