"""Which version the tables have, and how they get the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from appservice.errors import ConfigurationError

_LOCK = 0x43_4B_6D_69_67_72


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest version, inside the connection's transaction.

    Raises ConfigurationError when a newer program has made them; nothing is changed then.
    """
    _wait_for_others(connection)
    config = _config()
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if version(connection) not in (None, *known):
        raise ConfigurationError(
            "the database was made by a newer version of this program: install that one again,"
            " or put back the database from before the upgrade"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _wait_for_others(connection: Connection) -> None:
    """Migrate one after the other, since alembic cannot do it twice at once in one process."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    else:
        connection.execute(text("SELECT 1"))  # SQLite's lock comes with the first statement


def version(connection: Connection) -> str | None:
    """Return the version the tables have; None if there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the version this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
