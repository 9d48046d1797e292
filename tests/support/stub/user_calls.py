"""The stub homeserver's answers to requests about users, devices and keys."""

from typing import Any

from tests.support.stub.core import Core
from tests.support.stub.errors import MatrixError, forbidden, not_found
from tests.support.stub.users import Device, claim, query

Json = dict[str, Any]


class UserCalls:
    """One method a request; `user` is who asks."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def register(self, body: Json, *, as_appservice: bool) -> Json:
        """Registering by the application service; as with MSC4190, only without logging in."""
        user_id = f"@{body['username']}:{self.core.server_name}"
        if not as_appservice:
            raise forbidden("registration is closed")
        if not self.core.ours(user_id):
            raise MatrixError(400, "M_EXCLUSIVE")
        self.core.add_user(user_id)
        if not body.get("inhibit_login"):
            raise MatrixError(400, "M_APPSERVICE_LOGIN_UNSUPPORTED")
        return {"user_id": user_id, "home_server": self.core.server_name}

    def devices(self, user: str) -> Json:
        devices = self.core.user(user).devices.values()
        return {"devices": [_shown(device) for device in devices]}

    def device(self, user: str, device_id: str) -> Json:
        devices = self.core.user(user).devices
        if device_id not in devices:
            raise not_found("no such device")
        return _shown(devices[device_id])

    def put_device(self, user: str, device_id: str, body: Json) -> Json:
        if not self.core.ours(user) and device_id not in self.core.user(user).devices:
            raise not_found("no such device")
        self.core.add_device(user, device_id, body.get("display_name"))
        self.core.lists_changed(user)
        return {}

    def delete_device(self, user: str, device_id: str) -> Json:
        self.core.user(user).devices.pop(device_id, None)
        self.core.lists_changed(user)
        return {}

    def profile(self, of: str, field: str | None) -> Json:
        if of not in self.core.users:
            raise not_found("no such user")
        name = self.core.users[of].name
        if field is not None and name is None:
            raise not_found("no such field")
        return {} if name is None else {"displayname": name}

    def put_name(self, user: str, of: str, body: Json) -> Json:
        if user != of:
            raise forbidden("not your profile")
        self.core.user(of).name = body["displayname"]
        for room in self.core.rooms.values():
            if room.membership(of) == "join":
                content = {"membership": "join", "displayname": body["displayname"]}
                self.core.emit(room, of, "m.room.member", content, of)
        return {}

    def keys_upload(self, user: str, device: Device, body: Json) -> Json:
        changed = "device_keys" in body and body["device_keys"] != device.keys
        device.upload(body)
        if changed:
            self.core.lists_changed(user)
        return {"one_time_key_counts": device.counts()}

    def keys_query(self, user: str, body: Json) -> Json:
        return query(self.core.users, body["device_keys"], user)

    def keys_claim(self, body: Json) -> Json:
        return claim(self.core.users, body["one_time_keys"])

    def device_signing_upload(self, user: str, body: Json) -> Json:
        names = ("master_key", "self_signing_key", "user_signing_key")
        self.core.user(user).identity |= {name: body[name] for name in names if name in body}
        self.core.lists_changed(user)
        return {}

    def signatures_upload(self, body: Json) -> Json:
        failures: Json = {}
        for user_id, by_key in body.items():
            for key_id, signed in by_key.items():
                if not self.core.user(user_id).sign(key_id, signed):
                    failures.setdefault(user_id, {})[key_id] = {"errcode": "M_NOT_FOUND"}
            self.core.lists_changed(user_id)
        return {"failures": failures}

    def send_to_device(
        self,
        user: str,
        device: str | None,
        kind: str,
        txn: str,
        body: Json,
    ) -> Json:
        key = (*self.core.asker(user, device), f"to-device {kind} {txn}")
        if key not in self.core.sent:
            self.core.sent[key] = {}
            self.core.to_device(user, kind, body["messages"])
        return {}


def _shown(device: Device) -> Json:
    return {"device_id": device.device_id, "display_name": device.name}
