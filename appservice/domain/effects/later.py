"""What is to be looked at later, and by the operator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from appservice.domain.events import (
    ApplicantDue,
    ApplicationExpired,
    CaseDue,
    DeclineEnded,
    DutyDue,
    GraceEnded,
    GroupDue,
    LifetimeDue,
    MeetingDue,
    NewcomerDue,
    OfferExpired,
    PauseEnded,
    PromptDue,
    RatificationDue,
    RenewalDue,
    RetentionEnded,
    SweepDue,
    TipDue,
)
from appservice.domain.types import Text


@dataclass(frozen=True)
class Wake:
    """Let `event` happen at `due`; the same key again moves it, `Forget` drops it."""

    key: str
    due: datetime
    event: (
        ApplicantDue
        | ApplicationExpired
        | GraceEnded
        | RenewalDue
        | RatificationDue
        | OfferExpired
        | DutyDue
        | GroupDue
        | RetentionEnded
        | SweepDue
        | LifetimeDue
        | PauseEnded
        | DeclineEnded
        | TipDue
        | NewcomerDue
        | MeetingDue
        | PromptDue
        | CaseDue
    )


@dataclass(frozen=True)
class Unwake:
    """Forget a timer."""

    key: str


@dataclass(frozen=True)
class TellOperator:
    """Write to the operators' log (and to the operator's private chat, if there is one)."""

    text: Text
    facts: Mapping[str, str] = field(default_factory=dict)  # ids only, no content
