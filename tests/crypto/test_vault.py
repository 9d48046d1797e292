"""The vault: what may be read, what must be stored."""

import pytest

from appservice.crypto import Need, NotLoaded, Vault

KEY = ("device", "@ada:hs", "A")
OTHER = ("device", "@ada:hs", "B")


def test_only_what_was_asked_for_can_be_read():
    vault = Vault({KEY: b"1"}, Need(items=frozenset({KEY})))
    assert vault.get(KEY) == b"1"
    with pytest.raises(NotLoaded):
        vault.get(OTHER)
    with pytest.raises(NotLoaded) as caught:
        vault.owned("device", "@ada:hs")
    assert "ada" not in str(caught.value)


def test_an_owner_stands_for_all_its_items():
    vault = Vault({KEY: b"1"}, Need(frozenset({KEY[:2]})))
    assert vault.get(OTHER) is None
    vault.put(OTHER, b"2")
    assert set(vault.owned("device", "@ada:hs")) == {"A", "B"}


def test_changes_are_what_differs():
    vault = Vault({KEY: b"1"}, Need(frozenset({KEY[:2]})))
    vault.put(KEY, b"1")
    assert vault.changes() == {}
    vault.put(OTHER, b"2")
    vault.delete(KEY)
    assert vault.changes() == {OTHER: b"2", KEY: None}
    assert vault.get(KEY) is None
    vault.put(KEY, b"1")
    assert vault.changes()[KEY] == b"1"


def test_a_kept_value_is_written_when_somebody_asks():
    written = []

    def encode(value):
        written.append(value)
        return value.encode()

    vault = Vault({KEY: b"1"}, Need(frozenset({KEY[:2]})))
    assert vault.read(KEY, bytes.decode) == "1"
    vault.keep(KEY, "2", encode)
    vault.keep(KEY, "3", encode)
    assert vault.read(KEY, bytes.decode) == "3"
    assert set(vault.owned(*KEY[:2])) == {"A"}
    assert written == []
    assert vault.get(KEY) == b"3"
    vault.keep(OTHER, "4", encode)
    assert vault.changes() == {KEY: b"3", OTHER: b"4"}
    assert written == ["3", "4"]


def test_a_kept_value_gives_way_to_what_is_put_or_deleted():
    vault = Vault({KEY: b"1"}, Need(frozenset({KEY[:2]})))
    vault.keep(KEY, "2", str.encode)
    vault.put(KEY, b"1")
    assert vault.read(KEY, bytes.decode) == "1"
    vault.keep(OTHER, "3", str.encode)
    vault.delete(OTHER)
    assert vault.read(OTHER, bytes.decode) is None
    assert vault.changes() == {KEY: b"1", OTHER: None}


def test_what_was_put_can_be_read_unasked():
    vault = Vault({}, Need())
    vault.put(KEY, b"1")
    assert vault.get(KEY) == b"1"


def test_needs_are_joined():
    one, two = Need(items=frozenset({KEY})), Need(frozenset({("peer", "@ben:hs")}))
    assert (one | two).covers(KEY)
    assert (one | two).covers(("peer", "@ben:hs", "x"))
    assert not (one | two).covers(OTHER)


def test_a_repr_names_nobody():
    assert "ada" not in repr(Vault({KEY: b"secret"}, Need()))
