"""How commands speak: data on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Iterable
from typing import Any

import typer

from appservice.errors import CirclekeeperError

_ANSWERS = {"y": True, "yes": True, "n": False, "no": False}


def show(data: Any, lines: Iterable[str], *, as_json: bool) -> None:
    """Print `data` as JSON, or else `lines` for people."""
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for line in lines:
            typer.echo(line)


def note(text: str) -> None:
    """Tell the person in front of the terminal."""
    typer.echo(text, err=True)


def asked(question: str, if_nobody: str) -> bool:
    """Ask until it is y or n; on stderr, since stdout is for data."""
    while True:
        typer.echo(f"{question} [y/n] ", nl=False, err=True)
        answer = sys.stdin.readline()
        if not answer:
            raise CirclekeeperError(f"nobody answered; {if_nobody}")
        if answer.strip().lower() in _ANSWERS:
            return _ANSWERS[answer.strip().lower()]


class Progress:
    """A line on stderr that changes while somebody waits; silent where nobody looks."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._length = 0

    def say(self, text: str) -> None:
        if self._shown:
            typer.echo("\r" + text.ljust(self._length), nl=False, err=True)
            self._length = len(text)

    def end(self) -> None:
        if self._shown and self._length:
            typer.echo("\r" + " " * self._length + "\r", nl=False, err=True)
