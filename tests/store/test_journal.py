"""The journal: what it says it has, it has; half a line never happened."""

import errno
import os
import stat

import pytest

from appservice.errors import StorageError
from appservice.store import Journal, KeyFile
from tests.support.full_disk import files_no_larger_than


@pytest.fixture
def journal(tmp_path, keys):
    return Journal(tmp_path / "journal", keys)


def held(journal):
    return [entry for _, entry in journal.entries()]


def test_entries_come_back_in_order(journal, keys):
    assert journal.empty()
    assert held(journal) == []
    entries = [b"one", b"", b"two\n\n", os.urandom(200_000)]
    positions = [journal.append(entry) for entry in entries]
    assert journal.entries() == list(zip(positions, entries, strict=True))
    assert held(Journal(journal.path, keys)) == entries
    assert not journal.empty()
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_what_was_accepted_is_forgotten_and_what_came_later_stays(journal):
    journal.append(b"one")
    position = journal.append(b"two")
    journal.append(b"three")
    journal.truncate(position)
    assert held(journal) == [b"three"]
    journal.append(b"four")
    assert held(journal) == [b"three", b"four"]
    journal.truncate()
    assert journal.empty()
    journal.truncate(7)
    journal.append(b"five")
    assert held(journal) == [b"five"]


def test_every_torn_last_line_is_ignored_and_overwritten(journal):
    journal.append(b"one")
    whole = journal.path.read_bytes()
    journal.append(b"two")
    both = journal.path.read_bytes()
    for cut in range(len(whole), len(both)):
        journal.path.write_bytes(both[:cut])
        assert held(journal) == [b"one"]
        journal.append(b"three")
        assert held(journal) == [b"one", b"three"]


def test_a_torn_only_line_is_ignored(journal):
    journal.append(b"one" * 50_000)
    journal.path.write_bytes(journal.path.read_bytes()[:-1])
    assert held(journal) == []
    journal.append(b"two")
    assert held(journal) == [b"two"]


def test_a_damaged_line_hides_no_other(journal):
    for entry in (b"one", b"two", b"three"):
        journal.append(entry)
    lines = journal.path.read_bytes().splitlines(keepends=True)
    lines[1] = b"A" + lines[1][1:] if lines[1][:1] != b"A" else b"B" + lines[1][1:]
    journal.path.write_bytes(b"".join(lines))
    assert held(journal) == [b"one", b"three"]


def test_the_file_shows_nothing_and_opens_with_its_keys_only(journal, tmp_path):
    journal.append(b"@canary:example.org")
    assert b"canary" not in journal.path.read_bytes()
    foreign = Journal(journal.path, KeyFile(tmp_path / "foreign").create())
    assert held(foreign) == []


def test_a_disk_that_is_full_half_way_leaves_what_was_there(journal):
    journal.append(b"one")
    size = journal.path.stat().st_size
    with files_no_larger_than(size + 5_000), pytest.raises(StorageError, match="journal"):
        journal.append(b"x" * 100_000)
    assert journal.path.stat().st_size == size
    journal.append(b"two")
    assert held(journal) == [b"one", b"two"]


def test_a_full_device_is_a_storage_error(keys, tmp_path):
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(StorageError):
        Journal(tmp_path / "full", keys).append(b"one")


def test_a_folder_that_is_not_there_is_a_storage_error(keys, tmp_path):
    with pytest.raises(StorageError):
        Journal(tmp_path / "none" / "journal", keys).append(b"one")
    (tmp_path / "folder").mkdir()
    folder = Journal(tmp_path / "folder", keys)
    for use in (folder.entries, lambda: folder.append(b""), folder.truncate):
        with pytest.raises(StorageError):
            use()


def test_every_entry_is_synced_before_append_returns(journal, monkeypatch):
    synced = []
    sync = os.fsync

    def note(descriptor):
        synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    journal.append(b"one")
    assert synced == [False, True]  # the new file, then the folder that names it
    journal.append(b"two")
    assert synced == [False, True, False]


def test_a_full_disk_gives_up_the_reserve_for_what_is_said(journal, monkeypatch):
    journal.keep_reserve()
    reserve = journal.path.with_name("journal.reserve")
    assert reserve.stat().st_blocks * 512 >= 16 * 1024**2
    write = os.write

    def until_there_is_room(descriptor, data):
        if reserve.exists():
            raise OSError(errno.ENOSPC, "full")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", until_there_is_room)
    journal.append(b"one")
    assert held(journal) == [b"one"]
    assert not reserve.exists()
    monkeypatch.undo()
    journal.keep_reserve()
    assert reserve.exists()
