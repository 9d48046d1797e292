"""A real CalDAV server on loopback: Radicale, with files and a htpasswd user."""

import asyncio
import sys
import time
from base64 import b64encode
from pathlib import Path

import aiohttp

from tests.support.ports import reserve_port

USER, PASSWORD = "ada", "a secret with ä"


class Radicale:
    """One server and its folder; `stop` and `start` again keeps what it has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = reserve_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The address of the calendar `team`."""
        return f"http://127.0.0.1:{self.port}/{USER}/team/"

    async def start(self) -> None:
        """Return when it answers and the calendar is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
        config = self.folder / "config"
        config.write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {self.folder / 'users'}\n"
            "htpasswd_encryption = plain\ndelay = 0\n"
            f"[storage]\nfilesystem_folder = {self.folder / 'collections'}\n"
        )
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "radicale",
            "--config",
            str(config),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        end = time.monotonic() + 20
        while True:
            try:
                await self.ask("MKCALENDAR", self.url)
            except aiohttp.ClientConnectionError:
                assert time.monotonic() < end, "Radicale does not come up"
                await asyncio.sleep(0.05)
            else:
                return

    async def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()
            self._process = None

    async def ask(self, method: str, url: str) -> tuple[int, bytes]:
        """Return status and body."""
        known = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Basic {known}"}) as session,
            session.request(method, url) as answer,
        ):
            return answer.status, await answer.read()

    def entries(self) -> list[str]:
        """Return the names of the files in the calendar."""
        found = self.folder.glob("collections/collection-root/*/team/*.ics")
        return sorted(path.name for path in found)
