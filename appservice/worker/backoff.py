"""How long to wait before the next try."""

from datetime import timedelta

FIRST = 1.0
LONGEST = 300.0
PATIENCE = timedelta(days=3)  # after that, work that keeps failing is parked for a person


def backoff(attempts: int, retry_after: float | None = None) -> timedelta:
    """Double from one second to five minutes; what the other side asks for counts at least."""
    seconds = min(FIRST * 2 ** min(attempts, 20), LONGEST)
    return timedelta(seconds=max(seconds, retry_after or 0.0))
