"""Signs JSON and checks signatures (spec: appendices, "Signing JSON")."""

from collections.abc import Callable

import vodozemac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appservice.crypto import fields
from appservice.crypto.canonical_json import canonical_json
from appservice.crypto.errors import BadSignature, CryptoError
from appservice.crypto.values import Json

Signer = Callable[[bytes], str]
"""Octets → their Ed25519 signature in unpadded base64."""


def sign_json(value: Json, user_id: str, key_id: str, sign: Signer) -> Json:
    """Copy value and add our signature; `key_id` without "ed25519:". Raises NotCanonical."""
    signature = sign(canonical_json(_unsigned(value)))
    signatures = {name: dict(by_key) for name, by_key in value.get("signatures", {}).items()}
    signatures.setdefault(user_id, {})[f"ed25519:{key_id}"] = signature
    return {**value, "signatures": signatures}


def verify_json(value: Json, user_id: str, key_id: str, public_key: str) -> None:
    """Raise BadSignature unless value is signed; `public_key`: Ed25519 in unpadded base64."""
    signature = fields.text(value, "signatures", user_id, f"ed25519:{key_id}")
    if signature is None:
        raise BadSignature("the signature is missing")
    octets = canonical_json(_unsigned(value))
    try:  # vodozemac checks twice as fast as OpenSSL, and a large room has a thousand to check
        key = vodozemac.Ed25519PublicKey.from_base64(public_key)
        key.verify_signature(octets, vodozemac.Ed25519Signature.from_base64(signature))
    except ValueError:
        raise BadSignature("the signature is wrong") from None


def is_signed(value: Json, user_id: str, key_id: str, public_key: str) -> bool:
    """As verify_json; also False when value cannot be canonical JSON at all."""
    try:
        verify_json(value, user_id, key_id, public_key)
    except CryptoError:
        return False
    return True


def seed_signer(seed: bytes) -> Signer:
    """A signer from a 32-octet Ed25519 seed."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return lambda octets: fields.encode64(key.sign(octets))


def public_of(seed: bytes) -> str:
    """The public key of a 32-octet Ed25519 seed, in unpadded base64."""
    return fields.encode64(
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    )


def _unsigned(value: Json) -> Json:
    return {name: item for name, item in value.items() if name not in ("signatures", "unsigned")}
