"""`circlekeeper case list`: numbers, states and times of cases; no people, and nothing said."""

import asyncio
from typing import Any

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import show
from appservice.config import Settings
from appservice.domain.cases.case import Case
from appservice.domain.group import Group

app = typer.Typer(no_args_is_help=True, help="How cases stand: numbers and states only.")


@app.callback()
def _root() -> None:
    pass


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List the cases that are not erased: number, track, level, state and times."""
    rows = asyncio.run(_rows(Settings.load(config)))
    lines = [
        f"{row['case']:<8} {row['track']:<8} {row['level'] or '-':<6} {row['state']:<13} "
        f"{row['opened'][:16]}  {row['group']}"
        for row in rows
    ]
    show(rows, lines or ["There is no case."], as_json=as_json)


async def _rows(settings: Settings) -> list[dict[str, Any]]:
    from appservice.cli.database import opened  # noqa: PLC0415

    async with opened(settings) as store, store.begin() as work:
        names = {group.id: group.charter.name for group in await work.all(Group)}
        cases = sorted(await work.all(Case), key=lambda case: case.number)
    return [row(case, names.get(case.group, case.group)) for case in cases]


def row(case: Case, group: str) -> dict[str, Any]:
    """Return what an operator may know of a case; times in UTC."""
    return {
        "case": case.name,
        "group": group,
        "track": case.track.value,
        "level": case.level.value if case.level is not None else None,
        "state": case.stage.value,
        "opened": case.opened.isoformat(),
        "since": case.since.isoformat(),
        "closed": case.closed.isoformat() if case.closed is not None else None,
    }
