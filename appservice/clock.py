"""The only place that asks what time it is."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests put their own in its place and move it by hand."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for measuring spans."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, as Matrix counts (origin_server_ts)."""
    return int(moment.timestamp() * 1000)
