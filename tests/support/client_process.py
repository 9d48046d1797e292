"""Members whose clients live in a process of their own, driven by JSON lines.

Requests ``{id, method, params}`` go in; ``{id, result}`` or ``{id, error}`` and pushed
``{event, client, ...}`` come out (tests/interop).
"""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import tempfile
from asyncio.subprocess import PIPE, Process
from typing import Any, Self, TypeVar

from tests.support.client_api import MemberError
from tests.support.contents import Json
from tests.support.member import Line
from tests.support.peer import Peer
from tests.support.process import tied

_LONGEST_LINE = 2**24
C = TypeVar("C", bound="ProcessClient")


class ClientProcess:
    """One process with any number of clients; it belongs to the event loop that started it."""

    def __init__(self, *command: str) -> None:
        self._command = command
        self._clients: dict[str, ProcessClient] = {}
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
        """Start it; what it says in vain ends up in a later ``MemberError``."""
        with tempfile.TemporaryFile() as errors:
            self._errors = os.dup(errors.fileno())
        self._process = await asyncio.create_subprocess_exec(
            *tied(list(self._command)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=self._errors,
            limit=_LONGEST_LINE,
        )
        self._reader = asyncio.create_task(self._read())

    async def ask(self, method: str, **params: Any) -> Any:
        """One request to the process; ``MemberError`` with what it says went wrong."""
        if self._process is None or self._process.stdin is None:
            raise MemberError("NOT_RUNNING", "this process is not started")
        number = next(self._numbers)
        future = asyncio.get_running_loop().create_future()
        self._answers[number] = future
        request = {"id": number, "method": method, "params": params}
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            await self._process.stdin.drain()
            return await asyncio.wait_for(future, 60)
        except ConnectionError:
            raise MemberError("PROCESS_ENDED", self._said()) from None
        finally:
            del self._answers[number]

    def freeze(self) -> None:
        """SIGSTOP: its clients hear nothing and say nothing, as telephones asleep."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    async def stop(self) -> None:
        """End the process; devices stay with the homeserver. Twice is once."""
        process, self._process = self._process, None
        if process is None or process.stdin is None or self._reader is None:
            return
        process.send_signal(signal.SIGCONT)
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

    async def _begin(self, kind: type[C], url: str, **wish: Any) -> C:
        """Log a device in, and hand what is told of it to a client of this kind."""
        name = f"c{next(self._numbers)}"
        client = kind(self, name, url, await self.ask("login", client=name, url=url, **wish))
        self._clients[name] = client
        for news in self._early.pop(name, []):
            client.learn(news)
        return client

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for text in self._process.stdout:
            message = json.loads(text)
            if "event" in message:
                self._news(message)
            else:
                self._answered(message)
        ended = MemberError("PROCESS_ENDED", self._said())
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


class ProcessClient(Peer):
    """One device in such a process."""

    def __init__(self, process: ClientProcess, name: str, url: str, login: Json) -> None:
        super().__init__(url, login["token"], login["user"], login["device"])
        self._process = process
        self.name = name
        self._running = True

    async def send_raw(self, room_id: str, event_type: str, content: Json) -> str:
        return await self._ask("send", room=room_id, type=event_type, content=content)

    async def read_raw(self, event: Json) -> Line:
        return Line(**await self._ask("read", event=event))

    async def sign_device(self, device_id: str) -> None:
        await self._ask("signDevice", device=device_id)

    async def sleep(self) -> None:
        self._process.freeze()

    async def wake(self) -> None:
        self._process.thaw()

    async def stop(self) -> None:
        if self._running:
            self._running = False
            await self._ask("stop")

    def learn(self, news: Json) -> None:
        """Take in what the process pushed about this client."""
        if news["event"] == "line":
            self._learn_line(news["room"], Line(**news["line"]))
        else:
            self._learn_membership(news["room"], news["membership"], news["inviter"])

    def ended(self, reason: MemberError) -> None:
        """Whoever waits for this client waits in vain."""
        self._break(reason)

    async def _ask(self, method: str, **params: Any) -> Any:
        return await self._process.ask(method, client=self.name, **params)
