"""Child processes that die with the process which started them."""

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

# PR_SET_PDEATHSIG = 1 (prctl(2)) survives execv; set by a first small program, because
# preexec_fn is unsafe next to threads.
_TIED = (
    "import ctypes, os, signal, sys;"
    "ctypes.CDLL(None).prctl(1, signal.SIGKILL);"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


def tied(command: list[str]) -> list[str]:
    """The command, wrapped so that the kernel kills it when the starting process ends."""
    return [sys.executable, "-I", "-S", "-c", _TIED, *command]


def start(command: list[str], folder: Path, output: Path) -> subprocess.Popen[bytes]:
    """The command as a tied child in this folder, its output appended to a file."""
    with output.open("ab") as file:
        return subprocess.Popen(tied(command), cwd=folder, stdout=file, stderr=file)


async def ended(process: subprocess.Popen[bytes], within: float) -> bool:
    """Whether the process ends within so many seconds; reaps it."""
    deadline = time.monotonic() + within
    while process.poll() is None:
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


async def end(process: subprocess.Popen[bytes], within: float = 15) -> None:
    """SIGTERM, and SIGKILL for a process that does not end within so many seconds."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGCONT)
    process.terminate()
    if not await ended(process, within):
        process.kill()
        await ended(process, 5)


class Running:
    """Something that runs as one process, or does not run; whoever starts it sets `_process`."""

    _process: subprocess.Popen[bytes] | None = None

    async def stop(self) -> None:
        """SIGTERM and wait; nothing happens if it is not running."""
        if self._process is not None:
            await end(self._process)
            self._process = None

    async def kill(self) -> None:
        """SIGKILL and wait, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            await ended(self._process, 10)
            self._process = None
