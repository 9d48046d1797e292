"""A whole installation beside a real Synapse, shared by the tests of a module."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.element import Element, ElementClient, Isolation
from tests.support.installation import Installation
from tests.support.keeper_device import KeeperDevice
from tests.support.library import LIBRARIES, Library
from tests.support.mautrix_member import Mautrix, MautrixMember
from tests.support.nio_member import NioMember
from tests.support.shared_synapse import SharedSynapse
from tests.support.synapse import Synapse

Begin = Callable[..., Awaitable[Installation]]
Enter = Callable[..., Awaitable[ElementClient]]
EnterNio = Callable[..., Awaitable[NioMember]]
EnterMautrix = Callable[..., Awaitable[MautrixMember]]


@pytest_asyncio.fixture
async def begin(tmp_path: Path) -> AsyncIterator[Begin]:
    """A function that installs Circlekeeper beside a Synapse of its own; all of it ends after."""
    made: list[Installation] = []

    async def begin(
        *, settings: dict[str, Any] | None = None, room_version: str = "12"
    ) -> Installation:
        number = len(made)
        synapse = Synapse(tmp_path / f"synapse{number}", room_version=room_version)
        installation = Installation(synapse, tmp_path / f"circlekeeper{number}")
        made.append(installation)
        await installation.init(settings or {})
        synapse.add_appservice(installation.folder / "registration.yaml")
        await synapse.start()
        await installation.run()
        return installation

    yield begin
    for installation in made:
        await installation.stop()
        await installation.synapse.stop()


@pytest_asyncio.fixture
async def house(begin: Begin) -> Installation:
    """One installation, running."""
    return await begin()


@pytest.fixture
def enter(element: Element, house: Installation) -> Enter:
    """A function that registers somebody and logs them in with Element's crypto."""

    async def enter(name: str, isolation: Isolation = "only-signed") -> ElementClient:
        account = await house.synapse.register_user(name)
        return await element.login(
            house.synapse.url, account.user_id, account.password, isolation=isolation
        )

    return enter


@pytest_asyncio.fixture
async def enter_nio(house: Installation) -> AsyncIterator[EnterNio]:
    """A function that registers somebody and logs them in with matrix-nio, cross-signed."""
    members: list[NioMember] = []

    async def enter(name: str) -> NioMember:
        account = await house.synapse.register_user(name)
        member = await NioMember.login(house.synapse.url, account.user_id, account.password)
        members.append(member)
        return member

    yield enter
    for member in members:
        await member.stop()


@pytest_asyncio.fixture
async def enter_mautrix(house: Installation) -> AsyncIterator[EnterMautrix]:
    """A function that registers somebody and logs them in with mautrix-python, cross-signed."""
    async with Mautrix() as mautrix:

        async def enter(name: str) -> MautrixMember:
            account = await house.synapse.register_user(name)
            return await mautrix.login(house.synapse.url, account.user_id, account.password)

        yield enter


@pytest_asyncio.fixture
async def keeper(shared_synapse: SharedSynapse, tmp_path: Path) -> AsyncIterator[KeeperDevice]:
    """The keeper's device without its house, set up."""
    async with KeeperDevice(await shared_synapse.get(), tmp_path) as device:
        yield device


@pytest_asyncio.fixture(params=LIBRARIES)
async def library(
    request: pytest.FixtureRequest, shared_synapse: SharedSynapse
) -> AsyncIterator[Library]:
    """Each library that members use, in turn."""
    async with Library(request.param, await shared_synapse.get()) as made:
        yield made
