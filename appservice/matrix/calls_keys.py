"""Requests about keys: device keys, one-time keys, cross-signing, to-device messages, /sync."""

import json
from collections.abc import Mapping
from typing import Any

from appservice.matrix.transport import Json, Transport, client_path

# Device lists and keys only: rooms come by transactions (docs/matrix.md, "Keys in").
NOTHING_BUT_KEYS: Json = {
    "room": {"rooms": []},
    "presence": {"not_types": ["*"]},
    "account_data": {"not_types": ["*"]},
}


class KeyCalls(Transport):
    """Client-server API, "End-to-end encryption" and "Send-to-device messaging".

    All by the keeper's device, except what needs none: /keys/query, which is asked before there is
    one, and the two uploads of signed keys, which the steward needs too.
    """

    async def keys_upload(self, body: Json) -> Json:
        return await self._by_keeper("POST", client_path("keys", "upload"), body)

    async def keys_query(self, body: Json) -> Json:
        """Ask for devices and identities; `device_keys`: user id → list of devices, empty: all."""
        path = client_path("keys", "query")
        whole = {"timeout": 10_000, **body}
        return await self.call("POST", path, whole, user=self.keeper, timeout=60)

    async def keys_claim(self, body: Json) -> Json:
        path = client_path("keys", "claim")
        return await self._by_keeper("POST", path, {"timeout": 10_000, **body}, timeout=60)

    async def put_to_device(self, event_type: str, txn: str, messages: Mapping[str, Any]) -> None:
        """Send to devices; `messages`: user id → device id → content."""
        path = client_path("sendToDevice", event_type, txn)
        await self._by_keeper("PUT", path, {"messages": messages})

    async def sync(
        self,
        since: str | None,
        keep: Json | None = None,
        *,
        wait_ms: int = 0,
    ) -> Json:
        """Read what is new for the keeper's device. `keep`: a filter; without: keys only."""
        chosen = NOTHING_BUT_KEYS if keep is None else keep
        query = {
            "timeout": str(wait_ms),
            "set_presence": "offline",
            "filter": json.dumps(chosen, separators=(",", ":")),
        }
        if since is not None:
            query["since"] = since
        limit = 60 + wait_ms / 1000
        return await self._by_keeper("GET", client_path("sync"), query=query, timeout=limit)

    async def device_signing_upload(self, body: Json, *, user: str) -> None:
        await self.call("POST", client_path("keys", "device_signing", "upload"), body, user=user)

    async def signatures_upload(self, body: Json, *, user: str) -> Json:
        """Upload signatures; what the homeserver refused stands under `failures`."""
        path = client_path("keys", "signatures", "upload")
        return await self.call("POST", path, body, user=user)

    async def _by_keeper(
        self,
        method: str,
        path: str,
        body: object | None = None,
        *,
        query: Mapping[str, str] | None = None,
        timeout: float = 30.0,
    ) -> Json:
        return await self.call(
            method,
            path,
            body,
            user=self.keeper,
            device=self.device,
            query=query,
            timeout=timeout,
        )
