"""Somebody who talks with the keeper, and what they were asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import ClassVar

from appservice.domain.flags.draft import Draft
from appservice.domain.of_member import OfPerson
from appservice.domain.types import (
    EffectId,
    GroupId,
    NameTells,
    RoomId,
    Text,
    UserId,
)


@dataclass(frozen=True)
class Choice:
    """A way to answer: docs/protocol.md, "The keeper's messages"."""

    id: str
    label: Text
    reply: Text


@dataclass(frozen=True)
class Asked:
    """A message of ours that awaits an answer.

    `shown` turns true when the homeserver has sent our own message back to us: only then can a
    bare number that follows in the room be meant for it.
    """

    message: EffectId
    topic: str  # which dialogue asked: gate, leave, contact, ...
    group: GroupId | None
    step: str
    choices: tuple[Choice, ...]
    shown: bool = False
    answered: bool = False  # or taken back: no answer counts any more
    room: RoomId | None = None  # where it was asked
    language: str = "en"
    about: str = ""  # what was said before it, in our words: a time, the name of a group
    poll: EffectId | None = None  # the native poll; it stays open until whoever asked closes it
    most: int = 1  # how many of the choices may be chosen
    voted: bool = False  # an answer to the poll came; a later one takes its place
    flag: Draft | None = None  # that the question belongs to
    at: datetime | None = None  # when it was asked; None: by an older version
    aside: bool = False  # it came in the middle of other questions: no bare number is for it

    @property
    def dialogue(self) -> str:
        """Which dialogue asked it: the first word of its topic."""
        return self.topic.partition(" ")[0]


@dataclass(frozen=True)
class OffDuty:
    """A facilitator's word that they are not there for the group now."""

    since: datetime
    until: datetime | None  # None: until they say that they are back
    away: bool = False  # nothing at all is to reach them


@dataclass(frozen=True)
class Proving:
    """An address for alerts that counts once the code that was sent there has been written.

    `sent`: when codes were sent, of the last day, to whichever address.
    """

    way: str
    address: str = field(repr=False)
    code: str = field(default="", repr=False)  # empty: none is awaited
    sent: tuple[datetime, ...] = ()
    slips: int = 0


@dataclass(frozen=True)
class Person(OfPerson):
    """Somebody who talks with the keeper."""

    user: UserId
    language: str | None = None  # their own word; None: the group's
    country: str | None = None
    chat: RoomId | None = None  # the newest private chat that counts
    greeted: bool = False  # the program sentence was said in this chat
    asked: tuple[Asked, ...] = ()  # newest last, at most eight
    misses: tuple[datetime, ...] = ()  # when codes were tried that open nothing, newest last
    new_identity: str | None = None  # master key of a changed identity that waits for a word
    off: OffDuty | None = None
    trained: Mapping[str, datetime] = field(default_factory=dict)  # item -> when they said so
    name_tells: NameTells = NameTells.NOTHING  # their display name, as the keeper last saw it
    oriented: bool = False  # the tips for newcomers were begun, which is done once in a life
    tips: GroupId | None = None  # the group for which they are still said
    zone: str | None = None  # their own word, an IANA name
    profile_zone: str | None = None  # as their Matrix profile says (m.tz)
    quiet_hours: tuple[time, time] | None = None  # on their own clock; None: as for everybody
    prompts_off: bool = False  # nothing unasked any more
    snoozed: datetime | None = None  # nothing unasked until then
    unasked: tuple[datetime, ...] = ()  # when such messages came, of the last seven days
    pages: tuple[tuple[str, str], ...] = ()  # where else they are alerted: ways and addresses
    proving: Proving | None = None
    kind: ClassVar[str] = "person"
