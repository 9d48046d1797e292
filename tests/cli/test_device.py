"""`replace-device` where it cannot do its work; tests/e2e/test_restored_identity.py has more."""

import asyncio

import pytest

from appservice import main
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.errors import ConfigurationError, TransientError
from appservice.matrix.own_device import known_device, own_device


async def in_store(config, step):
    store = await main.open_store(Settings.load(config), SystemClock())
    try:
        return await step(store)
    finally:
        await store.close()


def test_there_must_be_a_database_and_a_device_in_it(command, config):
    with pytest.raises(ConfigurationError, match="no database"):
        command("replace-device", "--config", str(config))
    command("migrate", "--config", str(config))
    with pytest.raises(ConfigurationError, match="no device yet"):
        command("replace-device", "--config", str(config))


def test_nothing_changes_while_the_homeserver_does_not_answer(command, config):
    command("migrate", "--config", str(config))
    device = asyncio.run(in_store(config, own_device))
    with pytest.raises(TransientError, match="does not answer"):
        command("replace-device", "--config", str(config))
    assert asyncio.run(in_store(config, known_device)) == device
