"""What is to be done about one occurrence of a meeting, and when: small steps, each once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting, Progress
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


@dataclass(frozen=True)
class At:
    """Where we stand when a step is taken: nobody has spoken, and everything is said elsewhere."""

    here: Turn
    group: Group
    occurrence: Occurrence
    progress: Progress

    @property
    def meeting(self) -> Meeting:
        return self.occurrence.meeting


Act: TypeAlias = Callable[[At], Outcome]


@dataclass(frozen=True)
class Step:
    """Taken once, at `at` or as soon as we can; at `until` and after it is too late, and dropped.

    What it changes of the progress it puts; of the group's record it changes nothing.
    """

    name: str  # unique within an occurrence
    at: datetime
    until: datetime
    act: Act


Maker: TypeAlias = Callable[[Group, Occurrence], Iterable[Step]]
