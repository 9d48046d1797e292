"""`circlekeeper verify`: what an operator sees, says and is told; a thread stands in for `run`."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from appservice.cli.database import opened
from appservice.clock import SystemClock, milliseconds
from appservice.config import Settings
from appservice.errors import CirclekeeperError
from appservice.matrix.verification_desk import Shown, Stage, take_said, write_shown
from tests.cli.conftest import Answer

EMOJI = (0, 1, 21, 36, 63, 5, 5)
Command = Callable[..., Answer]


def shown(stage: Stage = Stage.COMPARING, user: str = "@ada:circle.test") -> Shown:
    until = milliseconds(SystemClock().now()) + 60_000
    return Shown(f"of {user}", user, EMOJI, stage, until)


async def shows(config: Path, *verifications: Shown) -> None:
    async with opened(Settings.load(config)) as store, store.begin() as work:
        await write_shown(work, verifications)


async def answers(config: Path, said: list[bool], *stages: Stage) -> None:
    """Wait for the operator's word, then go through these stages."""
    async with opened(Settings.load(config)) as store:
        word: dict[str, bool] = {}
        while not word:
            async with store.begin() as work:
                word = dict(await take_said(work))
            await asyncio.sleep(0.02)
        said += word.values()
        for stage in stages:
            async with store.begin() as work:
                await write_shown(work, [shown(stage)])
            await asyncio.sleep(0.02)


@contextmanager
def running(config: Path, *stages: Stage) -> Iterator[list[bool]]:
    """`run`, as far as this command sees it; what the operator said."""
    said: list[bool] = []
    thread = Thread(target=asyncio.run, args=(answers(config, said, *stages),), daemon=True)
    thread.start()
    yield said
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def config(config: Path, command: Command) -> Path:
    assert command("migrate", "--config", str(config)).code == 0
    return config


def test_an_operator_confirms(config: Path, command: Command) -> None:
    asyncio.run(shows(config, shown()))
    with running(config, Stage.CONFIRMED, Stage.VERIFIED) as said:
        answer = command("verify", "--config", str(config), "--json", input="what\ny\n")
    assert said == [True]
    assert answer.code == 0
    assert answer.data["user"] == "@ada:circle.test"
    assert answer.data["stage"] == "verified"
    assert answer.data["emoji"][3] == {"symbol": "👍", "en": "Thumbs Up", "de": "Daumen Hoch"}
    assert "Cloud / Wolke" in answer.err
    assert answer.err.count("[y/n]") == 2


@pytest.mark.parametrize(
    ("word", "before", "after", "told"),
    [
        ("n", Stage.COMPARING, Stage.REFUSED, "cancelled on both sides"),
        ("n", Stage.TAKEN, Stage.REFUSED, "ask them to take that back"),
        ("y", Stage.COMPARING, Stage.REFUSED, "nothing is confirmed"),
    ],
)
def test_nothing_is_confirmed(
    config: Path, command: Command, word: str, before: Stage, after: Stage, told: str
) -> None:
    asyncio.run(shows(config, shown(before)))
    with running(config, after) as said, pytest.raises(CirclekeeperError, match=told):
        command("verify", "--config", str(config), input=f"{word}\n")
    assert said == [word == "y"]


def test_it_takes_the_one_who_is_asked_for(config: Path, command: Command) -> None:
    eve = shown(user="@eve:circle.test")
    over = replace(shown(Stage.REFUSED), id="over")
    asyncio.run(shows(config, eve, over, shown()))
    with running(config, Stage.VERIFIED) as said:
        whose = ("--user", "@ada:circle.test")
        answer = command("verify", *whose, "--config", str(config), input="yes\n")
    assert said == [True]
    assert answer.out == "@ada:circle.test is verified.\n"
    assert "@eve" not in answer.err


def test_nobody_has_begun(config: Path, command: Command) -> None:
    late = replace(shown(), until=milliseconds(SystemClock().now()))
    asyncio.run(shows(config, late))
    with pytest.raises(CirclekeeperError, match="nobody has emoji to compare"):
        command("verify", "--wait", "0", "--config", str(config))


def test_run_is_not_there(config: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appservice.cli.verify._TAKEN_WITHIN", 0.0)
    asyncio.run(shows(config, shown()))
    with pytest.raises(CirclekeeperError, match="is it running"):
        command("verify", "--config", str(config), input="y\n")


def test_nobody_answers(config: Path, command: Command) -> None:
    asyncio.run(shows(config, shown()))
    with pytest.raises(CirclekeeperError, match="nothing is confirmed"):
        command("verify", "--config", str(config), input="")


def test_a_name_that_is_none_is_wrong_usage(config: Path, command: Command) -> None:
    answer = command("verify", "--user", "ada", "--config", str(config))
    assert answer.code == 2
    assert "is not a Matrix user id" in answer.err
