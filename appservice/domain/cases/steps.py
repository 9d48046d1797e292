"""What is to be done about a case at some moment, and what doing it takes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from appservice.domain.cases.case import Case
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


class At(NamedTuple):
    """A case, and what is known beside it; nobody has asked (`Turn.room` is nowhere)."""

    here: Turn
    group: Group
    case: Case


class Taken(NamedTuple):
    """The case as it is after a step, and what else the step has done."""

    case: Case
    out: Outcome


@dataclass(frozen=True)
class Step:
    """Something that is due at `at`, however late we come: nothing about a case is dropped."""

    name: str  # one of each for a case; what is due again has another name
    at: datetime
    act: Callable[[At], Taken]


Maker = Callable[[At], Iterable[Step]]
