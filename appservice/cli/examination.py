"""What `check` looks at: our files, our database, and then the homeserver."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import yaml

from appservice.bridging import pagers
from appservice.cli.database import file_of, opened
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.config.recovery import RecoveryFile
from appservice.crypto import Machine
from appservice.errors import CirclekeeperError, ConfigurationError, StorageError
from appservice.helplines.sheets import read_sheets
from appservice.helplines.showing import is_ageing, is_shown
from appservice.main import house_of
from appservice.matrix.client import Client
from appservice.matrix.doctor import Doctor
from appservice.matrix.findings import Check, Status, fail, ok, warn
from appservice.matrix.own_device import known_device
from appservice.store import KeyFile, Store, migrate
from appservice.texts import load as load_texts

_WRITTEN = "it was written by circlekeeper init: bring it back from a backup"


async def examine(settings: Settings) -> list[Check]:
    """Examine everything; never raises for what it finds."""
    checks = [*_files(settings)]
    if any(check.status is Status.FAIL for check in checks):
        return checks
    checks += await _paging(settings)
    running = await is_running(settings)
    checks.append(
        ok("run", f"answers at {settings.listen}")
        if running
        else warn("run", f"circlekeeper run is not running at {settings.listen}", "start it")
    )
    try:
        async with _database(settings, checks) as store:
            checks += await _homeserver(settings, store, running=running)
    except StorageError as error:
        checks.append(fail("database", str(error), "does it run, and is its address right?"))
    except ConfigurationError as error:
        checks.append(fail("database", str(error), "circlekeeper migrate, or the right key file"))
    return checks


async def is_running(settings: Settings) -> bool:
    """Ask at our own address whether a Circlekeeper is there; shows it no token."""
    limit = aiohttp.ClientTimeout(total=3)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(f"{settings.listen.url}/_matrix/app/v1/ping") as answer,
        ):
            content = await answer.json()
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("errcode") == "M_UNKNOWN_TOKEN"


def _files(settings: Settings) -> list[Check]:
    files = settings.files
    checks = []
    for name, path, read in (
        ("registration", files.registration, lambda: settings.registration),
        ("key file", files.keys, KeyFile(files.keys).read),
        ("recovery key", files.recovery, RecoveryFile(files.recovery).read),
    ):
        try:
            read()
        except ConfigurationError as error:
            checks += [fail(name, fault, _WRITTEN) for fault in str(error).splitlines()]
        else:
            checks.append(ok(name, f"{path} can be used"))
    checks += [
        warn("permissions", f"others on this machine may read {path}", f"chmod 600 {path}")
        for path in settings.readable_by_others()
    ]
    return [*checks, *_registered_address(settings), *_helplines(settings)]


def _helplines(settings: Settings) -> list[Check]:
    today = SystemClock().now().date()
    sheets = read_sheets(today, settings.helplines).values()
    faults = [str(fault) for sheet in sheets for fault in sheet.faults]
    rows = [(sheet.country, row) for sheet in sheets for row in sheet.rows]
    checks = [fail("helplines", fault, "correct this row") for fault in faults]
    looks = "circlekeeper helplines check tells which; look at each, and confirm them"
    waiting = [country for country, row in rows if not is_shown(row, today)]
    if waiting:
        text = f"nobody has confirmed {len(waiting)} numbers of {', '.join(sorted({*waiting}))}"
        checks.append(warn("helplines", f"{text}: they are not shown", looks))
    elif any(is_ageing(row, today) for _, row in rows):
        text = "some numbers were confirmed more than half a year ago"
        checks.append(warn("helplines", text, looks))
    return checks or [ok("helplines", "a person has confirmed them all")]


async def _paging(settings: Settings) -> list[Check]:
    """Ask whoever delivers alerts, without sending one."""
    try:
        ways = pagers(settings, SystemClock())
    except ConfigurationError as error:
        return [
            fail("paging", str(error), "put the file there, or correct paging in the settings")
        ]
    checks = []
    for pager in ways:
        name = f"paging by {pager.way}"
        try:
            await pager.check()
        except CirclekeeperError as error:
            checks.append(fail(name, str(error), f"correct paging.{pager.way} in the settings"))
        else:
            checks.append(ok(name, "can be used"))
    return checks


def _registered_address(settings: Settings) -> list[Check]:
    try:
        registered = settings.registration.url
    except ConfigurationError:
        return []
    if registered.rstrip("/") == settings.reached_at:
        return []
    return [
        warn(
            "registration",
            f"it says {registered}, but the settings say {settings.reached_at}",
            "make them the same, and restart the homeserver",
        )
    ]


@asynccontextmanager
async def _database(settings: Settings, checks: list[Check]) -> AsyncIterator[Store]:
    """Open the database; where there is none yet, an empty one that is thrown away."""
    file = file_of(settings)
    if file is None or file.exists():
        async with opened(settings) as store:
            condition = await store.condition()
            checks.append(ok("database", f"{condition.kind}, reachable and of this version"))
            if condition.parked:
                checks.append(
                    warn(
                        "parked work",
                        f"{condition.parked} pieces of work failed for good",
                        "circlekeeper parked list",
                    )
                )
            yield store
        return
    checks.append(warn("database", f"{file} does not exist yet", "circlekeeper run makes it"))
    with tempfile.TemporaryDirectory() as folder:
        empty = settings.model_copy(update={"database": f"sqlite+aiosqlite:///{folder}/empty.db"})
        await migrate(empty.database)
        async with opened(empty) as store:
            yield store


async def _homeserver(settings: Settings, store: Store, *, running: bool) -> list[Check]:
    clock = SystemClock()
    keys = KeyFile(settings.files.keys).read()
    registration = yaml.safe_load(settings.files.registration.read_text(encoding="utf-8"))
    house = house_of(settings, clock, load_texts())
    async with Client(
        settings.homeserver.url, settings.registration.as_token, settings.keeper
    ) as client:
        machine = Machine(settings.keeper, await known_device(store) or "", keys.pickle_key)
        doctor = Doctor(client, store, clock, house, machine, registration)
        return await doctor.examine(running=running)
