"""Drives the encryption machine with our database and the homeserver's key endpoints."""

import json
from collections.abc import Callable, Collection, Sequence

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.crypto import Change, DeviceChange, Machine, Vault
from appservice.domain.events import DeviceTrusted
from appservice.domain.state import Room
from appservice.domain.types import Audience, CauseId, UserId, derive
from appservice.errors import PermanentError, TransientError
from appservice.matrix.client import Client
from appservice.ports import Arrival, Json, Posting, Prepared, Store

PASSED_OVER = 100  # times that numbers of one-time keys are passed over in one go
SEEN_NUMBERS = frozenset({"M_UNKNOWN", "M_INVALID_PARAM"})  # Synapse says the first


class Encryption:
    """Everything that touches a key: one place, so that secrets pass through few hands."""

    def __init__(self, machine: Machine, client: Client, store: Store, clock: Clock) -> None:
        self.machine = machine
        self._client = client
        self._store = store
        self._clock = clock
        self.on_read: Callable[[str, tuple[bytes, ...], crypto.Decrypted], None] = lambda *_: None
        self.on_devices: Callable[[str], None] = lambda _: None

    # -- reading

    async def decrypt(self, event: Json) -> crypto.Decrypted:
        """Decrypt a room event; asks for the sender's devices when it does not know this one.

        Raises crypto.MissingKey, crypto.Replayed, crypto.Undecryptable.
        """
        decrypted = await self._decrypt(event)
        if decrypted.trust.signed:
            return decrypted
        await self.refresh([decrypted.sender], even_if_fresh=decrypted.device_id is None)
        return await self._decrypt(event)

    async def has_signed_device(self, user: UserId) -> bool:
        """Tell whether any device of theirs, as far as we know, is cross-signed."""
        need = crypto.need_devices([user])
        async with self._store.begin() as work:
            vault = await work.vault(need)
        return any(device.signed for device in crypto.devices(vault, user))

    async def receive(self, events: Sequence[Json]) -> list[crypto.Received]:
        """Take to-device messages in, in one transaction with nothing else."""
        need = crypto.need_to_device(self.machine, events)
        async with self._store.begin() as work:
            vault = await work.vault(need)
            received = crypto.receive_to_device(self.machine, vault, events, self._now())
            await work.save(vault)
        return received

    # -- device lists

    async def refresh(self, users: Collection[str], *, even_if_fresh: bool = False) -> None:
        """Ask for device lists that are outdated, and tell who has a signed device now."""
        tracking = crypto.need_tracking(users)
        async with self._store.begin() as work:
            vault = await work.vault(tracking)
            crypto.track(vault, users)
            if even_if_fresh:
                crypto.mark_outdated(vault, users)
            asked = crypto.outdated(vault, users)
            query = crypto.keys_query(vault, asked)
            await work.save(vault)
        if not asked:
            return
        answer = await self._client.keys_query(query.body)
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_keys_query(query))
            before = {user: _is_signed(vault, user) for user in asked}
            changes = crypto.receive_keys_query(vault, answer, query, self._now())
            await work.save(vault)
            await work.accept(
                [
                    self._trusted(user, changes)
                    for user in sorted(asked)
                    if not before[user] and _is_signed(vault, user)
                ]
            )
        for user in {change.user_id for change in changes}:
            self.on_devices(user)

    async def outdate(self, user: str) -> None:
        """Somebody joined: their device list may be older than their devices."""
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_tracking([user]))
            crypto.mark_outdated(vault, [user])
            await work.save(vault)

    async def begin_anew(self, rooms: Collection[Room]) -> None:
        """After a restore: use no outbound session again, since its indexes were used already."""
        for room in rooms:
            need = crypto.need_forget_outbound(room.room)
            async with self._store.begin() as work:
                vault = await work.vault(need)
                crypto.forget_outbound(vault, room.room)
                await work.save(vault)

    # -- our own keys

    async def upload_keys(
        self, counts: Json | None, unused_fallback: Sequence[str] | None
    ) -> None:
        """Refill what the homeserver hands out for us; after a crash the very same keys again.

        A database that was set back numbers its keys as it did before, and the homeserver refuses
        other keys under numbers that it has seen: those numbers are passed over.
        """
        need = crypto.need_account(self.machine)
        for _ in range(PASSED_OVER):
            async with self._store.begin() as work:
                vault = await work.vault(need)
                body = crypto.keys_upload_body(self.machine, vault, counts, unused_fallback)
                await work.save(vault)
            if body is None:
                return
            taken = await self._upload(body)
            async with self._store.begin() as work:
                vault = await work.vault(need)
                crypto.keys_uploaded(self.machine, vault)
                await work.save(vault)
            if taken:
                return
        raise TransientError("the homeserver has seen the numbers of our one-time keys")

    async def _upload(self, body: Json) -> bool:
        try:
            await self._client.keys_upload(body)
        except PermanentError as error:
            if error.code not in SEEN_NUMBERS or set(body) != {"one_time_keys"}:
                raise
            return False
        return True

    async def heal(self, wedged: Sequence[crypto.Wedged]) -> None:
        """Begin new Olm sessions with devices whose messages cannot be read any more."""
        pairs = [(report.sender, report.sender_key) for report in wedged]
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_unwedge(self.machine, pairs))
            claim = crypto.unwedge_claim(vault, pairs, self._now())
            await work.save(vault)
        if claim is None:
            return
        await self._claim(claim)
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_unwedge(self.machine, pairs))
            batches = crypto.dummies(self.machine, vault, pairs)
            await work.save(vault)
        for index, batch in enumerate(batches):
            senders = (sender for sender, _ in pairs)
            txn = derive("dummy", str(self._now()), str(index), *senders)
            await self._client.put_to_device(batch.event_type, txn, batch.messages)

    # -- writing

    async def prepare(
        self, posting: Posting, room: Room, audience: Audience, event_type: str, content: Json
    ) -> Prepared:
        """Encrypt for all who may read, and keep the bytes with the posting before any send."""
        readers = _readers(room)
        rotation = crypto.Rotation(room.rotation_messages, room.rotation_ms)
        to = crypto.Audience(audience.value)
        await self._reach(room.room, to, readers, rotation)
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_sharing(self.machine, room.room, to, readers))
            batches = crypto.share(
                self.machine, vault, room.room, to, readers, self._now(), rotation
            )
            encrypted = crypto.encrypt(self.machine, vault, room.room, to, event_type, content)
            await work.save(vault)
            prepared = _prepared(batches, encrypted)
            await work.prepare(posting.row, prepared)
        return prepared

    async def _reach(
        self,
        room: str,
        to: crypto.Audience,
        readers: Collection[str],
        rotation: crypto.Rotation | None,
    ) -> None:
        """Learn the readers' devices, and begin a session with those that have none.

        A list that cannot be had now, or a device without keys, blocks nobody: it is tried again
        with the next message.
        """
        sharing = await self._lacking(room, to, readers, rotation)
        if sharing.outdated:
            await self.refresh(sharing.outdated)
            sharing = await self._lacking(room, to, readers, rotation)
        if sharing.claim:
            await self._claim(sharing.claim)

    async def _lacking(
        self,
        room: str,
        to: crypto.Audience,
        readers: Collection[str],
        rotation: crypto.Rotation | None,
    ) -> crypto.Sharing:
        need = crypto.need_sharing(self.machine, room, to, readers)
        async with self._store.begin() as work:
            vault = await work.vault(need)
            sharing = crypto.prepare_sharing(
                self.machine, vault, room, to, readers, self._now(), rotation
            )
            await work.save(vault)
        return sharing

    async def open_line(self, room: Room, count: int) -> crypto.Lifeline:
        """Share the session for help with every device, and reserve `count` messages of it.

        The to-device messages are kept until they are sent, so that a crash between loses no key.
        """
        fact = f"help line {room.room}"
        async with self._store.begin() as work:
            unsent = await work.fact(fact)
        if unsent:
            await self._send_batches(json.loads(unsent))
        batches, line = await self._reserve(room, count, fact)
        if batches:
            await self._send_batches(batches)
        async with self._store.begin() as work:
            await work.keep_fact(fact, b"")
        return line

    async def _reserve(
        self, room: Room, count: int, fact: str
    ) -> tuple[list[tuple[str, str, Json]], crypto.Lifeline]:
        to = crypto.Audience.ALL
        readers = _readers(room)
        await self._reach(room.room, to, readers, None)
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_sharing(self.machine, room.room, to, readers))
            shared = crypto.share(self.machine, vault, room.room, to, readers, self._now())
            line = crypto.reserve(self.machine, vault, room.room, to, count)
            await work.save(vault)
            batches = [
                (
                    batch.event_type,
                    derive(fact, line.session_id, str(self._now()), str(index)),
                    batch.messages,
                )
                for index, batch in enumerate(shared)
            ]
            await work.keep_fact(fact, json.dumps(batches).encode() if batches else b"")
        return batches, line

    async def _send_batches(self, batches: Sequence[tuple[str, str, Json]]) -> None:
        for event_type, txn, messages in batches:
            await self._client.put_to_device(event_type, txn, messages)

    async def _claim(self, body: Json) -> None:
        answer = await self._client.keys_claim(body)
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_claim(self.machine, body))
            crypto.receive_claim(self.machine, vault, answer, body, self._now())
            await work.save(vault)

    async def _decrypt(self, event: Json) -> crypto.Decrypted:
        need = crypto.need_room_event(event["room_id"], event)
        async with self._store.begin() as work:
            vault = await work.vault(need)
            decrypted = crypto.decrypt_room_event(
                self.machine, vault, event["room_id"], event, self._now()
            )
            await work.save(vault)
        inbound = vault.owned(*crypto.inbound_owner(event["room_id"], decrypted.session_id))
        self.on_read(event["room_id"], tuple(inbound.values()), decrypted)
        return decrypted

    def _trusted(self, user: str, changes: Sequence[DeviceChange]) -> Arrival:
        devices = sorted(
            change.device_id or ""
            for change in changes
            if change.user_id == user and change.kind is not Change.DEVICE_REMOVED
        )
        now = self._clock.now()
        cause = CauseId(derive("trusted", user, *devices, str(milliseconds(now))))
        return Arrival(cause, f"person {user}", "event", DeviceTrusted(UserId(user)), now)

    def _now(self) -> int:
        return milliseconds(self._clock.now())


def _readers(room: Room) -> list[str]:
    """Return who may read what is said in a room, in order."""
    return sorted({*room.members, *([room.user] if room.user else [])})


def _is_signed(vault: Vault, user: str) -> bool:
    return any(device.signed for device in crypto.devices(vault, user))


def _prepared(batches: Sequence[crypto.ToDeviceBatch], encrypted: Json) -> Prepared:
    return Prepared(
        to_device=tuple((batch.event_type, dict(batch.messages)) for batch in batches),
        event_type="m.room.encrypted",
        content=encrypted,
        fingerprint=fingerprint(encrypted),
    )


def fingerprint(content: Json) -> str:
    """Name a ciphertext, so that our own message is known again when it comes back."""
    return derive("ciphertext", str(content.get("ciphertext")))
