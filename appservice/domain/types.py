"""The small words that all of the domain is made of."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol, TypeAlias

UserId = NewType("UserId", str)
RoomId = NewType("RoomId", str)
EventId = NewType("EventId", str)
GroupId = NewType("GroupId", str)  # 26 characters, derived from the cause that founded the group
CauseId = NewType("CauseId", str)  # what an inbox row is about: an event id, a timer's key, ...
EffectId = NewType("EffectId", str)  # 26 characters; also the Matrix transaction id


def derive(*parts: str) -> str:
    """Make a name of 26 characters [a-z2-7] out of what caused a thing; same parts, same name."""
    digest = hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).digest()
    return base64.b32encode(digest)[:26].decode().lower()


def effect_id(cause: CauseId, index: int) -> EffectId:
    """Name the `index`-th effect that follows from `cause`."""
    return EffectId(derive("effect", cause, str(index)))


class RoomKind(StrEnum):
    """The kinds of rooms that exist so far (docs/rooms.md)."""

    CIRCLE = "circle"
    NOTICEBOARD = "noticeboard"
    FACILITATORS = "facilitators"
    CHAT = "chat"
    CONTACT = "contact"  # a facilitator and one member; the keeper is never in it
    CASE = "case"  # the facilitators of one case, and the keeper


class Size(StrEnum):
    """How much of a house a group gets (small: circle and private chats only)."""

    SMALL = "small"
    STANDARD = "standard"


class Matter(StrEnum):
    """What of a group is to be looked at again at some time."""

    QUIET = "quiet"  # it may begin again
    CLOSING = "closing"
    REVIEW = "review"
    SPLIT = "split"  # its members are to be asked
    POLLS = "polls"  # votes that close, or of which people are reminded
    CHECKINS = "checkins"
    FEEDBACK = "feedback"
    DONE = "done"  # "you said, we did"
    SHELF = "shelf"  # resources that are out of date
    THEMES = "themes"
    BUDDIES = "buddies"
    TIMES = "times"  # a time that is being looked for
    JOINT = "joint"  # a session with another group
    FLOOR = "floor"  # who speaks in a meeting that is over
    RED_PAGING = "red_paging"  # whether that promise can still be kept
    CONDUCT = "conduct"  # steps of the ladder, and all that waits there
    QUESTIONS = "questions"  # without a name, that nobody has decided about
    PLAN = "plan"  # the crisis plan: its review, its drill, names under it
    POSTVENTION = "postvention"  # after a death: looks at those who are left


class Prompt(StrEnum):
    """What somebody is to be written to about, unasked."""

    REMINDER = "reminder"
    MISSED = "missed"  # a note to who was not there and asked for one
    CHECKIN = "checkin"
    DIGEST = "digest"
    FEEDBACK = "feedback"
    POLL = "poll"
    BUDDY = "buddy"
    THEME = "theme"  # of the week
    MEETING = "meeting"  # that goes on, and in which they take part
    TIMES = "times"
    JOINT = "joint"
    LIMITS = "limits"  # what their group is not
    NEWS = "news"  # that a meeting is new, moved, or called off
    REST = "rest"  # to a facilitator, after hard days
    LOSS = "loss"  # after a death in the group: what helps


class Role(StrEnum):
    """What a member of a group may do; each includes the ones before it."""

    MEMBER = "member"
    FACILITATOR = "facilitator"


class Audience(StrEnum):
    """Which of the readers' devices are given the key of a message."""

    SIGNED = "signed"  # personal: devices that their owner has cross-signed
    ALL = "all"  # generic: help, first steps, how to verify


class Assurance(StrEnum):
    """How sure we are that a message comes from its sender's own hand."""

    SIGNED = "signed"  # encrypted, by a device that its owner has cross-signed
    UNSIGNED = "unsigned"  # encrypted, by a device nobody has vouched for
    PLAIN = "plain"  # not encrypted: the homeserver could have written it


class NameTells(StrEnum):
    """What somebody's display name looks like; the name itself is not for us to know."""

    NOTHING = ""
    EMAIL = "email"
    PHONE = "phone"
    FULL = "full"  # a first and a last name


class Form(StrEnum):
    """What a message is, before anybody asks what it says."""

    TEXT = "text"
    EDIT = "edit"
    MEDIA = "media"  # picture, voice, video, file, sticker, place
    TOO_LONG = "too_long"
    OTHER = "other"  # reactions, polls of others, unknown types


@dataclass(frozen=True)
class Text:
    """A sentence by its key in the catalogue, with what fills its places.

    A value that is itself a Text is rendered in the same language; a tuple of Texts becomes lines.
    The key `verbatim` says its value `text` as it is (charters and rules are people's own words).
    """

    key: str
    values: "Mapping[str, Value]" = field(default_factory=dict)


@dataclass(frozen=True)
class Moment:
    """A moment as somebody is told it: on the clocks of a zone, in the language of the text."""

    at: datetime  # aware
    zone: str  # IANA name
    short: bool = False  # without the year, the zone and UTC


Value: TypeAlias = str | int | Text | Moment | tuple[Text, ...]
Values: TypeAlias = Mapping[str, Value]


def verbatim(words: str) -> Text:
    """Words that people wrote themselves and that no catalogue holds."""
    return Text("verbatim", {"text": words})


class Words(Protocol):
    """The catalogue as the domain needs it: immutable data, read only."""

    def say(self, text: Text, language: str) -> str:
        """Render a text in a language (or in English, where that language lacks it)."""
        ...

    def command(self, text: str, language: str) -> tuple[str, str] | None:
        """Split `text` into (command id, rest) if it begins with a command word.

        Command words of `language` and of English count, in any case, with surrounding marks and
        white space ignored; `help` counts in every shipped language.
        """
        ...

    def near(self, text: str, language: str) -> str | None:
        """Return the word of the command that a short text, or one behind a `!`, nearly is."""
        ...

    def synonyms(self, choice: str, language: str) -> frozenset[str]:
        """Return the common words for a choice id (`yes`: yes, y, yeah, ...), folded."""
        ...

    def languages(self) -> tuple[str, ...]:
        """Return the shipped languages as BCP 47 tags (`en`, `de`)."""
        ...
