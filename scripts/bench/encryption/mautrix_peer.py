"""mautrix-python's part in the comparison: its OlmMachine on its SQL store, with SQLite."""

import json
import logging
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mautrix.crypto import InboundGroupSession, OlmMachine
from mautrix.crypto.store.asyncpg import PgCryptoStore
from mautrix.types import (
    ClaimKeysResponse,
    EncryptedEvent,
    EncryptionAlgorithm,
    EventType,
    QueryKeysResponse,
    RoomEncryptionStateEventContent,
)
from mautrix.util.async_db import Database

from scripts.bench.encryption.jobs import CHAT, DEVICE, KEEPER, MESSAGE, ROOM, Json, alone


@dataclass
class _Client:
    """The homeserver as the machine sees it: it answers from the world."""

    world: Json
    mxid: str = KEEPER
    device_id: str = DEVICE
    bodies: list[str] = field(default_factory=list)

    def add_event_handler(self, *_: Any, **__: Any) -> None:
        """Nothing happens here by itself."""

    async def query_keys(self, *_: Any, **__: Any) -> QueryKeysResponse:
        return QueryKeysResponse.deserialize(self.world["query"])

    async def claim_keys(self, *_: Any) -> ClaimKeysResponse:
        return ClaimKeysResponse.deserialize(self.world["claimed"])

    async def send_to_device(self, _: EventType, messages: dict[str, Any]) -> None:
        plain = {
            user: {device: content.serialize() for device, content in by_device.items()}
            for user, by_device in messages.items()
        }
        self.bodies.append(json.dumps({"messages": plain}))


class _State:
    """All rooms are encrypted, with sessions for many messages."""

    async def get_encryption_info(self, _: str) -> RoomEncryptionStateEventContent:
        return RoomEncryptionStateEventContent(
            EncryptionAlgorithm.MEGOLM_V1, rotation_period_msgs=10_000
        )

    async def find_shared_rooms(self, _: str) -> list[str]:
        return []


@dataclass
class Mautrix:
    """It commits nearly every step by itself, in WAL mode without waiting for the disk."""

    folder: Path
    world: Json
    machine: OlmMachine = field(init=False)
    database: Database = field(init=False)

    async def make(self) -> None:
        logging.disable(logging.CRITICAL)
        self.folder.mkdir()
        await self._open("made")
        await self.machine._fetch_keys(list(self.world["query"]["device_keys"]), "", True)  # noqa: FBT003, SLF001
        for each in self.world["senders"]:
            keys = (each["session_key"], each["ed25519"], each["curve25519"], ROOM)
            key, session = each["curve25519"], InboundGroupSession(*keys)
            store = self.machine.crypto_store
            await store.put_group_session(ROOM, key, each["session_id"], session)
        await self.database.stop()

    async def start(self) -> None:
        for file in self.folder.glob("used*"):
            file.unlink()
        shutil.copyfile(self.folder / "made", self.folder / "used")
        await self._open("used")

    async def end(self) -> None:
        await self.database.stop()

    async def first_keys(self) -> list[str]:
        return await self._share(ROOM, self.world["readers"])

    async def wear_out(self) -> None:
        await self.machine.crypto_store.remove_outbound_group_session(ROOM)

    async def further_keys(self) -> list[str]:
        return await self._share(ROOM, self.world["readers"])

    async def read(self) -> list[Json]:
        values = []
        for text in self.world["transactions"]:
            for event in json.loads(text)["events"]:
                read = await self.machine.decrypt_megolm_event(EncryptedEvent.deserialize(event))
                values.append(read.content.serialize())
        return values

    async def say_in_room(self) -> str:
        return await self._say(ROOM)

    async def say_in_chat(self) -> str:
        if await self.machine.crypto_store.get_outbound_group_session(CHAT) is None:
            await self._share(CHAT, self.world["readers"][:1])
        return await self._say(CHAT)

    async def _open(self, name: str) -> None:
        tables = PgCryptoStore.upgrade_table
        self.database = Database.create(f"sqlite:///{self.folder / name}", upgrade_table=tables)
        await self.database.start()
        store = PgCryptoStore(KEEPER, "a passphrase", self.database)
        self.machine = OlmMachine(_Client(self.world), store, _State())
        await self.machine.load()

    async def _share(self, room: str, users: list[str]) -> list[str]:
        self.machine.client.bodies = bodies = []
        await self.machine.share_group_session(room, users)
        return bodies

    async def _say(self, room: str) -> str:
        kind = EventType.ROOM_MESSAGE
        sealed = await self.machine.encrypt_megolm_event(room, kind, MESSAGE)
        return json.dumps(sealed.serialize())


if __name__ == "__main__":
    alone(Mautrix)
