"""The store and the clock of the service's tests."""

from tests.service.conftest import (
    clock,
    database_url,
    empty_url,
    key_file,
    keys,
    sqlite_file,
    store,
)

__all__ = ["clock", "database_url", "empty_url", "key_file", "keys", "sqlite_file", "store"]
