"""matrix-nio's part in the comparison: its Olm machine on its SQLite store, without a network."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from nio import Event, KeysClaimResponse, KeysQueryResponse
from nio.crypto import Olm
from nio.store import SqliteStore

from scripts.bench.encryption.jobs import CHAT, DEVICE, KEEPER, MESSAGE, ROOM, Json, alone


@dataclass
class Nio:
    """It keeps outbound sessions and the replay check in memory only."""

    folder: Path
    world: Json
    olm: Olm = field(init=False)

    async def make(self) -> None:
        self.folder.mkdir()
        self._open("made")
        users = self.world["query"]["device_keys"]
        self.olm.users_for_key_query |= set(users)
        self.olm.handle_response(KeysQueryResponse.from_dict(self.world["query"]))
        for user in users:
            for device in self.olm.device_store.active_user_devices(user):
                self.olm.verify_device(device)
        for each in self.world["senders"]:
            keys = (each["curve25519"], each["ed25519"])
            self.olm.create_group_session(*keys, ROOM, each["session_id"], each["session_key"])
        self.olm.store.database.close()

    async def start(self) -> None:
        shutil.copyfile(self.folder / "made", self.folder / "used")
        self._open("used")

    async def end(self) -> None:
        self.olm.store.database.close()

    async def first_keys(self) -> list[str]:
        self.olm.handle_response(KeysClaimResponse.from_dict(self.world["claimed"], ROOM))
        return self._share(ROOM, self.world["readers"])

    async def wear_out(self) -> None:
        """Sharing a session that is shared begins a new one."""

    async def further_keys(self) -> list[str]:
        return self._share(ROOM, self.world["readers"])

    async def read(self) -> list[Json]:
        return [
            self.olm.decrypt_megolm_event(Event.parse_encrypted_event(event), ROOM).source[
                "content"
            ]
            for text in self.world["transactions"]
            for event in json.loads(text)["events"]
        ]

    async def say_in_room(self) -> str:
        return self._say(ROOM)

    async def say_in_chat(self) -> str:
        if self.olm.should_share_group_session(CHAT):
            self._share(CHAT, self.world["readers"][:1])
        return self._say(CHAT)

    def _open(self, name: str) -> None:
        store = SqliteStore(KEEPER, DEVICE, str(self.folder), "a passphrase", name)
        self.olm = Olm(KEEPER, DEVICE, store)

    def _share(self, room: str, users: list[str]) -> list[str]:
        bodies = []
        for devices, body in self.olm.share_group_session_parallel(room, users):
            bodies.append(json.dumps(body))
            self.olm.outbound_group_sessions[room].users_shared_with |= devices
        session = self.olm.outbound_group_sessions[room]
        session.mark_as_shared()
        session.max_messages = 10_000
        return bodies

    def _say(self, room: str) -> str:
        content = {"type": "m.room.message", "content": MESSAGE}
        return json.dumps(self.olm.group_encrypt(room, content))


if __name__ == "__main__":
    alone(Nio)
