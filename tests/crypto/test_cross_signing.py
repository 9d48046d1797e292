"""Our identity, the thrown-away one, and the marks that an intruder leaves."""

import pytest

from appservice import crypto
from appservice.crypto import (
    BadRecoveryKey,
    Finding,
    Mark,
    NoIdentity,
    decode_recovery_key,
    encode_recovery_key,
    records,
    verify_json,
)
from tests.crypto.world import Party, Server

STEWARD = "@steward:hs"


def findings(party):
    response = party.server.query({"device_keys": {party.user: []}})
    with party.vault(crypto.need_identity(party.machine)) as vault:
        return crypto.verify_own(party.machine, vault, response)


def steward():
    """A party that watches a steward with a published, thrown-away identity."""
    keeper = Party(Server(), "@keeper:hs")
    with keeper.vault(crypto.need_throwaway(STEWARD)) as vault:
        upload = crypto.create_throwaway(vault, STEWARD)
    keeper.server.device_signing_upload(STEWARD, upload)
    return keeper


def steward_findings(keeper):
    response = keeper.server.query({"device_keys": {STEWARD: []}})
    with keeper.vault(crypto.need_throwaway(STEWARD)) as vault:
        return crypto.verify_throwaway(vault, STEWARD, response)


def test_the_upload_is_a_chain():
    ada = Party(Server(), "@ada:hs")
    upload = ada.server.identities["@ada:hs"]
    (master,) = upload["master_key"]["keys"].values()
    for usage in ("self_signing", "user_signing"):
        verify_json(upload[f"{usage}_key"], "@ada:hs", master, master)
        assert upload[f"{usage}_key"]["usage"] == [usage]


def test_the_same_identity_again_and_from_its_recovery_key():
    ada, other = Party(Server(), "@ada:hs"), Party(Server(), "@ada:hs", "NEW")
    with ada.vault(crypto.need_identity(ada.machine)) as vault:
        one = crypto.create_identity(ada.machine, vault)
        two = crypto.create_identity(ada.machine, vault)
    assert one == two
    assert one.recovery_key not in repr(one)
    with other.vault(crypto.need_identity(other.machine)) as vault:
        restored = crypto.restore_identity(other.machine, vault, one.recovery_key)
    assert restored.upload == one.upload
    with other.vault(crypto.need_identity(other.machine)) as vault, pytest.raises(BadRecoveryKey):
        crypto.restore_identity(other.machine, vault, one.recovery_key[:-2])


def test_our_device_keys_carry_the_signature():
    ada = Party(Server(), "@ada:hs")
    with ada.vault(crypto.need_account(ada.machine)) as vault:
        assert crypto.own_device(ada.machine, vault).signed
        assert len(crypto.device_keys(ada.machine, vault)["signatures"]["@ada:hs"]) == 2


def test_all_is_well():
    assert findings(Party(Server(), "@ada:hs")) == []
    assert steward_findings(steward()) == []


def test_marks_on_the_keeper():
    ada = Party(Server(), "@ada:hs")
    Party(ada.server, "@ada:hs", "PLANTED", signed=False)
    assert findings(ada) == [Finding(Mark.FOREIGN_DEVICE, "PLANTED")]
    ada.server.devices["@ada:hs"] = {}
    assert findings(ada) == [Finding(Mark.DEVICE_MISSING, "DEVICE")]
    Party(ada.server, "@ada:hs", "DEVICE", signed=False)
    assert findings(ada) == [Finding(Mark.DEVICE_KEYS_DIFFER, "DEVICE")]


def test_a_replaced_or_missing_identity():
    ada = Party(Server(), "@ada:hs")
    upload, _master = crypto.throwaway_identity("@ada:hs")
    ada.server.device_signing_upload("@ada:hs", upload)
    assert findings(ada) == [
        Finding(Mark.IDENTITY_REPLACED),
        Finding(Mark.DEVICE_UNSIGNED, "DEVICE"),
    ]
    del ada.server.identities["@ada:hs"]
    assert findings(ada)[0] == Finding(Mark.NO_IDENTITY)


def test_marks_on_the_steward():
    keeper = steward()
    Party(keeper.server, STEWARD, "PLANTED", signed=False)
    assert steward_findings(keeper) == [Finding(Mark.FOREIGN_DEVICE, "PLANTED")]
    keeper.server.devices[STEWARD] = {}
    upload, _master = crypto.throwaway_identity(STEWARD)
    keeper.server.device_signing_upload(STEWARD, upload)
    assert steward_findings(keeper) == [Finding(Mark.IDENTITY_REPLACED)]


def test_the_throwaway_identity_is_made_once_and_keeps_no_secret():
    keeper = steward()
    with keeper.vault(crypto.need_throwaway(STEWARD)) as vault:
        again = crypto.create_throwaway(vault, STEWARD)
        assert vault.changes() == {}
    assert again == keeper.server.identities[STEWARD]
    assert set(again) == {"master_key", "self_signing_key", "user_signing_key"}
    upload, master = crypto.throwaway_identity(STEWARD)
    assert list(upload["master_key"]["keys"].values()) == [master]


@pytest.mark.parametrize("response", [{}, {"device_keys": {}, "failures": {"hs": {}}}, {"a": 1}])
def test_no_answer_is_no_proof(response):
    keeper = steward()
    with keeper.vault(crypto.need_throwaway(STEWARD)) as vault:
        found = crypto.verify_throwaway(vault, STEWARD, response)
    assert found == [Finding(Mark.UNREADABLE)]


def test_without_an_identity():
    ada = Party(Server(), "@ada:hs", signed=False)
    need = crypto.need_identity(ada.machine) | crypto.need_throwaway(STEWARD)
    with ada.vault(need) as vault:
        with pytest.raises(NoIdentity):
            crypto.sign_own_device(ada.machine, vault)
        with pytest.raises(NoIdentity):
            crypto.verify_throwaway(vault, STEWARD, {})


def recovered(party, root, found):
    response = party.server.query({"device_keys": {party.user: []}})
    with party.vault(crypto.need_identity(party.machine)) as vault:
        done = crypto.recover_identity(party.machine, vault, root, found, response)
        kept = crypto.identity_secrets(party.machine, vault) if done else None
        assert done or vault.changes() == {}
    return kept


def bare(server, device="NEW"):
    """Ada's next device, without an identity."""
    return Party(server, "@ada:hs", device, signed=False)


def test_an_identity_is_recovered_from_its_root_or_from_its_secrets():
    ada = Party(Server(), "@ada:hs")
    with ada.vault(crypto.need_identity(ada.machine)) as vault:
        root = decode_recovery_key(crypto.create_identity(ada.machine, vault).recovery_key)
        secrets = crypto.identity_secrets(ada.machine, vault)
    assert recovered(bare(ada.server), root, {}) == secrets
    assert recovered(bare(ada.server), bytes(32), secrets) == secrets
    assert recovered(bare(ada.server), bytes(32), {}) is None


def test_secrets_that_are_not_those_of_the_identity_count_for_nothing():
    ada, ben = Party(Server(), "@ada:hs"), Party(Server(), "@ada:hs")
    with ben.vault(crypto.need_identity(ben.machine)) as vault:
        secrets = crypto.identity_secrets(ben.machine, vault)
    with ada.vault(crypto.need_identity(ada.machine)) as vault:
        root = decode_recovery_key(crypto.create_identity(ada.machine, vault).recovery_key)
        right = crypto.identity_secrets(ada.machine, vault)
    for found in (secrets, {**right, "m.cross_signing.user_signing": "short"}, {"x": "y"}):
        assert recovered(bare(ada.server), root, found) == right
    assert recovered(bare(ada.server), bytes(32), secrets) is None


def test_no_identity_is_recovered_where_none_is_shown():
    assert recovered(bare(Server()), bytes(32), {}) is None


def test_earlier_devices_are_those_that_our_identity_signed():
    ada = Party(Server(), "@ada:hs", "OLD")
    with ada.vault(crypto.need_identity(ada.machine)) as vault:
        key = crypto.create_identity(ada.machine, vault).recovery_key
    bare(ada.server, "PLANTED")
    new = bare(ada.server)
    with new.vault(crypto.need_identity(new.machine)) as vault:
        crypto.restore_identity(new.machine, vault, key)
    response = new.server.query({"device_keys": {new.user: []}})
    with new.vault(crypto.need_identity(new.machine)) as vault:
        assert crypto.earlier_devices(new.machine, vault, response) == ["OLD"]
        response["device_keys"][new.user]["OLD"]["keys"]["ed25519:OLD"] = "A" * 43
        assert crypto.earlier_devices(new.machine, vault, response) == []
        crypto.restore_identity(new.machine, vault, encode_recovery_key(bytes(32)))
        assert crypto.earlier_devices(new.machine, vault, response) == []


def test_a_thrown_away_identity_is_taken_as_it_is_shown():
    keeper = steward()
    other = Party(keeper.server, "@keeper:hs", "NEW", signed=False)
    response = keeper.server.query({"device_keys": {STEWARD: []}})
    with other.vault(crypto.need_throwaway(STEWARD)) as vault:
        crypto.recover_throwaway(vault, STEWARD, {"device_keys": {}})
        assert vault.changes() == {}
        crypto.recover_throwaway(vault, STEWARD, response)
    assert steward_findings(other) == []
    upload, _master = crypto.throwaway_identity(STEWARD)
    keeper.server.device_signing_upload(STEWARD, upload)
    assert steward_findings(other) == [Finding(Mark.IDENTITY_REPLACED)]


def test_recovery_key_of_the_specification_shape():
    key = encode_recovery_key(bytes(range(32)))
    assert key.startswith("Es")  # what 0x8B 0x01 always gives
    assert {len(part) for part in key.split()} == {4}
    assert decode_recovery_key(key.replace(" ", "")) == bytes(range(32))
    assert decode_recovery_key(f"\n {key} ") == bytes(range(32))


def test_the_vector_of_element():
    """What matrix-js-sdk 43 writes for this secret."""
    secret = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f92ebc0992ac177fba51db92c2a")
    written = "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qigr V9bM 4Hap nEPb pkRQ"
    assert encode_recovery_key(secret) == written
    assert decode_recovery_key(written) == secret


def test_nearly_every_typing_error_is_found():
    """One parity octet cannot find all; what slips through never gives the same secret."""
    key = encode_recovery_key(b"\xff" * 32).replace(" ", "")
    missed = 0
    for place in range(len(key)):
        wrong = key[:place] + ("z" if key[place] != "z" else "y") + key[place + 1 :]
        try:
            assert decode_recovery_key(wrong) != b"\xff" * 32
            missed += 1
        except BadRecoveryKey:
            continue
    assert missed <= 1


@pytest.mark.parametrize("key", ["", "0", "EsT0", "EsTc", "1" * 60, "z" * 60, "z" * 48])
def test_no_recovery_key(key):
    with pytest.raises(BadRecoveryKey) as caught:
        decode_recovery_key(key)
    assert len(str(caught.value)) > 10


def test_a_recovery_key_holds_32_octets():
    with pytest.raises(ValueError, match="32 octets"):
        encode_recovery_key(b"short")


def test_a_record_that_holds_the_root_alone_is_still_read():
    ada = Party(Server(), "@ada:hs")
    key = records.own_identity(ada.user)
    whole = records.load(ada.records[key])
    ada.records[key] = records.dump({name: whole[name] for name in ("root", "upload")})
    with ada.vault(crypto.need_identity(ada.machine)) as vault:
        found = crypto.identity_secrets(ada.machine, vault)
    assert set(found.values()) == set(whole["seeds"].values())
