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
    assert vault.owned("device", "@ada:hs") == {"A": b"1", "B": b"2"}


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


def test_what_was_put_can_be_read_unasked():
    vault = Vault({}, Need())
    vault.put(KEY, b"1")
    assert vault.get(KEY) == b"1"


def test_needs_are_joined():
    one, two = Need(items=frozenset({KEY})), Need(frozenset({("olm", "@ben:hs")}))
    assert (one | two).covers(KEY)
    assert (one | two).covers(("olm", "@ben:hs", "x"))
    assert not (one | two).covers(OTHER)


def test_a_repr_names_nobody():
    assert "ada" not in repr(Vault({KEY: b"secret"}, Need()))
