"""The limit: a bare loop over vodozemac that checks signatures, makes JSON and keeps its pickles.

It knows every device by heart, judges nobody, and remembers nothing that it does not need itself.
"""

import base64
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import vodozemac

from scripts.bench.encryption.jobs import CHAT, DEVICE, KEEPER, MESSAGE, ROOM, Json
from scripts.bench.encryption.world import MEGOLM, OLM, TOGETHER, published

_KEY = b"k" * 32
_TABLES = (
    "olm (identity TEXT PRIMARY KEY, pickle TEXT)",
    "outbound (room TEXT PRIMARY KEY, pickle TEXT)",
    "inbound (session TEXT PRIMARY KEY, pickle TEXT)",
    "seen (session TEXT, position INTEGER, event TEXT, PRIMARY KEY (session, position))",
)
_PRAGMAS = (  # those of appservice/store/engine.py
    "busy_timeout=10000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
_curve = vodozemac.Curve25519PublicKey.from_base64


@dataclass
class Limit:
    """As few steps as the job can be done with, one core, no class in the way."""

    folder: Path
    world: Json
    database: sqlite3.Connection = field(init=False)

    async def make(self) -> None:
        self.folder.mkdir()
        self.account = vodozemac.Account()
        self.identity = self.account.curve25519_key.to_base64()
        sender = {
            "sender": KEEPER,
            "sender_device": DEVICE,
            "keys": {"ed25519": self.account.ed25519_key.to_base64()},
            "sender_device_keys": published(KEEPER, {DEVICE: self.account})["device_keys"][DEVICE],
        }
        self.sender = orjson.dumps(sender)[:-1] + b","
        self.devices = {
            (user, name): (keys["keys"][f"curve25519:{name}"], keys["keys"][f"ed25519:{name}"])
            for user, by_name in self.world["query"]["device_keys"].items()
            for name, keys in by_name.items()
        }

    async def start(self) -> None:
        self.database = sqlite3.connect(self.folder / "used", isolation_level=None)
        for pragma in _PRAGMAS:
            self.database.execute(f"PRAGMA {pragma}")
        for table in _TABLES:
            self.database.execute(f"CREATE TABLE {table}")
        self.database.execute("BEGIN")
        self._keep_outbound(CHAT, vodozemac.GroupSession())
        rows = [
            (each["session_id"], _inbound(each["session_key"]).pickle(_KEY))
            for each in self.world["senders"]
        ]
        self.database.executemany("INSERT INTO inbound VALUES (?, ?)", rows)
        self.database.execute("COMMIT")

    async def end(self) -> None:
        self.database.close()
        for file in self.folder.glob("used*"):
            file.unlink()

    # -- the jobs

    async def first_keys(self) -> list[str]:
        self.database.execute("BEGIN IMMEDIATE")
        content = self._new_session()
        rows, messages = [], []
        for user, by_device in self.world["claimed"]["one_time_keys"].items():
            for name, keys in by_device.items():
                (signed,) = keys.values()
                curve, ed25519 = self.devices[user, name]
                _verify(signed, user, name, ed25519)
                session = self.account.create_outbound_session(
                    _curve(curve), _curve(signed["key"])
                )
                message = self._message(session, content, user, curve, ed25519)
                messages.append((user, name, message))
                rows.append((curve, session.pickle(_KEY)))
        self.database.executemany("INSERT INTO olm VALUES (?, ?)", rows)
        self.database.execute("COMMIT")
        return _bodies(messages)

    async def wear_out(self) -> None:
        """Nothing wears out here."""

    async def further_keys(self) -> list[str]:
        self.database.execute("BEGIN IMMEDIATE")
        content = self._new_session()
        pickles = dict(self.database.execute("SELECT identity, pickle FROM olm"))
        rows, messages = [], []
        for user in self.world["readers"]:
            curve, ed25519 = self.devices[user, "PHONE"]
            session = vodozemac.Session.from_pickle(pickles[curve], _KEY)
            message = self._message(session, content, user, curve, ed25519)
            messages.append((user, "PHONE", message))
            rows.append((session.pickle(_KEY), curve))
        self.database.executemany("UPDATE olm SET pickle = ? WHERE identity = ?", rows)
        self.database.execute("COMMIT")
        return _bodies(messages)

    async def read(self) -> list[Json]:
        self.database.execute("BEGIN IMMEDIATE")
        sessions = {
            name: vodozemac.InboundGroupSession.from_pickle(pickle, _KEY)
            for name, pickle in self.database.execute("SELECT session, pickle FROM inbound")
        }
        seen, values = [], []
        for text in self.world["transactions"]:
            for event in orjson.loads(text)["events"]:
                content = event["content"]
                name = content["session_id"]
                message = vodozemac.MegolmMessage.from_base64(content["ciphertext"])
                plain = sessions[name].decrypt(message)
                values.append(orjson.loads(plain.plaintext)["content"])
                seen.append((name, plain.message_index, event["event_id"]))
        self.database.executemany("INSERT INTO seen VALUES (?, ?, ?)", seen)  # fails if replayed
        rows = [(session.pickle(_KEY), name) for name, session in sessions.items()]
        self.database.executemany("UPDATE inbound SET pickle = ? WHERE session = ?", rows)
        self.database.execute("COMMIT")
        return values

    async def say_in_room(self) -> str:
        return self._say(ROOM)

    async def say_in_chat(self) -> str:
        return self._say(CHAT)

    # -- how

    def _new_session(self) -> Json:
        session = vodozemac.GroupSession()
        self._keep_outbound(ROOM, session)
        return {
            "algorithm": MEGOLM,
            "room_id": ROOM,
            "session_id": session.session_id,
            "session_key": session.session_key.to_base64(),
        }

    def _keep_outbound(self, room: str, session: Any) -> None:
        row = (room, session.pickle(_KEY))
        self.database.execute("REPLACE INTO outbound VALUES (?, ?)", row)

    def _message(self, session: Any, content: Json, user: str, curve: str, ed25519: str) -> Json:
        rest = {
            "type": "m.room_key",
            "content": content,
            "recipient": user,
            "recipient_keys": {"ed25519": ed25519},
        }
        kind, body = session.encrypt(self.sender + orjson.dumps(rest)[1:]).to_parts()
        text = base64.b64encode(body).decode().rstrip("=")
        ciphertext = {curve: {"type": kind, "body": text}}
        return {"algorithm": OLM, "sender_key": self.identity, "ciphertext": ciphertext}

    def _say(self, room: str) -> str:
        self.database.execute("BEGIN IMMEDIATE")
        query = "SELECT pickle FROM outbound WHERE room = ?"
        ((pickle,),) = self.database.execute(query, (room,))
        session = vodozemac.GroupSession.from_pickle(pickle, _KEY)
        payload = {"type": "m.room.message", "content": MESSAGE, "room_id": room}
        ciphertext = session.encrypt(orjson.dumps(payload)).to_base64()
        self._keep_outbound(room, session)
        self.database.execute("COMMIT")
        sealed = {
            "algorithm": MEGOLM,
            "ciphertext": ciphertext,
            "session_id": session.session_id,
            "device_id": DEVICE,
            "sender_key": self.identity,
        }
        return orjson.dumps(sealed).decode()


def _verify(signed: Json, user: str, name: str, ed25519: str) -> None:
    """Raise ValueError unless the device has signed its key."""
    unsigned = {key: signed[key] for key in signed if key != "signatures"}
    octets = orjson.dumps(unsigned, option=orjson.OPT_SORT_KEYS)
    signature = signed["signatures"][user][f"ed25519:{name}"]
    key = vodozemac.Ed25519PublicKey.from_base64(ed25519)
    key.verify_signature(octets, vodozemac.Ed25519Signature.from_base64(signature))


def _bodies(messages: list[tuple[str, str, Json]]) -> list[str]:
    bodies = []
    for at in range(0, len(messages), TOGETHER):
        by_user: dict[str, Json] = {}
        for user, name, message in messages[at : at + TOGETHER]:
            by_user.setdefault(user, {})[name] = message
        bodies.append(orjson.dumps({"messages": by_user}).decode())
    return bodies


def _inbound(session_key: str) -> Any:
    return vodozemac.InboundGroupSession(vodozemac.SessionKey(session_key))
