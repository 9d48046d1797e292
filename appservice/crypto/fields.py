"""Takes typed fields out of JSON that strangers wrote; whatever is wrong becomes None."""

import base64
import binascii
from typing import Any

import orjson

from appservice.crypto.values import Json

MAX_ID = 255  # octets (spec: appendices, identifiers)
KEY_OCTETS = 32


def obj(value: object, *path: str) -> Json | None:
    """The object at a path of keys inside value."""
    found = walk(value, *path)
    return found if isinstance(found, dict) else None


def text(value: object, *path: str) -> str | None:
    """The string at a path of keys inside value, if it is proper Unicode."""
    found = walk(value, *path)
    if not isinstance(found, str):
        return None
    try:
        found.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return None
    return found


def walk(value: object, *path: str) -> Any:
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def identifier(value: object, sigil: str = "") -> str | None:
    """An id of printable characters; with a sigil (user, room, event) also without blanks."""
    if not isinstance(value, str) or not value.startswith(sigil) or len(value) <= len(sigil):
        return None
    if not value.isprintable() or len(value.encode()) > MAX_ID or (sigil and " " in value):
        return None
    return value


def user(value: object) -> str | None:
    found = identifier(value, "@")
    return found if found and ":" in found else None


def room(value: object) -> str | None:
    return identifier(value, "!")


def key(value: object) -> str | None:
    """A 32-octet public key in unpadded base64, in its one canonical spelling."""
    found = octets(value, KEY_OCTETS)
    if found is None:
        return None
    spelt = encode64(found)
    return spelt if spelt == value else None


def octets(value: object, length: int | None = None) -> bytes | None:
    """The octets of a string in base64 of either alphabet; None if they are not so many."""
    if not isinstance(value, str):
        return None
    try:
        found = decode64(value.replace("-", "+").replace("_", "/"))
    except ValueError:
        return None
    return found if length in (None, len(found)) else None


def decode64(value: str) -> bytes:
    """Octets of base64 without (or with) padding; raises ValueError."""
    try:
        bare = value.rstrip("=")
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def encode64(octets: bytes) -> str:
    return base64.b64encode(octets).decode().rstrip("=")


def encode64url(octets: bytes) -> str:
    """Unpadded base64 of the alphabet that is safe in addresses (JWK)."""
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def parse(octets: bytes) -> Json | None:
    """The JSON object in octets, or None."""
    try:
        found = orjson.loads(octets)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def size(value: object) -> int | None:
    """Octets of value as JSON, or None if it is none."""
    try:
        return len(orjson.dumps(value))
    except orjson.JSONEncodeError:
        return None
