"""The recovery key that people write down (spec: client-server API, "Recovery key")."""

from functools import reduce
from operator import xor

from appservice.crypto.errors import BadRecoveryKey

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PREFIX = b"\x8b\x01"
_SECRET_OCTETS = 32
_LONGEST = 48  # digits that 35 octets can take


def encode_recovery_key(secret: bytes) -> str:
    """Base58 in groups of four characters; `secret`: 32 octets, else ValueError."""
    if len(secret) != _SECRET_OCTETS:
        raise ValueError("a recovery key holds 32 octets")
    octets = _PREFIX + secret
    octets += bytes([reduce(xor, octets)])
    number, digits = int.from_bytes(octets), ""
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def decode_recovery_key(key: str) -> bytes:
    """The 32 octets; blanks do not matter. Raises BadRecoveryKey, saying what is wrong with it."""
    digits = "".join(key.split())
    if len(digits) > _LONGEST:  # a novel in this place would take minutes to read as a number
        raise BadRecoveryKey("the recovery key is too long")
    number = 0
    for place, character in enumerate(digits, start=1):
        digit = _ALPHABET.find(character)
        if digit < 0:
            raise BadRecoveryKey(f"character {place} cannot occur in a recovery key")
        number = number * len(_ALPHABET) + digit
    length = len(_PREFIX) + _SECRET_OCTETS + 1
    if not digits or number.bit_length() > 8 * length:
        raise BadRecoveryKey("the recovery key is too " + ("long" if digits else "short"))
    octets = number.to_bytes(length)
    if not octets.startswith(_PREFIX):
        raise BadRecoveryKey("the recovery key is too short, or its beginning is mistyped")
    if reduce(xor, octets):
        raise BadRecoveryKey("the recovery key has a typing error somewhere")
    return octets[len(_PREFIX) : -1]
