"""The steward takes messages out of a circle: on somebody's word, and by age."""

import asyncio
import sqlite3
import time
from contextlib import closing
from typing import Any

import pytest
import yaml

from appservice.domain.types import UserId
from appservice.matrix.sweeping import PAGE
from tests.e2e.conftest import EnterNio
from tests.e2e.test_forget_me import CHARTER
from tests.support.installation import Installation
from tests.support.walker import Walker

pytestmark = pytest.mark.synapse


async def said(house: Installation, room: str) -> dict[str, str]:
    """Whose messages stand in a room still, by event id, as the homeserver tells the steward."""
    path = f"/rooms/{room}/messages"
    page = await house.as_service("GET", path, house.steward, dir="b", limit="1000")
    return {
        event["event_id"]: event["sender"]
        for event in page["chunk"]
        if "state_key" not in event and event["content"] and event["type"] != "m.room.redaction"
    }


async def test_somebodys_own_go_on_their_word_even_over_a_restart(
    house: Installation, enter_nio: EnterNio
) -> None:
    names = [f"@{one}:{house.synapse.server_name}" for one in ("mira", "jonas")]
    group = await house.new_group("WILLOW", *names, charter=CHARTER)
    circle = group["rooms"]["circle"]
    ada, mira = await enter_nio("ada"), await enter_nio("mira")
    walkers = [await Walker.meet(one, house.keeper) for one in (ada, mira)]
    for walker in walkers:
        await walker.join(group["code"])
        await walker.member.join(circle)
    for number in range(PAGE + 4):
        await ada.send(circle, f"ada {number}")
    await mira.send(circle, "mira")
    before = await said(house, circle)
    assert list(before.values()).count(ada.user_id) == PAGE + 4

    await walkers[0].ask("leave", "withdrawn")
    await walkers[0].ask("redact my messages", "notice")
    await walkers[0].ask("yes", "notice")
    while len(await said(house, circle)) == len(before):
        await asyncio.sleep(0.1)
    await house.kill()
    await house.run()
    done = await walkers[0].hear("notice", timeout=60)
    assert "is taken out" in done.body
    left = await said(house, circle)
    assert set(left.values()) == {mira.user_id}
    assert len(left) == 1
    file = house.folder / "circlekeeper.db"
    with closing(sqlite3.connect(file, timeout=30)) as database:
        (count,) = database.execute("SELECT count(*) FROM records WHERE kind = 'sweep'").fetchone()
    assert count == 0


async def test_facilitators_set_it_and_the_daily_look_comes(
    house: Installation, enter_nio: EnterNio
) -> None:
    names = [f"@{one}:{house.synapse.server_name}" for one in ("mira", "jonas")]
    group = await house.new_group("WILLOW", *names, charter=CHARTER)
    circle = group["rooms"]["circle"]
    mira = await Walker.meet(await enter_nio("mira"), house.keeper)
    await mira.join(group["code"])
    await mira.member.join(circle)
    await mira.member.send(circle, "of today")
    token = yaml.safe_load((house.folder / "registration.yaml").read_text())["as_token"]
    await say_long_ago(house, circle, token)
    assert len(await said(house, circle)) == 2
    told = await mira.ask("!lifetime 30", "notice")
    assert "after 30 days" in told.body

    await house.stop()
    file = house.folder / "circlekeeper.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE timers SET due = 0 WHERE name = 'LifetimeDue'")
        database.commit()
    await house.run()
    deadline = time.monotonic() + 30
    while len(left := await said(house, circle)) > 1:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    assert set(left.values()) == {mira.member.user_id}


async def say_long_ago(house: Installation, room: str, token: str) -> Any:
    moment = int((time.time() - 40 * 86_400) * 1000)
    status, answer = await house.synapse.request(
        "PUT",
        f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/old",
        token=token,
        body={"ciphertext": "x"},
        params={"user_id": UserId(house.steward), "ts": str(moment)},
    )
    assert status == 200, answer
    return answer
