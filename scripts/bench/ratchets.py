"""The encryption machine alone, held against a bare loop over vodozemac in the same run."""

import gc
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import vodozemac

from appservice import crypto
from appservice.crypto import Audience, Need, Rotation, Vault
from scripts.bench.table import Part, Row, step
from tests.crypto.world import ROOM, Party, Server

DEVICES = 1_000
EVENTS = 3_000
TIMES = 3
PICKLE = b"k" * 32
_EVERY_MESSAGE = Rotation(messages=1)
Json = dict[str, Any]


class Member(Party):
    """A party whose records are found by owner, as a database finds them."""

    def __init__(self, server: Server, user: str) -> None:
        self._owners: dict[tuple[str, str], dict[str, bytes]] = {}
        super().__init__(server, user)

    @contextmanager
    def vault(self, need: Need) -> Iterator[Vault]:
        loaded = {
            (*owner, item): value
            for owner in need.owners
            for item, value in self._owners.get(owner, {}).items()
        }
        for key in need.items:
            if (value := self._owners.get(key[:2], {}).get(key[2])) is not None:
                loaded[key] = value
        vault = Vault(loaded, need)
        yield vault
        for key, value in vault.changes().items():
            items = self._owners.setdefault(key[:2], {})
            if value is None:
                items.pop(key[2], None)
            else:
                items[key[2]] = value


def measure() -> Part:
    """Give out keys to a thousand devices, and read a few thousand events."""
    step(f"encryption alone: making {DEVICES} devices")
    server = Server()
    keeper = Member(server, "@keeper:hs")
    readers = [Member(server, f"@reader-{number}:hs") for number in range(DEVICES)]
    users = [reader.user for reader in readers]
    keeper.follow(keeper, *users)

    step("encryption alone: the machine")
    first = _giving(keeper, users)
    further = min(_giving(keeper, users) for _ in range(TIMES))
    ours = (DEVICES / first, DEVICES / further, EVENTS / _reading(keeper, readers[0]))
    step("encryption alone: the bare loop")
    bare = (*_bare_keys(keeper, readers), EVENTS / min(_bare_reading() for _ in range(TIMES)))
    return _part(ours, bare, first, further)


def _giving(keeper: Member, users: list[str]) -> float:
    """Seconds of the machine for a new session to all; what the homeserver does is left out."""
    gc.collect()
    to = (ROOM, Audience.SIGNED, users)
    began = time.perf_counter()
    sharing = keeper.prepare(users, rotation=_EVERY_MESSAGE)
    seconds = time.perf_counter() - began
    if sharing.claim:
        answer = keeper.server.claim(sharing.claim)
        began = time.perf_counter()
        with keeper.vault(crypto.need_claim(keeper.machine, sharing.claim)) as vault:
            crypto.receive_claim(keeper.machine, vault, answer, sharing.claim, keeper.now)
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    with keeper.vault(crypto.need_sharing(keeper.machine, *to)) as vault:
        crypto.share(keeper.machine, vault, *to, keeper.now, _EVERY_MESSAGE)
    seconds += time.perf_counter() - began
    keeper.encrypt("one message wears the session out")
    return seconds


def _reading(keeper: Member, reader: Member) -> float:
    reader.follow(reader, keeper)
    keeper.share([reader.user], rotation=_EVERY_MESSAGE)
    reader.sync()
    events = [keeper.encrypt(f"message {number}") for number in range(EVENTS)]
    return _seconds(lambda: [reader.read(event) for event in events])


def _bare_keys(keeper: Member, readers: list[Member]) -> tuple[float, float]:
    """Do for each device what cannot be left out: session, ciphertext, pickle; no check at all."""
    account = vodozemac.Account()
    given = []
    for _ in readers:
        one_time = vodozemac.Account()
        one_time.generate_one_time_keys(1)
        key = next(iter(one_time.one_time_keys.values()))
        given.append((one_time.curve25519_key, key))
    payload = _payload(keeper)
    pickles: list[str] = []

    def first() -> None:
        for identity, key in given:
            session = account.create_outbound_session(identity, key)
            session.encrypt(payload).to_parts()
            pickles.append(session.pickle(PICKLE))

    def further() -> None:
        for index, pickle in enumerate(pickles):
            session = vodozemac.Session.from_pickle(pickle, PICKLE)
            session.encrypt(payload).to_parts()
            pickles[index] = session.pickle(PICKLE)

    began = _seconds(first)
    return len(given) / began, len(given) / min(_seconds(further) for _ in range(TIMES))


def _bare_reading() -> float:
    """Open the session and decrypt, for each event, as a program that may end at any time must."""
    outbound = vodozemac.GroupSession()
    inbound = vodozemac.InboundGroupSession(outbound.session_key).pickle(PICKLE)
    plain = json.dumps({"type": "m.room.message", "content": {"body": "message"}}).encode()
    told = [outbound.encrypt(plain).to_base64() for _ in range(EVENTS)]

    def read() -> None:
        for ciphertext in told:
            session = vodozemac.InboundGroupSession.from_pickle(inbound, PICKLE)
            message = vodozemac.MegolmMessage.from_base64(ciphertext)
            json.loads(session.decrypt(message).plaintext)

    return _seconds(read)


def _payload(keeper: Member) -> bytes:
    """As long as what the machine sends to a device."""
    with keeper.vault(crypto.need_sharing(keeper.machine, ROOM, Audience.SIGNED, [])) as vault:
        keys = crypto.device_keys(keeper.machine, vault)
    key = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": ROOM, "session_key": "k" * 306}
    return json.dumps({"sender_device_keys": keys, "type": "m.room_key", "content": key}).encode()


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _part(
    ours: tuple[float, float, float],
    bare: tuple[float, float, float],
    first: float,
    further: float,
) -> Part:
    names = ("first key", "further key", "decrypted events")
    hows = (
        f"claim checked, session begun, key encrypted: {DEVICES:,} devices in {first:.2f} s",
        f"a new Megolm session for known devices: {DEVICES:,} in {further:.2f} s",
        "one by one, with replay check and the sender's trust",
    )
    rows = [
        Row(
            f"{name}, machine / bare loop",
            f"{own:,.0f} / {alone:,.0f} per s ({own / alone:.0%})",
            how,
        )
        for name, own, alone, how in zip(names, ours, bare, hows, strict=True)
    ]
    about = (
        "Records in memory, one core, no homeserver. The bare loop calls vodozemac for the same"
        " ratchet steps and pickles, and checks, sorts and remembers nothing."
    )
    return Part("Encryption alone", about, tuple(rows))
