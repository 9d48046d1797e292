"""The inbox: kept once, in order per lane, set aside, parked, gone when done."""

from datetime import timedelta

from appservice.domain.events import GraceEnded, KeeperInvited
from appservice.ports import Arrival
from tests.store.conftest import NOON

HOUR = timedelta(hours=1)


def arrival(name, lane="a", **body):
    return Arrival(f"${name}", lane, "matrix", {"event_id": f"${name}", **body}, NOON)


async def accept(store, *arrivals):
    async with store.begin() as work:
        return await work.accept(arrivals)


async def heads(store, now=NOON, limit=10):
    async with store.begin() as work:
        return [found.id for found in await work.arrivals(now, limit)]


async def row_of(store, name, now=NOON):
    async with store.begin() as work:
        found = await work.arrivals(now, 100)
    return next(one.row for one in found if one.id == f"${name}")


async def test_what_is_known_already_is_ignored(store):
    assert await accept(store, arrival("1"), arrival("2"), arrival("1")) == 2
    assert await accept(store, arrival("2"), arrival("3")) == 1
    assert await accept(store) == 0


async def test_a_finished_row_does_not_come_again(store):
    await accept(store, arrival("1"))
    async with store.begin() as work:
        await work.finish((await work.arrivals(NOON, 1))[0].row)
    assert await accept(store, arrival("1")) == 0
    assert await heads(store) == []


async def test_an_arrival_comes_out_as_it_went_in(store):
    event = KeeperInvited("!room", "@ada:example.org")
    given = [
        Arrival(
            "$m", "a", "matrix", {"content": {"body": "h\u00e9 \ud800", "n": [1, None]}}, NOON
        ),
        Arrival("$e", "b", "event", event, NOON + timedelta(microseconds=7)),
        Arrival("$x", "c", "malformed", {}, NOON),
    ]
    await accept(store, *given)
    async with store.begin() as work:
        found = await work.arrivals(NOON, 10)
    assert [(x.id, x.lane, x.source, x.body, x.received, x.attempts) for x in found] == [
        (x.id, x.lane, x.source, x.body, x.received, 0) for x in given
    ]


async def test_each_lane_shows_its_oldest_row_only(store):
    await accept(store, *(arrival(f"{lane}{n}", lane) for n in range(30) for lane in "ab"))
    assert await heads(store) == ["$a0", "$b0"]
    assert await heads(store, limit=1) == ["$a0"]
    seen = []
    async with store.begin() as work:
        while found := await work.arrivals(NOON, 10):
            seen.append([one.id for one in found])
            for one in found:
                await work.finish(one.row)
    assert seen == [[f"$a{n}", f"$b{n}"] for n in range(30)]


async def test_a_postponed_row_keeps_its_lane_waiting(store, clock):
    await accept(store, arrival("1"), arrival("2"), arrival("3", "b"))
    row = await row_of(store, "1")
    async with store.begin() as work:
        await work.postpone_arrival(row, NOON + HOUR)
    assert await heads(store) == ["$3"]
    async with store.begin() as work:
        assert not await work.finish(row)
    clock.advance(hours=1)
    assert await heads(store, NOON + HOUR) == ["$1", "$3"]
    async with store.begin() as work:
        assert [one.attempts for one in await work.arrivals(NOON + HOUR, 1)] == [1]
        assert await work.finish(row)
        assert not await work.finish(row)


async def test_a_row_set_aside_lets_its_lane_go_on_and_comes_first_when_released(store):
    await accept(store, arrival("1"), arrival("2"), arrival("3"))
    row = await row_of(store, "1")
    async with store.begin() as work:
        await work.set_aside(row, NOON + HOUR, "session")
    assert await heads(store) == ["$2"]
    async with store.begin() as work:
        assert await work.release("another session") == 0
        assert await work.release("session") == 1
        assert await work.release("session") == 0
    assert await heads(store) == ["$1"]


async def test_a_row_set_aside_comes_back_when_its_time_is_up(store):
    await accept(store, arrival("1"), arrival("2"))
    row = await row_of(store, "1")
    async with store.begin() as work:
        await work.set_aside(row, NOON + HOUR, None)
    assert await heads(store, NOON + HOUR - timedelta(microseconds=1)) == ["$2"]
    assert await heads(store, NOON + HOUR) == ["$1"]


async def test_a_parked_row_is_seen_retried_and_dropped(store, clock):
    await accept(store, arrival("1"), arrival("2"))
    row = await row_of(store, "1")
    clock.advance(minutes=5)
    async with store.begin() as work:
        await work.postpone_arrival(row, NOON)
        await work.park_arrival(row, "PermanentError M_FORBIDDEN")
        (parked,) = await work.parked()
    assert (parked.box, parked.what, parked.reason) == (
        "inbox",
        "matrix",
        "PermanentError M_FORBIDDEN",
    )
    assert parked.since == NOON + timedelta(minutes=5)
    assert "$" not in parked.id
    assert await heads(store) == ["$2"]
    async with store.begin() as work:
        assert await work.retry_parked(parked.id)
        assert not await work.retry_parked(parked.id)
        assert await work.parked() == []
        (found,) = await work.arrivals(NOON, 1)
        assert (found.id, found.attempts) == ("$1", 0)
        await work.park_arrival(row, "again")
        assert await work.drop_parked("$1")  # the event id itself is understood, too
        assert not await work.drop_parked(parked.id)
    assert await heads(store) == ["$2"]
    assert await accept(store, arrival("1")) == 0


async def test_a_finished_row_cannot_be_claimed_or_changed(store):
    await accept(store, arrival("1"))
    row = await row_of(store, "1")
    async with store.begin() as work:
        await work.finish(row)
        await work.postpone_arrival(row, NOON)
        await work.set_aside(row, NOON, "session")
        await work.park_arrival(row, "late")
        assert not await work.finish(row)
        assert not await work.finish(row + 1)
        assert await work.parked() == []
    assert await heads(store) == []


async def test_a_row_that_cannot_be_read_is_parked_and_hides_no_other(store, run_sql):
    await accept(store, arrival("1", "a"), arrival("2", "b"))
    await run_sql("UPDATE inbox SET body = (SELECT body FROM inbox WHERE number = 2)")
    assert await heads(store) == ["$2"]
    async with store.begin() as work:
        (parked,) = await work.parked()
    assert parked.reason == "a sealed value is damaged or not in its own place"


async def test_a_timer_becomes_an_arrival_once(store):
    event = GraceEnded("@ada:example.org", "group")
    async with store.begin() as work:
        await work.wake("grace @ada", NOON + HOUR, event)
        await work.wake("grace @ben", NOON + 2 * HOUR, event)
        assert await work.due(NOON, 10) == 0
        assert await work.due(NOON + HOUR, 10) == 1
        assert await work.due(NOON + HOUR, 10) == 0
        (found,) = await work.arrivals(NOON + HOUR, 10)
    assert (found.lane, found.source, found.body) == ("person @ada:example.org", "event", event)
    assert found.received == NOON + HOUR


async def test_the_same_timer_again_moves_it_and_each_time_is_an_arrival_of_its_own(store):
    event = GraceEnded("@ada:example.org", "group")
    async with store.begin() as work:
        await work.wake("key", NOON, event)
        await work.wake("key", NOON + HOUR, event)
        assert await work.due(NOON, 10) == 0
        assert await work.due(NOON + HOUR, 10) == 1
        await work.wake("key", NOON + HOUR, event)  # the same time once more: nothing new
        assert await work.due(NOON + HOUR, 10) == 1
        await work.wake("key", NOON + 2 * HOUR, event)
        assert await work.due(NOON + 2 * HOUR, 10) == 1
        await work.wake("key", NOON + 3 * HOUR, event)
        await work.unwake("key")
        await work.unwake("never set")
        assert await work.due(NOON + 9 * HOUR, 10) == 0
    assert (await store.condition()).open_arrivals == 2


async def test_timers_move_oldest_first_and_not_more_than_asked_for(store):
    async with store.begin() as work:
        for n in (3, 1, 2):
            await work.wake(f"{n}", NOON + n * HOUR, GraceEnded(f"@{n}", "group"))
        assert await work.due(NOON + 9 * HOUR, 2) == 2
        found = await work.arrivals(NOON + 9 * HOUR, 10)
    assert [one.lane for one in found] == ["person @1", "person @2"]
