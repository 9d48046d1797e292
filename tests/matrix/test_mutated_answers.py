"""Answers of the homeserver that are nearly right: our own errors or values, and no accident.

The homeserver is not trusted to be well: a proxy cuts answers short, and others put into them
what they like (state events, device names, to-device messages).
"""

import asyncio
import contextlib
import json
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from appservice import crypto
from appservice.clock import SystemClock
from appservice.domain.person import Asked, Person
from appservice.domain.records import Room
from appservice.domain.state import House
from appservice.domain.types import RoomKind
from appservice.errors import CirclekeeperError, PermanentError, TransientError
from appservice.matrix import answers
from appservice.matrix.encryption import Encryption
from appservice.matrix.inspect import Inspector
from appservice.matrix.missed import Missed
from appservice.matrix.pump import KeyPump
from appservice.matrix.shown import ShownBefore
from appservice.matrix.words import words_of
from tests.crypto.mutations import calm, mutated, rubbish
from tests.crypto.world import ROOM, pair
from tests.support.memory_store import MemoryStore, MemoryWork

ADA, KEEPER, STEWARD = "@ada:hs", "@ben:hs", "@steward:hs"
HOUSE = House(
    keeper=KEEPER, steward=STEWARD, operator=None, language="en", help_page=None, helplines={}
)
WRITER, READER = pair()
EVENT = WRITER.say("hello", [KEEPER])
SYNC = {
    "next_batch": "s1",
    "to_device": {"events": WRITER.server.inbox[(KEEPER, "DEVICE")]},
    "device_lists": {"changed": [ADA], "left": []},
    "device_one_time_keys_count": {"signed_curve25519": 3},
    "device_unused_fallback_key_types": ["signed_curve25519"],
}
STATE = [
    {"type": kind, "state_key": key, "sender": ADA, "content": content}
    for kind, key, content in (
        ("m.room.create", "", {"room_version": "12", "additional_creators": [KEEPER]}),
        ("m.room.member", ADA, {"membership": "join"}),
        ("m.room.member", KEEPER, {"membership": "join"}),
        ("m.room.power_levels", "", {"users": {KEEPER: 50}, "events": {"m.room.encryption": 100}}),
        ("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_ms": 5}),
    )
]
ROOMS = {
    "next_batch": "s2",
    "rooms": {
        "join": {ROOM: {"timeline": {"events": [EVENT]}}},
        "invite": {
            ROOM: {"invite_state": {"events": [{"type": "m.room.member", "state_key": KEEPER}]}}
        },
    },
}
PAGE = {"chunk": [EVENT, {**EVENT, "event_id": "$0", "sender": KEEPER}], "end": "t"}
LIMITED = {"errcode": "M_LIMIT_EXCEEDED", "error": "x", "retry_after_ms": 500}
WORDS = {
    "msgtype": "m.text",
    "body": "> quoted\n\nyes",
    "m.relates_to": {"m.in_reply_to": {"event_id": "$1"}, "rel_type": "m.thread"},
}


class Work(MemoryWork):
    async def accept(self, arrivals):
        return len(arrivals)

    async def release(self, waiting_for):
        return len(waiting_for)

    async def effect_by_fingerprint(self, fingerprint):
        return None if fingerprint else "x"


class Memory(MemoryStore):
    def __init__(self):
        super().__init__()
        self.keys = dict(READER.records)

    def begin(self):
        return _begin(self)


class _begin:  # noqa: N801
    def __init__(self, store):
        self.work = Work(store)
        self.store = store

    async def __aenter__(self):
        return self.work

    async def __aexit__(self, kind, *_):
        if kind is None:
            for name, value in self.work.keys.items():
                "".join(name).encode()
                assert value is None or len(value) < 100_000
            self.store.facts.update(self.work.facts)


class Answers:
    """A client whose answers are given; those not given are empty."""

    def __init__(self, **given):
        self._given = given

    def __getattr__(self, name):
        async def answer(*_, **__):
            return self._given.get(name, {})

        return answer


def ours(doing):
    """Run; what it raises must be an error of ours."""
    try:
        return asyncio.run(doing)
    except (CirclekeeperError, crypto.CryptoError):
        return None


@calm
@given(mutated(SYNC), st.just({}) | mutated(WRITER.server.query({"device_keys": {ADA: []}})))
def test_what_sync_brings(answer, lists):
    client, store, clock = Answers(keys_query=lists), Memory(), SystemClock()
    encryption = Encryption(READER.machine, client, store, clock)
    answer = answer if isinstance(answer, dict) else {}  # the transport sees to that
    ours(KeyPump(client, encryption, store, clock)._take(answer))


@calm
@given(mutated(STATE))
def test_what_stands_in_a_room(state):
    state = [one for one in state if isinstance(one, dict)] if isinstance(state, list) else []
    inspector = Inspector(Answers(state=state), HOUSE)
    seen = ours(inspector.inspect_chat(ROOM))
    assert seen is None or (seen.rotation_messages > 0 and seen.rotation_ms > 0)
    ours(inspector.inspect_room(ROOM, RoomKind.CIRCLE))


@calm
@given(mutated(WRITER.server.query({"device_keys": {ADA: []}})))
def test_what_others_are_shown_of_the_steward(answer):
    house = SimpleNamespace(steward=ADA, keeper=KEEPER)
    answer = answer if isinstance(answer, dict) else {}
    seen = ours(Inspector(Answers(keys_query=answer, devices=["X"]), house).inspect_steward("k"))
    assert seen.devices


@calm
@given(mutated(ROOMS))
def test_what_was_missed(answer):
    async def accept(_txn, events):
        assert all(isinstance(event, dict) for event in events)
        return True

    store = Memory()
    store.facts = {f"looked as {user}": b"s" for user in (KEEPER, STEWARD)}
    answer = answer if isinstance(answer, dict) else {}
    ours(Missed(Answers(read_rooms=answer), store, HOUSE, accept).look())


@calm
@given(mutated(PAGE))
def test_what_stood_in_a_room_before(page):
    room = Room(ROOM, RoomKind.CHAT, None, ADA, encrypted=True)
    person = Person(ADA, asked=(Asked("x", "gate", None, "1/7", (), room=ROOM),))
    page = page if isinstance(page, dict) else {}
    ours(ShownBefore(Answers(messages=page), Memory(), HOUSE).look(EVENT, room, person))


@calm
@given(mutated(WORDS) | rubbish, st.sampled_from(["m.room.message", "m.sticker", "x"]))
def test_words(content, kind):
    if isinstance(content, dict):
        form, text, _ = words_of(kind, content)
        assert len(text) <= 4_000
        assert form is not None or not text


@calm
@given(
    st.binary(max_size=50) | mutated(LIMITED).map(lambda value: json.dumps(value).encode()),
    st.sampled_from([200, 400, 429, 500]),
    st.sampled_from([{}, {"Retry-After": "9" * 400}, {"Retry-After": "²"}]),
)
def test_bodies_of_answers(octets, status, headers):
    with contextlib.suppress(PermanentError):
        try:
            answers.read(status, headers, octets)
        except TransientError as error:
            wait = error.retry_after or 0
        else:
            wait = 0
        assert 0 <= wait <= 3600
