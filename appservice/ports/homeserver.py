"""The homeserver, as the workers and those who look after rooms need it."""

from dataclasses import dataclass
from typing import Protocol

from appservice.domain.events import Event, RoomFacts, StewardInspected
from appservice.domain.group import Group
from appservice.domain.types import EventId, UserId
from appservice.ports.rows import Arrival, Json, Posting


@dataclass(frozen=True)
class Performed:
    """What came of an effect: the event it became, and what happened in consequence.

    `missed`: Matrix events that no transaction brings, since we were not in the room yet.
    """

    event: EventId | None = None
    happened: tuple[Event, ...] = ()
    missed: tuple[Json, ...] = ()


@dataclass(frozen=True)
class Translated:
    """A Matrix event in our words: nothing, events, or a wish to see it again later."""

    events: tuple[Event, ...] = ()
    waits_for: str | None = (
        None  # a Megolm session whose key, or a room whose look, is not here yet
    )


class Homeserver(Protocol):
    """The homeserver as the workers need it. Raises TransientError or PermanentError."""

    async def translate(self, arrival: Arrival) -> Translated:
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


class Watch(Protocol):
    """The homeserver's own word about rooms and the steward."""

    async def inspect_group(self, group: Group) -> tuple[RoomFacts, ...]:
        """Look at every room of a group. Raises TransientError or PermanentError."""
        ...

    async def inspect_steward(self) -> StewardInspected:
        """Ask which devices and which identity the steward has."""
        ...
