"""Requests about users, their devices and profiles, and about the homeserver itself."""

from appservice.errors import PermanentError, TransientError
from appservice.matrix.answers import Answer
from appservice.matrix.calls_rooms import absent_is_none
from appservice.matrix.transport import Json, Transport, client_path


class UserCalls(Transport):
    """Client-server API, "Account registration", "Device management"; application-service API."""

    async def register(self, localpart: str) -> None:
        """Register one of our users, without logging it in (that would need a device).

        PermanentError M_USER_IN_USE, M_EXCLUSIVE. Source: application-service API, "Server admin
        style permissions"; `inhibit_login` because of MSC4190.
        """
        body = {
            "type": "m.login.application_service",
            "username": localpart,
            "inhibit_login": True,
        }
        await self.call("POST", client_path("register"), body)

    async def whoami(self, *, user: str | None = None) -> Json:
        return await self.call("GET", client_path("account", "whoami"), user=user)

    async def devices(self, *, user: str) -> list[str]:
        """Return the ids of all devices of one of our own users, with keys or without."""
        answer = await self.call("GET", client_path("devices"), user=user)
        found = answer.get("devices")
        entries = found if isinstance(found, list) else []
        return [str(entry.get("device_id")) for entry in entries if isinstance(entry, dict)]

    async def put_device(self, device: str, name: str, *, user: str) -> None:
        """Make a device, or rename it (MSC4190)."""
        path = client_path("devices", device)
        await self.call("PUT", path, {"display_name": name}, user=user)

    async def delete_device(self, device: str, *, user: str) -> None:
        """Log a device out, without a password (MSC4190)."""
        await self.call("DELETE", client_path("devices", device), user=user)

    async def account_data(self, kind: str, *, user: str) -> Json | None:
        """Return the content of one kind of account data, None if there is none."""
        path = client_path("user", user, "account_data", kind)
        return await absent_is_none(self.call("GET", path, user=user))

    async def put_account_data(self, kind: str, content: Json, *, user: str) -> None:
        path = client_path("user", user, "account_data", kind)
        await self.call("PUT", path, content, user=user)

    async def display_name(self, of: str, *, user: str) -> str | None:
        path = client_path("profile", of, "displayname")
        answer = await absent_is_none(self.call("GET", path, user=user))
        name = (answer or {}).get("displayname")
        return name if isinstance(name, str) else None

    async def profile_zone(self, of: str, *, user: str) -> str | None:
        """Return the zone that somebody's profile names (m.tz), `""` if it names none.

        None if that cannot be learned now: a zone is not worth waiting for, so no error is raised.
        Source: client-server API, "Profiles" (MSC4175); servers that have no such field refuse.
        """
        path = client_path("profile", of, "m.tz")
        try:
            answer = await absent_is_none(self.call("GET", path, user=user))
        except (PermanentError, TransientError):
            return None
        zone = (answer or {}).get("m.tz")
        return zone if isinstance(zone, str) else ""

    async def set_display_name(self, name: str, *, user: str) -> None:
        path = client_path("profile", user, "displayname")
        await self.call("PUT", path, {"displayname": name}, user=user)

    async def versions(self) -> tuple[Answer, list[str]]:
        """Return the whole answer, and the versions of the specification in it; shows no token."""
        answer = await self.ask("GET", "/_matrix/client/versions", anonymous=True)
        versions = answer.body.get("versions") if isinstance(answer.body, dict) else None
        entries = versions if isinstance(versions, list) else []
        return answer, [str(version) for version in entries]

    async def room_versions(self, *, user: str) -> tuple[str, frozenset[str]]:
        """Return the homeserver's default room version and all that it calls stable."""
        answer = await self.call("GET", client_path("capabilities"), user=user)
        capabilities = answer.get("capabilities")
        entry = capabilities.get("m.room_versions") if isinstance(capabilities, dict) else None
        known = entry if isinstance(entry, dict) else {}
        available = known.get("available")
        stable = available if isinstance(available, dict) else {}
        return str(known.get("default", "1")), frozenset(
            version for version, state in stable.items() if state == "stable"
        )

    async def ping(self, appservice_id: str, txn: str, *, timeout: float = 30.0) -> None:
        """Let the homeserver call us, and deliver at once what it keeps (spec 1.7).

        HomeserverError with code M_CONNECTION_FAILED, M_CONNECTION_TIMEOUT, M_BAD_STATUS when it
        does not reach us; PermanentError M_URL_NOT_SET, M_FORBIDDEN (another application service).
        """
        path = client_path("appservice", appservice_id, "ping", version="v1")
        await self.call("POST", path, {"transaction_id": txn}, timeout=timeout)
