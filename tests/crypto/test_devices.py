"""Device lists and identities: what is believed, what is pinned, what is refused."""

import pytest

from appservice import crypto
from appservice.crypto import Change, DeviceChange, KeysQuery
from appservice.crypto.signatures import public_of, seed_signer
from tests.crypto.world import Party, Server, pair


def known(party, user):
    with party.vault(crypto.need_devices([user])) as vault:
        return crypto.devices(vault, user)


def outdated(party, *users):
    with party.vault(crypto.need_tracking(users)) as vault:
        return crypto.outdated(vault, users)


def query(party, *users):
    with party.vault(crypto.need_tracking(users)) as vault:
        return crypto.keys_query(vault, users)


def stranger():
    server = Server()
    return Party(server, "@ada:hs"), Party(server, "@ben:hs")


def test_first_sight():
    ada, ben = stranger()
    assert ada.follow(ben) == [
        DeviceChange(Change.IDENTITY_FIRST_SEEN, ben.user),
        DeviceChange(Change.DEVICE_ADDED, ben.user, "DEVICE"),
    ]
    (device,) = known(ada, ben.user)
    assert device.signed
    assert ada.follow(ben) == []


def test_added_signed_unsigned_removed():
    ada, ben = pair(signed=False)
    ben.sign()
    assert DeviceChange(Change.DEVICE_SIGNED, ben.user, "DEVICE") in ada.follow(ben)
    Party(ada.server, ben.user, "PHONE", signed=False)
    assert ada.follow(ben) == [DeviceChange(Change.DEVICE_ADDED, ben.user, "PHONE")]
    assert [device.signed for device in known(ada, ben.user)] == [True, False]
    del ada.server.devices[ben.user]["PHONE"]
    assert ada.follow(ben) == [DeviceChange(Change.DEVICE_REMOVED, ben.user, "PHONE")]
    del ada.server.identities[ben.user]
    assert ada.follow(ben) == [
        DeviceChange(Change.IDENTITY_GONE, ben.user),
        DeviceChange(Change.DEVICE_UNSIGNED, ben.user, "DEVICE"),
    ]


def test_a_changed_identity_is_carried_until_accepted():
    ada, ben = pair()
    ben.records.pop(("own_identity", ben.user, ""))
    ben.sign()
    assert DeviceChange(Change.IDENTITY_CHANGED, ben.user) in ada.follow(ben)
    assert known(ada, ben.user)[0].signed  # by the new identity
    ada_users = [ada.user, ben.user]
    event = ben.say("new me", ada_users)
    ada.sync()
    assert ada.read(event).trust == crypto.Trust(signed=True, pinned_identity_changed=True)
    with ada.vault(crypto.need_devices([ben.user])) as vault:
        assert crypto.identity_changed(vault, ben.user)
        crypto.accept_identity(vault, ben.user)
        assert not crypto.identity_changed(vault, ben.user)
    assert ada.read(event).trust == crypto.Trust(signed=True, pinned_identity_changed=False)


def test_a_pinned_identity_outlives_untracking_and_absence():
    ada, ben = pair()
    with ada.vault(crypto.need_tracking([ben.user])) as vault:
        crypto.untrack(vault, [ben.user])
    assert outdated(ada, ben.user) == {ben.user}
    kept = ada.server.identities.pop(ben.user)
    ada.follow(ben)
    assert not known(ada, ben.user)[0].signed
    ada.server.identities[ben.user] = kept
    ben.records.pop(("own_identity", ben.user, ""))
    ben.sign()
    assert DeviceChange(Change.IDENTITY_CHANGED, ben.user) in ada.follow(ben)


def test_a_device_never_changes_its_keys():
    ada, ben = pair()
    before = known(ada, ben.user)
    Party(ada.server, ben.user, "DEVICE", signed=False)  # the same id, other keys
    assert DeviceChange(Change.DEVICE_REFUSED, ben.user, "DEVICE") in ada.follow(ben)
    assert known(ada, ben.user) == [before[0]._replace(signed=False)]


def forge_user(keys):
    keys["user_id"] = "@mallory:hs"


def forge_device(keys):
    keys["device_id"] = "OTHER"


def forge_algorithms(keys):
    keys["algorithms"] = ["m.megolm.v1.aes-sha2"]


def forge_key(keys):
    keys["keys"]["curve25519:DEVICE"] = keys["keys"]["ed25519:DEVICE"]


def forge_signature(keys):
    keys["signatures"]["@ben:hs"]["ed25519:DEVICE"] = "A" * 86


def forge_absence(keys):
    del keys["signatures"]


@pytest.mark.parametrize(
    "forge",
    [forge_user, forge_device, forge_algorithms, forge_key, forge_signature, forge_absence],
)
def test_forged_device_keys_are_refused(forge):
    ada, ben = stranger()
    forge(ada.server.devices[ben.user]["DEVICE"])
    assert DeviceChange(Change.DEVICE_REFUSED, ben.user, "DEVICE") in ada.follow(ben)
    assert known(ada, ben.user) == []


def test_the_chain_of_signatures_must_hold():
    ada, ben = stranger()
    mallory = Party(ada.server, "@mallory:hs")
    identity = ada.server.identities[ben.user]
    identity["self_signing_key"] = {
        **ada.server.identities[mallory.user]["self_signing_key"],
        "user_id": ben.user,
    }
    assert DeviceChange(Change.IDENTITY_REFUSED, ben.user) in ada.follow(ben)
    assert not known(ada, ben.user)[0].signed


def test_another_users_identity_signs_nothing():
    ada, ben = stranger()
    mallory = Party(ada.server, "@mallory:hs")
    ada.server.identities[ben.user] = ada.server.identities[mallory.user]
    ada.follow(ben)
    assert not known(ada, ben.user)[0].signed


def test_rightly_signed_keys_under_another_name_are_refused():
    ada, ben = stranger()
    upload, _master = crypto.throwaway_identity("@mallory:hs")
    for key in upload.values():
        if "signatures" in key:
            key["signatures"][ben.user] = key["signatures"].pop("@mallory:hs")
    ada.server.identities[ben.user] = upload
    seed = b"s" * 32
    keys = {
        "user_id": "@mallory:hs",
        "device_id": "X",
        "algorithms": [],
        "keys": {"ed25519:X": public_of(seed), "curve25519:X": "A" * 43},
    }
    misnamed = {
        **keys,
        "user_id": ben.user,
        "keys": {"ed25519:Y": public_of(seed), "curve25519:Y": "A" * 43},
    }
    ada.server.devices[ben.user] = {
        "X": crypto.sign_json(keys, ben.user, "X", seed_signer(seed)),
        "Y": crypto.sign_json(misnamed, ben.user, "Y", seed_signer(seed)),
    }
    assert ada.follow(ben) == [
        DeviceChange(Change.IDENTITY_REFUSED, ben.user),
        DeviceChange(Change.DEVICE_REFUSED, ben.user, "X"),
        DeviceChange(Change.DEVICE_REFUSED, ben.user, "Y"),
    ]


def test_a_device_that_cannot_encrypt_gets_no_key():
    ada, ben = stranger()
    seed = b"s" * 32
    keys = {
        "user_id": ben.user,
        "device_id": "X",
        "algorithms": ["m.other"],
        "keys": {"ed25519:X": public_of(seed), "curve25519:X": "A" * 43},
    }
    signed = crypto.sign_json(keys, ben.user, "X", seed_signer(seed))
    ada.server.devices[ben.user]["X"] = signed
    ada.follow(ben)
    assert [device.encrypts for device in known(ada, ben.user)] == [True, False]
    (claim,) = ada.prepare([ben.user], crypto.Audience.ALL).claims
    assert claim["one_time_keys"] == {ben.user: {"DEVICE": "signed_curve25519"}}


def test_a_wrong_self_signing_signature_leaves_the_device_unsigned():
    ada, ben = stranger()
    signatures = ada.server.devices[ben.user]["DEVICE"]["signatures"][ben.user]
    for name in signatures:
        if name != "ed25519:DEVICE":
            signatures[name] = "A" * 86
    ada.follow(ben)
    assert not known(ada, ben.user)[0].signed


def test_users_of_a_failing_server_stay_outdated():
    ada, ben = stranger()
    with ada.vault(crypto.need_tracking([ben.user, "@eve:away"])) as vault:
        crypto.track(vault, [ben.user, "@eve:away"])
    asked = query(ada, ben.user, "@eve:away")
    response = {**ada.server.query(asked.body), "failures": {"away": {}}}
    ada.take_query(response, asked)
    assert outdated(ada, ben.user, "@eve:away") == {"@eve:away"}


def test_a_change_during_the_query_is_not_lost():
    ada, ben = pair()
    asked = query(ada, ben.user)
    response = ada.server.query(asked.body)
    with ada.vault(crypto.need_tracking([ben.user])) as vault:
        crypto.mark_outdated(vault, [ben.user])
    ada.take_query(response, asked)
    assert outdated(ada, ben.user) == {ben.user}


def test_an_answer_without_lists_changes_nothing():
    ada, ben = pair()
    asked = KeysQuery({}, {ben.user: 1})
    assert ada.take_query({"errcode": "M_UNKNOWN"}, asked) == []
    assert len(known(ada, ben.user)) == 1


def test_marking_strangers_keeps_them_strangers():
    ada, _ben = pair()
    with ada.vault(crypto.need_tracking(["@eve:hs"])) as vault:
        crypto.mark_outdated(vault, ["@eve:hs"])
        assert vault.changes() == {}
