"""Begins new Olm sessions with devices whose messages cannot be read any more."""

import asyncio
from collections.abc import Collection, Sequence

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.crypto import Machine
from appservice.domain.records import Room
from appservice.matrix.client import Client
from appservice.matrix.sessions import readers
from appservice.matrix.unsent import Unsent
from appservice.ports import Store

_DUMMIES = "dummies"  # messages that show others a new Olm session, not sent yet
_AT_ONCE = 100  # people whose devices are healed in one go


class Healing:
    """One healing at a time; what it says is kept until it is sent."""

    def __init__(
        self, machine: Machine, client: Client, store: Store, clock: Clock, unsent: Unsent
    ) -> None:
        self._machine = machine
        self._client = client
        self._store = store
        self._clock = clock
        self._unsent = unsent
        self._lock = asyncio.Lock()

    async def heal(self, wedged: Sequence[crypto.Wedged]) -> None:
        """Begin new Olm sessions with devices whose messages cannot be read any more."""
        async with self._lock:
            await self._unsent.send(_DUMMIES)
            pairs = [(report.sender, report.sender_key) for report in wedged]
            need = crypto.need_unwedge(self._machine, pairs)
            async with self._store.begin() as work:
                claim = crypto.unwedge_claim(await work.vault(need), pairs, self._now())
            if claim is None:
                return
            answer = await self._client.keys_claim(claim)
            async with self._store.begin() as work:
                vault = await work.vault(need)
                batches = crypto.unwedge(self._machine, vault, answer, claim, self._now())
                await work.save(vault)
                await self._unsent.keep(work, _DUMMIES, batches)
            await self._unsent.send(_DUMMIES)

    async def heal_all(self) -> None:
        """After a restore: begin new Olm sessions with everybody's devices, for ours are behind.

        So the next key that we send can be read, and `m.dummy` has clients give us again the keys
        that we have forgotten.
        """
        async with self._store.begin() as work:
            rooms = await work.all(Room)
        users = sorted({user for room in rooms for user in readers(room)})
        for start in range(0, len(users), _AT_ONCE):
            await self.heal_people(users[start : start + _AT_ONCE])

    async def heal_people(self, users: Collection[str]) -> None:
        """Begin new Olm sessions with all devices of people, with each at most once an hour."""
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_devices(users))
        devices = [device for user in users for device in crypto.devices(vault, user)]
        await self.heal([crypto.Wedged(one.user_id, one.curve25519) for one in devices])

    def _now(self) -> int:
        return milliseconds(self._clock.now())
