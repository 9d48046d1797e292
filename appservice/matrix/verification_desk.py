"""What `run` and the operator's terminal tell each other about verifications: two sealed facts.

They are two processes that share the database only. `run` writes which emoji its verifications
show, the terminal writes what a human said about them. No secret is in either.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from appservice.ports import Work

SHOWN = "verifications"
SAID = "verifications said"


class Stage(StrEnum):
    """How far a verification is, for the operator."""

    COMPARING = "comparing"  # the emoji are shown, the person has not said yet
    TAKEN = "taken"  # the person found them equal; the operator has not said
    CONFIRMED = "confirmed"  # the operator found them equal; the person has not said
    VERIFIED = "verified"  # both found them equal
    REFUSED = "refused"  # the operator found them different, or one side gave up


@dataclass(frozen=True)
class Shown:
    """A verification as the operator sees it; `emoji`: numbers, `until`: ms since 1970."""

    id: str
    user: str
    emoji: tuple[int, ...]
    stage: Stage
    until: int


async def write_shown(work: Work, shown: Sequence[Shown]) -> None:
    """Tell the terminal what is shown now, in place of what was."""
    await work.keep_fact(SHOWN, json.dumps([asdict(one) for one in shown]).encode())


async def read_shown(work: Work, now_ms: int) -> list[Shown]:
    """Return what is shown, oldest first, without what is over by the clock."""
    rows = json.loads(await work.fact(SHOWN) or b"[]")
    found = [
        Shown(**{**row, "emoji": tuple(row["emoji"]), "stage": Stage(row["stage"])})
        for row in rows
    ]
    return [one for one in found if now_ms < one.until]


async def write_said(work: Work, id_: str, *, same: bool) -> None:
    """Tell `run` whether a human found the emoji of a verification equal."""
    said = json.loads(await work.fact(SAID) or b"{}")
    await work.keep_fact(SAID, json.dumps({**said, id_: same}).encode())


async def take_said(work: Work) -> Mapping[str, bool]:
    """Return what was said since the last time, by the id of the verification."""
    said: dict[str, bool] = json.loads(await work.fact(SAID) or b"{}")
    if said:
        await work.keep_fact(SAID, b"{}")
    return said
