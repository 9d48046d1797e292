"""Users of the stub homeserver with their devices, keys and to-device queues."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.stub.errors import MatrixError

Json = dict[str, Any]


@dataclass
class Device:
    """A device; `queue` holds (position, message) of to-device messages not yet acknowledged."""

    device_id: str
    name: str | None = None
    keys: Json | None = None
    one_time_keys: dict[str, Json] = field(default_factory=dict)
    fallback_keys: dict[str, Json] = field(default_factory=dict)  # algorithm -> {id: key}
    fallback_used: set[str] = field(default_factory=set)
    queue: list[tuple[int, Json]] = field(default_factory=list)

    def unsigned(self) -> Json:
        return {} if self.name is None else {"device_display_name": self.name}

    def counts(self) -> dict[str, int]:
        counts = {"signed_curve25519": 0}
        for key_id in self.one_time_keys:
            algorithm = key_id.partition(":")[0]
            counts[algorithm] = counts.get(algorithm, 0) + 1
        return counts

    def unused_fallback(self) -> list[str]:
        return [name for name in self.fallback_keys if name not in self.fallback_used]

    def claim(self, algorithm: str) -> Json:
        """One key, used up unless it is the fallback key; empty if there is none."""
        for key_id in self.one_time_keys:
            if key_id.startswith(f"{algorithm}:"):
                return {key_id: self.one_time_keys.pop(key_id)}
        if algorithm in self.fallback_keys:
            self.fallback_used.add(algorithm)
            return dict(self.fallback_keys[algorithm])
        return {}

    def upload(self, body: Json) -> None:
        if "device_keys" in body:
            self.keys = body["device_keys"]
        for key_id, key in body.get("one_time_keys", {}).items():
            known = self.one_time_keys.get(key_id)
            if known is not None and known != key:
                raise MatrixError(400, "M_INVALID_PARAM", "one-time key exists and differs")
            self.one_time_keys[key_id] = key
        for key_id, key in body.get("fallback_keys", {}).items():
            algorithm = key_id.partition(":")[0]
            self.fallback_keys[algorithm] = {key_id: key}
            self.fallback_used.discard(algorithm)


@dataclass
class User:
    """A user; `identity` holds master_key, self_signing_key, user_signing_key as uploaded."""

    user_id: str
    password: str | None = field(default=None, repr=False)
    name: str | None = None
    devices: dict[str, Device] = field(default_factory=dict)
    identity: dict[str, Json] = field(default_factory=dict)
    blocks_invites: bool = False  # answers invitations with M_INVITE_BLOCKED
    account_data: dict[str, Json] = field(default_factory=dict)
    filters: list[Json] = field(default_factory=list)

    def sign(self, key_id: str, signed: Json) -> bool:
        """Take signatures for a device or an identity key of this user."""
        for target in self._signable(key_id):
            for by, signatures in signed.get("signatures", {}).items():
                target.setdefault("signatures", {}).setdefault(by, {}).update(signatures)
            return True
        return False

    def _signable(self, key_id: str) -> list[Json]:
        device = self.devices.get(key_id)
        keys = [device.keys] if device and device.keys else []
        return keys + [
            key for key in self.identity.values() if f"ed25519:{key_id}" in key.get("keys", {})
        ]


def query(users: dict[str, User], asked: Json, asker: str) -> Json:
    """The answer to POST /keys/query; one's user-signing key is for oneself only."""
    answer: Json = {
        "device_keys": {},
        "failures": {},
        "master_keys": {},
        "self_signing_keys": {},
        "user_signing_keys": {},
    }
    for user_id, wanted in asked.items():
        user = users.get(user_id)
        if user is None:
            continue
        answer["device_keys"][user_id] = {
            device.device_id: device.keys | {"unsigned": device.unsigned()}
            for device in user.devices.values()
            if device.keys is not None and (not wanted or device.device_id in wanted)
        }
        for usage in ("master", "self_signing", "user_signing"):
            key = user.identity.get(f"{usage}_key")
            if key is not None and (usage != "user_signing" or user_id == asker):
                answer[f"{usage}_keys"][user_id] = key
    return answer


def claim(users: dict[str, User], asked: Json) -> Json:
    """The answer to POST /keys/claim."""
    answer: Json = {}
    for user_id, devices in asked.items():
        for device_id, algorithm in devices.items():
            user = users.get(user_id)
            device = user.devices.get(device_id) if user else None
            key = device.claim(algorithm) if device else {}
            if key:
                answer.setdefault(user_id, {})[device_id] = key
    return {"one_time_keys": answer, "failures": {}}
