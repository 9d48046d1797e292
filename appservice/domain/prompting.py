"""The time has come to write to somebody unasked: which part of the house looks again."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import PromptDue
from appservice.domain.floor import in_meeting
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.types import CauseId, Prompt


def waking(event: PromptDue, at: datetime) -> Outcome:
    """Look at it then; an earlier wish of the same kind is moved."""
    return Outcome(effects=(Wake(timer(event), at, event),))


def resting(event: PromptDue) -> Outcome:
    """Look at it no more."""
    return Outcome(effects=(Unwake(timer(event)),))


def timer(event: PromptDue) -> str:
    """Name the timer of a prompt; `about` is part of it."""
    return f"{event.what} {event.user} {event.group} {event.about}"


def spread(event: PromptDue, until: datetime, window: timedelta) -> datetime:
    """Return a moment in the window that ends at `until`: for each person another, always it.

    A homeserver sends about forty encrypted messages a second, so that not all come at once.
    """
    digest = sha256(timer(event).encode(errors="surrogatepass")).digest()
    return until - window * (int.from_bytes(digest[:4]) / 2**32)


_Look = Callable[[State, PromptDue, CauseId, datetime], Outcome]
_LOOKS: Mapping[Prompt, _Look] = {
    Prompt.MEETING: in_meeting.due,
}


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Let the part look that has set the timer."""
    look = _LOOKS.get(event.what)
    return NOTHING if look is None else look(state, event, cause, now)
