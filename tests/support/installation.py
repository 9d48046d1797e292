"""Circlekeeper as an operator installs it: a folder, a registration, a process."""

import asyncio
import json
import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import yaml

from tests.support.helplines import confirm_all
from tests.support.ports import reserve_port
from tests.support.process import Running, start
from tests.support.synapse import ROOT, Synapse

COMMAND = str(ROOT / ".venv" / "bin" / "circlekeeper")


class InstallationError(Exception):
    """A command failed that should have worked; the text holds what it said."""


class Installation(Running):
    """One add-on beside one homeserver; `run` and `kill` as often as a test likes."""

    def __init__(self, synapse: Synapse, folder: Path) -> None:
        self.synapse = synapse
        self.folder = folder
        self.port = reserve_port()
        self.private = reserve_port()
        self.keeper = f"@keeper:{synapse.server_name}"
        self.steward = f"@steward:{synapse.server_name}"
        self.log = folder / "run.log"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process of `run`; `InstallationError` if there is none."""
        if self._process is None:
            raise InstallationError("circlekeeper is not running")
        return self._process

    @classmethod
    async def begin(
        cls, synapse: Synapse, folder: Path, *, settings: dict[str, Any] | None = None
    ) -> Self:
        """`init`, hand the registration to Synapse, start Synapse and then `run`."""
        made = cls(synapse, folder)
        await made.init(settings or {})
        synapse.add_appservice(folder / "registration.yaml")
        await synapse.start()
        await made.run()
        return made

    async def init(self, settings: dict[str, Any]) -> None:
        """`circlekeeper init`, then change keys of circlekeeper.yaml."""
        await self.command(
            "init",
            "--homeserver",
            self.synapse.url,
            "--server-name",
            self.synapse.server_name,
            "--listen",
            f"127.0.0.1:{self.port}",
            "--private",
            f"127.0.0.1:{self.private}",
            "--operator",
            f"@operator:{self.synapse.server_name}",
            "--dir",
            str(self.folder),
            "--yes",
            config=False,
        )
        file = self.folder / "circlekeeper.yaml"
        written = yaml.safe_load(file.read_text())
        file.write_text(yaml.safe_dump(_merged(written, settings), sort_keys=False))
        confirm_all(self.folder / "helplines", datetime.now(UTC).date())

    async def run(self, within: float = 60) -> None:
        """Start `circlekeeper run`; back when `/ready` says so."""
        self.launch()
        await self.ready(within)

    def launch(self) -> None:
        """Start `circlekeeper run` and do not wait."""
        command = [COMMAND, "run", "--config", str(self.folder / "circlekeeper.yaml")]
        self._process = start(command, self.folder, self.log)

    async def ready(self, within: float = 60) -> None:
        """Wait until `/ready` answers 200."""
        deadline = time.monotonic() + within
        while not await self._is_ready():
            gone = self._process is None or self._process.poll() is not None
            if gone or time.monotonic() > deadline:
                raise InstallationError(f"circlekeeper is not ready:\n{self.log_end()}")
            await asyncio.sleep(0.05)

    async def command(self, *arguments: str, config: bool = True, code: int | None = 0) -> str:
        """Run a command of `circlekeeper` and return its stdout; `code` None: any exit code."""
        where = ["--config", str(self.folder / "circlekeeper.yaml")] if config else []
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            *arguments,
            *where,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "NO_COLOR": "1"},
        )
        out, err = await process.communicate()
        if code is not None and process.returncode != code:
            raise InstallationError(
                f"circlekeeper {arguments[0]} ended with {process.returncode}:\n"
                f"{out.decode()}{err.decode()}\n{self.log_end()}"
            )
        return out.decode()

    async def new_group(self, name: str, *facilitators: str, charter: Path | None = None) -> Any:
        """`group new --open`; the parsed JSON."""
        options = [x for user in facilitators for x in ("--facilitator", user)]
        if charter is not None:
            options += ["--charter", str(charter)]
        out = await self.command("group", "new", "--name", name, *options, "--open", "--json")
        return json.loads(out)

    async def as_service(
        self, method: str, path: str, user: str, body: Any = None, **query: str
    ) -> Any:
        """Act as one of the add-on's users, as whoever holds its token can; the parsed JSON."""
        token = yaml.safe_load((self.folder / "registration.yaml").read_text())["as_token"]
        status, answer = await self.synapse.request(
            method,
            f"/_matrix/client/v3{path}",
            token=token,
            body=body,
            params={"user_id": user, **query},
        )
        if status not in {200, 201}:
            raise InstallationError(f"{method} {path}: {status} {answer}")
        return answer

    async def invite_past_the_gate(self, room: str, user: str) -> None:
        """Invite somebody as the steward, without any consent."""
        path = f"/rooms/{quote(room, safe='')}/invite"
        await self.as_service("POST", path, self.steward, {"user_id": user})

    def log_end(self) -> str:
        """The last lines of what `run` said."""
        return self.log.read_text()[-4000:] if self.log.exists() else "(it said nothing)"

    async def _is_ready(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.private)
        except OSError:
            return False
        try:
            writer.write(b"GET /ready HTTP/1.0\r\n\r\n")
            return b" 200 " in await reader.readline()
        except OSError:
            return False
        finally:
            writer.close()


def _merged(below: Any, above: Any) -> Any:
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return below | {key: _merged(below.get(key), value) for key, value in above.items()}
