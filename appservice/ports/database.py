"""The database: one transaction, and the whole."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from appservice.crypto import Need, Vault
from appservice.domain.entries import Entry, Erasure
from appservice.domain.events import Event
from appservice.domain.records import Record
from appservice.domain.types import EffectId, EventId, GroupId, UserId
from appservice.ports.rows import Arrival, Json, Parked, Posting, Prepared

R = TypeVar("R", bound=Record)


class Work(Protocol):
    """One database transaction. Nothing of it is true before its context ends without an error."""

    # -- inbox
    async def accept(self, arrivals: Sequence[Arrival]) -> int:
        """Keep what is new (by id); return how many were. What is known already is ignored."""
        ...

    async def arrivals(self, now: datetime, limit: int) -> Sequence[Arrival]:
        """Return the oldest unfinished row of each lane whose time has come."""
        ...

    async def finish(self, row: int) -> bool:
        """Mark it done: the id stays, the body is erased.

        False if it is finished already, not due, or another instance works in its lane.
        """
        ...

    async def set_aside(self, row: int, until: datetime, waiting_for: str | None) -> None:
        """Let the row's lane go on; the row comes again at `until` or when `release` names it."""
        ...

    async def release(self, waiting_for: str) -> int:
        """Let rows that wait for this (a Megolm session id) come again now; return how many."""
        ...

    async def postpone_arrival(self, row: int, until: datetime) -> None:
        """Try the row (and its lane) again at `until`; counts an attempt."""
        ...

    async def park_arrival(self, row: int, reason: str) -> None:
        """Put the row where a person can see it; its lane goes on."""
        ...

    # -- outbox
    async def post(self, posting: Posting) -> None:
        """Write an effect down; the same id again is ignored."""
        ...

    async def postings(self, now: datetime, limit: int) -> Sequence[Posting]:
        """Return the oldest unfinished row of each lane whose time has come."""
        ...

    async def claim_posting(self, row: int) -> Posting | None:
        """Lock a row for this transaction; None if it is finished or another instance has it."""
        ...

    async def prepare(self, posting: Posting, prepared: Prepared) -> None:
        """Keep the encrypted message and its fingerprint with the posting's row.

        Raises PermanentError if the row is finished or gone: then nothing is to be said.
        """
        ...

    async def mark_keys_sent(self, row: int) -> None:
        """The to-device messages of the row have been sent."""
        ...

    async def done(self, row: int, event: EventId | None) -> None:
        """Mark it done: body and bytes are erased; id, fingerprint, event id's hash stay."""
        ...

    async def postpone_posting(self, row: int, until: datetime) -> None:
        """Try the row (and its lane) again at `until`; counts an attempt."""
        ...

    async def park_posting(self, row: int, reason: str) -> None:
        """Put the row where a person can see it; its lane goes on."""
        ...

    async def effect_by_fingerprint(self, fingerprint: str) -> EffectId | None:
        """Say which of our effects made this ciphertext."""
        ...

    async def effect_by_event(self, event: EventId) -> EffectId | None:
        """Say which of our effects became this event."""
        ...

    async def remember_event(self, effect: EffectId, event: EventId) -> None:
        """Keep which event an effect became (as a keyed hash)."""
        ...

    # -- both
    async def hurry(self) -> None:
        """Let every row that was postponed come again now."""
        ...

    async def parked(self) -> Sequence[Parked]: ...

    async def retry_parked(self, id: str) -> bool: ...  # noqa: A002

    async def drop_parked(self, id: str) -> bool: ...  # noqa: A002

    # -- records
    async def get(self, kind: type[R], key: str) -> R | None: ...

    async def several(self, kind: type[R], keys: Collection[str]) -> Sequence[R]:
        """Return those of these keys that there are."""
        ...

    async def find(
        self,
        kinds: Collection[type[Record]],
        *,
        users: Collection[UserId] = (),
        groups: Collection[GroupId] = (),
    ) -> Sequence[Record]:
        """Return records of these kinds about any of these people, or any of these groups."""
        ...

    async def of_person(self, kind: type[R], user: UserId) -> Sequence[R]: ...

    async def of_group(self, kind: type[R], group: GroupId) -> Sequence[R]: ...

    async def all(self, kind: type[R]) -> Sequence[R]: ...

    async def put(self, record: Record) -> None: ...

    async def drop(self, record: Record) -> None: ...

    # -- the record of consents
    async def append(self, entry: Entry) -> None:
        """Add a line; what it says is bound to all lines before it."""
        ...

    async def entries(self, user: UserId) -> Sequence[Entry]:
        """Return somebody's lines whose words are still there, oldest first."""
        ...

    async def erase(self, erasure: Erasure) -> int:
        """Erase the words of somebody's lines, and whose they are; return how many were."""
        ...

    # -- everything about one person
    async def forget_person(self, user: UserId, lanes: Collection[str]) -> None:
        """Delete their records, timers and what waits in these lanes; not an open care case."""
        ...

    async def about_person(self, user: UserId) -> Sequence[Json]:
        """Return every record of theirs as JSON, `kind` first; not an open care case."""
        ...

    # -- timers
    async def wake(self, key: str, due: datetime, event: Event) -> None:
        """Let the event happen at `due`; the same key again moves it."""
        ...

    async def unwake(self, key: str) -> None: ...

    async def due(self, now: datetime, limit: int) -> int:
        """Move timers that are due into the inbox; return how many."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next timer is due, which may be in the past."""
        ...

    # -- encryption
    async def vault(self, need: Need) -> Vault:
        """Load records of the encryption machine and lock them until the transaction ends."""
        ...

    async def save(self, vault: Vault) -> None:
        """Write what changed in the vault."""
        ...

    async def forget(self, kinds: Collection[str]) -> None:
        """Delete all records of the encryption machine of these kinds."""
        ...

    # -- single facts (sealed): sync token, published keys, ...
    async def fact(self, name: str) -> bytes | None: ...

    async def keep_fact(self, name: str, value: bytes) -> None: ...


class Store(Protocol):
    """The database."""

    def begin(self) -> AbstractAsyncContextManager[Work]:
        """Begin a transaction; commits at the end of the context, rolls back on an exception.

        Raises StorageError when the database does not answer or does not take the write.
        """
        ...

    @property
    def alone(self) -> bool:
        """Whether no second instance is meant to work with this database."""
        ...

    def hash(self, *parts: str) -> str:
        """Return the keyed hash by which the outside (logs, aliases, look-ups) names something."""
        ...
