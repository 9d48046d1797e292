"""The account: keys uploaded once, again after a crash, and filled up."""

import pytest

from appservice import crypto
from appservice.crypto import Machine, NoAccount, Vault, verify_json
from tests.crypto.world import HOUR, Party, Server, pair

CURVE = "signed_curve25519"


def body_of(party, counts=None, unused=None):
    with party.vault(crypto.need_account(party.machine)) as vault:
        return crypto.keys_upload_body(party.machine, vault, counts, unused, party.now)


def fresh():
    server = Server()
    party = Party.__new__(Party)
    party.server, party.records, party.now = server, {}, 1
    party.machine = Machine("@ada:hs", "DEVICE", b"k" * 32)
    with party.vault(crypto.need_account(party.machine)) as vault:
        crypto.create_account(party.machine, vault)
    return party


def test_the_first_upload_has_everything_signed():
    party = fresh()
    body = body_of(party)
    keys = body["device_keys"]
    ed25519 = keys["keys"]["ed25519:DEVICE"]
    verify_json(keys, "@ada:hs", "DEVICE", ed25519)
    assert len(body["one_time_keys"]) == 25
    assert len(body["fallback_keys"]) == 1
    for kind in ("one_time_keys", "fallback_keys"):
        for name, key in body[kind].items():
            assert name.startswith(f"{CURVE}:")
            verify_json(key, "@ada:hs", "DEVICE", ed25519)
            assert key.get("fallback", False) == (kind == "fallback_keys")


def test_a_crash_before_the_answer_repeats_the_same_body():
    party = fresh()
    first = body_of(party)
    assert body_of(party) == first
    assert body_of(party, {CURVE: 0}, []) == first
    with party.vault(crypto.need_account(party.machine)) as vault:
        crypto.keys_uploaded(party.machine, vault)
    assert body_of(party, {CURVE: 25}, [CURVE]) is None


def test_keys_are_filled_up_to_half():
    party = Party(Server(), "@ada:hs")
    assert body_of(party, {CURVE: 25}, [CURVE]) is None
    body = body_of(party, {CURVE: 20}, [CURVE])
    assert set(body) == {"one_time_keys"}
    assert len(body["one_time_keys"]) == 5


def test_no_key_is_offered_twice():
    party = Party(Server(), "@ada:hs")
    before = set(party.server.one_time[("@ada:hs", "DEVICE")])
    body = body_of(party, {CURVE: 0}, [CURVE])
    assert not before & set(body["one_time_keys"])


def test_absent_counts_change_nothing():
    assert body_of(Party(Server(), "@ada:hs")) is None


def test_a_fallback_key_is_replaced_after_a_week():
    _, ben = pair()
    counts, unused = {"signed_curve25519": 50}, ["signed_curve25519"]
    ben.now += 6 * 24 * HOUR
    assert ben.upload(counts, unused) is None
    ben.now += 24 * HOUR
    assert set(ben.upload(counts, unused)) == {"fallback_keys"}
    assert ben.upload(counts, unused) is None


def test_a_used_fallback_key_is_replaced_and_the_old_still_works():
    ada, ben = pair()
    ben.server.one_time[(ben.user, "DEVICE")].clear()
    event = ada.say("by the old fallback key", [ben.user])
    before = dict(ben.server.fallback[(ben.user, "DEVICE")])
    body = ben.upload({CURVE: 25}, [])
    assert set(body) == {"fallback_keys"}
    assert not set(before) & set(body["fallback_keys"])
    assert ben.hear(event) == "by the old fallback key"


def test_an_account_is_made_once():
    party = fresh()
    before = dict(party.records)
    with party.vault(crypto.need_account(party.machine)) as vault:
        own = crypto.create_account(party.machine, vault)
        assert vault.changes() == {}
    assert party.records == before
    assert own.device_id == "DEVICE"
    assert not own.signed


def test_without_an_account():
    machine = Machine("@ada:hs", "DEVICE", b"k" * 32)
    need = crypto.need_account(machine)
    with pytest.raises(NoAccount):
        crypto.keys_upload_body(machine, Vault({}, need), None, None, 0)
    with pytest.raises(NoAccount):
        crypto.receive_to_device(machine, Vault({}, need), [], 0)
