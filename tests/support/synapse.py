"""A real Synapse on loopback with SQLite in a throwaway folder, started as a person would."""

import asyncio
import hashlib
import hmac
import os
import secrets
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.support.homeserver_yaml import Wanted, write_homeserver_yaml
from tests.support.ports import reserve_port
from tests.support.process import Running, start

ROOT = Path(__file__).resolve().parents[2]


class SynapseError(Exception):
    """Synapse did not start or refused what the test asked of it."""


@dataclass(frozen=True)
class Account:
    """A user of the homeserver, not logged in anywhere yet."""

    user_id: str
    password: str = field(repr=False)


class Synapse(Running):
    """One homeserver process; bound to no event loop, so a session fixture may keep it.

    ``folder`` holds configuration, database, media and ``homeserver.log``; the same folder
    keeps its rooms over ``kill`` and ``restart``. ``server_name`` is what follows the colon in
    user ids, ``url`` the client-server base address without a closing slash.
    """

    def __init__(
        self, folder: Path, *, server_name: str = "circle.test", room_version: str = "12"
    ) -> None:
        self.folder = folder
        self.server_name = server_name
        self.room_version = room_version
        self.port = reserve_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "homeserver.log"
        self._secret = secrets.token_hex(16)
        self._registrations: list[Path] = []
        self._overrides: dict[str, Any] = {}
        self._admin: str | None = None

    @property
    def pid(self) -> int:
        """The running process; ``SynapseError`` if there is none."""
        if self._process is None:
            raise SynapseError("Synapse is not running")
        return self._process.pid

    def add_appservice(self, registration: Path) -> None:
        """Load this registration file at the next start."""
        self._registrations.append(registration)

    def override(self, **settings: Any) -> None:
        """Change keys of homeserver.yaml from the next start on."""
        self._overrides.update(settings)

    async def start(self, within: float = 60) -> None:
        """Start; back once ``/health`` answers, else ``SynapseError`` with the log's end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self._write_config()
        command = [synapse_python(), "-m", "synapse.app.homeserver", "-c", str(config)]
        self._process = start(command, self.folder, self.folder / "console.log")
        deadline = time.monotonic() + within
        while not await self._healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                await self.kill()
                raise SynapseError(f"Synapse did not become healthy:\n{self._log_end()}")
            await asyncio.sleep(0.05)

    async def restart(self) -> None:
        """Stop if it runs, and start on the same port with the same database."""
        await self.stop()
        await self.start()

    def freeze(self) -> None:
        """SIGSTOP: connections open, nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    async def register_user(
        self, name: str, password: str | None = None, *, admin: bool = False
    ) -> Account:
        """A new user without a device, by the shared secret; ``SynapseError`` if taken."""
        path = "/_synapse/admin/v1/register"
        password = password or secrets.token_urlsafe(12)
        _, answer = await self.request("GET", path)
        parts = (answer["nonce"], name, password, "admin" if admin else "notadmin")
        mac = hmac.new(self._secret.encode(), "\0".join(parts).encode(), hashlib.sha1)
        body = {
            "nonce": answer["nonce"],
            "username": name,
            "password": password,
            "admin": admin,
            "mac": mac.hexdigest(),
            "inhibit_login": True,
        }
        status, answer = await self.request("POST", path, body=body)
        if status != 200:
            raise SynapseError(f"register {name}: {status} {answer}")
        return Account(answer["user_id"], password)

    async def login(self, account: Account, device_id: str | None = None) -> str:
        """An access token of a new (or the named) device of the user."""
        body: dict[str, Any] = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": account.user_id},
            "password": account.password,
        }
        if device_id is not None:
            body["device_id"] = device_id
        status, answer = await self.request("POST", "/_matrix/client/v3/login", body=body)
        if status != 200:
            raise SynapseError(f"login {account.user_id}: {status} {answer}")
        return answer["access_token"]

    async def admin_token(self) -> str:
        """The access token of a server administrator made for the tests."""
        if self._admin is None:
            name = f"admin-{secrets.token_hex(4)}"
            self._admin = await self.login(await self.register_user(name, admin=True))
        return self._admin

    async def join_by_admin(self, room_id: str, user_id: str) -> None:
        """Put a local user into a room past its rules (admin API ``/v1/join``)."""
        status, answer = await self.request(
            "POST",
            f"/_synapse/admin/v1/join/{quote(room_id, safe='')}",
            token=await self.admin_token(),
            body={"user_id": user_id},
        )
        if status != 200:
            raise SynapseError(f"admin join: {status} {answer}")

    async def request(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Any = None,
        params: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """One call of any API: status and parsed JSON. Raises ``aiohttp.ClientError`` if down."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        limit = aiohttp.ClientTimeout(total=60)
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.request(
                method, self.url + path, json=body, headers=headers, params=params
            ) as answer,
        ):
            return answer.status, await answer.json(content_type=None)

    async def _healthy(self) -> bool:
        limit = aiohttp.ClientTimeout(total=2)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.get(f"{self.url}/health") as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _log_end(self) -> str:
        logs = (self.folder / "console.log", self.log)
        return "\n".join(log.read_text()[-3000:] for log in logs if log.exists())

    def _write_config(self) -> Path:
        wanted = Wanted(
            folder=self.folder,
            server_name=self.server_name,
            port=self.port,
            room_version=self.room_version,
            log=self.log,
            secret=self._secret,
            registrations=tuple(self._registrations),
        )
        return write_homeserver_yaml(wanted, self._overrides)


def synapse_python() -> str:
    """The interpreter that has matrix-synapse; ``CIRCLEKEEPER_SYNAPSE_PYTHON`` overrides it."""
    given = os.environ.get("CIRCLEKEEPER_SYNAPSE_PYTHON")
    python = Path(given) if given else ROOT / ".venv-synapse" / "bin" / "python"
    if not python.exists():
        raise SynapseError(f"there is no {python}: run `make setup`")
    return str(python)
