"""Verification by emoji: the same seven on both sides, and every way in which it must end."""

import copy
from hashlib import sha256

import pytest
import vodozemac
from hypothesis import given
from hypothesis import strategies as st

from appservice.crypto import canonical_json, fields
from appservice.crypto.sas import TIMEOUT_MS, Party, Step, Verification

TRANSACTION = "$request"
MASTER = "mAsTer" + "A" * 37
KEEPER = Party("@keeper:hs", "KEEPER", {"ed25519:KEEPER": "k" * 43, f"ed25519:{MASTER}": MASTER})
ADA = Party("@ada:hs", "ADAPHONE", {"ed25519:ADAPHONE": "a" * 43})
REQUEST = {"from_device": "ADAPHONE", "methods": ["m.sas.v1", "m.qr_code.show.v1"]}
START = {
    "from_device": "ADAPHONE",
    "method": "m.sas.v1",
    "key_agreement_protocols": ["curve25519-hkdf-sha256"],
    "hashes": ["sha256"],
    "message_authentication_codes": ["hkdf-hmac-sha256", "hkdf-hmac-sha256.v2"],
    "short_authentication_string": ["decimal", "emoji"],
    "transaction_id": TRANSACTION,
}


class Asker:
    """Ada's client, written from the specification: the side that starts."""

    def __init__(self, knows: Party = KEEPER) -> None:
        self.keeper = Verification(TRANSACTION, KEEPER, ADA, asked_ms=0)
        self.knows = knows
        self.sas = vodozemac.Sas()
        self.public = self.sas.public_key.to_base64()
        self.established = None
        self.emoji: tuple[int, ...] = ()

    def tells(self, name: str, content: dict, now_ms: int = 1) -> list[Step]:
        return self.keeper.receive(f"m.key.verification.{name}", content, now_ms)

    def up_to_the_emoji(self) -> None:
        (ready,) = self.tells("request", REQUEST)
        assert ready.content == {"from_device": "KEEPER", "methods": ["m.sas.v1"]}
        (accept,) = self.tells("start", START)
        (key,) = self.tells("key", {"key": self.public})
        theirs = key.content["key"]
        commitment = sha256(theirs.encode() + canonical_json(START)).digest()
        assert accept.content["commitment"] == fields.encode64(commitment)
        self.established = self.sas.diffie_hellman(
            vodozemac.Curve25519PublicKey.from_base64(theirs)
        )
        info = f"@ada:hs|ADAPHONE|{self.public}|@keeper:hs|KEEPER|{theirs}|{TRANSACTION}"
        shown = self.established.bytes(f"MATRIX_KEY_VERIFICATION_SAS|{info}")
        self.emoji = tuple(shown.emoji_indices)

    def mac(self, sender: Party, receiver: Party, name: str, value: str) -> str:
        ids = sender.user_id + sender.device_id + receiver.user_id + receiver.device_id
        info = f"MATRIX_KEY_VERIFICATION_MAC{ids}{TRANSACTION}{name}"
        return self.established.calculate_mac(value, info)

    def own_mac(self) -> dict:
        macs = {name: self.mac(ADA, KEEPER, name, key) for name, key in ADA.keys.items()}
        return {"mac": macs, "keys": self.mac(ADA, KEEPER, "KEY_IDS", ",".join(sorted(macs)))}

    def believes(self, step: Step) -> bool:
        macs = step.content["mac"]
        listed = self.mac(KEEPER, ADA, "KEY_IDS", ",".join(sorted(macs)))
        right = all(
            macs[name] == self.mac(KEEPER, ADA, name, key) for name, key in self.knows.keys.items()
        )
        return right and step.content["keys"] == listed


def test_both_sides_show_the_same_seven_emoji() -> None:
    ada = Asker()
    ada.up_to_the_emoji()
    assert ada.keeper.emoji == ada.emoji
    assert len(ada.emoji) == 7
    assert len(ada.keeper.decimals) == 3


def test_each_side_believes_the_keys_of_the_other() -> None:
    ada = Asker()
    ada.up_to_the_emoji()
    mac, done = ada.tells("mac", ada.own_mac())
    assert ada.believes(mac)
    assert done.type == "m.key.verification.done"
    assert ada.keeper.proven == ADA.keys
    assert ada.tells("done", {}) == []
    assert ada.keeper.done


def test_somebody_in_the_middle_is_not_believed() -> None:
    shown_other_keys = Party(KEEPER.user_id, "KEEPER", {"ed25519:KEEPER": "x" * 43})
    ada = Asker(knows=shown_other_keys)
    ada.up_to_the_emoji()
    mac, _ = ada.tells("mac", ada.own_mac())
    assert not ada.believes(mac)


def test_a_key_that_is_not_theirs_ends_it() -> None:
    ada = Asker()
    ada.up_to_the_emoji()
    mac = ada.own_mac()
    mac["mac"]["ed25519:ADAPHONE"] = ada.mac(ADA, KEEPER, "ed25519:ADAPHONE", "b" * 43)
    (cancel,) = ada.tells("mac", mac)
    assert cancel.content["code"] == "m.key_mismatch"
    assert not ada.keeper.proven


@pytest.mark.parametrize("change", [{"keys": "AAAA"}, {"keys": None}, {"mac": {}}, {"mac": 1}])
def test_a_list_of_keys_that_was_changed_ends_it(change: dict) -> None:
    ada = Asker()
    ada.up_to_the_emoji()
    (cancel,) = ada.tells("mac", {**ada.own_mac(), **change})
    assert cancel.content["code"] == "m.key_mismatch"


def test_a_name_that_is_no_text_ends_it() -> None:
    ada = Asker()
    ada.up_to_the_emoji()
    (cancel,) = ada.tells("mac", {"mac": {"ed25519:\ud800": "AAAA"}, "keys": "AAAA"})
    assert cancel.content["code"] == "m.invalid_message"


def test_keys_that_we_know_nothing_of_prove_nothing() -> None:
    ada = Asker()
    ada.up_to_the_emoji()
    macs = {"ed25519:OTHER": ada.mac(ADA, KEEPER, "ed25519:OTHER", "o" * 43)}
    keys = ada.mac(ADA, KEEPER, "KEY_IDS", "ed25519:OTHER")
    (cancel,) = ada.tells("mac", {"mac": macs, "keys": keys})
    assert cancel.content["code"] == "m.key_mismatch"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "m.qr_code.v1"}, "m.unknown_method"),
        ({"hashes": ["md5"]}, "m.unknown_method"),
        ({"message_authentication_codes": ["hkdf-hmac-sha256"]}, "m.unknown_method"),
        ({"short_authentication_string": ["decimal"]}, "m.unknown_method"),
        ({"key_agreement_protocols": None}, "m.unknown_method"),
        ({"from_device": "OTHER"}, "m.invalid_message"),
        ({"more": 0.5}, "m.invalid_message"),
    ],
)
def test_a_start_that_cannot_be_met_ends_it(change: dict, code: str) -> None:
    ada = Asker()
    ada.tells("request", REQUEST)
    (cancel,) = ada.tells("start", {**copy.deepcopy(START), **change})
    assert cancel.content["code"] == code


def test_a_request_without_emoji_ends_it() -> None:
    (cancel,) = Asker().tells("request", {"methods": ["m.reciprocate.v1"]})
    assert cancel.content["code"] == "m.unknown_method"


def test_what_comes_out_of_turn_ends_it() -> None:
    ada = Asker()
    ada.tells("request", REQUEST)
    (cancel,) = ada.tells("key", {"key": ada.public})
    assert cancel.content["code"] == "m.unexpected_message"
    assert ada.tells("start", START) == []


def test_it_waits_ten_minutes_and_no_longer() -> None:
    ada = Asker()
    ada.tells("request", REQUEST)
    (cancel,) = ada.tells("start", START, now_ms=TIMEOUT_MS)
    assert cancel.content["code"] == "m.timeout"


def test_they_may_stop_it_at_any_time() -> None:
    ada = Asker()
    ada.tells("request", REQUEST)
    assert ada.tells("cancel", {"code": "m.mismatched_sas"}) == []
    assert ada.keeper.cancelled == "m.mismatched_sas"
    assert "emoji" not in repr(ada.keeper)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = ("request", "start", "key", "mac", "done", "cancel", "own_mac", "key ", "")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.dictionaries(
                st.sampled_from([*START, *REQUEST, "key", "mac", "keys", "code"]), JSON
            ),
        ),
        max_size=6,
    )
)
def test_whatever_comes_is_answered_or_ends_it(messages: list) -> None:
    ada = Asker()
    ada.up_to_the_emoji()
    for name, content in messages:
        for step in ada.tells(name, content):
            assert canonical_json(step.content)
    assert not ada.keeper.proven
