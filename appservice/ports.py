"""What the inside asks of the outside, in our words: a store, a homeserver, the texts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from appservice.crypto import Need, Vault
from appservice.domain.effects import Effect, HandOut, Visit
from appservice.domain.entries import Entry, Erasure
from appservice.domain.events import Event, RoomFacts, StewardInspected
from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.records import Record
from appservice.domain.types import CauseId, EffectId, EventId, GroupId, UserId

R = TypeVar("R", bound=Record)
Json = dict[str, Any]


@dataclass(frozen=True)
class Arrival:
    """Something that came in: a row of the inbox.

    `source` says how to read `body`: `matrix` (a client event as the homeserver sent it, circles'
    messages never among them), `event` (a domain event of our own: from a timer, the command
    line, a performed effect) or `malformed` (nobody could read it; the body is empty). Rows of one
    `lane` are handled in order, lanes in parallel.
    """

    id: CauseId  # event id, timer key and due time, or effect id; unique for ever
    lane: str
    source: str  # "matrix" | "event"
    body: Json | Event
    received: datetime
    row: int = 0  # given by the store; order within the lane
    attempts: int = 0


@dataclass(frozen=True)
class Prepared:
    """An encrypted message, ready to be sent; a retry sends the same bytes."""

    to_device: tuple[tuple[str, Json], ...]  # (event type, messages by user and device)
    event_type: str
    content: Json
    fingerprint: str  # SHA-256 of the ciphertext, hex: how we know our own message again


@dataclass(frozen=True)
class Posting:
    """An effect to be carried out: a row of the outbox."""

    id: EffectId
    lane: str
    effect: Effect
    created: datetime
    row: int = 0
    attempts: int = 0
    prepared: Prepared | None = None
    keys_sent: bool = False  # the to-device messages of `prepared` have been sent


@dataclass(frozen=True)
class Parked:
    """Work that needs a person: never its content, only what it is."""

    id: str
    box: str  # "inbox" | "outbox"
    what: str  # the effect's or event's name
    reason: str
    since: datetime


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


@dataclass(frozen=True)
class Performed:
    """What came of an effect: the event it became, and what happened in consequence.

    `missed`: Matrix events that no transaction brings, since we were not in the room yet.
    """

    event: EventId | None = None
    happened: tuple[Event, ...] = ()
    missed: tuple[Json, ...] = ()


class Homeserver(Protocol):
    """The homeserver as the workers need it. Raises TransientError or PermanentError."""

    async def translate(self, arrival: Arrival) -> "Translated":
        """Say what a Matrix event means; asks the homeserver where the event alone cannot tell."""
        ...

    async def perform(self, posting: Posting) -> Performed:
        """Carry an effect out, so that a repeat changes nothing."""
        ...

    async def fetch_keys(self) -> int:
        """Read to-device messages and device lists (`/sync`, timeout 0); return how many came."""
        ...

    async def renew(self, user: UserId) -> None:
        """Begin anew with somebody's devices, since a key of theirs did not come."""
        ...

    async def give_up(self, posting: Posting) -> None:
        """Let nothing that follows rely on this one: nobody tries any more to carry it out."""
        ...

    async def ping(self) -> None:
        """Ask the homeserver to deliver what it keeps for us, at once."""
        ...


@dataclass(frozen=True)
class Translated:
    """A Matrix event in our words: nothing, events, or a wish to see it again later."""

    events: tuple[Event, ...] = ()
    waits_for: str | None = (
        None  # a Megolm session whose key, or a room whose look, is not here yet
    )


class Renderer(Protocol):
    """Turns a Message into what Matrix carries."""

    def content(self, message: Any, cause: EffectId) -> Mapping[str, Any]:
        """Return the content of an `m.room.message`, with `org.circlekeeper` inside."""
        ...


@dataclass(frozen=True)
class Printed:
    """A file as others get it; `size` has `w` and `h` in pixels where it is a picture."""

    octets: bytes
    name: str
    mimetype: str
    size: Mapping[str, int]


class Printer(Protocol):
    """Makes the files that are handed out."""

    def printed(self, effect: HandOut) -> Printed:
        """Return the file; the same effect, the same file."""
        ...


@dataclass(frozen=True)
class CalendarStyle:
    """How meetings are written for calendar programs; by default only when they are."""

    language: str = "en"  # of the title, which is neutral
    zone: str = "UTC"  # named where there is no meeting: a calendar may not be empty
    place: bool = False  # with links and addresses
    alarm: bool = False
    feed: bool = False  # fetched again and again


class Calendars(Protocol):
    """Writes meetings for calendar programs."""

    def name(self, group: GroupId, number: int) -> str:
        """Return the name of a meeting in every calendar; it tells nothing about the group."""
        ...

    def text(self, meetings: Iterable[Meeting], style: CalendarStyle) -> bytes:
        """Return iCalendar; the same meetings give the same octets."""
        ...


class CalendarServer(Protocol):
    """Where facilitators look at their group's calendar. Raises TransientError, PermanentError."""

    async def keep(self, group: str, name: str, text: bytes) -> None:
        """Let the entry of this name be this; `group` is the visible name. A repeat is nothing."""
        ...

    async def drop(self, group: str, name: str) -> None:
        """Take the entry away; that it is gone already is success."""
        ...

    def shows_places(self, group: str) -> bool:
        """Say whether its entries have links and addresses."""
        ...


class Video(Protocol):
    """Where people meet by video, on a server of the operator's."""

    def link(self, visit: Visit) -> str:
        """Return a link for one person, which lets them in for half an hour from now."""
        ...

    async def answers(self) -> bool:
        """Say whether the server answers now."""
        ...


@dataclass(frozen=True)
class Alert:
    """What goes to somebody outside of Matrix: of a case its number, and nothing else.

    `id` is that of its cause, the same for each try: whoever gets it twice can tell.
    """

    id: EffectId
    address: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)  # as people read it; the first is a heading too
    case: str = ""  # C-12
    drill: bool = False
    code: str = field(default="", repr=False)  # to be written to us, to prove the address


class Pager(Protocol):
    """A way to reach somebody outside of Matrix. Its errors name no address."""

    @property
    def way(self) -> str:
        """The name of the way: email, ntfy or webhook."""
        ...

    async def page(self, alert: Alert) -> None:
        """Hand it over to whoever delivers it. Raises TransientError, PermanentError.

        That it was handed over does not tell that anybody has seen it.
        """
        ...

    async def check(self) -> None:
        """Ask whoever delivers, without a word to anybody. Raises as `page`."""
        ...


class Watch(Protocol):
    """The homeserver's own word about rooms and the steward."""

    async def inspect_group(self, group: Group) -> tuple[RoomFacts, ...]:
        """Look at every room of a group. Raises TransientError or PermanentError."""
        ...

    async def inspect_steward(self) -> StewardInspected:
        """Ask which devices and which identity the steward has."""
        ...
