"""Puts the commands together, and sees to it that every error is one sentence.

Commands import the database and the homeserver's side when they run, so that `--help` is quick.
"""

import os
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from appservice.cli import (
    case,
    check,
    consent,
    device,
    group,
    helplines,
    init,
    member,
    migrate,
    parked,
    run,
    verify,
)
from appservice.cli.logs import described
from appservice.errors import CirclekeeperError

app = typer.Typer(
    name="circlekeeper",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="Peer-support groups in end-to-end encrypted Matrix rooms, joined only by consent.",
)
app.command("init")(init.init)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("migrate")(migrate.migrate)
app.command("replace-device")(device.replace_device)
app.command("verify")(verify.verify)
app.add_typer(case.app, name="case")
app.add_typer(consent.app, name="consent")
app.add_typer(group.app, name="group")
app.add_typer(helplines.app, name="helplines")
app.add_typer(member.app, name="member")
app.add_typer(parked.app, name="parked")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code: 0 done, 1 an error, 2 wrong usage."""
    try:
        app(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        return _failed("stopped")
    except BrokenPipeError:
        # Whoever read our output has gone. Python would complain again at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except BaseException as error:  # noqa: BLE001
        return _failed("\n".join(dict.fromkeys(map(_sentence, _leaves(error)))))
    return 0


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _sentence(error: BaseException) -> str:
    if isinstance(error, CirclekeeperError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return f"an unforeseen fault ({described(error)}); please report these words"


def _failed(text: str) -> int:
    for line in text.splitlines():
        typer.echo(f"circlekeeper: {line}", err=True)
    return 1


def _show_version(*, wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"circlekeeper {version('circlekeeper')}")
        except PackageNotFoundError:
            typer.echo("circlekeeper (not installed)")
        raise typer.Exit


@app.callback()
def _root(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=lambda wanted: _show_version(wanted=wanted)
        ),
    ] = False,
) -> None:
    pass
