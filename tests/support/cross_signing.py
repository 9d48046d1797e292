"""Cross-signing identities made by the test itself, independent of the code under test."""

from dataclasses import dataclass
from typing import Any

from canonicaljson import encode_canonical_json
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from unpaddedbase64 import encode_base64

Json = dict[str, Any]


@dataclass(frozen=True)
class Identity:
    """The three Ed25519 keys of one user (spec: Cross-signing)."""

    user_id: str
    master: Ed25519PrivateKey
    self_signing: Ed25519PrivateKey
    user_signing: Ed25519PrivateKey

    @classmethod
    def new(cls, user_id: str) -> "Identity":
        """Fresh keys."""
        new = Ed25519PrivateKey.generate
        return cls(user_id, new(), new(), new())

    def upload(self) -> Json:
        """Body of ``POST /keys/device_signing/upload``, without the ``auth`` part."""
        master = self._public("master", self.master)
        return {
            "master_key": signed(master, self.user_id, self.master),
            "self_signing_key": signed(
                self._public("self_signing", self.self_signing), self.user_id, self.master
            ),
            "user_signing_key": signed(
                self._public("user_signing", self.user_signing), self.user_id, self.master
            ),
        }

    def sign_device(self, device_keys: Json) -> Json:
        """Body of ``POST /keys/signatures/upload`` for one of the user's own devices."""
        bare = {k: v for k, v in device_keys.items() if k not in ("signatures", "unsigned")}
        device = signed(bare, self.user_id, self.self_signing)
        return {self.user_id: {device_keys["device_id"]: device}}

    def _public(self, usage: str, key: Ed25519PrivateKey) -> Json:
        public = public_base64(key)
        return {"user_id": self.user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}


def public_base64(key: Ed25519PrivateKey) -> str:
    """The public half as unpadded base64."""
    return encode_base64(key.public_key().public_bytes_raw())


def signed(value: Json, user_id: str, key: Ed25519PrivateKey) -> Json:
    """The object with the user's signature added (spec: Signing JSON)."""
    signature = encode_base64(key.sign(encode_canonical_json(value)))
    return value | {"signatures": {user_id: {f"ed25519:{public_base64(key)}": signature}}}
