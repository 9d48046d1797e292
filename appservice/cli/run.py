"""`circlekeeper run`: the program itself, until somebody stops it."""

import asyncio
import sys
from typing import Annotated

import structlog
import typer

from appservice.cli.logs import LEVELS, set_up_logs
from appservice.cli.options import DEFAULT_CONFIG, ConfigFile
from appservice.config import Settings


def run(
    config: ConfigFile = DEFAULT_CONFIG,
    log_level: Annotated[
        str, typer.Option(metavar="LEVEL", help=f"One of {', '.join(LEVELS)}.")
    ] = "info",
    *,
    as_json: Annotated[
        bool | None,
        typer.Option("--json/--no-json", help="Log as JSON, as it does off a terminal, or not."),
    ] = None,
) -> None:
    """Bring the database to this version, and serve until SIGTERM or Ctrl-C.

    The log goes to stderr; a line `ready` in it says that everything has started.
    """
    if log_level not in LEVELS:
        raise typer.BadParameter(f"write one of {', '.join(LEVELS)}", param_hint="--log-level")
    settings = Settings.load(config)
    set_up_logs(as_json=not sys.stderr.isatty() if as_json is None else as_json, level=log_level)
    from appservice.main import run as serve  # noqa: PLC0415 - after the log is set up

    log = structlog.get_logger()
    for path in settings.readable_by_others():
        log.warning("secrets_readable_by_others", mend=f"chmod 600 {path}")
    asyncio.run(serve(settings, lambda: log.info("ready", listen=str(settings.listen))))
    log.info("stopped")
