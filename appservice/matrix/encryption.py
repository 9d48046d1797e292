"""Reads and writes encrypted messages: the machine, our database, the homeserver in between."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.crypto import Machine, ToDeviceBatch
from appservice.domain.records import Room
from appservice.domain.types import Audience, RoomId, RoomKind, derive
from appservice.errors import PermanentError
from appservice.matrix.client import Client
from appservice.matrix.device_lists import DeviceLists
from appservice.matrix.healing import Healing
from appservice.matrix.lines import AHEAD, Lines
from appservice.matrix.own_keys import OwnKeys
from appservice.matrix.sessions import Ready, Sessions, To
from appservice.matrix.unsent import Unsent
from appservice.ports import Json, Posting, Prepared, Store, Work


class _Said(NamedTuple):
    """What is to be encrypted."""

    posting: Posting
    event_type: str
    content: Json


class _Made(NamedTuple):
    """What is to be sent, and perhaps a line for what is said next, after so many changes."""

    prepared: Prepared
    line: crypto.Lifeline | None
    changes: int


class Encryption:
    """The keeper's ears and pen; `lists` tells whose devices there are, `own_keys` hands out ours.

    `healing` mends what cannot be read any more. What touches a secret is in these and in the
    sessions of rooms, so that secrets pass through few hands.
    """

    def __init__(
        self,
        machine: Machine,
        client: Client,
        store: Store,
        clock: Clock,
        in_groups: Audience = Audience.SIGNED,
    ) -> None:
        """`in_groups`: who gets the keys of noticeboards and facilitators' rooms."""
        self.machine = machine
        self._in_groups = in_groups
        self._client = client
        self._store = store
        self._clock = clock
        self.on_read: Callable[[str, tuple[bytes, ...], crypto.Decrypted], None] = lambda *_: None
        self.lists = DeviceLists(client, store, clock)
        self.own_keys = OwnKeys(machine, client, store, clock)
        self.lines = Lines()
        self._unsent = Unsent(client, store)
        self.healing = Healing(machine, client, store, clock, self._unsent)
        self._sessions = Sessions(machine, client, store, clock, self.lists, self.lines)

    # -- reading

    async def decrypt(self, event: Json) -> crypto.Decrypted:
        """Decrypt a room event; asks for the sender's devices when it does not know this one.

        Raises crypto.MissingKey, crypto.Replayed, crypto.Undecryptable.
        """
        decrypted = await self._decrypt(event)
        if decrypted.trust.signed:
            return decrypted
        await self.lists.refresh([decrypted.sender], even_if_fresh=decrypted.device_id is None)
        return await self._decrypt(event)

    async def receive(self, events: Sequence[Json]) -> list[crypto.Received]:
        """Take to-device messages in, in one transaction with nothing else."""
        need = crypto.need_to_device(self.machine, events)
        async with self._store.begin() as work:
            vault = await work.vault(need)
            received = crypto.receive_to_device(self.machine, vault, events, self._now())
            await work.save(vault)
        return received

    # -- writing

    async def begin_anew(self, room: str) -> None:
        """Say what comes next in a new session, whose key everybody is given."""
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_forget_outbound(room))
            crypto.forget_outbound(vault, room)
            await work.save(vault)
        for audience in crypto.Audience:
            self.lines.drop((room, audience))

    async def prepare(  # noqa: PLR0913
        self,
        posting: Posting,
        room_id: RoomId,
        audience: Audience,
        event_type: str,
        content: Json,
        *,
        personal: bool = False,
    ) -> Prepared:
        """Encrypt for all who may read, and keep the bytes with the posting before any send.

        What is `personal` is for signed devices in rooms of groups, too. One transaction, unless
        the homeserver must be asked. Raises PermanentError if the room is not known any more.
        """
        said = _Said(posting, event_type, content)
        async with self._store.begin() as work:
            room = await work.get(Room, room_id)
            if room is None:
                raise PermanentError("the room is not known any more", "gone")
            to = self._to(room, audience, personal=personal)
            now = self._now()
            encrypted = self.lines.encrypt(to.where, to.readers, now, event_type, content)
            if encrypted is not None:
                return await _keep(work, posting, [], encrypted)
            sessions = self._sessions
            ready = await sessions.settled(work, to) or await sessions.shared(work, to)
            made = await self._encrypted(ready, said) if isinstance(ready, Ready) else None
        if isinstance(ready, crypto.Sharing):
            async with sessions.asked(ready, to) as ready_now:
                made = await self._encrypted(ready_now, said)
        assert made is not None  # noqa: S101  one of the two has made it
        if made.line is not None:
            self.lines.keep(to.where, to.readers, self._now(), made.line, made.changes)
        return made.prepared

    def _to(self, room: Room, audience: Audience, *, personal: bool = False) -> To:
        if room.what is not RoomKind.CHAT and audience is Audience.SIGNED and not personal:
            audience = self._in_groups
        return To(room, crypto.Audience(audience.value))

    async def _encrypted(self, ready: Ready, said: _Said) -> _Made:
        """Encrypt in the room's session, and keep all that it takes to send this."""
        work, vault, to, batches = ready
        line, changes = None, self.lines.changes
        if batches is None and self._runs_ahead(to):
            line = crypto.run_ahead(self.machine, vault, *to.where, AHEAD, to.rotation)
        encrypted = (
            line.encrypt(said.event_type, said.content)
            if line is not None
            else crypto.encrypt(self.machine, vault, *to.where, said.event_type, said.content)
        )
        await work.save(vault)
        return _Made(await _keep(work, said.posting, batches or [], encrypted), line, changes)

    def _runs_ahead(self, to: To) -> bool:
        """Tell whether to move ahead; in chats the help line has moved the session for all."""
        helps = to.room.what is RoomKind.CHAT and to.audience is crypto.Audience.ALL
        return not helps and self.lines.is_due(to.where, self._now())

    async def open_line(self, room: Room, count: int) -> crypto.Lifeline:
        """Share the session for help with every device, and reserve `count` messages of it.

        The to-device messages are kept until they are sent, so that a crash between loses no key.
        """
        fact = f"help line {room.room}"
        await self._send_keys(room, fact)
        async with self._sessions.ready(To(room, crypto.Audience.ALL)) as ready:
            line = crypto.reserve(self.machine, ready.vault, *ready.to.where, count)
            await ready.work.save(ready.vault)
            await self._unsent.keep(ready.work, fact, ready.batches or [])
        await self._send_keys(room, fact)
        return line

    async def _send_keys(self, room: Room, fact: str) -> None:
        """Send kept room keys; refused ones are those of a session that is used no more."""
        try:
            await self._unsent.send(fact)
        except PermanentError:
            await self.begin_anew(room.room)
            raise

    async def _decrypt(self, event: Json) -> crypto.Decrypted:
        parsed = crypto.room_event(event["room_id"], event)
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_room_events([parsed]))
            decrypted = crypto.decrypt_room_event(self.machine, vault, parsed)
            await work.save(vault)
        self.on_read(parsed.room_id, crypto.inbound_records(vault, parsed), decrypted)
        return decrypted

    def _now(self) -> int:
        return milliseconds(self._clock.now())


async def _keep(
    work: Work, posting: Posting, batches: list[ToDeviceBatch], encrypted: Json
) -> Prepared:
    """Keep what is to be sent with the posting."""
    prepared = Prepared(
        to_device=tuple((batch.event_type, dict(batch.messages)) for batch in batches),
        event_type="m.room.encrypted",
        content=encrypted,
        fingerprint=fingerprint(encrypted),
    )
    await work.prepare(posting, prepared)
    return prepared


def fingerprint(content: Json) -> str:
    """Name a ciphertext, so that our own message is known again when it comes back."""
    return derive("ciphertext", str(content.get("ciphertext")))
