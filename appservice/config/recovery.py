"""The recovery key in its file: the secret from which the keeper's identity can be made again."""

from dataclasses import dataclass
from pathlib import Path

from appservice.crypto import BadRecoveryKey, decode_recovery_key
from appservice.errors import ConfigurationError


@dataclass(frozen=True)
class RecoveryFile:
    """A text file (mode 0600) with a recovery key as people write it down; # begins a comment."""

    path: Path

    def read(self) -> bytes:
        """Return the 32 bytes. Raises ConfigurationError, never with a part of the key."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise ConfigurationError(
                f"the recovery key's file {self.path} cannot be read; write into it the recovery "
                "key that `circlekeeper init` printed"
            ) from None
        key = " ".join(line for line in text.splitlines() if not line.startswith("#"))
        try:
            return decode_recovery_key(key.strip())
        except BadRecoveryKey as error:
            raise ConfigurationError(f"{self.path}: {error}") from None
