"""Loopback ports that nothing else on this machine takes while the tests run."""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

# Below the range from which Linux draws ports for outgoing connections, so that a server
# which is killed and started again finds its port free.
_RANGE = range(20_000, 32_000)
_LOCKS = Path(tempfile.gettempdir()) / f"circlekeeper-ports.{os.getuid()}"
_held: dict[int, int] = {}


def reserve_port() -> int:
    """A free TCP port on 127.0.0.1, ours until this process ends (kept by a locked file)."""
    _LOCKS.mkdir(mode=0o700, exist_ok=True)
    for port in random.SystemRandom().sample(_RANGE, k=500):
        lock = os.open(_LOCKS / str(port), os.O_CREAT | os.O_RDWR, 0o600)
        if _take(lock) and _free(port):
            _held[port] = lock
            return port
        os.close(lock)
    raise OSError("no free loopback port was found in 500 tries")


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
