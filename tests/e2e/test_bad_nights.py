"""Help and patience when something of ours is down: the database, the disk, the add-on itself."""

import asyncio
import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import Begin, Enter
from tests.e2e.test_road import found, walk_in
from tests.support.element import Element, ElementClient
from tests.support.installation import Installation
from tests.support.postgres import Postgres
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
HELP_SECONDS = 2.0


async def help_takes(walker: Walker) -> float:
    """Seconds from sending `help` until the answer stands decrypted in the member's client."""
    begin = time.monotonic()
    await walker.ask("help", "help", timeout=10)
    return time.monotonic() - begin


async def log_in(house: Installation, element: Element, name: str) -> ElementClient:
    account = await house.synapse.register_user(name)
    return await element.login(house.synapse.url, account.user_id, account.password)


async def test_help_comes_in_two_seconds(house: Installation, enter: Enter) -> None:
    ada = await Walker.meet(await enter("ada"), house.keeper)
    first, second = await help_takes(ada), await help_takes(ada)
    assert max(first, second) < HELP_SECONDS


async def test_help_comes_while_postgresql_hangs_and_nothing_is_said_twice(
    begin: Begin,
    element: Element,
    postgres_server: Postgres,
    postgres_url: str,
) -> None:
    url = postgres_url.replace("+asyncpg", "")
    house = await begin(settings={"database": url})
    group = await found(house)
    ada = await Walker.meet(await log_in(house, element, "ada"), house.keeper)
    question = await ada.ask(f"join {group['code']}")
    await ada.hear_nothing_more()
    postgres_server.freeze()
    try:
        assert await help_takes(ada) < HELP_SECONDS
        await ada.say(question.keeper["choices"][0]["reply"])
    finally:
        postgres_server.thaw()
    assert (await ada.hear("question", timeout=30)).keeper["step"] == "2/7"
    await ada.hear_nothing_more()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small tmpfs needs root")
async def test_help_comes_on_a_full_disk(begin: Begin, element: Element, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(small)], check=True)  # noqa: ASYNC221
    try:
        house = await begin(
            settings={
                "database": f"sqlite:///{small}/circlekeeper.db",
                "files": {"journal": str(small / "journal")},
            }
        )
        group = await found(house)
        ada = await Walker.meet(await log_in(house, element, "ada"), house.keeper)
        question = await ada.ask(f"join {group['code']}")
        await ada.hear_nothing_more()
        fill(small / "filler")
        assert await help_takes(ada) < HELP_SECONDS
        assert await help_takes(ada) < HELP_SECONDS
        await ada.say(question.keeper["choices"][0]["reply"])
        (small / "filler").unlink()
        assert (await ada.hear("question", timeout=60)).keeper["step"] == "2/7"
        await house.stop()
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)  # noqa: ASYNC221


def fill(file: Path) -> None:
    """Write until not a byte more fits."""
    with file.open("wb", buffering=0) as filler:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    filler.write(b"\0" * size)
            except OSError:
                continue


async def test_first_message_written_while_the_add_on_is_down_is_answered_at_its_start(
    house: Installation, enter: Enter
) -> None:
    await house.kill()
    ada = await enter("ada")
    room = await ada.create_chat(house.keeper)
    await ada.send(room, "help")
    # long enough that the homeserver has given up calling us and waits between its tries
    await asyncio.sleep(float(os.environ.get("CIRCLEKEEPER_DOWN_SECONDS", "60")))
    await house.run()
    ready = time.monotonic()
    walker = Walker(ada, house.keeper, room)
    await ada.wait_for_member(room, house.keeper)
    answer = await walker.hear(timeout=30)
    assert time.monotonic() - ready < HELP_SECONDS
    assert answer.kind == "help"


async def test_killed_at_ten_moments_the_story_ends_the_same(
    house: Installation, enter: Enter
) -> None:
    group = await found(house)
    clients = [await enter(name) for name in ("ada", "ben")]
    dice = random.Random(20261123)
    walk = asyncio.create_task(both_join(house, clients, group))
    for _ in range(10):
        done, _pending = await asyncio.wait({walk}, timeout=dice.uniform(0.1, 2.0))
        await house.kill()
        await house.run()
        if done:
            walk = asyncio.create_task(both_talk(house, clients, group))
    walkers = await walk
    for walker in walkers:
        await walker.hear_nothing_more()
        said = [line.keeper["cause"] for line in walker.lines_of_keeper()]
        assert len(said) == len(set(said))
        gate = [line for line in walker.lines_of_keeper() if line.kind == "receipt"]
        assert len(gate) == 1


async def both_join(
    house: Installation, clients: list[ElementClient], group: dict
) -> list[Walker]:
    return await asyncio.gather(*(walk_in(house, client, group) for client in clients))


async def both_talk(
    house: Installation, clients: list[ElementClient], group: dict
) -> list[Walker]:
    circle = group["rooms"]["circle"]
    walkers = []
    for client in clients:
        chat = next(iter(client.rooms() - {circle}))
        walker = Walker(client, house.keeper, chat)
        walker.heard = walker.lines_of_keeper()
        await walker.ask("help", "help", timeout=40)
        walkers.append(walker)
    return walkers


async def test_nothing_that_was_said_is_found_in_files(house: Installation, enter: Enter) -> None:
    group = await found(house)
    circle = group["rooms"]["circle"]
    ada = await walk_in(house, await enter("ada"), group)
    canary = "kanarienvogel-4711"
    await ada.member.send(circle, f"in the circle {canary}")
    await ada.ask(f"in the chat {canary}", "program")
    await ada.ask("rules")
    await house.stop()
    names = [ada.member.user_id, "@mira:", ada.room, circle, canary, group["code"]]
    purpose = "charter-canary"
    for file in sorted(house.folder.rglob("*")):
        if file.is_file() and file.name not in {"circlekeeper.yaml", "registration.yaml"}:
            data = file.read_bytes()
            for word in [*names, purpose]:
                assert word.encode() not in data, f"{word} stands in {file.name}"
