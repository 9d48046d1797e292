"""Secrets in account data, sealed by one key (spec: "Secret storage", aes-hmac-sha2).

The values here are contents of account data. `m.secret_storage.default_key` names a key;
`m.secret_storage.key.<id>` describes it, so that a mistyped key is noticed; an account data event
under a secret's own name (m.cross_signing.master) holds the secret, sealed.
"""

import hmac
import secrets
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appservice.crypto import fields
from appservice.crypto.aes_ctr import IV_OCTETS, aes_ctr
from appservice.crypto.errors import BadSecret
from appservice.crypto.values import Json

ALGORITHM = "m.secret_storage.v1.aes-hmac-sha2"
_COUNTER_TOP = 8  # the octet of the iv whose highest bit is 63rd from the end
_ZEROES = bytes(32)


def storage_key_id(key: bytes) -> str:
    """Name a key: the same key gets the same id, which gives nothing of it away."""
    return HKDF(SHA256(), 16, _ZEROES, b"circlekeeper storage key id").derive(key).hex()


def describe_key(key: bytes, iv: bytes | None = None) -> Json:
    """Return the content of m.secret_storage.key.<id>; `key`: 32 octets."""
    sealed = _Sealer(key, "").seal(_ZEROES, iv)
    return {"algorithm": ALGORITHM, "iv": sealed["iv"], "mac": sealed["mac"]}


def is_storage_key(key: bytes, description: object) -> bool:
    """Tell whether this is the key that was described; without iv and mac nobody can say no."""
    if fields.text(description, "algorithm") != ALGORITHM:
        return False
    iv, mac = (fields.text(description, name) for name in ("iv", "mac"))
    if iv is None and mac is None:
        return True
    octets, digest = fields.octets(iv, IV_OCTETS), fields.octets(mac, sha256().digest_size)
    if octets is None or digest is None:
        return False
    sealer = _Sealer(key, "")
    return sealer.vouches(sealer.crypt(octets, _ZEROES), digest)


def seal_secret(key: bytes, key_id: str, name: str, secret: str, iv: bytes | None = None) -> Json:
    """Return the content of the account data event `name` that holds a secret for one key."""
    return {"encrypted": {key_id: _Sealer(key, name).seal(secret.encode(), iv)}}


def open_secret(key: bytes, key_id: str, name: str, content: object) -> str:
    """Return a secret out of its account data event; raises BadSecret."""
    sealed = fields.walk(content, "encrypted", key_id)
    iv = fields.octets(fields.walk(sealed, "iv"), IV_OCTETS)
    mac = fields.octets(fields.walk(sealed, "mac"), sha256().digest_size)
    ciphertext = fields.octets(fields.walk(sealed, "ciphertext"))
    if iv is None or mac is None or ciphertext is None:
        raise BadSecret("the secret is not there, or not readable")
    sealer = _Sealer(key, name)
    if not sealer.vouches(ciphertext, mac):
        raise BadSecret("the key does not open the secret")
    try:
        return sealer.crypt(iv, ciphertext).decode()
    except UnicodeDecodeError:
        raise BadSecret("the secret is no text") from None


class _Sealer:
    """The AES key and the MAC key of one secret, from the one key of all and the secret's name."""

    def __init__(self, key: bytes, name: str) -> None:
        both = HKDF(SHA256(), 64, _ZEROES, name.encode()).derive(key)
        self._aes, self._mac = both[:32], both[32:]

    def seal(self, octets: bytes, iv: bytes | None) -> Json:
        used = bytearray(iv or secrets.token_bytes(IV_OCTETS))
        used[_COUNTER_TOP] &= 0x7F  # clients on Android count with 63 bits only
        ciphertext = self.crypt(bytes(used), octets)
        return {
            "iv": fields.encode64(bytes(used)),
            "ciphertext": fields.encode64(ciphertext),
            "mac": fields.encode64(self._code(ciphertext)),
        }

    def crypt(self, iv: bytes, octets: bytes) -> bytes:
        return aes_ctr(self._aes, iv, octets)

    def vouches(self, ciphertext: bytes, mac: bytes) -> bool:
        return hmac.compare_digest(self._code(ciphertext), mac)

    def _code(self, ciphertext: bytes) -> bytes:
        return hmac.digest(self._mac, ciphertext, "sha256")
