"""The numbers as the files have them now: read again when a file or the day has changed."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import structlog

from appservice.clock import Clock
from appservice.domain.numbers import Numbers
from appservice.helplines.sheets import Fault, read_sheets
from appservice.helplines.showing import numbers

log = structlog.get_logger()
_Looks = tuple[date, tuple[tuple[str, int, int], ...]]


class Helplines(Mapping[str, Numbers]):
    """Country -> what may be said today; `own`: the operator's folder, which need not exist."""

    def __init__(self, own: Path | None, clock: Clock) -> None:
        self._own = own
        self._clock = clock
        self._looks: _Looks | None = None
        self._numbers: Mapping[str, Numbers] = {}
        self._told: frozenset[Fault] = frozenset()
        self.refresh()

    def refresh(self) -> None:
        """Look whether anything has changed, and tell in the log what cannot be used."""
        looks = (self._clock.now().date(), self._files())
        if looks == self._looks:
            return
        sheets = read_sheets(looks[0], self._own)
        self._looks, self._numbers = looks, numbers(sheets, looks[0])
        faults = frozenset(fault for sheet in sheets.values() for fault in sheet.faults)
        for fault in sorted(faults - self._told, key=str):
            log.warning("helpline_refused", reason=str(fault))
        self._told = faults

    def _files(self) -> tuple[tuple[str, int, int], ...]:
        found = []
        for path in sorted(self._own.glob("*.yaml")) if self._own is not None else ():
            try:
                facts = path.stat()
            except OSError:
                continue
            found.append((path.name, facts.st_mtime_ns, facts.st_size))
        return tuple(found)

    def __getitem__(self, country: str) -> Numbers:
        return self._numbers[country]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
