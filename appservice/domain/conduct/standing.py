"""What was decided about somebody's conduct: steps of one ladder, as codes and moments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from appservice.domain.of_member import OfMember
from appservice.domain.types import GroupId, UserId, derive

LAPSES = timedelta(days=90)


class Rung(StrEnum):
    """The steps of the ladder, from the mildest up."""

    TALK = "talk"
    REMINDER = "reminder"
    FIRST = "warning_1"
    SECOND = "warning_2"
    PAUSE = "pause"
    REMOVAL = "removal"


LADDER = tuple(Rung)


class Verdict(StrEnum):
    """What somebody who was not involved says to an appeal."""

    UPHOLD = "uphold"  # it stays
    CHANGE = "change"  # a milder step is enough
    LIFT = "lift"  # it is as if it had not been


@dataclass(frozen=True)
class Measure:
    """A step that was taken. Who took it stands there by a name that leads nowhere else."""

    number: int  # given once in a group
    rung: Rung
    rule: int  # its number then
    at: datetime
    by: str
    second: str = ""  # empty: one person was enough
    skipped: bool = False  # steps were left out, for serious harm
    until: datetime | None = None  # of a pause
    ended: datetime | None = None  # of a pause that is over
    verdict: Verdict | None = None  # of an appeal

    def counts(self, now: datetime) -> bool:
        """Say whether it is on the ladder still."""
        return self.verdict is not Verdict.LIFT and now < self.at + LAPSES


@dataclass(frozen=True)
class Standing(OfMember):
    """The steps that were taken about somebody, of the last ninety days, oldest first."""

    user: UserId
    group: GroupId
    measures: tuple[Measure, ...] = ()
    kind: ClassVar[str] = "standing"

    def highest(self, now: datetime) -> Rung | None:
        """Return the highest step that counts."""
        rungs = [one.rung for one in self.measures if one.counts(now)]
        return max(rungs, key=LADDER.index, default=None)

    @property
    def newest(self) -> int:
        """Return the number of the newest measure; 0: there is none."""
        return max((one.number for one in self.measures), default=0)

    @property
    def pause(self) -> Measure | None:
        """Return the pause that has not ended."""
        return next((one for one in self.measures if one.until and one.ended is None), None)


def alias(group: GroupId, user: UserId) -> str:
    """Name whoever decided, so that they are known again and found nowhere."""
    return derive("decided", group, user)[:12]


def is_next(rung: Rung, highest: Rung | None) -> bool:
    """Say whether a step leaves none out: it is the next one, or not above what was taken."""
    reached = -1 if highest is None else LADDER.index(highest)
    return LADDER.index(rung) <= reached + 1


def warning_after(highest: Rung | None) -> Rung:
    """Return which of the two warnings a warning would be."""
    at_least_one = highest is not None and LADDER.index(highest) >= LADDER.index(Rung.FIRST)
    return Rung.SECOND if at_least_one else Rung.FIRST
