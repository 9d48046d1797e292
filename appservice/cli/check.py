"""`circlekeeper check`: tries each step, and says how to mend what is wrong."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import show
from appservice.config import Settings
from appservice.errors import ConfigurationError
from appservice.matrix.findings import Check, Status, fail, ok

if TYPE_CHECKING:
    from pathlib import Path


def check(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Try each step, and say how to mend what is wrong; exit 1 if anything fails.

    It changes nothing, and may be called while `run` runs and while it does not.
    """
    checks = _examine(config)
    show(
        [
            {"name": one.name, "status": one.status, "detail": one.detail, "mend": one.mend}
            for one in checks
        ],
        _lines(checks),
        as_json=as_json,
    )
    if any(one.status is Status.FAIL for one in checks):
        raise typer.Exit(1)


def _examine(config: "Path") -> list[Check]:
    try:
        settings = Settings.load(config)
    except ConfigurationError as error:
        mend = "correct the file, or write another with circlekeeper init"
        return [fail("settings", fault, mend) for fault in str(error).splitlines()]
    from appservice.cli.examination import examine  # noqa: PLC0415

    return [ok("settings", f"{config} can be used"), *asyncio.run(examine(settings))]


def _lines(checks: Iterable[Check]) -> Iterable[str]:
    for one in checks:
        yield f"{one.status.value:<4}  {one.name}: {one.detail}"
        if one.mend:
            yield f"      mend: {one.mend}"
