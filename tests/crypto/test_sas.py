"""Verification by emoji: the same seven on both sides, and every way in which it must end."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appservice.crypto import NoIdentity, canonical_json
from appservice.crypto.emoji import EMOJI
from appservice.crypto.sas import (
    TIMEOUT_MS,
    Party,
    Step,
    Verification,
    need_own_party,
    need_party,
    own_party,
    party,
)
from tests.crypto import world
from tests.support import sas

TRANSACTION = "$request"
MASTER = "mAsTer" + "A" * 37
KEEPER = Party("@keeper:hs", "KEEPER", {"ed25519:KEEPER": "k" * 43, f"ed25519:{MASTER}": MASTER})
ADA = Party("@ada:hs", "ADAPHONE", {"ed25519:ADAPHONE": "a" * 43})
REQUEST = {**sas.REQUEST, "from_device": "ADAPHONE"}
START = {**sas.START, "from_device": "ADAPHONE", "transaction_id": TRANSACTION}


class Asker(sas.Asker):
    """Ada's client, and the keeper that she asks."""

    def __init__(self, knows: Party = KEEPER) -> None:
        super().__init__(TRANSACTION, ADA, knows)
        self.keeper = Verification(TRANSACTION, KEEPER, ADA, asked_ms=0)

    def tells(self, name: str, content: dict, now_ms: int = 1) -> list[Step]:
        return self.keeper.receive(f"m.key.verification.{name}", content, now_ms)

    def up_to_the_emoji(self) -> None:
        (ready,) = self.tells("request", REQUEST)
        assert ready.content == {"from_device": "KEEPER", "methods": ["m.sas.v1"]}
        (accept,) = self.tells("start", START)
        (key,) = self.tells("key", {"key": self.public})
        self.learn(accept.content, key.content, START)


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
    assert ada.believes(mac.content)
    assert done.type == "m.key.verification.done"
    assert ada.keeper.proven == ADA.keys
    assert ada.tells("done", {}) == []
    assert ada.keeper.done


def test_somebody_in_the_middle_is_not_believed() -> None:
    shown_other_keys = Party(KEEPER.user_id, "KEEPER", {"ed25519:KEEPER": "x" * 43})
    ada = Asker(knows=shown_other_keys)
    ada.up_to_the_emoji()
    mac, _ = ada.tells("mac", ada.own_mac())
    assert not ada.believes(mac.content)


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


def test_a_reason_of_their_own_making_is_not_kept() -> None:
    ada = Asker()
    ada.tells("cancel", {"code": "something that Ada wrote"})
    assert ada.keeper.cancelled == "m.user"


def test_our_side_has_the_keys_that_we_published() -> None:
    server = world.Server()
    keeper = world.Party(server, "@keeper:hs", "KEEPER")
    with keeper.vault(need_own_party(keeper.machine)) as vault:
        ours = own_party(keeper.machine, vault)
    device = server.devices["@keeper:hs"]["KEEPER"]["keys"]["ed25519:KEEPER"]
    master = server.identities["@keeper:hs"]["master_key"]["keys"]
    assert ours == Party("@keeper:hs", "KEEPER", {"ed25519:KEEPER": device, **master})


def test_our_side_is_not_there_without_an_identity() -> None:
    keeper = world.Party(world.Server(), "@keeper:hs", signed=False)
    with keeper.vault(need_own_party(keeper.machine)) as vault, pytest.raises(NoIdentity):
        own_party(keeper.machine, vault)


@pytest.mark.parametrize("signed", [True, False])
def test_their_side_has_the_keys_that_the_homeserver_shows(signed: bool) -> None:  # noqa: FBT001
    keeper, ada = world.pair(signed=signed)
    with keeper.vault(need_party(ada.user)) as vault:
        theirs = party(vault, ada.user, "DEVICE")
        assert party(vault, ada.user, "OTHER") is None
    master = ada.server.identities.get(ada.user, {}).get("master_key", {}).get("keys", {})
    assert theirs.keys == {"ed25519:DEVICE": theirs.keys["ed25519:DEVICE"], **master}
    assert bool(master) is signed


def test_the_emoji_are_those_of_the_specification() -> None:
    assert len({emoji.symbol for emoji in EMOJI}) == len(EMOJI) == 64
    assert all(emoji.symbol and emoji.en and emoji.de for emoji in EMOJI)
    assert [EMOJI[n].en for n in (0, 34, 36, 63)] == ["Dog", "Spanner", "Thumbs Up", "Pin"]
    assert [EMOJI[n].symbol for n in (21, 63)] == ["\u2601\ufe0f", "\N{PUSHPIN}"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = ("request", "start", "key", "mac", "done", "cancel", "own_mac", "key ", "")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.dictionaries(
                st.sampled_from([*START, *REQUEST, "key", "mac", "keys", "code"]), JSON, max_size=6
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
