"""The side that asks for a verification by emoji, written from the specification."""

from hashlib import sha256
from typing import Any

import vodozemac

from appservice.crypto import canonical_json, fields
from appservice.crypto.sas import Party

REQUEST = {"methods": ["m.sas.v1", "m.qr_code.show.v1"]}
START = {
    "method": "m.sas.v1",
    "key_agreement_protocols": ["curve25519-hkdf-sha256"],
    "hashes": ["sha256"],
    "message_authentication_codes": ["hkdf-hmac-sha256", "hkdf-hmac-sha256.v2"],
    "short_authentication_string": ["decimal", "emoji"],
}


class Asker:
    """A client of `me` that verifies `them`, in one transaction."""

    def __init__(self, transaction: str, me: Party, them: Party) -> None:
        self.transaction = transaction
        self.me = me
        self.them = them
        self.emoji: tuple[int, ...] = ()
        self._sas = vodozemac.Sas()
        self.public = self._sas.public_key.to_base64()
        self._established: Any = None

    def learn(self, accept: dict, key: dict, start: dict) -> None:
        """Compute the emoji from their answers to what was sent as start."""
        theirs = key["key"]
        commitment = sha256(theirs.encode() + canonical_json(start)).digest()
        assert accept["commitment"] == fields.encode64(commitment)
        public = vodozemac.Curve25519PublicKey.from_base64(theirs)
        self._established = self._sas.diffie_hellman(public)
        mine = (self.me.user_id, self.me.device_id, self.public)
        info = "|".join((*mine, self.them.user_id, self.them.device_id, theirs, self.transaction))
        shown = self._established.bytes(f"MATRIX_KEY_VERIFICATION_SAS|{info}")
        self.emoji = tuple(shown.emoji_indices)

    def mac(self, sender: Party, receiver: Party, name: str, value: str) -> str:
        ids = sender.user_id + sender.device_id + receiver.user_id + receiver.device_id
        info = f"MATRIX_KEY_VERIFICATION_MAC{ids}{self.transaction}{name}"
        return self._established.calculate_mac(value, info)

    def own_mac(self) -> dict:
        macs = {
            name: self.mac(self.me, self.them, name, key) for name, key in self.me.keys.items()
        }
        names = ",".join(sorted(macs))
        return {"mac": macs, "keys": self.mac(self.me, self.them, "KEY_IDS", names)}

    def believes(self, content: dict) -> bool:
        """Whether their MACs are right for the keys that we know of them."""
        macs = content["mac"]
        listed = self.mac(self.them, self.me, "KEY_IDS", ",".join(sorted(macs)))
        right = all(
            macs[name] == self.mac(self.them, self.me, name, key)
            for name, key in self.them.keys.items()
        )
        return right and content["keys"] == listed
