"""`circlekeeper migrate`: brings the database to the newest version."""

import asyncio

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import show
from appservice.config import Settings


def migrate(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Make the database, or bring it to this program's version.

    `run` does it too, before anything else. A second time changes nothing.
    """
    from appservice.store import migrate as bring_to_newest  # noqa: PLC0415

    settings = Settings.load(config)
    asyncio.run(bring_to_newest(settings.database))
    show({"migrated": True}, ["The database is of this program's version."], as_json=as_json)
