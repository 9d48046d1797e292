"""The homeserver loses the transactions with our own messages: answers count all the same."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crash.story import STEPS, World, ask_to_join, right_answer
from tests.support.forked import HandClock
from tests.support.living import Living
from tests.support.stub_homeserver import StubHomeserver

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Everything up to the first question; from then on no message of ours comes back."""
    clock = HandClock(tmp_path / "clock", BEGIN)
    async with StubHomeserver(clock) as stub:
        (tmp_path / "circlekeeper").mkdir()
        living = Living(stub, tmp_path / "circlekeeper", clock)
        living.install(limits={"key_fetch_seconds": 3600})  # nor does anybody look for it
        world = World(stub, living)
        living.launch()
        try:
            for step in STEPS[: STEPS.index(ask_to_join)]:
                await step(world)
                await world.settle()
            keeper = f"@keeper:{stub.server_name}"
            stub.pusher.loses = lambda event: event["sender"] == keeper
            await ask_to_join(world)
            yield world
        finally:
            for member in world.members.values():
                await member.stop()
            await living.stop()


async def test_every_answer_counts_though_no_question_came_back(world: World) -> None:
    for step in STEPS[STEPS.index(ask_to_join) + 1 :]:
        await step(world)


async def test_a_number_said_twice_at_once_answers_one_question(world: World) -> None:
    ada = world.walkers["ada"]
    question = await ada.ask("yes", "question")
    right = right_answer(world, question.keeper["step"])
    for _ in range(2):
        await ada.say(right)  # the second one stands before the question that follows the first
    assert (await ada.hear()).keeper["step"] == "3/7"
    await ada.hear_nothing_more()
    assert [line.kind for line in ada.heard[-3:]] == ["question", "question", "program"]
