"""Replaces the keeper's device, after what still waits for it has been read."""

import contextlib

from appservice.cli.database import opened
from appservice.cli.examination import is_running
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.crypto import Machine
from appservice.errors import ConfigurationError, PermanentError
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption
from appservice.matrix.own_device import known_device, replace_device
from appservice.matrix.pump import KeyPump
from appservice.store import KeyFile, Store


async def replaced(settings: Settings) -> str:
    """Draw another device and return its id; `run` must not be running.

    Raises ConfigurationError; TransientError when the homeserver does not answer, and then nothing
    has changed.
    """
    if await is_running(settings):
        raise ConfigurationError(
            f"circlekeeper run is running at {settings.listen}: stop it before"
        )
    async with opened(settings) as store:
        device = await known_device(store)
        if device is None:
            raise ConfigurationError("the keeper has no device yet: circlekeeper run makes it")
        await _read_what_waits(settings, store, device)
        return await replace_device(store)


async def _read_what_waits(settings: Settings, store: Store, device: str) -> None:
    """Take in the room keys that were sent to the device while nobody was there for it."""
    clock, pickle_key = SystemClock(), KeyFile(settings.files.keys).read().pickle_key
    async with Client(
        settings.homeserver.url, settings.registration.as_token, settings.keeper, device
    ) as client:
        machine = Machine(settings.keeper, device, pickle_key)
        pump = KeyPump(client, Encryption(machine, client, store, clock), store, clock)
        with contextlib.suppress(PermanentError):  # it was logged out already
            await pump.fetch()
