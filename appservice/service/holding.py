"""Holds what would come too soon after another, or while too many are under way."""

from collections.abc import Iterator
from contextlib import contextmanager

from appservice.clock import Clock
from appservice.errors import TransientError

APART = 30.0  # seconds between two to one place
SOON = 1.0  # seconds until we look again if one has ended
AT_ONCE = 4  # under way; what else waits to be carried out has hands left


class HeldError(TransientError):
    """It has to wait for others, which is no failure; `retry_after` tells how long."""


class Turns:
    """Who may go now. It is kept in memory: after a restart the first may come sooner."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._went: dict[tuple[str, str], float] = {}  # when, by way and address
        self._going: set[tuple[str, str]] = set()

    @property
    def under_way(self) -> int:
        return len(self._going)

    @contextmanager
    def taken(self, place: tuple[str, str]) -> Iterator[None]:
        """Count as gone unless it fails inside. Raises HeldError before anything is done.

        Whoever waits for one that is under way waits for its end only: it may fail.
        """
        now = self._clock.monotonic()
        self._went = {where: at for where, at in self._went.items() if now - at < APART}
        if place in self._went:
            raise HeldError("another went there just now", self._went[place] + APART - now)
        if place in self._going or self.under_way >= AT_ONCE:
            raise HeldError("others are under way", SOON)
        self._going.add(place)
        try:
            yield
            self._went[place] = self._clock.monotonic()
        finally:
            self._going.discard(place)
