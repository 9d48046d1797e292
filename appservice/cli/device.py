"""`circlekeeper replace-device`: another device for the keeper, signed by the same identity."""

import asyncio

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import show
from appservice.config import Settings


def replace_device(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Give the keeper another device; its identity, which members know, stays the same.

    Stop `circlekeeper run` before, and start it after: it publishes the new device.
    """
    from appservice.cli.replacement import replaced  # noqa: PLC0415

    device = asyncio.run(replaced(Settings.load(config)))
    lines = [
        f"The keeper's next device is {device}.",
        "Start circlekeeper run now: it publishes this device and logs the other one out.",
    ]
    show({"device": device}, lines, as_json=as_json)
