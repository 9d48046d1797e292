"""A number that only grows, in the database and beside it, so that a restore is noticed."""

from dataclasses import dataclass
from pathlib import Path

from appservice.ports import Store
from appservice.store.files import failed, replace_file

_FACT = "generation"


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
    """Count a start; return whether the database had been restored.

    Call it once at each start: the next call finds both numbers equal again.
    """
    return await _count(store, generation)


async def advance_generation(store: Store, generation: Generation) -> None:
    """Count on while we run, so that a backup of this very run is known as older, too."""
    await _count(store, generation)


async def _count(store: Store, generation: Generation) -> bool:
    """Add one, in the database first; return whether the database was behind."""
    async with store.begin() as work:
        fact = await work.fact(_FACT)
        known = 0 if fact is None else int(fact)
        restored = generation.restored(known)
        number = max(known, generation.number()) + 1
        await work.keep_fact(_FACT, b"%d" % number)
    generation.keep(number)
    return restored
