"""Sealing: opens only with the key and in its place; hashes and pickles outlive a rotation."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.crypto import Need
from appservice.domain.effects import EnterChat
from appservice.domain.events import GraceEnded
from appservice.domain.person import Person
from appservice.errors import ConfigurationError, PermanentError
from appservice.ports import Arrival, Posting, Prepared
from appservice.store import KeyFile, Keys
from tests.store.conftest import NOON

KEYS = Keys((bytes(range(32)),))


@given(st.text(), st.binary())
def test_what_was_sealed_opens_in_its_place(place, value):
    sealed = KEYS.seal(place, value)
    assert KEYS.open(place, sealed) == value
    assert KEYS.seal(place, value) != sealed


def test_it_opens_nowhere_else_and_with_no_other_key():
    sealed = KEYS.seal("here", b"value")
    with pytest.raises(PermanentError, match="place"):
        KEYS.open("there", sealed)
    with pytest.raises(PermanentError, match="key"):
        Keys((bytes(32),)).open("here", sealed)


@given(st.data())
def test_a_changed_or_cut_value_does_not_open(data):
    sealed = KEYS.seal("here", b"value")
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    changed = bytearray(sealed)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(PermanentError):
        KEYS.open("here", bytes(changed))
    with pytest.raises(PermanentError):
        KEYS.open("here", sealed[: data.draw(st.integers(0, len(sealed) - 1))])


def test_hashes_tell_lists_of_parts_apart():
    lists = [("a", "b"), ("ab",), ("ab", ""), ("", "ab"), ("b", "a"), ("a\x1fb",), ()]
    hashes = {KEYS.hash(*parts) for parts in lists}
    assert len(hashes) == len(lists)
    assert all(len(found) == 32 for found in hashes)
    assert KEYS.hash("a", "b") != Keys((bytes(32),)).hash("a", "b")
    assert KEYS.hash("\ud800") != KEYS.hash("\ud801")


def test_the_three_uses_of_a_key_have_nothing_in_common():
    secret = bytes(range(32))
    assert KEYS.pickle_key not in {secret, KEYS._hashing}
    assert KEYS._hashing != secret
    assert repr(KEYS) == "<Keys: 1>"


def test_a_key_file_is_for_its_owner_only(key_file):
    assert stat.S_IMODE(key_file.path.stat().st_mode) == 0o600
    key_file.path.chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        key_file.read()
    with pytest.raises(ConfigurationError, match="exists"):
        key_file.create()


def test_a_mistyped_key_is_found(key_file):
    header, line, *_ = key_file.path.read_text().splitlines()
    middle = len(line) // 2
    wrong = line[:middle] + ("A" if line[middle] != "A" else "B") + line[middle + 1 :]
    for text in (f"{header}\n{wrong}\n", f"{line}\nnonsense", header, "", "ü"):
        key_file.path.write_bytes(text.encode("latin-1"))
        with pytest.raises(ConfigurationError) as caught:
            key_file.read()
        assert line.split()[1] not in str(caught.value)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        KeyFile(key_file.path.with_name("none")).read()


def test_rotation_keeps_hashes_and_pickles_and_opens_the_old(key_file, keys):
    sealed = keys.seal("here", b"value")
    newer = key_file.add()
    assert newer.open("here", sealed) == b"value"
    assert not newer.sealed_by_newest(sealed)
    assert newer.sealed_by_newest(newer.seal("here", b""))
    assert newer.hash("a") == keys.hash("a")
    assert newer.pickle_key == keys.pickle_key
    newest = key_file.add()
    middle = newer.seal("here", b"value")
    assert newest.open("here", middle) == b"value"
    with pytest.raises(PermanentError, match="needs a key"):
        key_file.forget().open("here", middle)
    assert key_file.read().newest == newest.newest
    assert key_file.read().hash("a") == keys.hash("a")


def need(number):
    return Need(items=frozenset({("kind", "owner", f"{number}")}))


async def test_a_database_is_sealed_anew_while_its_contents_stay(
    database_url, key_file, open_store, run_sql
):
    old = await open_store(database_url, keys=key_file.read())
    prepared = Prepared((), "t", {}, "f")
    async with old.begin() as work:
        for n in range(700):  # more than one turn of the loop
            vault = await work.vault(need(n))
            vault.put(("kind", "owner", f"{n}"), b"%d" % n)
            await work.save(vault)
        await work.put(Person("@ada:x"))
        await work.keep_fact("since", b"s1")
        await work.wake("key", NOON, GraceEnded("@ada:x", "g"))
        await work.accept([Arrival("$1", "l", "matrix", {"a": 1}, NOON)])
        await work.post(Posting("e1", "l", EnterChat("!r"), NOON, prepared=prepared))
    key_file.add()
    newer = await open_store(database_url, keys=key_file.add())
    assert (
        await newer.reseal() == 700 + 8
    )  # two facts are the store's own: the proof of the keys, and older.py's
    assert await newer.reseal() == 0
    only = await open_store(database_url, keys=key_file.forget())
    async with only.begin() as work:
        assert (await work.vault(need(699))).get(("kind", "owner", "699")) == b"699"
        assert await work.all(Person) == [Person("@ada:x")]
        assert await work.fact("since") == b"s1"
        assert await work.due(NOON, 1) == 1
        assert (await work.arrivals(NOON, 5))[0].id == "$1"
        assert (await work.postings(NOON, 5))[0].prepared == prepared


async def test_a_database_refuses_a_foreign_key_file(database_url, open_store, tmp_path, key_file):
    await open_store(database_url)
    foreign = KeyFile(tmp_path / "foreign.keys").create()
    with pytest.raises(ConfigurationError, match="key file"):
        await open_store(database_url, keys=foreign)
    older = key_file.read()
    newer = await open_store(database_url, keys=key_file.add())
    await newer.reseal()
    with pytest.raises(ConfigurationError, match="key file"):
        await open_store(database_url, keys=older)
