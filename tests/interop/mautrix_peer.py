"""mautrix-python driven by JSON lines, in the protocol of member.mjs beside it.

Runs in .venv-peers: mautrix needs libolm, which the project itself does not.
"""

import asyncio
import json
import logging
import sys
from typing import Any

from mautrix.client import Client
from mautrix.client.encryption_manager import DecryptionDispatcher
from mautrix.client.state_store.memory import MemoryStateStore
from mautrix.crypto import OlmMachine, PgCryptoStore
from mautrix.crypto.store import StateStore
from mautrix.errors import DecryptionError, MatrixRequestError
from mautrix.types import (
    EncryptedEvent,
    EventType,
    LoginType,
    Membership,
    PresenceState,
    TrustState,
)
from mautrix.util.async_db import Database

Json = dict[str, Any]
_FILTER = json.dumps({"room": {"timeline": {"limit": 500}}, "presence": {"types": []}})


class Rooms(MemoryStateStore, StateStore):
    """What the library knows of rooms, for its client and for its crypto."""

    async def find_shared_rooms(self, user_id: str) -> list[str]:
        return [
            room
            for room, members in self.members.items()
            if user_id in members
            and members[user_id].membership == Membership.JOIN
            and await self.is_encrypted(room)
        ]


class Peer:
    """One device; `name` is what the lines call it."""

    def __init__(self, name: str, client: Client) -> None:
        self.name = name
        self.client = client
        self._waiting: dict[str, Json] = {}  # by event id: what cannot be read yet
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def login(cls, name: str, wish: Json) -> "Peer":
        database = Database.create("sqlite::memory:", upgrade_table=PgCryptoStore.upgrade_table)
        await database.start()
        store = PgCryptoStore(name, name, database)
        client = Client(base_url=wish["url"], sync_store=store, state_store=Rooms())
        await client.login(
            identifier=wish["user"],
            login_type=LoginType.PASSWORD,
            password=wish["password"],
            device_id=wish["device"],
        )
        await store.put_device_id(client.device_id)
        machine = OlmMachine(client, store, client.state_store)
        # as clients of 2026 do: keys to devices that their owner has signed, at first sight
        machine.send_keys_min_trust = TrustState.CROSS_SIGNED_TOFU
        machine.share_keys_min_trust = TrustState.CROSS_SIGNED_TOFU
        await machine.load()
        client.crypto = machine
        client.remove_dispatcher(DecryptionDispatcher)  # we decrypt, once keys have come
        for event_type, handler in (
            (EventType.TO_DEVICE_ENCRYPTED, machine.handle_to_device_event),
            (EventType.ROOM_MEMBER, machine.handle_member_event),
            (EventType.ALL, client._update_state),
        ):  # done before we look at the rooms, so that an answer of /sync is taken in as a whole
            client.add_event_handler(event_type, handler, wait_sync=True)
        await machine.share_keys()
        if wish["crossSign"]:
            await machine.generate_recovery_key()
        peer = cls(name, client)
        await peer._sync_once(0)
        peer._task = asyncio.create_task(peer._sync_forever())
        return peer

    async def send(self, room: str, event_type: str, content: Json) -> str:
        kind = EventType.find(event_type, EventType.Class.MESSAGE)
        return await self.client.send_message_event(room, kind, content)

    async def sign_device(self, device: str) -> None:
        machine = self.client.crypto
        await machine.sign_own_device(await machine.get_or_fetch_device(self.client.mxid, device))

    async def read(self, event: Json) -> Json:
        """The line of an event, decrypted with the keys that are here now."""
        if event["type"] != "m.room.encrypted":
            return _line(event)
        try:
            read = await self.client.crypto.decrypt_megolm_event(EncryptedEvent.deserialize(event))
        except DecryptionError as error:
            return _line(event, encrypted=True, failure=type(error).__name__)
        trust = read["mautrix"]["trust_state"].name
        clear = {"type": read.type.t, "content": read.content.serialize()}
        return _line(event | clear, encrypted=True, shield=trust)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self.client.api.session.close()
        await self.client.crypto.crypto_store.db.stop()

    async def _sync_forever(self) -> None:
        while True:
            try:
                await self._sync_once(20_000)
            except (MatrixRequestError, OSError) as error:
                print(type(error).__name__, file=sys.stderr)
                await asyncio.sleep(0.2)

    async def _sync_once(self, wait_ms: int) -> None:
        store = self.client.sync_store
        answer = await self.client.sync(
            since=await store.get_next_batch(),
            timeout=wait_ms,
            filter_id=_FILTER,
            set_presence=PresenceState.OFFLINE,
        )
        await asyncio.gather(*self.client.handle_sync(answer))
        await self._learn(answer.get("rooms", {}))
        await store.put_next_batch(answer["next_batch"])

    async def _learn(self, rooms: Json) -> None:
        for waiting in list(self._waiting.values()):
            await self._learn_event(waiting)
        for membership in ("join", "leave"):
            for room, entry in rooms.get(membership, {}).items():
                for event in entry.get("timeline", {}).get("events", []):
                    await self._learn_event(event | {"room_id": room})
                self._tell_membership(room, membership, None)
        for room, entry in rooms.get("invite", {}).items():
            for event in entry["invite_state"]["events"]:
                if event.get("state_key") == self.client.mxid:
                    self._tell_membership(room, "invite", event["sender"])

    async def _learn_event(self, event: Json) -> None:
        event_id = event["event_id"]
        line = await self.read(event)
        if event_id in self._waiting and line["failure"]:
            return
        if line["failure"]:
            self._waiting[event_id] = event
        else:
            self._waiting.pop(event_id, None)
        write({"event": "line", "client": self.name, "room": event["room_id"], "line": line})

    def _tell_membership(self, room: str, membership: str, inviter: str | None) -> None:
        told = {"room": room, "membership": membership, "inviter": inviter}
        write({"event": "membership", "client": self.name, **told})


def _line(
    event: Json, *, encrypted: bool = False, failure: str | None = None, shield: str | None = None
) -> Json:
    return {
        "event_id": event["event_id"],
        "sender": event["sender"],
        "type": event["type"],
        "content": event["content"],
        "ts": event["origin_server_ts"],
        "encrypted": encrypted,
        "failure": failure,
        "shield": shield,
        "state_key": event.get("state_key"),
    }


def write(message: Json) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Server:
    """Answers requests, each in a task of its own."""

    def __init__(self) -> None:
        self._peers: dict[str, Peer] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=2**24)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async for text in reader:
            task = asyncio.create_task(self._answer(json.loads(text)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        for peer in self._peers.values():
            await peer.stop()

    async def _answer(self, request: Json) -> None:
        number = request["id"]
        try:
            write({"id": number, "result": await self._do(request["method"], request["params"])})
        except Exception as error:  # noqa: BLE001  whoever asked is told
            code = getattr(error, "errcode", None) or type(error).__name__
            write({"id": number, "error": {"errcode": code, "message": str(error)}})

    async def _do(self, method: str, given: Json) -> Any:
        name = given["client"]
        if method == "login":
            peer = self._peers[name] = await Peer.login(name, given)
            client = peer.client
            token = client.api.token
            return {"user": client.mxid, "device": client.device_id, "token": token}
        peer = self._peers[name]
        if method == "send":
            return await peer.send(given["room"], given["type"], given["content"])
        if method == "signDevice":
            return await peer.sign_device(given["device"])
        if method == "read":
            return await peer.read(given["event"])
        assert method == "stop"
        return await self._peers.pop(name).stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    asyncio.run(Server().serve())
