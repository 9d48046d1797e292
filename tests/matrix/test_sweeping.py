"""A page of messages is taken out once, whoever sends the page again, and state is let be."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from appservice.clock import milliseconds
from appservice.domain.effects import SweepPage
from appservice.domain.events import PageSwept
from appservice.domain.types import GroupId, RoomId, RoomKind, UserId
from appservice.errors import PermanentError, TransientError
from appservice.matrix.sweeping import PAGE, Sweeper
from tests.matrix.conftest import Place, charter, place
from tests.store.conftest import NOON
from tests.support.shared_synapse import SharedSynapse
from tests.support.story import ADA, STEWARD, house

ROOM, GROUP, BEN = RoomId("!circle"), GroupId("g"), UserId("@ben:x")
DAY = milliseconds(NOON + timedelta(days=1)) - milliseconds(NOON)


class Server:
    """A room with events, oldest first; tokens are positions."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.asked: list[Any] = []
        self.fails: Exception | None = None
        self.txns: set[str] = set()

    def says(self, sender: str, days: float, **more: Any) -> str:
        event = {
            "event_id": f"${len(self.events)}",
            "sender": sender,
            "type": "m.room.encrypted",
            "content": {"ciphertext": "x"},
            "origin_server_ts": milliseconds(NOON) + int(days * DAY),
            **more,
        }
        self.events.append(event)
        return str(event["event_id"])

    def left(self) -> list[str]:
        return [event["event_id"] for event in self.events if event["content"]]

    async def messages(self, room, *, user, limit, start, filter_):
        assert (room, user) == (ROOM, STEWARD)
        self.asked.append(filter_)
        if self.fails:
            raise self.fails
        at = len(self.events) if start is None else int(start)
        fitting = [
            index
            for index in range(at - 1, -1, -1)
            if self.events[index]["sender"] in filter_.get("senders", [ADA, BEN, STEWARD])
        ][:limit]
        page: dict[str, Any] = {"chunk": [dict(self.events[index]) for index in fitting]}
        return page | ({"end": str(fitting[-1])} if fitting else {})

    async def event_at(self, room, moment, *, user):
        assert (room, user) == (ROOM, STEWARD)
        older = [e for e in self.events if e["origin_server_ts"] <= moment]
        if not older:
            raise PermanentError("none", "M_NOT_FOUND")
        return {"event_id": max(older, key=lambda e: e["origin_server_ts"])["event_id"]}

    async def context(self, room, event, *, user):
        assert (room, user) == (ROOM, STEWARD)
        index = next(i for i, one in enumerate(self.events) if one["event_id"] == event)
        return {"start": str(index), "end": str(index + 1)}

    async def redact(self, room, event, txn, *, user):
        assert txn not in self.txns
        self.txns.add(txn)
        assert (room, user) == (ROOM, STEWARD)
        if self.fails:
            raise self.fails
        one = next(one for one in self.events if one["event_id"] == event)
        assert one["content"], "twice"
        one["content"] = {}


@pytest.fixture
def server() -> Server:
    return Server()


async def swept(server: Server, **what: Any) -> PageSwept:
    values = {"whose": None, "before": None, "start": "", **what}
    done = await Sweeper(server, house()).perform(SweepPage(GROUP, ROOM, **values))
    (event,) = done.happened
    return event


async def to_the_end(server: Server, **what: Any) -> int:
    before, start = len(server.left()), ""
    for _ in range(100):
        start = (await swept(server, **what, start=start)).then
        if not start:
            return before - len(server.left())
    raise AssertionError


async def test_what_was_sent_before_a_moment_stays(server):
    old = [server.says(ADA, 0) for _ in range(PAGE)]
    others = [server.says(BEN, 2) for _ in range(2)]
    new = [server.says(ADA, 2) for _ in range(3)]
    moment = NOON + timedelta(days=1)
    assert await to_the_end(server, whose=ADA, since=moment) == len(new)
    assert set(server.left()) == {*old, *others}


async def test_somebodys_own_and_nobody_elses(server):
    server.says(ADA, 0, type="m.room.member", state_key=ADA)
    theirs = [server.says(ADA, 1) for _ in range(2 * PAGE + 3)]
    others = [server.says(BEN, 1) for _ in range(5)]
    server.says(ADA, 2, type="m.room.redaction")
    server.says(ADA, 2, type="m.room.message", state_key="x")
    assert await to_the_end(server, whose=ADA) == len(theirs)
    assert not set(theirs) & set(server.left())
    assert set(others) <= set(server.left())
    assert len(server.left()) == len(others) + 3
    assert server.asked[0]["senders"] == [ADA]
    assert await to_the_end(server, whose=ADA) == 0


async def test_what_a_homeserver_sends_that_was_not_asked_for_is_let_be(server):
    async def everything(*_, **__):
        return {"chunk": [*server.events, "nonsense", {"no": "id"}], "end": 7}

    server.says(BEN, 0)
    server.messages = everything
    event = await swept(server, whose=ADA)
    assert event.then == ""
    assert len(server.left()) == 1


async def test_by_age_only_what_is_older(server):
    old = [server.says(ADA, -40), server.says(STEWARD, -35), server.says(BEN, -31)]
    young = [server.says(ADA, -29), server.says(BEN, 0)]
    before = NOON - timedelta(days=30)
    assert await to_the_end(server, before=before) == len(old)
    assert server.left() == young
    assert await to_the_end(server, before=before) == 0


async def test_where_nothing_is_old_enough_nothing_is_read(server):
    server.says(ADA, 0)
    event = await swept(server, before=NOON - timedelta(days=30))
    assert (event.oldest, event.then) == (None, "")
    assert server.asked == []


async def test_an_outage_lets_it_wait_and_a_repeat_takes_out_the_rest(server):
    for _ in range(4):
        server.says(ADA, 0)
    redact, count = server.redact, 0

    async def sometimes(*given, **named):
        nonlocal count
        count += 1
        if count == 3:
            raise TransientError("limited", 5.0)
        await redact(*given, **named)

    server.redact = sometimes
    with pytest.raises(TransientError):
        await swept(server, whose=ADA)
    assert len(server.left()) == 2
    assert (await swept(server, whose=ADA)).oldest == NOON
    assert server.left() == []


async def test_a_room_that_is_no_more_is_at_its_end_and_another_fault_is_told(server):
    server.says(ADA, 0)
    server.fails = PermanentError("not in it", "M_FORBIDDEN")
    event = await swept(server, whose=ADA, start="1")
    assert event == PageSwept(GROUP, ROOM, ADA, "", None)
    server.fails = PermanentError("what", "M_UNKNOWN")
    with pytest.raises(PermanentError):
        await swept(server, whose=ADA)


async def test_an_event_that_cannot_go_does_not_keep_the_others(server):
    *_, kept = [server.says(ADA, number) for number in range(3)]
    redact = server.redact

    async def refuses(room, event, txn, *, user):
        if event == kept:
            raise PermanentError("it is not there", "M_NOT_FOUND")
        await redact(room, event, txn, user=user)

    server.redact = refuses
    assert (await swept(server, whose=ADA)).then == "0"
    assert server.left() == [kept]


async def test_a_place_to_go_on_from_that_means_nothing_any_more_is_a_new_beginning(server):
    event = server.says(ADA, 0)
    messages = server.messages

    async def knows(room, *, start, **more):
        if start == "stale":
            raise PermanentError("no such token", "M_INVALID_PARAM")
        return await messages(room, start=start, **more)

    server.messages = knows
    assert (await swept(server, whose=ADA, start="stale")).then == "0"
    assert event not in server.left()


@pytest.mark.synapse
async def test_what_is_older_than_the_lifetime_goes_by_pages(
    shared_synapse: SharedSynapse,
) -> None:
    """Old times are given by an application service, which Synapse lets it do (`?ts=`)."""
    made, before = place(await shared_synapse.get(), shared_synapse.registration, "12"), NOON
    async with made.client:
        await made.set_up()
        await _by_pages(made, before)


async def _by_pages(place: Place, before: datetime) -> None:
    room = await place.rooms.make_room(place.group, RoomKind.CIRCLE, charter())
    steward = place.house.steward

    async def write(text: str, days: float) -> str:
        moment = milliseconds(before) + int(days * 86_400_000)
        answer = await place.client.call(
            "PUT",
            f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/{text}",
            {"ciphertext": text},
            user=steward,
            query={"ts": str(moment)},
        )
        return str(answer["event_id"])

    old = [await write(f"old{number}", number / 100 - 40) for number in range(PAGE + 2)]
    young = [await write(f"young{number}", number + 1) for number in range(2)]
    sweeper = Sweeper(place.client, place.house)

    async def sweep() -> None:
        start = ""
        while True:
            page = SweepPage(GroupId("g"), RoomId(room), None, before, start)
            (event,) = (await sweeper.perform(page)).happened
            assert isinstance(event, PageSwept)
            start = event.then
            if not start:
                return

    async def stands(event: str) -> bool:
        return bool((await place.client.event(room, event, user=steward))["content"])

    async def state() -> list[Any]:
        found = await place.client.state(room, user=steward)
        return sorted((event["type"], str(event["content"])) for event in found)

    before_it = await state()
    await sweep()
    assert [await stands(event) for event in (*old, *young)] == [False] * len(old) + [True, True]
    assert await state() == before_it
    await sweep()
    assert await stands(young[0])
