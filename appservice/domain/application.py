"""Join codes, and somebody on their way into a group by one."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from appservice.domain.of_member import OfGroup, OfMember
from appservice.domain.types import (
    EventId,
    GroupId,
    RoomId,
    UserId,
)


@dataclass(frozen=True)
class Code(OfGroup):
    """A join code; the record is found by the code itself, folded."""

    code: str  # folded (gate/codes.py), so that every way to spell it finds it
    group: GroupId
    created: datetime
    spelled: str = ""  # as it was handed out: WILLOW-7Q4K
    trusted: bool = False  # the operator's first: whoever has it needs no approval
    expires: datetime | None = None
    uses: int | None = None  # how many people it lets in; None: any number
    used: int = 0  # people who came in by it, and those on their way
    revoked: bool = False
    kind: ClassVar[str] = "code"

    @property
    def key(self) -> str:
        return self.code


@dataclass(frozen=True)
class EventIn:
    """An event, and the room where it stands."""

    room: RoomId
    event: EventId


@dataclass(frozen=True)
class Waiting:
    """Somebody who has passed the gate waits for the facilitators' word, or for a place."""

    number: int  # by which facilitators name them; given once in a group
    since: datetime
    listed: bool = False  # on the list for a place
    reminded: bool = False  # the facilitators were, that nobody has decided


@dataclass(frozen=True)
class Application(OfMember):
    """Somebody on their way in; deleted when done, stopped, declined, or after seven days.

    Who waits for a word or a place is kept longer, until somebody decides (gate/waiting.py).
    """

    user: UserId
    group: GroupId
    step: int  # 0: no cross-signed device yet; 1 to 6: the gate; 7: is asked; 8: waits
    language: str
    started: datetime
    expires: datetime
    rules_agreed: EventId | None = None  # the statement of step 5
    rules_version: str = ""  # of the rules that were shown so far
    code: str = ""  # the folded code that holds a place for them
    revoked: bool = False  # that code was taken back: their next answer is the last
    trusted: bool = False  # no approval is asked for: by their code, or since they come back
    accepted: bool = False  # by facilitators, before the rules changed
    data_agreed: EventId | None = None  # the statement of step 6
    agreed: datetime | None = None  # when it was written
    answers: tuple[EventIn | None, ...] = ()  # to the facilitators' questions; None: skipped
    quotes: tuple[EventIn, ...] = ()  # where the keeper has quoted them
    waiting: Waiting | None = None
    name_told: bool = False  # that their display name tells who they are
    since: str = ""  # the version agreed to before, of who comes back: their way is shorter
    kind: ClassVar[str] = "application"
