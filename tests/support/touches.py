"""Counts how often the add-on touches the outside, over processes and over their sudden deaths."""

import os
from dataclasses import dataclass
from pathlib import Path

WIDTH = 120
FAR = 10**7  # touches before `arm` count from here, so that none of them is a target


@dataclass
class Touches:
    """A file with one line for each touch; the line's number is the touch's.

    `strike` is atomic between processes without a lock that a killed process could keep.
    """

    path: Path
    target: int = 0  # the touch at which to die; 0: none

    def __post_init__(self) -> None:
        self._file: int | None = None

    def rest(self) -> None:
        """Count, but die at nothing, until `arm`."""
        self.path.touch()
        os.truncate(self.path, FAR * WIDTH)

    def arm(self) -> None:
        """Count from one again, and die at the target."""
        self.path.write_bytes(b"")

    def strike(self, label: str) -> bool:
        """Count a touch; say whether it is the one to die at."""
        if self._file is None:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._file = os.open(self.path, flags, 0o600)
        os.write(self._file, f"{label[: WIDTH - 1]:<{WIDTH - 1}}\n".encode("ascii", "replace"))
        return os.lseek(self._file, 0, os.SEEK_CUR) // WIDTH == self.target

    def labels(self) -> list[str]:
        """All touches so far, in order."""
        if not self.path.exists():
            return []
        return [line.strip() for line in self.path.read_text().splitlines()]

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __getstate__(self) -> dict[str, object]:
        return {"path": self.path, "target": self.target}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._file = None
