"""Counts requests that led nowhere, so that nobody can try on and on."""

from collections import deque
from collections.abc import Callable


class Misses:
    """So many in so long a time, and it is full until the oldest is old enough."""

    def __init__(self, most: int, span: float, seconds: Callable[[], float]) -> None:
        """Take `span` in seconds; `seconds` is a clock that never goes back."""
        self._times: deque[float] = deque(maxlen=most)
        self._span = span
        self._seconds = seconds

    def add(self) -> None:
        self._times.append(self._seconds())

    def are_many(self) -> bool:
        full = len(self._times) == self._times.maxlen
        return full and self._seconds() - self._times[0] < self._span
