"""A number that only grows, in the database and beside it, so that a restore is noticed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from appservice.crypto import NEVER_TWICE
from appservice.ports import Store
from appservice.store.files import failed, replace_file

_FACT = "generation"
_COUNTED = "generation counted"  # when
_SET_BACK = "set back"


@dataclass(frozen=True)
class SetBack:
    """An older database was put in place, and not all is done yet that this asks for."""

    number: int  # the generation that noticed it; with another restore it is another one
    since: datetime | None  # up to when the database knows everything; None: it does not tell


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


async def count_generation(store: Store, generation: Generation, now: datetime) -> SetBack | None:
    """Add one, in the database first; return what is due if the database was set back.

    To be called at each start and stop, and now and then between, so that a backup of this very
    run is known as older, too. If the database is behind, the same transaction notes it and drops
    what must not be used twice. Who hears of it while running has a database in which nothing in
    memory fits; another instance may have been the first to notice.
    """
    async with store.begin() as work:
        fact = await work.fact(_FACT)
        known = 0 if fact is None else int(fact)
        number = max(known, generation.number()) + 1
        await work.keep_fact(_FACT, b"%d" % number)
        if generation.restored(known):
            await work.forget(NEVER_TWICE)
            since = await work.fact(_COUNTED) or b""
            await work.keep_fact(_SET_BACK, b"%d %b" % (number, since))
        await work.keep_fact(_COUNTED, now.isoformat().encode())
        noted = await work.fact(_SET_BACK)
    generation.keep(number)
    return _read(noted) if noted else None


async def end_restore(store: Store) -> None:
    """All is done that a restore asks for."""
    async with store.begin() as work:
        await work.keep_fact(_SET_BACK, b"")


def _read(noted: bytes) -> SetBack:
    number, _, since = noted.decode().partition(" ")
    return SetBack(int(number), datetime.fromisoformat(since) if since else None)
