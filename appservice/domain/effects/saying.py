"""What is to be said: messages, polls, files, quotes."""

from dataclasses import dataclass
from enum import StrEnum

from appservice.domain.application import EventIn
from appservice.domain.events import PageFailed
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.person import Choice
from appservice.domain.types import Audience, EffectId, EventId, GroupId, RoomId, Text, UserId


@dataclass(frozen=True)
class Message:
    """A message of the keeper: docs/protocol.md, "The keeper's messages".

    `lines` become paragraphs of the plain text; `parts` name what it contains, in order.
    """

    kind: str
    lines: tuple[Text, ...]
    language: str
    parts: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    group: str | None = None  # the visible name
    step: str | None = None  # "3/7"
    case: str | None = None  # "C-12"
    audience: Audience = Audience.SIGNED


@dataclass(frozen=True)
class Say:
    """Say it in a room where the keeper is."""

    room: RoomId
    message: Message
    id: EffectId | None = None  # named by the rule when an Asked record must know it
    plain: bool = False  # the room is not encrypted; only `help` may be said so
    unheard: PageFailed | None = None  # what happens where it can never be said


@dataclass(frozen=True)
class SayPoll:
    """Say a native poll in a private chat (MSC3381); nobody else sees who answers what there.

    `message` has the choices; its lines are the question. The same stands in plain text in a
    message of its own, for clients without polls.
    """

    room: RoomId
    message: Message
    id: EffectId
    most: int = 1  # how many of the choices may be chosen


@dataclass(frozen=True)
class ClosePoll:
    """End a native poll, so that clients take no more answers; `message` says so in text."""

    room: RoomId
    poll: EffectId
    message: Message


@dataclass(frozen=True)
class OwnData:
    """A file's source: all that is kept about somebody, as JSON."""

    user: UserId


FileSource = OwnData


@dataclass(frozen=True)
class SayFile:
    """Send a file, encrypted, in a room where the keeper is; it is made when its turn comes."""

    room: RoomId
    name: str
    mimetype: str
    source: FileSource
    kind: str  # as of messages: docs/protocol.md


@dataclass(frozen=True)
class Quote:
    """Say in a room, below `message`, what somebody wrote in the private chat.

    The words are fetched and decrypted when they are said, and kept nowhere; yields AnswersQuoted.
    """

    room: RoomId
    message: Message
    user: UserId
    group: GroupId
    answers: tuple[tuple[Text, EventIn | None], ...]  # question, and where the answer stands
    skip: int = 0  # words at the beginning of each that are left out: those of a command
    followed: bool = True  # else nothing follows, and nothing is said once a word is gone
    gone: Text | None = None  # said in place of words that are gone; nothing follows either
    folded: bool = False  # the words open by a tap only, in apps that can do that
    whole: bool = False  # a picture, recording or file is said again as it is; words are not


class Shape(StrEnum):
    """What a join code is handed out as."""

    PICTURE = "picture"  # to scan
    CARD = "card"  # a page to print, with what a newcomer needs


@dataclass(frozen=True)
class JoinCode:
    """A join code as a file, as it is spelled; `country`: whose helplines the card has."""

    code: str
    shape: Shape
    country: str


@dataclass(frozen=True)
class Chart:
    """How many stand for each of several things, as a picture: (label, count), in order."""

    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class MeetingsFile:
    """Meetings as a file for a calendar program (RFC 5545), with a neutral title."""

    meetings: tuple[Meeting, ...]
    place: bool = False  # with links and addresses
    alarm: bool = False


Sheet = JoinCode | Chart | MeetingsFile
"""What can be handed out as a file."""


@dataclass(frozen=True)
class HandOut:
    """Say `message` in a room with a file, which is made and encrypted when its turn comes."""

    room: RoomId
    message: Message
    sheet: Sheet


@dataclass(frozen=True)
class TakeBack:
    """Redact a message of the keeper."""

    room: RoomId
    event: EventId
