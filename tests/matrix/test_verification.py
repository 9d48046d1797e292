"""Verifications that people ask for: in their chat, at our device, and what the operator says."""

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import pytest

from appservice.clock import milliseconds
from appservice.crypto import OtherToDevice
from appservice.crypto.sas import Party, need_own_party, own_party
from appservice.domain.effects import AnswerVerification
from appservice.domain.records import Room
from appservice.domain.types import RoomId, RoomKind
from appservice.errors import TransientError
from appservice.matrix import verification
from appservice.matrix.device_lists import DeviceLists
from appservice.matrix.verification import A_MINUTE, WAITING, Verifications
from appservice.matrix.verification_desk import Stage, read_shown, write_said
from appservice.matrix.verification_message import is_verification
from appservice.matrix.verification_sides import Sides
from appservice.service.lanes import lane_of_effect
from appservice.worker.helping import quietly
from tests.crypto import world
from tests.store.conftest import HandClock
from tests.support import sas
from tests.support.memory_store import MemoryStore
from tests.support.story import ADA, KEEPER

PREFIX = "m.key.verification."
CHAT = RoomId("!chat")


class Keeper:
    """The keeper with a database in memory; nothing is sent, since all goes to the outbox."""

    def __init__(self, server: world.Server) -> None:
        self.server = server
        self.party = world.Party(server, KEEPER, "KEEPER")
        self.store = MemoryStore()
        self.store.keys = self.party.records
        self.clock = HandClock()
        self.verified: list[tuple[str, dict]] = []
        self.fetched = self.queries = 0
        self._read = 0
        self.begin()

    def begin(self) -> None:
        """Start, or start again."""
        client = SimpleNamespace(keys_query=self._query)
        lists = DeviceLists(client, self.store, self.clock)
        sides = Sides(self.party.machine, lists, self.store)
        made = Verifications(sides, self.store, self.clock, lane_of_effect)
        made.on_verified, made.fetch = self._on_verified, self._fetch
        self.verifications = made

    async def knows(self, user: str, room: str) -> None:
        async with self.store.begin() as work:
            await work.put(Room(RoomId(room), RoomKind.CHAT, None, user, encrypted=True))

    @property
    def ours(self) -> Party:
        with self.party.vault(need_own_party(self.party.machine)) as vault:
            return own_party(self.party.machine, vault)

    def answers(self) -> list[AnswerVerification]:
        """What went to the outbox since the last time."""
        posted = list(self.store.posted.values())[self._read :]
        self._read += len(posted)
        return [posting.effect for posting in posted]

    async def stages(self) -> dict[str, Stage]:
        """What the terminal sees, by user."""
        async with self.store.begin() as work:
            shown = await read_shown(work, milliseconds(self.clock.now()))
        return {one.user: one.stage for one in shown}

    async def says(self, user: str, *, same: bool) -> None:
        """What the operator says of somebody's emoji, and one tick."""
        async with self.store.begin() as work:
            shown = await read_shown(work, milliseconds(self.clock.now()))
            (id_,) = [one.id for one in shown if one.user == user]
            await write_said(work, id_, same=same)
        await self.verifications.tick()

    async def _query(self, body: dict) -> dict:
        self.queries += 1
        return self.server.query(body)

    async def _on_verified(self, user: str, keys: Any) -> None:
        self.verified.append((user, keys))

    async def _fetch(self) -> None:
        self.fetched += 1


class Person(sas.Asker):
    """Somebody's client, which verifies the keeper in a chat or from device to device."""

    def __init__(
        self, keeper: Keeper, user: str = ADA, *, in_room: bool, name: str = "$asked"
    ) -> None:
        self.keeper = keeper
        self.in_room = in_room
        self.events = 0
        if user not in keeper.server.devices:
            world.Party(keeper.server, user, "PHONE")
        device = keeper.server.devices[user]["PHONE"]["keys"]["ed25519:PHONE"]
        master = keeper.server.identities[user]["master_key"]["keys"]
        super().__init__(
            name, Party(user, "PHONE", {"ed25519:PHONE": device, **master}), keeper.ours
        )

    async def tells(self, name: str, content: dict, **event: Any) -> list[AnswerVerification]:
        """Send a message; what is answered."""
        verifications, now = self.keeper.verifications, milliseconds(self.keeper.clock.now())
        kind = PREFIX + name
        if not self.in_room:
            content = {**content, "transaction_id": self.transaction, "timestamp": now}
            await verifications.to_device(OtherToDevice(kind, self.me.user_id, None, content))
            return self.keeper.answers()
        self.events += 1
        event = {
            "type": "m.room.encrypted",
            "event_id": self.transaction if name == "request" else f"${name}{self.events}",
            "sender": self.me.user_id,
            "origin_server_ts": now,
            **event,
        }
        if name == "request":
            kind, content = "m.room.message", {"to": KEEPER, "msgtype": kind, **content}
        else:
            content = self.related(content)
        assert is_verification(kind, content)
        room = self.keeper.store.records.get((Room, CHAT))
        await verifications.in_room(room, event, kind, content)
        return self.keeper.answers()

    def related(self, content: dict) -> dict:
        relation = {"rel_type": "m.reference", "event_id": self.transaction}
        return {**content, "m.relates_to": relation}

    async def asks(self, **content: Any) -> list[AnswerVerification]:
        return await self.tells("request", {**sas.REQUEST, "from_device": "PHONE", **content})

    async def up_to_the_emoji(self) -> None:
        (ready,) = await self.asks()
        assert ready.type == f"{PREFIX}ready"
        start = {**sas.START, "from_device": "PHONE"}
        (accept,) = await self.tells("start", start)
        (key,) = await self.tells("key", {"key": self.public})
        sent = (
            self.related(start)
            if self.in_room
            else {
                **start,
                "transaction_id": self.transaction,
                "timestamp": milliseconds(self.keeper.clock.now()),
            }
        )
        self.learn(accept.content, key.content, sent)

    async def finds_them_equal(self) -> None:
        mac, done = await self.tells("mac", self.own_mac())
        assert self.believes(mac.content)
        assert done.type == f"{PREFIX}done"
        assert await self.tells("done", {}) == []


@pytest.fixture
async def keeper() -> Keeper:
    made = Keeper(world.Server())
    await made.knows(ADA, CHAT)
    return made


@pytest.mark.parametrize("in_room", [True, False])
async def test_what_is_shown_is_the_same_and_the_keys_are_believed(
    keeper: Keeper,
    in_room: bool,  # noqa: FBT001
) -> None:
    ada = Person(keeper, in_room=in_room)
    await ada.up_to_the_emoji()
    assert keeper.verifications.emoji() == [ada.emoji]
    assert await keeper.stages() == {ADA: Stage.COMPARING}
    await ada.finds_them_equal()
    assert await keeper.stages() == {ADA: Stage.TAKEN}
    assert keeper.verifications.emoji() == []


async def test_answers_go_where_the_question_came_from(keeper: Keeper) -> None:
    (in_room,) = await Person(keeper, in_room=True).asks()
    relation = {"rel_type": "m.reference", "event_id": "$asked"}
    assert (in_room.room, in_room.plain) == (CHAT, False)
    assert in_room.content["m.relates_to"] == relation
    assert "transaction_id" not in in_room.content
    cancelled, ready = await Person(keeper, in_room=False, name="txn").asks()
    assert cancelled.type == f"{PREFIX}cancel"  # one for each person: the older one ends
    assert cancelled.room == CHAT
    assert (ready.room, ready.user, ready.device) == (None, ADA, "PHONE")
    assert ready.content["transaction_id"] == "txn"
    assert "m.relates_to" not in ready.content


async def test_who_asks_in_clear_is_answered_so(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=True)
    request = {**sas.REQUEST, "from_device": "PHONE"}
    (ready,) = await ada.tells("request", request, type="m.room.message")
    assert ready.plain


@pytest.mark.parametrize("operator_first", [True, False])
async def test_they_are_verified_once_both_humans_have_said_so(
    keeper: Keeper,
    operator_first: bool,  # noqa: FBT001
) -> None:
    ada = Person(keeper, in_room=False)
    await ada.up_to_the_emoji()
    if operator_first:
        await keeper.says(ADA, same=True)
        assert await keeper.stages() == {ADA: Stage.CONFIRMED}
        assert not keeper.verified
        await ada.finds_them_equal()
    else:
        await ada.finds_them_equal()
        assert not keeper.verified
        await keeper.says(ADA, same=True)
    await keeper.verifications.tick()
    assert await keeper.stages() == {ADA: Stage.VERIFIED}
    assert keeper.verified == [(ADA, ada.me.keys)]


async def test_without_an_operator_it_proves_nothing_to_us(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=True)
    await ada.up_to_the_emoji()
    await ada.finds_them_equal()
    for _ in range(11):
        keeper.clock.advance(minutes=1)
        await keeper.verifications.tick()
    assert await keeper.stages() == {}
    assert not keeper.verified


async def test_a_late_yes_counts_for_no_other_verification(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=False, name="txn")
    await ada.up_to_the_emoji()
    async with keeper.store.begin() as work:
        (shown,) = await read_shown(work, milliseconds(keeper.clock.now()))
    keeper.clock.advance(minutes=10)
    await keeper.verifications.tick()
    async with keeper.store.begin() as work:
        await write_said(work, shown.id, same=True)
    keeper.answers()
    other = Person(keeper, in_room=False, name="txn")
    await other.up_to_the_emoji()
    await other.finds_them_equal()
    await keeper.verifications.tick()
    assert await keeper.stages() == {ADA: Stage.TAKEN}
    assert not keeper.verified


async def test_an_operator_who_sees_others_ends_it(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=True)
    await ada.up_to_the_emoji()
    await keeper.says(ADA, same=False)
    (cancel,) = keeper.answers()
    assert cancel.content["code"] == "m.mismatched_sas"
    assert await ada.tells("mac", ada.own_mac()) == []
    assert await keeper.stages() == {ADA: Stage.REFUSED}
    assert not keeper.verified


async def test_a_person_who_sees_others_ends_it_for_the_operator_too(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=True)
    await ada.up_to_the_emoji()
    await keeper.says(ADA, same=True)
    assert await ada.tells("cancel", {"code": "m.mismatched_sas"}) == []
    assert await keeper.stages() == {ADA: Stage.REFUSED}
    assert keeper.verifications.emoji() == []
    assert not keeper.verified


async def test_the_same_event_again_changes_nothing(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=True)
    await ada.asks()
    assert await ada.asks() == []
    start = {**sas.START, "from_device": "PHONE"}
    await ada.tells("start", start, event_id="$start")
    assert await ada.tells("start", start, event_id="$start") == []
    (key,) = await ada.tells("key", {"key": ada.public})
    assert key.type == f"{PREFIX}key"


@pytest.mark.parametrize("in_room", [True, False])
async def test_a_restart_forgets_and_says_so(keeper: Keeper, in_room: bool) -> None:  # noqa: FBT001
    ada = Person(keeper, in_room=in_room)
    await ada.up_to_the_emoji()
    keeper.begin()
    await keeper.verifications.tick()
    assert await keeper.stages() == {}
    (cancel,) = await ada.tells("mac", ada.own_mac())
    assert cancel.type == f"{PREFIX}cancel"
    assert cancel.content["code"] == "m.unknown_transaction"
    assert cancel.room == (CHAT if in_room else None)
    assert await ada.tells("cancel", {"code": "m.user"}) == []
    assert await ada.tells("done", {}) == []


async def test_it_ends_after_ten_minutes(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=False)
    await ada.up_to_the_emoji()
    await keeper.verifications.tick()
    assert keeper.fetched == 1  # to-device messages are asked for while one waits
    keeper.clock.advance(minutes=10)
    await keeper.verifications.tick()
    (cancel,) = keeper.answers()
    assert cancel.content["code"] == "m.timeout"
    assert keeper.fetched == 1
    assert await keeper.stages() == {}


async def test_an_old_request_is_not_taken_up(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=True)
    now = milliseconds(keeper.clock.now())
    request = {**sas.REQUEST, "from_device": "PHONE"}
    assert await ada.tells("request", request, origin_server_ts=now - 600_000) == []
    assert await ada.tells("request", request, origin_server_ts=now + 300_001) == []
    assert len(await ada.tells("request", request, origin_server_ts=now + 300_000)) == 1


async def test_a_request_for_somebody_else_is_not_ours(keeper: Keeper) -> None:
    assert await Person(keeper, in_room=True).asks(to="@ben:example.org") == []


async def test_who_has_no_chat_is_not_answered(keeper: Keeper) -> None:
    eve = Person(keeper, "@eve:elsewhere", in_room=False)
    assert await eve.asks() == []
    assert await eve.tells("key", {"key": eve.public}) == []
    eve.in_room = True  # in Ada's chat, where she is not
    assert await eve.asks() == []


async def test_a_device_that_the_homeserver_does_not_show_is_refused(keeper: Keeper) -> None:
    (cancel,) = await Person(keeper, in_room=True).asks(from_device="OTHER")
    assert cancel.content["code"] == "m.key_mismatch"


async def test_keys_that_came_in_between_are_not_proven(keeper: Keeper) -> None:
    ada = Person(keeper, in_room=True)
    world.Party(keeper.server, ADA, "PHONE")  # the homeserver shows another device and identity
    await ada.up_to_the_emoji()
    (cancel,) = await ada.tells("mac", ada.own_mac())
    assert cancel.content["code"] == "m.key_mismatch"
    assert await keeper.stages() == {ADA: Stage.REFUSED}


async def test_there_is_an_end_to_how_many_run(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "MOST", 2)
    for number in range(3):
        user = f"@u{number}:example.org"
        await keeper.knows(user, f"!{number}")
        (answer,) = await Person(keeper, user, in_room=False, name=f"txn{number}").asks()
        assert answer.type == PREFIX + ("ready" if number < 2 else "cancel")


async def test_the_page_shows_the_newest_few(keeper: Keeper) -> None:
    people = []
    for number in range(6):
        user = f"@u{number}:example.org"
        await keeper.knows(user, f"!{number}")
        people.append(Person(keeper, user, in_room=False, name=f"txn{number}"))
        await people[-1].up_to_the_emoji()
    assert keeper.verifications.emoji() == [person.emoji for person in people[1:]]


async def test_one_person_begins_a_few_in_a_minute_and_others_do_not_notice(
    keeper: Keeper,
) -> None:
    await keeper.knows("@ben:hs", "!ben")
    answered = []
    for number in range(50):
        person = Person(keeper, in_room=False, name=f"t{number}")
        answered.append(bool(await person.asks()))
    assert answered == [True] * A_MINUTE + [False] * (50 - A_MINUTE)
    assert keeper.queries == A_MINUTE
    assert await Person(keeper, "@ben:hs", in_room=False).asks()
    keeper.clock.advance(minutes=1)
    assert await Person(keeper, in_room=False, name="later").asks()


async def test_unknown_verifications_are_refused_a_few_times_in_a_minute(keeper: Keeper) -> None:
    for number in range(50):
        await Person(keeper, in_room=False, name=f"t{number}").tells("start", {})
    assert len(keeper.store.posted) == A_MINUTE


async def test_what_is_heard_is_taken_by_and_by(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper.verifications, "to_device", taken := AsyncMock())
    taken.side_effect = [TransientError("not now"), KeyError("accident"), *[None] * WAITING]
    for number in range(WAITING + 7):
        keeper.verifications.hear(OtherToDevice(f"m.{number}", ADA, None, {}))
    async with asyncio.timeout(10):
        while taken.await_count < WAITING:
            await quietly(keeper.verifications.take_heard())
    heard = [call.args[0].type for call in taken.await_args_list]
    assert heard == [f"m.{number}" for number in range(WAITING)]
