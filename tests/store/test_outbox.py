"""The outbox: an effect is written once, found by what it became, forgotten when done."""

from datetime import timedelta

import pytest

from appservice.domain.effects import EnterChat, Message, Say
from appservice.domain.types import Text
from appservice.errors import PermanentError
from appservice.ports import Posting, Prepared
from tests.store.conftest import NOON

HOUR = timedelta(hours=1)
PREPARED = Prepared(
    (("m.room.encrypted", {"@ada:x": {"DEV": {"ciphertext": "a"}}}), ("m.room_key", {})),
    "m.room.encrypted",
    {"ciphertext": "b"},
    "f" * 64,
)


def posting(name, lane="a", **values):
    message = Message("program", (Text("i-am-a-program", {"n": 1, "t": (Text("x"),)}),), "en")
    return Posting(name, lane, Say("!room", message), NOON, **values)


@pytest.fixture
async def rows(store):
    """Rows of three effects: e1 and e2 in lane a, e3 in lane b."""
    async with store.begin() as work:
        for one in (posting("e1"), posting("e2"), posting("e3", "b")):
            await work.post(one)
        first, third = await work.postings(NOON, 10)
    return {"e1": first.row, "e2": first.row + 1, "e3": third.row}


async def heads(store, now=NOON):
    async with store.begin() as work:
        return [found.id for found in await work.postings(now, 10)]


async def test_a_posting_comes_out_as_it_went_in_and_only_once(store):
    given = [posting("e1"), posting("e4", "b", prepared=PREPARED, keys_sent=True)]
    async with store.begin() as work:
        for one in (*given, Posting("e1", "z", EnterChat("!other"), NOON)):
            await work.post(one)
        found = list(await work.postings(NOON, 10))
        assert [await work.claim_posting(one.row) for one in found] == found
    for one, other in zip(found, given, strict=True):
        assert one == Posting(**{**vars(other), "row": one.row})


async def test_lanes_wait_for_a_postponed_head_and_pass_a_parked_one(store, rows, clock):
    async with store.begin() as work:
        await work.postpone_posting(rows["e1"], NOON + HOUR)
    assert await heads(store) == ["e3"]
    clock.advance(hours=1)
    async with store.begin() as work:
        assert (await work.claim_posting(rows["e1"])).attempts == 1
        await work.park_posting(rows["e1"], "refused")
    assert await heads(store, NOON + HOUR) == ["e2", "e3"]


async def test_a_prepared_message_stays_with_its_row_until_it_is_done(store, rows):
    async with store.begin() as work:
        await work.prepare(posting("e1", row=rows["e1"]), PREPARED)
        (found, _) = await work.postings(NOON, 10)
        assert (found.prepared, found.keys_sent) == (PREPARED, False)
        await work.mark_keys_sent(rows["e1"])
    async with store.begin() as work:
        (found, _) = await work.postings(NOON, 10)
        assert (found.prepared, found.keys_sent) == (PREPARED, True)
        await work.done(rows["e1"], "$event")
        assert await work.claim_posting(rows["e1"]) is None
        assert await work.effect_by_fingerprint(PREPARED.fingerprint) == "e1"
        assert await work.effect_by_event("$event") == "e1"
    assert await heads(store) == ["e2", "e3"]


async def test_what_is_finished_or_gone_cannot_be_prepared(store, rows):
    async with store.begin() as work:
        await work.done(rows["e1"], None)
    for one in (posting("e1", row=rows["e1"]), posting("e9", row=9_999)):
        with pytest.raises(PermanentError):
            async with store.begin() as work:
                await work.prepare(one, PREPARED)


async def test_what_is_done_leaves_neither_body_nor_ciphertext(store, rows, run_sql):
    async with store.begin() as work:
        await work.prepare(posting("e1", row=rows["e1"]), PREPARED)
        await work.prepare(posting("e2", row=rows["e2"]), PREPARED)
        await work.done(rows["e1"], None)
        await work.park_posting(rows["e2"], "refused")
        await work.drop_parked("e2")
    left = await run_sql("SELECT id, state, lane, body, prepared FROM outbox ORDER BY number")
    assert left[:2] == [(name, "done", None, None, None) for name in ("e1", "e2")]
    assert all(left[2][1:4])


async def test_an_effect_is_found_by_the_event_that_was_seen(store, rows):
    async with store.begin() as work:
        assert await work.effect_by_event("$seen") is None
        assert await work.effect_by_fingerprint("0" * 64) is None
        await work.remember_event("e2", "$seen")
        await work.done(rows["e2"], None)
        assert await work.effect_by_event("$seen") == "e2"


async def test_a_dropped_effect_is_not_written_again(store, rows):
    async with store.begin() as work:
        await work.park_posting(rows["e1"], "refused")
        (parked,) = await work.parked()
        assert (parked.id, parked.box, parked.what, parked.reason) == (
            "e1",
            "outbox",
            "Say",
            "refused",
        )
        assert await work.drop_parked("e1")
        await work.post(posting("e1"))
        assert await work.parked() == []
    assert await heads(store) == ["e2", "e3"]


async def test_a_parked_effect_can_be_retried(store, rows):
    async with store.begin() as work:
        await work.postpone_posting(rows["e1"], NOON + HOUR)
        await work.park_posting(rows["e1"], "refused")
        assert await work.retry_parked("e1")
        assert not await work.retry_parked("e1")
        assert not await work.retry_parked("unknown")
        (found, _) = await work.postings(NOON, 10)
    assert (found.id, found.attempts) == ("e1", 0)
