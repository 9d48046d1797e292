"""`circlekeeper`, with counters of its crypto and of its requests in a file that others can read.

python -m scripts.bench.watched FILE run --config circlekeeper.yaml
"""

import functools
import inspect
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import Any

_LAYOUT = struct.Struct("<dddd")


@dataclass(frozen=True)
class Counts:
    """Since the start: seconds of processor in crypto, its calls, requests, seconds in them."""

    crypto: float = 0.0
    operations: float = 0.0
    requests: float = 0.0
    waited: float = 0.0

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(
            self.crypto - other.crypto,
            self.operations - other.operations,
            self.requests - other.requests,
            self.waited - other.waited,
        )


class Counters:
    """Four numbers in a shared file."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_LAYOUT.size))
        with path.open("r+b") as file:
            self._shared = mmap(file.fileno(), _LAYOUT.size)

    def read(self) -> Counts:
        return Counts(*_LAYOUT.unpack(self._shared[:]))

    def add(self, more: Counts) -> None:
        """Only the watched program adds, in one thread."""
        now = self.read()
        self._shared[:] = _LAYOUT.pack(
            now.crypto + more.crypto,
            now.operations + more.operations,
            now.requests + more.requests,
            now.waited + more.waited,
        )


def watch(counters: Counters) -> None:
    """Wrap every function that the encryption machine offers, and every request."""
    from appservice import crypto  # noqa: PLC0415
    from appservice.matrix.transport import Transport  # noqa: PLC0415

    for name in crypto.__all__:
        value = getattr(crypto, name)
        if inspect.isfunction(value):
            setattr(crypto, name, _timed(value, counters))
    ordinary = Transport.ask

    async def ask(self: Transport, *arguments: Any, **more: Any) -> Any:
        began = time.perf_counter()
        try:
            return await ordinary(self, *arguments, **more)
        finally:
            counters.add(Counts(requests=1, waited=time.perf_counter() - began))

    Transport.ask = ask  # type: ignore[method-assign]


def _timed(function: Callable[..., Any], counters: Counters) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*arguments: Any, **more: Any) -> Any:
        began = time.thread_time()
        try:
            return function(*arguments, **more)
        finally:
            counters.add(Counts(crypto=time.thread_time() - began, operations=1))

    return timed


if __name__ == "__main__":
    from appservice.cli.app import main

    watch(Counters(Path(sys.argv[1])))
    sys.exit(main(sys.argv[2:]))
