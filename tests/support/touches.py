"""Counts how often the add-on touches the outside, over processes and over their sudden deaths."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

WIDTH = 120
RESTING = "resting"  # a first line that lets nobody die


class Point(NamedTuple):
    """Where to die: at the `nth` touch (from 1) of this name.

    Tasks do not interleave the same in every telling; touches of one name keep their order.
    """

    label: str
    nth: int


@dataclass
class Touches:
    """A file with one line for each touch.

    `strike` is atomic between processes without a lock that a killed process could keep.
    """

    path: Path
    target: Point | None = None

    def __post_init__(self) -> None:
        self._file: int | None = None

    def rest(self) -> None:
        """Write touches down, but die at none of them, until `arm`."""
        self.path.write_bytes(_line(RESTING))

    def arm(self) -> None:
        """Count from one again, and die at the target."""
        self.path.write_bytes(b"")

    def strike(self, label: str) -> bool:
        """Count a touch; say whether it is the one to die at."""
        if self._file is None:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
            self._file = os.open(self.path, flags, 0o600)
        line = _line(label)
        os.write(self._file, line)
        if self.target is None or line != _line(self.target.label):
            return False
        until_now = os.pread(self._file, os.lseek(self._file, 0, os.SEEK_CUR), 0)
        lines = [until_now[at : at + WIDTH] for at in range(0, len(until_now), WIDTH)]
        return lines[0] != _line(RESTING) and lines.count(line) == self.target.nth

    def labels(self) -> list[str]:
        """All touches so far, in order."""
        if not self.path.exists():
            return []
        return [line.strip() for line in self.path.read_text().splitlines()]

    def points(self) -> list[Point]:
        """All touches so far, each as a place to die at."""
        labels = self.labels()
        return [Point(label, labels[:at].count(label) + 1) for at, label in enumerate(labels)]

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __getstate__(self) -> dict[str, object]:
        return {"path": self.path, "target": self.target}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._file = None


def _line(label: str) -> bytes:
    return f"{label[: WIDTH - 1]:<{WIDTH - 1}}\n".encode("ascii", "replace")
