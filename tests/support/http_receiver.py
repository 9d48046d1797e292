"""A web server on loopback that writes down all it hears, and fails as a test likes."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """What came: its first line, headers with names folded, and body."""

    line: str
    headers: dict[str, str]
    body: bytes


class HttpReceiver:
    """Speaks bare HTTP/1.1. `answer` is what it writes back, octet by octet; None: nothing."""

    OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

    def __init__(self) -> None:
        self.port = 0
        self.answer: bytes | None = self.OK
        self.heard: list[bytes] = []
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self, status: int, **headers: str) -> None:
        """Let it answer with a status from now on."""
        lines = [f"HTTP/1.1 {status} X", "Content-Length: 0", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.answer = ("\r\n".join(lines) + "\r\n\r\n").encode()

    @asynccontextmanager
    async def running(
        self, certificate: ssl.SSLContext | None = None
    ) -> AsyncIterator["HttpReceiver"]:
        """Listen until the context ends; with a certificate over TLS."""
        under_way: set[asyncio.Task[None]] = set()

        def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.get_running_loop().create_task(self._take(reader, writer))
            under_way.add(task)
            task.add_done_callback(under_way.discard)

        server = await asyncio.start_server(take, "127.0.0.1", self.port, ssl=certificate)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
            await server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.heard.append(head)
            line, *rest = head.decode().strip().split("\r\n")
            headers = {n.casefold(): v.strip() for n, _, v in (one.partition(":") for one in rest)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.heard.append(body)
            self.requests.append(Request(line, headers, body))
            if self.answer is None:
                await asyncio.sleep(3600)
            else:
                writer.write(self.answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
