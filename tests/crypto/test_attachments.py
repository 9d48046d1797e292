"""Encrypted files: there and back, and nothing that was changed on its way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.crypto import BadFile, attachments, fields

# AES-256-CTR of SP 800-38A, F.5.5, as a Matrix client would describe it
NIST_IV = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
NIST_PLAIN = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
NIST_CIPHER = "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
NIST_FILE = {
    "v": "v2",
    "key": {"alg": "A256CTR", "k": "YD3rEBXKcb4rc67whX13gR81LAc7YQjXLZgQowkU3_Q"},
    "iv": fields.encode64(bytes.fromhex(NIST_IV)),
    "hashes": {"sha256": "gYXFQj6PebINBoS1Eh0K+zvdqcNfGN5rkKC2mR7QQ54"},
}


@given(st.binary(max_size=2_000))
def test_there_and_back(octets: bytes) -> None:
    ciphertext, file = attachments.encrypt_file(octets)
    assert attachments.decrypt_file(ciphertext, file) == octets
    assert len(ciphertext) == len(octets)


def test_a_published_vector() -> None:
    ciphertext = bytes.fromhex(NIST_CIPHER)
    assert attachments.decrypt_file(ciphertext, NIST_FILE) == bytes.fromhex(NIST_PLAIN)


def test_two_files_share_neither_key_nor_counter() -> None:
    (one, first), (two, second) = (attachments.encrypt_file(bytes(64)) for _ in range(2))
    assert one != two
    assert first["key"]["k"] != second["key"]["k"]
    assert fields.decode64(first["iv"])[8:] == bytes(8)  # room for the counter


def test_a_changed_file_is_refused() -> None:
    ciphertext, file = attachments.encrypt_file(b"a calendar")
    with pytest.raises(BadFile):
        attachments.decrypt_file(ciphertext + b"x", file)


def test_a_huge_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_FILE", 4)
    ciphertext, file = attachments.encrypt_file(b"five.")
    with pytest.raises(BadFile):
        attachments.decrypt_file(ciphertext, file)


@pytest.mark.parametrize("missing", ["v", "key", "iv", "hashes"])
def test_a_description_with_a_hole_is_refused(missing: str) -> None:
    ciphertext, file = attachments.encrypt_file(b"a calendar")
    with pytest.raises(BadFile):
        attachments.decrypt_file(ciphertext, {**file, missing: None})
