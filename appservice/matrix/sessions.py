"""The sessions of rooms: everybody who may read is given the key, whatever that takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.crypto import Machine, ToDeviceBatch, Vault
from appservice.domain.records import Room
from appservice.matrix.client import Client
from appservice.matrix.device_lists import DeviceLists
from appservice.matrix.lines import Lines, Where
from appservice.matrix.rotation import rotation_of
from appservice.ports import Store, Work


class To(NamedTuple):
    """For whom something is encrypted."""

    room: Room
    audience: crypto.Audience

    @property
    def where(self) -> Where:
        return self.room.room, self.audience

    @property
    def readers(self) -> list[str]:
        return readers(self.room)

    @property
    def rotation(self) -> crypto.Rotation:
        return rotation_of(self.room)


class Ready(NamedTuple):
    """A session that all readers can read; the caller saves the vault.

    Without `batches` it was ready as it is.
    """

    work: Work
    vault: Vault
    to: To
    batches: list[ToDeviceBatch] | None


class Sessions:
    """Shares sessions, and learns before what devices there are."""

    def __init__(  # noqa: PLR0913
        self,
        machine: Machine,
        client: Client,
        store: Store,
        clock: Clock,
        lists: DeviceLists,
        lines: Lines,
    ) -> None:
        """`lines` run ahead in sessions; one that is shared anew ends its line."""
        self._machine = machine
        self._client = client
        self._store = store
        self._clock = clock
        self._lists = lists
        self._lines = lines

    async def settled(self, work: Work, to: To) -> Ready | None:
        """Return the room's session if it can be used as it is."""
        vault = await work.vault(crypto.need_encrypt(self._machine, *to.where))
        settled = crypto.is_settled(
            self._machine, vault, *to.where, to.readers, self._now(), to.rotation
        )
        return Ready(work, vault, to, None) if settled else None

    async def shared(self, work: Work, to: To) -> Ready | crypto.Sharing:
        """Share the room's session, or say what must be asked of the homeserver before."""
        self._lines.drop(to.where)
        vault = await work.vault(self._need_sharing(to))
        sharing = self._sharing(vault, to)
        if sharing.outdated or sharing.claims:
            return sharing
        batches = crypto.share(self._machine, vault, sharing, self._now())
        return Ready(work, vault, to, batches)

    @asynccontextmanager
    async def ready(self, to: To) -> AsyncIterator[Ready]:
        """Share the room's session, whatever that takes; the caller saves the vault."""
        async with self._store.begin() as work:
            ready = await self.shared(work, to)
            if isinstance(ready, Ready):
                yield ready
                return
        async with self.asked(ready, to) as asked:
            yield asked

    @asynccontextmanager
    async def asked(self, sharing: crypto.Sharing, to: To) -> AsyncIterator[Ready]:
        """Learn the readers' devices, begin Olm sessions, share; the caller saves the vault.

        A list that cannot be had now, or a device without keys, blocks nobody: it is tried again
        with the next message.
        """
        need = self._need_sharing(to)
        if sharing.outdated:
            await self._lists.refresh(sharing.outdated)
            async with self._store.begin() as work:
                sharing = self._sharing(await work.vault(need), to)
        answers = [(claim, await self._client.keys_claim(claim)) for claim in sharing.claims]
        async with self._store.begin() as work:
            vault = await work.vault(need)
            for claim, answer in answers:
                crypto.receive_claim(self._machine, vault, answer, claim, self._now())
            batches = crypto.share(self._machine, vault, self._sharing(vault, to), self._now())
            yield Ready(work, vault, to, batches)

    def _need_sharing(self, to: To) -> crypto.Need:
        return crypto.need_sharing(self._machine, *to.where, to.readers)

    def _sharing(self, vault: Vault, to: To) -> crypto.Sharing:
        return crypto.prepare_sharing(
            self._machine, vault, *to.where, to.readers, self._now(), to.rotation
        )

    def _now(self) -> int:
        return milliseconds(self._clock.now())


def readers(room: Room) -> list[str]:
    """Return who may read what is said in a room, in order."""
    return sorted({*room.members, *([room.user] if room.user else [])})
