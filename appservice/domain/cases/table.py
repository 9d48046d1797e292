"""The one table of what may follow what in a case; docs/cases.svg is drawn from it."""

from dataclasses import dataclass
from enum import StrEnum

from appservice.domain.cases.case import Stage


class Act(StrEnum):
    """What somebody does about a case."""

    CLAIM = "claim"
    RELEASE = "release"
    TAKE_OVER = "take_over"
    CONTACT = "contact"
    WATCH = "watch"
    ESCALATE = "escalate"
    HAND_OVER = "hand_over"
    CONFIRM = "confirm"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    DEBRIEF = "debrief"
    ERASE = "erase"


class By(StrEnum):
    """Who does it."""

    ANYBODY = "anybody"  # who may see the case and is not named in it
    OWNER = "owner"
    CLOCK = "clock"
    MEMBER = "member"  # whom alone it is about, and who is forgotten


@dataclass(frozen=True)
class Move:
    """From any of some stages an act leads to one."""

    act: Act
    before: tuple[Stage, ...]
    after: Stage
    by: By


HELD = (
    Stage.CLAIMED,
    Stage.IN_CONTACT,
    Stage.WATCHING,
    Stage.ESCALATED,
    Stage.HANDED_OVER,
    Stage.FOLLOWING_UP,
)
"""Somebody has it, and it is not over."""

OVER = (Stage.CLOSED, Stage.DEBRIEFED)

MOVES = (
    Move(Act.CLAIM, (Stage.RECEIVED,), Stage.CLAIMED, By.ANYBODY),
    Move(Act.RELEASE, HELD, Stage.RECEIVED, By.OWNER),
    Move(Act.RELEASE, HELD, Stage.RECEIVED, By.CLOCK),
    Move(Act.TAKE_OVER, HELD, Stage.CLAIMED, By.ANYBODY),
    Move(Act.CONTACT, HELD, Stage.IN_CONTACT, By.OWNER),
    Move(Act.WATCH, HELD, Stage.WATCHING, By.OWNER),
    Move(Act.ESCALATE, HELD, Stage.ESCALATED, By.OWNER),
    Move(Act.HAND_OVER, HELD, Stage.HANDED_OVER, By.OWNER),
    Move(Act.CONFIRM, (Stage.HANDED_OVER,), Stage.FOLLOWING_UP, By.OWNER),
    Move(Act.FOLLOW_UP, HELD, Stage.FOLLOWING_UP, By.OWNER),
    Move(Act.CLOSE, HELD, Stage.CLOSED, By.OWNER),
    Move(Act.CLOSE, (Stage.RECEIVED, *HELD), Stage.CLOSED, By.MEMBER),
    Move(Act.DEBRIEF, (Stage.CLOSED,), Stage.DEBRIEFED, By.ANYBODY),
    Move(Act.ERASE, OVER, Stage.ERASED, By.CLOCK),
)


def moved(stage: Stage, act: Act, by: By) -> Stage | None:
    """Return where an act leads from a stage; None if it does not go from there."""
    found = (m.after for m in MOVES if m.act is act and m.by is by and stage in m.before)
    return next(found, None)
