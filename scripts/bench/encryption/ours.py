"""Circlekeeper's part in the comparison: its machine on its store, driven as `run` drives them."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from appservice import crypto
from appservice.clock import SystemClock, milliseconds
from appservice.crypto import Audience, Machine, Rotation
from appservice.matrix.lines import AHEAD, Lines
from appservice.store import KeyFile, Store, migrate
from scripts.bench.encryption import world as made
from scripts.bench.encryption.jobs import CHAT, DEVICE, KEEPER, MESSAGE, ROOM, Json

_SOON = Rotation(messages=1)
_LATE = Rotation(messages=10_000)
_TOGETHER = 500  # device lists that are learnt in a transaction
_CLOCK = SystemClock()


@dataclass
class Ours:
    """One installation: made once, and for each repetition a copy of its database."""

    folder: Path
    world: Json
    machine: Machine = field(init=False)
    store: Store = field(init=False)
    lines: Lines = field(init=False)

    async def make(self) -> None:
        """Make keys and tables, learn all devices, receive the senders' keys."""
        self.folder.mkdir()
        KeyFile(self.folder / "keys").create()
        await migrate(self._url("made"))
        await self.open("made")
        own, fallback = await self._account()
        await self._learn()
        events = made.room_keys(self.world, own, fallback)
        async with self.store.begin() as work:
            vault = await work.vault(crypto.need_to_device(self.machine, events))
            crypto.receive_to_device(self.machine, vault, events, _now())
            await work.save(vault)
        await self.store.close()

    async def start(self) -> None:
        """Begin a repetition."""
        shutil.copyfile(self.folder / "made", self.folder / "used")
        await self.open("used")

    async def open(self, name: str) -> None:
        """Open one of the databases, as `run` does when it starts."""
        keys = KeyFile(self.folder / "keys").read()
        self.machine = Machine(KEEPER, DEVICE, keys.pickle_key)
        self.store = await Store.open(self._url(name), keys, lambda _: "", _CLOCK)
        self.lines = Lines()
        self.store.on_saved = self.lines.heard
        self.lines.switch_on()

    async def end(self) -> None:
        await self.store.close()
        for file in self.folder.glob("used*"):
            file.unlink()

    # -- the jobs

    async def first_keys(self) -> list[str]:
        claim, to = self.world["claim"], (ROOM, Audience.SIGNED, self.world["readers"])
        need = crypto.need_claim(self.machine, claim) | crypto.need_sharing(self.machine, *to)
        async with self.store.begin() as work:
            vault = await work.vault(need)
            crypto.receive_claim(self.machine, vault, self.world["claimed"], claim, _now())
            batches = self._share(vault, *to, _LATE)
            await work.save(vault)
            return _bodies(batches)

    async def wear_out(self) -> None:
        await self._encrypt(ROOM, self.world["readers"], _LATE)

    async def further_keys(self) -> list[str]:
        to = (ROOM, Audience.SIGNED, self.world["readers"])
        async with self.store.begin() as work:
            vault = await work.vault(crypto.need_sharing(self.machine, *to))
            batches = self._share(vault, *to, _SOON)
            await work.save(vault)
            return _bodies(batches)

    async def read(self) -> list[Json]:
        events = [
            event for text in self.world["transactions"] for event in orjson.loads(text)["events"]
        ]
        return await self._read(events)

    async def say_in_room(self) -> str:
        return await self._encrypt(ROOM, self.world["readers"], _LATE)

    async def say_in_chat(self) -> str:
        return await self._encrypt(CHAT, self.world["readers"][:1], _LATE)

    # -- how

    async def _read(self, events: list[Json]) -> list[Json]:
        parsed = [crypto.room_event(event["room_id"], event) for event in events]
        async with self.store.begin() as work:
            vault = await work.vault(crypto.need_room_events(parsed))
            read = [crypto.decrypt_room_event(self.machine, vault, event) for event in parsed]
            await work.save(vault)
        return [decrypted.content for decrypted in read]

    async def _encrypt(self, room: str, users: Collection[str], rotation: Rotation) -> str:
        to, line = (room, Audience.SIGNED), None
        sealed = self.lines.encrypt(to, users, _now(), "m.room.message", MESSAGE)
        if sealed is not None:
            return orjson.dumps(sealed).decode()
        async with self.store.begin() as work:
            vault = await work.vault(crypto.need_encrypt(self.machine, *to))
            if crypto.is_settled(self.machine, vault, *to, users, _now(), rotation):
                if self.lines.is_due(to, _now()):
                    line = crypto.run_ahead(self.machine, vault, *to, AHEAD, rotation)
            else:
                vault = await work.vault(crypto.need_sharing(self.machine, *to, users))
                self._share(vault, *to, users, rotation)
            sealed = (
                line.encrypt("m.room.message", MESSAGE)
                if line
                else crypto.encrypt(self.machine, vault, *to, "m.room.message", MESSAGE)
            )
            await work.save(vault)
        if line:
            self.lines.keep(to, users, _now(), line, self.lines.changes)
        return orjson.dumps(sealed).decode()

    def _share(
        self,
        vault: crypto.Vault,
        room: str,
        audience: Audience,
        users: Collection[str],
        rotation: Rotation,
    ) -> list[crypto.ToDeviceBatch]:
        self.lines.drop((room, audience))
        sharing = crypto.prepare_sharing(
            self.machine, vault, room, audience, users, _now(), rotation
        )
        return crypto.share(self.machine, vault, sharing, _now())

    async def _account(self) -> tuple[crypto.Device, str]:
        """Make the account and the identity; return our device and its fallback key."""
        async with self.store.begin() as work:
            vault = await work.vault(crypto.need_identity(self.machine))
            own = crypto.create_account(self.machine, vault)
            upload = crypto.keys_upload_body(self.machine, vault, None, None, _now())
            crypto.keys_uploaded(self.machine, vault)
            crypto.create_identity(self.machine, vault)
            crypto.sign_own_device(self.machine, vault)
            await work.save(vault)
        assert upload is not None  # noqa: S101
        (fallback,) = upload["fallback_keys"].values()
        return own, fallback["key"]

    async def _learn(self) -> None:
        everybody = list(self.world["query"]["device_keys"])
        for at in range(0, len(everybody), _TOGETHER):
            users = everybody[at : at + _TOGETHER]
            async with self.store.begin() as work:
                vault = await work.vault(crypto.need_tracking(users) | crypto.need_devices(users))
                crypto.track(vault, users)
                query = crypto.keys_query(vault, users)
                crypto.receive_keys_query(vault, self.world["query"], query, _now())
                await work.save(vault)

    def _url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}"


def _now() -> int:
    return milliseconds(_CLOCK.now())


def _bodies(batches: list[crypto.ToDeviceBatch]) -> list[str]:
    return [orjson.dumps({"messages": batch.messages}).decode() for batch in batches]
