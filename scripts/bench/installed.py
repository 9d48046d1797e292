"""An installation whose `run` is watched: its counters, its processor time, its memory."""

import sys

import psutil

from scripts.bench.table import ROOT
from scripts.bench.watched import Counters
from tests.support.installation import Installation
from tests.support.process import start


class Watched(Installation):
    """As an operator installs it; `run` is started by `scripts.bench.watched`."""

    def launch(self) -> None:
        file = self.folder / "counters"
        file.unlink(missing_ok=True)
        self.counters = Counters(file)
        config = str(self.folder / "circlekeeper.yaml")
        module = [sys.executable, "-m", "scripts.bench.watched", str(file)]
        self._process = start([*module, "run", "--config", config], ROOT, self.log)

    def processor(self) -> float:
        """Seconds of processor that `run` has used."""
        times = self._running().cpu_times()
        return times.user + times.system

    def memory(self) -> float:
        """Resident memory of `run` in MiB."""
        return self._running().memory_info().rss / 2**20

    def _running(self) -> psutil.Process:
        assert self._process is not None  # noqa: S101
        return psutil.Process(self._process.pid)
