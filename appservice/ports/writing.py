"""What makes messages, files and calendars out of what is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from appservice.domain.effects import HandOut
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.types import EffectId, GroupId


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
