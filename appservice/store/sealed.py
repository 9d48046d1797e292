"""Sealing of everything that identifies, and the keyed hashes by which it is found again."""

import base64
import binascii
import hmac
import os
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appservice.errors import ConfigurationError, PermanentError
from appservice.store.columns import pack

_FORMAT = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12
_NONCE_AT = 1 + _ID_BYTES
_BODY_AT = _NONCE_AT + _NONCE_BYTES
_KEY_BYTES = 32
_HASH_CHARACTERS = 32  # 128 bits
_REMEMBERED = 8192  # hashes, about 2 MB: the same people and rooms are looked up all the time
_HEADER = (
    "# Keys of Circlekeeper. Whoever has them can read its database: keep them apart from it."
)


class Keys:
    """Keys of one installation, oldest first: the newest seals, all open.

    Look-up hashes and `pickle_key` come from the oldest, since they must stay the same when a key
    is added. A sealed value is: format (1 byte), key id (4), nonce (12), AES-256-GCM ciphertext
    and tag; its place (table and key hash) is the associated data, so that it opens nowhere else.
    """

    def __init__(self, secrets_: tuple[bytes, ...]) -> None:
        """Take secrets of 32 bytes each, oldest first, at least one."""
        if not secrets_ or any(len(secret) != _KEY_BYTES for secret in secrets_):
            raise ConfigurationError("a key must be 32 bytes long, and there must be at least one")
        self._ciphers = {key_id(secret): AESGCM(_derive(secret, "seal")) for secret in secrets_}
        self._newest = key_id(secrets_[-1])
        self._hashing = hmac.new(_derive(secrets_[0], "hash"), digestmod="sha256")
        self._remembered = lru_cache(_REMEMBERED)(self._hash)
        self.pickle_key = _derive(secrets_[0], "pickle")
        """32 bytes for vodozemac's pickles."""

    def __repr__(self) -> str:
        return f"<Keys: {len(self._ciphers)}>"

    @property
    def newest(self) -> str:
        """The id of the key that seals, hex."""
        return self._newest.hex()

    def seal(self, place: str, value: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        head = _FORMAT + self._newest + nonce
        return head + self._ciphers[self._newest].encrypt(nonce, value, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Open what `seal` made for the same place.

        Raises PermanentError if a key is missing or a single bit is not as it was.
        """
        cipher = self._ciphers.get(sealed[1:_NONCE_AT])
        if sealed[:1] != _FORMAT or cipher is None:
            raise PermanentError("a sealed value needs a key that is not in the key file")
        try:
            return cipher.decrypt(sealed[_NONCE_AT:_BODY_AT], sealed[_BODY_AT:], place.encode())
        except (InvalidTag, ValueError):
            raise PermanentError("a sealed value is damaged or not in its own place") from None

    def sealed_by_newest(self, sealed: bytes) -> bool:
        return sealed[1:_NONCE_AT] == self._newest

    def hash(self, *parts: str) -> str:
        """Return the keyed hash (HMAC-SHA-256, 128 bits, hex) of parts; no two lists are alike."""
        return self._remembered(*parts)

    def _hash(self, *parts: str) -> str:
        code = self._hashing.copy()
        code.update(pack(*[part.encode("utf-8", "surrogatepass") for part in parts]))
        return code.hexdigest()[:_HASH_CHARACTERS]


@dataclass(frozen=True)
class KeyFile:
    """A text file (mode 0600), one key a line: id (8 hex digits) and 32 bytes in base64.

    Oldest first. Lines beginning with # are comments.
    """

    path: Path
    _mode: int = field(default=0o600, repr=False)

    def create(self) -> Keys:
        """Write a new file with one key; raises ConfigurationError if there is one already."""
        if self.path.exists():
            raise ConfigurationError(f"the key file {self.path} exists already")
        return self._write((secrets.token_bytes(_KEY_BYTES),))

    def read(self) -> Keys:
        """Raises ConfigurationError, naming every fault (and no key)."""
        return Keys(self._secrets())

    def add(self) -> Keys:
        """Add a new key, which seals from now on; the older ones still open."""
        return self._write((*self._secrets(), secrets.token_bytes(_KEY_BYTES)))

    def forget(self) -> Keys:
        """Drop the keys between the oldest and the newest: after everything is sealed anew."""
        held = self._secrets()
        return self._write(held if len(held) == 1 else (held[0], held[-1]))

    def _secrets(self) -> tuple[bytes, ...]:
        try:
            mode, text = self.path.stat().st_mode, self.path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise ConfigurationError(f"the key file {self.path} cannot be read") from None
        if mode & 0o077:
            raise ConfigurationError(
                f"others may read the key file {self.path}: chmod 600 {self.path}"
            )
        lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
        found = [_parse(line) for line in lines]
        faults = [f"key {number}" for number, key in enumerate(found, 1) if key is None]
        if faults or not found:
            what = ", ".join(faults) or "no key in it"
            raise ConfigurationError(f"the key file {self.path} is damaged: {what}")
        return tuple(key for key in found if key is not None)

    def _write(self, held: tuple[bytes, ...]) -> Keys:
        lines = [f"{key_id(key).hex()} {base64.b64encode(key).decode()}" for key in held]
        data = "\n".join((_HEADER, *lines, "")).encode()
        new = self.path.with_name(self.path.name + ".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, self._mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
        except OSError:
            new.unlink(missing_ok=True)
            raise ConfigurationError(f"the key file {self.path} cannot be written") from None
        return Keys(held)


def key_id(secret: bytes) -> bytes:
    """Name a key; the name gives nothing of it away and tells a mistyped key."""
    return _derive(secret, "id")[:_ID_BYTES]


def _parse(line: str) -> bytes | None:
    ident, _, coded = line.strip().partition(" ")
    try:
        secret = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == _KEY_BYTES and key_id(secret).hex() == ident else None


def _derive(secret: bytes, use: str) -> bytes:
    info = f"circlekeeper {use}".encode()
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(secret)
