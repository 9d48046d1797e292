"""Errors by who can mend them: time, a person, or nobody."""


class CirclekeeperError(Exception):
    """Base of all our own errors; its text is one sentence that may be shown to the operator."""


class TransientError(CirclekeeperError):
    """The outside is not able right now; the same call may succeed later."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        """Keep `retry_after` in seconds where the outside named a time."""
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentError(CirclekeeperError):
    """The outside refuses; trying again changes nothing."""

    def __init__(self, reason: str, code: str = "") -> None:
        """Keep the Matrix error code (`M_FORBIDDEN`, ...) where there is one."""
        super().__init__(reason)
        self.code = code


class ConfigurationError(CirclekeeperError):
    """What the operator wrote cannot be used; the text lists every fault at once."""


class StorageError(TransientError):
    """The database or the disk did not take or give what it should."""
