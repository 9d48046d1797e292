"""How far what somebody has raised has come: three words, and nothing of anybody else."""

from collections.abc import Iterable

from appservice.domain.cases.case import Case, Stage
from appservice.domain.types import Text, UserId

_STATES = {
    "received": Text("flag-state-received"),
    "looked after": Text("flag-state-looked-after"),
    "closed": Text("flag-state-closed"),
}


def raised_by(user: UserId, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the cases that somebody has raised, by their numbers."""
    return tuple(sorted((c for c in cases if c.reporter == user), key=lambda c: c.number))


def state_of(case: Case) -> str:
    """Name it: received, looked after, or closed."""
    if not case.is_open:
        return "closed"
    return "received" if case.stage is Stage.RECEIVED else "looked after"


def told(case: Case) -> Text:
    """Say it to whoever has raised it."""
    values = {"case": case.name, "date": f"{case.opened:%Y-%m-%d}"}
    return Text("flag-how-far", {**values, "state": _STATES[state_of(case)]})
