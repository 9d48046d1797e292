"""Small files that must survive a power cut: written, synced, and never half there."""

import os
from pathlib import Path

from appservice.errors import StorageError


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` (mode 0600) in the place of a file in one step; raises StorageError."""
    new = path.with_name(path.name + ".new")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise failed(path, error) from None


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it: a nearly full disk may take a part first and refuse the rest."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """See to it that a new name in a folder survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def failed(path: Path, error: OSError) -> StorageError:
    reason = os.strerror(error.errno) if error.errno else "unknown fault"
    return StorageError(f"the file {path.name} cannot be read or written: {reason}")
