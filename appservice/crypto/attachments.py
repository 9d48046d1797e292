"""Encrypts and decrypts files (spec: client-server API, "Sending encrypted attachments")."""

import hmac
import secrets
from hashlib import sha256

from appservice.crypto import fields
from appservice.crypto.aes_ctr import IV_OCTETS, aes_ctr
from appservice.crypto.errors import BadFile
from appservice.crypto.values import Json

MAX_FILE = 20 * 1024 * 1024  # octets
_COUNTER_OCTETS = 8  # of the iv; they begin with zero


def encrypt_file(octets: bytes) -> tuple[bytes, Json]:
    """Return the ciphertext to upload, and an EncryptedFile that still lacks its `url`.

    Whoever has the EncryptedFile can read the file, so it travels in encrypted events only.
    """
    key = secrets.token_bytes(fields.KEY_OCTETS)
    iv = secrets.token_bytes(IV_OCTETS - _COUNTER_OCTETS) + bytes(_COUNTER_OCTETS)
    ciphertext = aes_ctr(key, iv, octets)
    file: Json = {
        "v": "v2",
        "key": {
            "kty": "oct",
            "alg": "A256CTR",
            "ext": True,
            "key_ops": ["encrypt", "decrypt"],
            "k": fields.encode64url(key),
        },
        "iv": fields.encode64(iv),
        "hashes": {"sha256": fields.encode64(sha256(ciphertext).digest())},
    }
    return ciphertext, file


def decrypt_file(ciphertext: bytes, file: object) -> bytes:
    """Return the file's octets; `file`: the EncryptedFile that came with it. Raises BadFile."""
    key, iv, digest = _read(file)
    if len(ciphertext) > MAX_FILE:
        raise BadFile("the file is too large")
    if not hmac.compare_digest(sha256(ciphertext).digest(), digest):
        raise BadFile("the file is not the one that was sent")
    return aes_ctr(key, iv, ciphertext)


def _read(file: object) -> tuple[bytes, bytes, bytes]:
    """Return key, initial counter and SHA-256 of the ciphertext."""
    if fields.text(file, "v") != "v2" or fields.text(file, "key", "alg") != "A256CTR":
        raise BadFile("the file is encrypted in a way that we do not know")
    key = fields.octets(fields.walk(file, "key", "k"), fields.KEY_OCTETS)
    iv = fields.octets(fields.walk(file, "iv"), IV_OCTETS)
    digest = fields.octets(fields.walk(file, "hashes", "sha256"), sha256().digest_size)
    if key is None or iv is None or digest is None:
        raise BadFile("the description of the file is malformed")
    return key, iv, digest
