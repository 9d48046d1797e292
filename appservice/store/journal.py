"""A file that takes transactions while the database cannot: sealed, synced, replayed later."""

import base64
import binascii
import errno
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from appservice.errors import PermanentError
from appservice.store.files import failed, replace_file, sync_folder, write_all
from appservice.store.sealed import Keys

RESERVE = 16 * 1024**2  # bytes held beside the journal
_PLACE = "journal"


@dataclass(frozen=True)
class Journal:
    """One sealed entry a line, in base64; a last line without its end never happened.

    A position is the number of bytes up to the end of an entry. All methods wait for the disk, so
    call them in a thread; they take turns. All raise StorageError when the disk refuses.
    """

    path: Path
    keys: Keys
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def append(self, entry: bytes) -> int:
        """Return the entry's position when it is on the disk; on an error nothing was added."""
        line = base64.b64encode(self.keys.seal(_PLACE, entry)) + b"\n"
        with self._turn:
            try:
                return self._append(line)
            except OSError as error:
                if error.errno != errno.ENOSPC or not self._give_reserve_up():
                    raise failed(self.path, error) from None
            try:
                return self._append(line)
            except OSError as error:
                raise failed(self.path, error) from None

    def keep_reserve(self) -> None:
        """Hold room on the disk, to be given up when it is full and somebody writes to us.

        A disk that is full already gives none; the next call tries again.
        """
        if self._reserve.exists():
            return
        try:
            descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, RESERVE)
            finally:
                os.close(descriptor)
        except OSError:
            self._give_reserve_up()

    def entries(self) -> list[tuple[int, bytes]]:
        """Return (position, entry) of all entries, oldest first; unreadable ones are left out."""
        with self._turn:
            return [(at, entry) for at, entry in self._read() if entry is not None]

    def truncate(self, position: int | None = None) -> None:
        """Forget the entries up to `position` (all, if none is given): they are in the database.

        Give the position of the last entry read: what was appended since then stays.
        """
        with self._turn:
            rest = self._rest(position)
            if rest is not None:
                replace_file(self.path, rest)

    def empty(self) -> bool:
        try:
            return self.path.stat().st_size == 0
        except FileNotFoundError:
            return True
        except OSError as error:
            raise failed(self.path, error) from None

    @property
    def _reserve(self) -> Path:
        return self.path.with_name(self.path.name + ".reserve")

    def _give_reserve_up(self) -> bool:
        """Free the room that was held; False if there was none."""
        try:
            self._reserve.unlink()
        except OSError:
            return False
        return True

    def _append(self, line: bytes) -> int:
        new = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            end = _whole(descriptor)
            os.ftruncate(descriptor, end)  # half a line of a crash, if there is one
            os.lseek(descriptor, end, os.SEEK_SET)
            try:
                write_all(descriptor, line)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, end)
                raise
        finally:
            os.close(descriptor)
        if new:
            sync_folder(self.path.parent)
        return end + len(line)

    def _read(self) -> list[tuple[int, bytes | None]]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise failed(self.path, error) from None
        found, at = [], 0
        for line in data.split(b"\n")[:-1]:
            at += len(line) + 1
            found.append((at, self._open(line)))
        return found

    def _open(self, line: bytes) -> bytes | None:
        try:
            return self.keys.open(_PLACE, base64.b64decode(line, validate=True))
        except (PermanentError, binascii.Error):
            return None

    def _rest(self, position: int | None) -> bytes | None:
        """Return what stays; None: there is no file."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise failed(self.path, error) from None
        return b"" if position is None else data[position:]


def _whole(descriptor: int) -> int:
    """Return the number of bytes up to the last line's end."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    while end > 0:
        start = max(0, end - 65_536)
        block = os.pread(descriptor, end - start, start)
        found = block.rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
