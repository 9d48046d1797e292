"""Members with Element's crypto: matrix-js-sdk in a Node process, driven by JSON lines."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.support.client_process import ClientProcess, ProcessClient
from tests.support.contents import Json

_SCRIPT = Path(__file__).resolve().parents[1] / "interop" / "member.mjs"

Isolation = Literal["only-signed", "all"]


@dataclass(frozen=True)
class Device:
    """A device as the client knows it after asking the homeserver; keys in unpadded base64."""

    device_id: str
    ed25519: str
    curve25519: str
    signed_by_owner: bool
    dehydrated: bool


@dataclass(frozen=True)
class VerificationStatus:
    """What Element knows of another user's identity (``UserVerificationStatus``)."""

    has_identity: bool
    known: bool
    verified: bool
    needs_user_approval: bool


@dataclass(frozen=True)
class Poll:
    """A native poll as Element shows it; `answers` are (id, text)."""

    event_id: str
    question: str
    answers: tuple[tuple[str, str], ...]
    most: int
    disclosed: bool
    ended: bool


class Element(ClientProcess):
    """One Node process; it says so if `npm ci` has not been run in tests/interop.

    ``async with Element() as element: ada = await element.login(url, user_id, password)``
    """

    def __init__(self) -> None:
        super().__init__("node", str(_SCRIPT))

    async def login(
        self,
        url: str,
        user_id: str,
        password: str,
        *,
        cross_sign: bool = True,
        isolation: Isolation = "only-signed",
        device_id: str | None = None,
    ) -> "ElementClient":
        """A new device of the user that syncs; with ``cross_sign`` it makes the user's identity.

        ``only-signed`` is Element's "exclude insecure devices" (MSC4153). A second device of a
        user is logged in with ``cross_sign=False`` and then verified by ``verify_by``.
        """
        return await self._begin(
            ElementClient,
            url,
            user=user_id,
            password=password,
            crossSign=cross_sign,
            isolation=isolation,
            device=device_id,
        )

    async def open_secrets(self, recovery_key: str, account_data: Json) -> dict[str, str]:
        """Open an identity's private keys (base64) in secret storage, as its owner's client would.

        ``account_data``: contents by type. ``MemberError`` if the key is another one.
        """
        return await self.ask("openSecrets", recoveryKey=recovery_key, accountData=account_data)


class ElementClient(ProcessClient):
    """One device with Element's crypto. Made by ``Element.login``."""

    async def verify_by(self, first: "ElementClient") -> None:
        """Verify this device by an earlier one of the same user in the same Element.

        The end of Element's "verify with another device" without its prompts: this client gets
        the identity's keys, and its device is signed.
        """
        await self._ask("verify", by=first.name)

    async def set_isolation(self, isolation: Isolation) -> None:
        """Change the "exclude insecure devices" mode while running."""
        await self._ask("isolation", isolation=isolation)

    async def devices_of(self, user_id: str) -> list[Device]:
        """The user's devices with keys as this client knows them."""
        return [Device(**device) for device in await self._ask("devices", user=user_id)]

    async def wait_for_device(
        self, user_id: str, device_id: str, *, signed: bool, timeout: float = 15
    ) -> Device:
        """Until this client knows the device, signed by its owner or not as asked."""
        deadline = time.monotonic() + timeout
        while True:
            devices = await self.devices_of(user_id)
            for device in devices:
                if device.device_id == device_id and device.signed_by_owner == signed:
                    return device
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.user_id} knows of {user_id} only {devices}")
            await asyncio.sleep(0.1)

    async def polls(self, room_id: str) -> list[Poll]:
        """The polls that this client sees in the room, oldest first."""
        found = await self._ask("polls", room=room_id)
        return [Poll(**poll | {"answers": tuple(map(tuple, poll["answers"]))}) for poll in found]

    async def vote(
        self, room_id: str, poll_event: str, *answers: str, naming: str = "unstable"
    ) -> str:
        """Press buttons of a poll as Element does; in stable naming as a later one may."""
        if naming == "stable":
            return await super().vote(room_id, poll_event, *answers, naming=naming)
        return await self._ask("vote", room=room_id, poll=poll_event, answers=answers)

    async def verification_status(self, user_id: str) -> VerificationStatus:
        """What this client knows of the user's identity."""
        return VerificationStatus(**await self._ask("status", user=user_id))

    async def approve_identity(self, user_id: str) -> None:
        """Accept a changed identity (pin it)."""
        await self._ask("approve", user=user_id)

    async def reset_identity(self, password: str) -> None:
        """Make a new cross-signing identity for this user, as after losing everything."""
        await self._ask("resetIdentity", password=password)

    async def ask_verification(
        self, user_id: str, *, room_id: str | None = None, device_id: str | None = None
    ) -> None:
        """Ask somebody to verify by emoji: in a room with them, else from device to device."""
        await self._ask("askVerification", user=user_id, room=room_id, device=device_id)

    async def compare_emoji(self) -> list[str]:
        """Start once they are ready; the seven emoji that Element shows."""
        return [symbol for symbol, _ in await self._ask("compareEmoji")]

    async def confirm_emoji(self) -> None:
        """Say that they are the same, and wait until both sides are done."""
        await self._ask("confirmEmoji")

    async def refuse_emoji(self) -> None:
        """Say that they are not the same."""
        await self._ask("refuseEmoji")

    async def verification_cancelled(self) -> str:
        """Wait until one side has given up; the code."""
        return await self._ask("cancelled")

    async def discard_session(self, room_id: str) -> None:
        """Encrypt the next message of the room in a new Megolm session."""
        await self._ask("discardSession", room=room_id)
