"""Members verify the keeper by emoji with Element's crypto, while an operator looks on."""

import asyncio
import json
import re
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from appservice.crypto.emoji import EMOJI
from appservice.crypto.sas import Party
from tests.e2e.town import TROUBLE, Town, inhabited
from tests.support.element import ElementClient
from tests.support.installation import COMMAND
from tests.support.ports import reserve_port
from tests.support.sas import REQUEST, START, Asker

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.interop,
    pytest.mark.asyncio(loop_scope="module"),
]
PUBLIC = reserve_port()
SETTINGS = {"public": f"127.0.0.1:{PUBLIC}", "limits": {"key_fetch_seconds": 1}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One installation for all cases of this module."""
    async with inhabited(tmp_path_factory.mktemp("town"), settings=SETTINGS) as made:
        yield made
        assert not [word for word in TROUBLE if word in made.log()]


class Terminal:
    """An operator at `circlekeeper verify`."""

    def __init__(self, process: Process) -> None:
        self.process = process

    @classmethod
    async def of(cls, town: Town, member: ElementClient) -> "Terminal":
        config = str(town.house.folder / "circlekeeper.yaml")
        options = ["--user", member.user_id, "--config", config, "--wait", "30", "--json"]
        process = await asyncio.create_subprocess_exec(
            COMMAND, "verify", *options, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        return cls(process)

    async def emoji(self) -> list[str]:
        """The emoji that it shows, each before its two names."""
        assert self.process.stderr is not None
        await self.process.stderr.readuntil(b":\n")
        lines = [await self.process.stderr.readline() for _ in range(7)]
        return [line.decode().split()[0] for line in lines]

    async def answers(self, word: str) -> tuple[int | None, str, str]:
        """Say whether they are the same; exit code, stdout, stderr."""
        out, err = await self.process.communicate(f"{word}\n".encode())
        return self.process.returncode, out.decode(), err.decode()


async def page() -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{PUBLIC}/help") as answer,
    ):
        return await answer.text()


async def emoji_on_page() -> list[str]:
    return re.findall(r'aria-hidden="true">(.+?)</span>', await page())


async def is_verified(member: ElementClient, user: str) -> bool:
    """Whether Element believes the identity; its signature is stored a moment after the end."""
    for _ in range(100):
        if (await member.verification_status(user)).verified:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_in_the_private_chat_and_the_operator_confirms(town: Town) -> None:
    keeper = town.house.keeper
    walker = await town.walker("ada")
    ada: Any = walker.member
    assert not (await ada.verification_status(keeper)).verified

    terminal = await Terminal.of(town, ada)
    await ada.ask_verification(keeper, room_id=walker.room)
    shown = await ada.compare_emoji()
    assert await terminal.emoji() == shown
    assert await emoji_on_page() == shown
    confirming = asyncio.create_task(terminal.answers("y"))
    await ada.confirm_emoji()
    code, out, err = await confirming
    assert code == 0, err
    assert json.loads(out)["stage"] == "verified"
    assert json.loads(out)["user"] == ada.user_id
    assert await is_verified(ada, keeper)
    assert not await emoji_on_page()


async def test_from_device_to_device_and_no_operator_is_there(town: Town) -> None:
    keeper = town.house.keeper
    ada: Any = (await town.walker("ada")).member
    (device,) = await ada.devices_of(keeper)
    assert device.ed25519 in (await page()).replace(" ", "")
    await ada.ask_verification(keeper, device_id=device.device_id)
    shown = await ada.compare_emoji()
    assert await emoji_on_page() == shown
    await ada.confirm_emoji()
    assert await is_verified(ada, keeper)


async def test_a_member_sees_other_emoji(town: Town) -> None:
    keeper = town.house.keeper
    walker = await town.walker("ada")
    ada: Any = walker.member
    terminal = await Terminal.of(town, ada)
    await ada.ask_verification(keeper, room_id=walker.room)
    await ada.compare_emoji()
    await terminal.emoji()
    await ada.refuse_emoji()
    assert await ada.verification_cancelled() == "m.mismatched_sas"
    code, out, err = await terminal.answers("y")
    assert (code, out) == (1, "")
    assert "nothing is confirmed" in err
    assert not await emoji_on_page()
    assert not (await ada.verification_status(keeper)).verified


async def test_a_client_that_encrypts_is_answered_encrypted(town: Town) -> None:
    keeper = town.house.keeper
    walker = await town.walker("ada")
    ada: Any = walker.member
    mine = {one.device_id: one.ed25519 for one in await ada.devices_of(ada.user_id)}
    (theirs,) = await ada.devices_of(keeper)
    request = {**REQUEST, "msgtype": "m.key.verification.request", "to": keeper, "body": ""}
    asked = await ada.send_raw(walker.room, "m.room.message", {**request, **from_(ada)})
    related = {"m.relates_to": {"rel_type": "m.reference", "event_id": asked}}

    async def tell(name: str, content: dict[str, Any], awaited: str) -> dict[str, Any]:
        if name:
            await ada.send_raw(walker.room, f"m.key.verification.{name}", {**content, **related})
        kind = f"m.key.verification.{awaited}"
        line = await ada.wait_for(
            walker.room, lambda one: (one.type, one.sender) == (kind, keeper)
        )
        assert (line.encrypted, line.shield) == (True, "NONE")
        return dict(line.content)

    asker = Asker(
        asked,
        Party(ada.user_id, ada.device_id, {f"ed25519:{ada.device_id}": mine[ada.device_id]}),
        Party(keeper, theirs.device_id, {f"ed25519:{theirs.device_id}": theirs.ed25519}),
    )
    await tell("", {}, "ready")
    start = {**START, **from_(ada)}
    accept = await tell("start", start, "accept")
    key = await tell("key", {"key": asker.public}, "key")
    asker.learn(accept, key, {**start, **related})
    assert await emoji_on_page() == [EMOJI[number].symbol for number in asker.emoji]
    assert asker.believes(await tell("mac", asker.own_mac(), "mac"))


def from_(member: ElementClient) -> dict[str, str]:
    return {"from_device": member.device_id}
