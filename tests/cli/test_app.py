"""How commands end: one sentence, the right code, and never a traceback."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from appservice.cli import app as module
from appservice.errors import ConfigurationError
from tests.cli.conftest import HERE

COMMANDS = [
    ("run",),
    ("migrate",),
    ("group", "list"),
    ("group", "show", "WILLOW"),
    ("parked", "list"),
    ("parked", "retry", "x"),
    ("parked", "drop", "x"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_without_settings_every_command_says_so_in_a_sentence(process, tmp_path, arguments):
    answer = process(*arguments, "--config", str(tmp_path / "none.yaml"))
    assert answer.code == 1
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert "circlekeeper init" in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("group", "nonsense"),
        ("group", "show"),
        ("run", "--nonsense"),
        ("run", "--log-level", "loud"),
        ("parked", "retry"),
        ("group", "new", "--size", "huge"),
        ("init", "--yes"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_two(process, arguments):
    answer = process(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert "Traceback" not in answer.err


def test_the_settings_may_come_from_the_environment(process, tmp_path):
    environment = os.environ | {"CIRCLEKEEPER_CONFIG": str(tmp_path / "elsewhere.yaml")}
    assert "elsewhere.yaml" in process("migrate", env=environment).err


def test_version(process):
    answer = process("--version")
    assert answer.code == 0
    assert answer.out.startswith("circlekeeper ")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConfigurationError("one\ntwo"), ["circlekeeper: one", "circlekeeper: two"]),
        (PermissionError(13, "Permission denied", "/x"), ["circlekeeper: /x: Permission denied"]),
        (KeyboardInterrupt(), ["circlekeeper: stopped"]),
        (
            ExceptionGroup("g", [ConfigurationError("a"), ExceptionGroup("h", [OSError(5, "b")])]),
            ["circlekeeper: a", "circlekeeper: b"],
        ),
    ],
)
def test_errors_are_sentences(monkeypatch, capsys, error, told):
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(module, "app", fail)
    assert module.main([]) == 1
    captured = capsys.readouterr()
    assert captured.err.splitlines() == told
    assert captured.out == ""


def test_a_fault_of_ours_shows_where_but_not_what(monkeypatch, capsys):
    def fail(_: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr(module, "app", fail)
    assert module.main([]) == 1
    told = capsys.readouterr().err
    assert "RuntimeError at test_app.py:" in told
    assert "canary" not in told


def test_a_reader_that_has_gone_is_no_traceback(config):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "appservice", "--help"],
        cwd=HERE,
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 1
    assert done.stderr == b""


def test_ctrl_c_at_a_question_is_no_traceback(tmp_path):
    asking = subprocess.Popen(
        [sys.executable, "-m", "appservice", "init", "--dir", str(tmp_path)],
        cwd=HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert asking.stderr.read(14) == b"The homeserver", "it asks"
    asking.send_signal(signal.SIGINT)
    out, err = asking.communicate(timeout=30)
    assert asking.returncode in (1, 130)
    assert out == b""
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_run_says_that_its_address_is_taken(process, config):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = os.environ | {"CIRCLEKEEPER__LISTEN": f"127.0.0.1:{port}"}
        answer = process("run", "--config", str(config), env=environment)
    assert answer.code == 1
    assert f"127.0.0.1:{port}" in answer.err
    assert "Traceback" not in answer.err
