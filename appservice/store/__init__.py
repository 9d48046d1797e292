"""The database: everything that must outlive the program, sealed. The only door to SQLAlchemy."""

from appservice.store.database import Store, migrate
from appservice.store.generation import (
    Generation,
    SetBack,
    count_generation,
    end_restore,
)
from appservice.store.journal import Journal
from appservice.store.ledger import Chain
from appservice.store.sealed import KeyFile, Keys

__all__ = [
    "Chain",
    "Generation",
    "Journal",
    "KeyFile",
    "Keys",
    "SetBack",
    "Store",
    "count_generation",
    "end_restore",
    "migrate",
]
