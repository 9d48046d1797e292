"""Holds what would come too soon after another, or while too many are under way."""

from collections.abc import Iterator
from contextlib import contextmanager

from appservice.clock import Clock
from appservice.errors import TransientError

APART = 30.0  # seconds between two to one place
AT_ONCE = 4  # under way; what else waits to be carried out has hands left


class HeldError(TransientError):
    """It has to wait for others, which is no failure; `retry_after` tells how long."""


class Turns:
    """Who may go now. It is kept in memory: after a restart the first may come sooner."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._went: dict[tuple[str, str], float] = {}  # when, by way and address
        self.under_way = 0

    @contextmanager
    def taken(self, place: tuple[str, str]) -> Iterator[None]:
        """Count as gone unless it fails inside. Raises HeldError before anything is done."""
        now = self._clock.monotonic()
        self._went = {where: at for where, at in self._went.items() if now - at < APART}
        if place in self._went:
            raise HeldError("another went there just now", self._went[place] + APART - now)
        if self.under_way >= AT_ONCE:
            raise HeldError("others are under way", 1.0)
        self._went[place] = now
        self.under_way += 1
        try:
            yield
        except BaseException:
            self._went.pop(place, None)
            raise
        finally:
            self.under_way -= 1
