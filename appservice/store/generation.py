"""A number that only grows, in the database and beside it, so that a restore is noticed."""

from dataclasses import dataclass
from pathlib import Path

from appservice.crypto import NEVER_TWICE
from appservice.ports import Store
from appservice.store.files import failed, replace_file

_FACT = "generation"
_SET_BACK = "set back"


@dataclass(frozen=True)
class Generation:
    """A small file with a number; a backup of the database must not contain it."""

    path: Path

    def number(self) -> int:
        """Return the last number; 0 if there was none, or nobody can read it."""
        try:
            return int(self.path.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return 0
        except OSError as error:
            raise failed(self.path, error) from None

    def restored(self, database: int) -> bool:
        """Say whether the database is older than what last ran with it."""
        return self.number() > database

    def keep(self, number: int) -> None:
        """Write the number in one step; raises StorageError."""
        replace_file(self.path, b"%d\n" % number)


async def begin_generation(store: Store, generation: Generation) -> bool:
    """Count a start; return whether the database was set back, and `end_restore` still due."""
    await _count(store, generation)
    async with store.begin() as work:
        return bool(await work.fact(_SET_BACK))


async def advance_generation(store: Store, generation: Generation) -> bool:
    """Count on, so that a backup of this very run is known as older, too.

    Return whether the database was set back meanwhile: then nothing in memory fits it any more.
    """
    return await _count(store, generation)


async def end_restore(store: Store) -> None:
    """All is done that a restore asks for."""
    async with store.begin() as work:
        await work.keep_fact(_SET_BACK, b"")


async def _count(store: Store, generation: Generation) -> bool:
    """Add one, in the database first; return whether the database was behind.

    If so, the same transaction drops what must not be used a second time, and notes the restore.
    """
    async with store.begin() as work:
        fact = await work.fact(_FACT)
        known = 0 if fact is None else int(fact)
        restored = generation.restored(known)
        number = max(known, generation.number()) + 1
        await work.keep_fact(_FACT, b"%d" % number)
        if restored:
            await work.forget(NEVER_TWICE)
            await work.keep_fact(_SET_BACK, b"1")
    generation.keep(number)
    return restored
