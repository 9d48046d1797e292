"""Lines of the record of consents: what somebody agreed to or took back, in which words, when."""

from dataclasses import dataclass
from datetime import datetime

from appservice.domain.types import EventId, GroupId, RoomId, UserId

RULES, DATA = "rules", "data"  # the subjects without which nobody is a member


@dataclass(frozen=True)
class Entry:
    """One line. The record is only ever added to; erasing takes the words, never the line.

    The ground rules, the keeping of data and each option are consents of their own, so each has
    its own lines.
    """

    user: UserId
    group: GroupId
    subject: str  # RULES, DATA, or the name of an option
    given: bool  # False: taken back
    at: datetime
    language: str
    statement: str = ""  # the words that were written; empty for what was taken back
    event: EventId | None = None  # of the message with these words
    version: str = ""  # of the rules
    digest: str = ""  # SHA-256 of the rules' canonical text, hex
    age_confirmed: int | None = None  # "N or older", with the rules


@dataclass(frozen=True)
class Erasure:
    """That the words of all lines of somebody go: in one group, or everywhere."""

    user: UserId
    group: GroupId | None = None


@dataclass(frozen=True)
class Oblivion:
    """That everything goes that is kept of somebody: records, timers, work that waits for them.

    An open care case that names them stays until it is closed.
    """

    user: UserId
    chats: tuple[RoomId, ...] = ()  # private chats that the keeper has left
