"""Members with Element's crypto: matrix-js-sdk in a Node process, driven by JSON lines."""

import asyncio
import contextlib
import itertools
import json
import os
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from tests.support.client_api import MemberError
from tests.support.contents import Json
from tests.support.member import Line, Member
from tests.support.process import tied

_SCRIPT = Path(__file__).resolve().parents[1] / "interop" / "member.mjs"
_LONGEST_LINE = 2**24

Isolation = Literal["only-signed", "all"]


@dataclass(frozen=True)
class Device:
    """A device as the client knows it after asking the homeserver; keys in unpadded base64."""

    device_id: str
    ed25519: str
    curve25519: str
    signed_by_owner: bool
    dehydrated: bool


@dataclass(frozen=True)
class VerificationStatus:
    """What Element knows of another user's identity (``UserVerificationStatus``)."""

    has_identity: bool
    known: bool
    verified: bool
    needs_user_approval: bool


class Element:
    """One Node process with any number of clients; it belongs to the event loop that started it.

    ``async with Element() as element: ada = await element.login(url, user_id, password)``
    """

    def __init__(self) -> None:
        self._clients: dict[str, ElementClient] = {}
        self._early: dict[str, list[Json]] = {}
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._numbers = itertools.count(1)
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start Node; ``MemberError`` later if `npm ci` has not been run in tests/interop."""
        with tempfile.TemporaryFile() as errors:
            self._errors = os.dup(errors.fileno())
        self._process = await asyncio.create_subprocess_exec(
            *tied(["node", str(_SCRIPT)]),
            stdin=PIPE,
            stdout=PIPE,
            stderr=self._errors,
            limit=_LONGEST_LINE,
        )
        self._reader = asyncio.create_task(self._read())

    async def login(
        self,
        url: str,
        user_id: str,
        password: str,
        *,
        cross_sign: bool = True,
        isolation: Isolation = "only-signed",
        device_id: str | None = None,
    ) -> "ElementClient":
        """A new device of the user that syncs; with ``cross_sign`` it makes the user's identity.

        ``only-signed`` is Element's "exclude insecure devices" (MSC4153). A second device of a
        user is logged in with ``cross_sign=False`` and then verified by ``verify_by``.
        """
        name = f"c{next(self._numbers)}"
        answer = await self.ask(
            "login",
            client=name,
            url=url,
            user=user_id,
            password=password,
            crossSign=cross_sign,
            isolation=isolation,
            device=device_id,
        )
        client = ElementClient(self, name, url, answer)
        self._clients[name] = client
        for news in self._early.pop(name, []):
            client.learn(news)
        return client

    async def open_secrets(self, recovery_key: str, account_data: Json) -> dict[str, str]:
        """Open an identity's private keys (base64) in secret storage, as its owner's client would.

        ``account_data``: contents by type. ``MemberError`` if the key is another one.
        """
        return await self.ask("openSecrets", recoveryKey=recovery_key, accountData=account_data)

    async def ask(self, method: str, **params: Any) -> Any:
        """One request to the Node process; ``MemberError`` with what it says went wrong."""
        if self._process is None or self._process.stdin is None:
            raise MemberError("NOT_RUNNING", "this Element is not started")
        number = next(self._numbers)
        future = asyncio.get_running_loop().create_future()
        self._answers[number] = future
        request = {"id": number, "method": method, "params": params}
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            await self._process.stdin.drain()
            return await asyncio.wait_for(future, 60)
        except ConnectionError:
            raise MemberError("NODE_ENDED", self._said()) from None
        finally:
            del self._answers[number]

    async def stop(self) -> None:
        """End the process; devices stay with the homeserver. Twice is once."""
        process, self._process = self._process, None
        if process is None or process.stdin is None or self._reader is None:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader
        os.close(self._errors)

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for text in self._process.stdout:
            message = json.loads(text)
            if "event" in message:
                self._news(message)
            else:
                self._answered(message)
        ended = MemberError("NODE_ENDED", self._said())
        for future in self._answers.values():
            if not future.done():
                future.set_exception(ended)
        for client in self._clients.values():
            client.ended(ended)

    def _answered(self, message: Json) -> None:
        future = self._answers.get(message["id"])
        if future is None or future.done():
            return
        error = message.get("error")
        if error is None:
            future.set_result(message["result"])
        else:
            future.set_exception(MemberError(error["errcode"], error["message"]))

    def _news(self, news: Json) -> None:
        client = self._clients.get(news["client"])
        if client is None:
            self._early.setdefault(news["client"], []).append(news)
        else:
            client.learn(news)

    def _said(self) -> str:
        size = os.fstat(self._errors).st_size
        return os.pread(self._errors, 3000, max(0, size - 3000)).decode(errors="replace")


class ElementClient(Member):
    """One device with Element's crypto. Made by ``Element.login``."""

    def __init__(self, element: Element, name: str, url: str, login: Json) -> None:
        super().__init__(url, login["token"], login["user"], login["device"])
        self._element = element
        self.name = name
        self._running = True

    async def send_raw(self, room_id: str, event_type: str, content: Json) -> str:
        return await self._ask("send", room=room_id, type=event_type, content=content)

    async def sign_device(self, device_id: str) -> None:
        await self._ask("signDevice", device=device_id)

    async def verify_by(self, first: "ElementClient") -> None:
        """Verify this device by an earlier one of the same user in the same Element.

        The end of Element's "verify with another device" without its prompts: this client gets
        the identity's keys, and its device is signed.
        """
        await self._ask("verify", by=first.name)

    async def stop(self) -> None:
        if self._running:
            self._running = False
            await self._ask("stop")

    async def set_isolation(self, isolation: Isolation) -> None:
        """Change the "exclude insecure devices" mode while running."""
        await self._ask("isolation", isolation=isolation)

    async def devices_of(self, user_id: str) -> list[Device]:
        """The user's devices with keys as this client knows them."""
        return [Device(**device) for device in await self._ask("devices", user=user_id)]

    async def wait_for_device(
        self, user_id: str, device_id: str, *, signed: bool, timeout: float = 15
    ) -> Device:
        """Until this client knows the device, signed by its owner or not as asked."""
        deadline = time.monotonic() + timeout
        while True:
            devices = await self.devices_of(user_id)
            for device in devices:
                if device.device_id == device_id and device.signed_by_owner == signed:
                    return device
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.user_id} knows of {user_id} only {devices}")
            await asyncio.sleep(0.1)

    async def verification_status(self, user_id: str) -> VerificationStatus:
        """What this client knows of the user's identity."""
        return VerificationStatus(**await self._ask("status", user=user_id))

    async def approve_identity(self, user_id: str) -> None:
        """Accept a changed identity (pin it)."""
        await self._ask("approve", user=user_id)

    async def reset_identity(self, password: str) -> None:
        """Make a new cross-signing identity for this user, as after losing everything."""
        await self._ask("resetIdentity", password=password)

    async def ask_verification(
        self, user_id: str, *, room_id: str | None = None, device_id: str | None = None
    ) -> None:
        """Ask somebody to verify by emoji: in a room with them, else from device to device."""
        await self._ask("askVerification", user=user_id, room=room_id, device=device_id)

    async def compare_emoji(self) -> list[str]:
        """Start once they are ready; the seven emoji that Element shows."""
        return [symbol for symbol, _ in await self._ask("compareEmoji")]

    async def confirm_emoji(self) -> None:
        """Say that they are the same, and wait until both sides are done."""
        await self._ask("confirmEmoji")

    async def refuse_emoji(self) -> None:
        """Say that they are not the same."""
        await self._ask("refuseEmoji")

    async def verification_cancelled(self) -> str:
        """Wait until one side has given up; the code."""
        return await self._ask("cancelled")

    async def discard_session(self, room_id: str) -> None:
        """Encrypt the next message of the room in a new Megolm session."""
        await self._ask("discardSession", room=room_id)

    def learn(self, news: Json) -> None:
        """Take in what the Node process pushed about this client."""
        if news["event"] == "line":
            self._learn_line(news["room"], Line(**news["line"]))
        else:
            self._learn_membership(news["room"], news["membership"], news["inviter"])

    def ended(self, reason: MemberError) -> None:
        """Whoever waits for this client waits in vain."""
        self._break(reason)

    async def _ask(self, method: str, **params: Any) -> Any:
        return await self._element.ask(method, client=self.name, **params)
