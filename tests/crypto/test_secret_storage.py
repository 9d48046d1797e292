"""Secrets in account data, against values that Element's own library made (matrix-js-sdk 43)."""

import pytest

from appservice import crypto
from appservice.crypto import BadSecret, fields, secret_storage

KEY = bytes(i * 7 % 256 for i in range(32))
OTHER = bytes(32)
IV = bytes(range(1, 17))
NAME = "m.cross_signing.master"
SEALED = {
    "iv": "AQIDBAUGBwgJCgsMDQ4PEA==",
    "ciphertext": "PHwtks/ol/9AOewbp4cYAwXNavgpDik=",
    "mac": "x7JN57u8jbjBX0zMoTds5U/aLLFJGX5wKhIhYPdHq8E=",
}
DESCRIBED = {
    "algorithm": "m.secret_storage.v1.aes-hmac-sha2",
    "iv": "AQIDBAUGBwgJCgsMDQ4PEA==",
    "mac": "UdM1QhOXwlQ/rckAB0uGG0t0H39k8p6eqb+A+2GQQrM=",
}
SPELT = "EsSz z9tE P7v3 2x3J pej9 kEu3 wFRg Cohn LtKd CcAP Gyjg nnbj"


def same(ours: dict[str, str], theirs: dict[str, str]) -> bool:
    """Compare without padding, which either side may write or leave out."""
    return {k: v.rstrip("=") for k, v in ours.items()} == {
        k: v.rstrip("=") for k, v in theirs.items()
    }


def test_a_secret_is_sealed_as_element_seals_it() -> None:
    sealed = secret_storage.seal_secret(KEY, "id", NAME, "the seed of an identity", IV)
    assert same(sealed["encrypted"]["id"], SEALED)


def test_what_element_sealed_is_opened() -> None:
    content = {"encrypted": {"id": SEALED}}
    assert secret_storage.open_secret(KEY, "id", NAME, content) == "the seed of an identity"


def test_a_key_is_described_as_element_describes_it() -> None:
    assert same(secret_storage.describe_key(KEY, IV), DESCRIBED)


def test_a_key_is_spelt_as_element_spells_it() -> None:
    assert crypto.encode_recovery_key(KEY) == SPELT
    assert crypto.decode_recovery_key(SPELT) == KEY


def test_a_key_has_one_id_that_gives_nothing_away() -> None:
    name = crypto.storage_key_id(KEY)
    assert name == crypto.storage_key_id(KEY) != crypto.storage_key_id(OTHER)
    assert len(name) == 32
    assert KEY.hex()[:8] not in name


def test_the_right_key_is_told_from_a_wrong_one() -> None:
    assert secret_storage.is_storage_key(KEY, DESCRIBED)
    assert not secret_storage.is_storage_key(OTHER, DESCRIBED)
    assert not secret_storage.is_storage_key(KEY, {**DESCRIBED, "algorithm": "m.other"})
    assert not secret_storage.is_storage_key(KEY, {**DESCRIBED, "mac": None})
    assert not secret_storage.is_storage_key(KEY, None)


def test_a_key_without_a_check_may_be_the_right_one() -> None:
    assert secret_storage.is_storage_key(OTHER, {"algorithm": DESCRIBED["algorithm"]})


def test_the_counter_has_sixty_three_bits() -> None:
    sealed = secret_storage.seal_secret(KEY, "id", NAME, "x", b"\xff" * 16)["encrypted"]["id"]
    assert fields.decode64(sealed["iv"]) == b"\xff" * 8 + b"\x7f" + b"\xff" * 7


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (NAME, None),
        (NAME, {"encrypted": {}}),
        (NAME, {"encrypted": {"id": {**SEALED, "mac": SEALED["mac"].replace("x", "y")}}}),
        (NAME, {"encrypted": {"id": {**SEALED, "iv": "AQID"}}}),
        (NAME, {"encrypted": {"id": {**SEALED, "ciphertext": 3}}}),
        ("m.cross_signing.self_signing", {"encrypted": {"id": SEALED}}),
    ],
)
def test_what_is_not_whole_is_refused(name: str, content: object) -> None:
    with pytest.raises(BadSecret):
        secret_storage.open_secret(KEY, "id", name, content)


def test_a_mistyped_key_opens_nothing() -> None:
    with pytest.raises(BadSecret):
        secret_storage.open_secret(OTHER, "id", NAME, {"encrypted": {"id": SEALED}})
