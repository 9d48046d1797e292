"""The client libraries that members use, each with devices made in the same way."""

import secrets
from contextlib import AsyncExitStack
from typing import Self

from tests.support.element import Element, ElementClient
from tests.support.mautrix_member import Mautrix
from tests.support.nio_member import NioMember
from tests.support.peer import Peer
from tests.support.synapse import Synapse

ELEMENT, NIO, MAUTRIX = LIBRARIES = ("matrix-js-sdk", "matrix-nio", "mautrix-python")


class Library:
    """One library by its name; all its devices end with the context."""

    def __init__(self, name: str, server: Synapse) -> None:
        self.name = name
        self.server = server
        self._stack = AsyncExitStack()
        self._passwords: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self._login = NioMember.login
        if self.name != NIO:
            process = Element() if self.name == ELEMENT else Mautrix()
            self._login = (await self._stack.enter_async_context(process)).login
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def enter(self, name: str) -> Peer:
        """The first device of a new person, cross-signed."""
        account = await self.server.register_user(f"{name}-{secrets.token_hex(4)}")
        self._passwords[account.user_id] = account.password
        return await self._device(account.user_id, cross_sign=True)

    async def add_device(self, first: Peer, *, signed: bool = True) -> Peer:
        """Another device of the same person, by the first one signed or not."""
        second = await self._device(first.user_id, cross_sign=False)
        if signed and isinstance(second, ElementClient):
            await second.verify_by(first)
        elif signed:
            await first.sign_device(second.device_id)
        return second

    async def _device(self, user_id: str, *, cross_sign: bool) -> Peer:
        password = self._passwords[user_id]
        device = await self._login(self.server.url, user_id, password, cross_sign=cross_sign)
        if isinstance(device, NioMember):
            self._stack.push_async_callback(device.stop)
        return device
