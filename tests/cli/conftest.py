"""A set-up in a folder, as `init` writes it, and commands as people call them."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from appservice.cli.app import app

INIT = ["init", "--homeserver", "http://127.0.0.1:9", "--server-name", "circle.test", "--yes"]
HERE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Call a command in this process: quick, but errors of ours stay exceptions."""
    monkeypatch.delenv("CIRCLEKEEPER_CONFIG", raising=False)

    def call(*arguments: str, **options: Any) -> Answer:
        result = CliRunner().invoke(app, arguments, **options)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def process() -> Callable[..., Answer]:
    """Call a command as a process of its own, as from a shell."""

    def call(*arguments: str, **options: Any) -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "appservice", *arguments],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **options,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def config(command: Callable[..., Answer], tmp_path: Path) -> Path:
    """The settings of a fresh set-up."""
    assert command(*INIT, "--dir", str(tmp_path / "set-up")).code == 0
    return tmp_path / "set-up" / "circlekeeper.yaml"
