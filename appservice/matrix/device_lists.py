"""Keeps the lists of people's devices; tells who has a cross-signed one, or another identity."""

from collections.abc import Callable, Collection, Sequence

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.crypto import Change, DeviceChange, Vault
from appservice.domain.events import DeviceTrusted
from appservice.domain.types import CauseId, UserId, derive
from appservice.matrix import identities
from appservice.matrix.client import Client
from appservice.ports import Arrival, Store


class DeviceLists:
    """Asks the homeserver for lists that are outdated; `on_change` hears whose devices changed."""

    def __init__(self, client: Client, store: Store, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self.on_change: Callable[[str], None] = lambda _: None

    async def has_signed_device(self, user: UserId) -> bool:
        """Tell whether any device of theirs, as far as we know, is cross-signed."""
        need = crypto.need_devices([user])
        async with self._store.begin() as work:
            vault = await work.vault(need)
        return _is_signed(vault, user)

    async def refresh(self, users: Collection[str], *, even_if_fresh: bool = False) -> None:
        """Ask for device lists that are outdated, and tell what is new to the rules."""
        tracking = crypto.need_tracking(users)
        async with self._store.begin() as work:
            vault = await work.vault(tracking)
            crypto.track(vault, users)
            if even_if_fresh:
                crypto.mark_outdated(vault, users)
            asked = crypto.outdated(vault, users)
            query = crypto.keys_query(vault, asked)
            await work.save(vault)
        if not asked:
            return
        answer = await self._client.keys_query(query.body)
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_keys_query(query))
            before = {user: _is_signed(vault, user) for user in asked}
            now = self._clock.now()
            changes = crypto.receive_keys_query(vault, answer, query, milliseconds(now))
            await work.save(vault)
            trusted = [
                self._trusted(user, changes)
                for user in sorted(asked)
                if not before[user] and _is_signed(vault, user)
            ]
            changed = [
                identities.changed(vault, UserId(change.user_id), now)
                for change in changes
                if change.kind is Change.IDENTITY_CHANGED
            ]
            await work.accept([*changed, *trusted])
        for user in {change.user_id for change in changes}:
            self.on_change(user)

    async def outdate(self, user: str) -> None:
        """Somebody joined: their device list may be older than their devices."""
        async with self._store.begin() as work:
            vault = await work.vault(crypto.need_tracking([user]))
            crypto.mark_outdated(vault, [user])
            await work.save(vault)

    def _trusted(self, user: str, changes: Sequence[DeviceChange]) -> Arrival:
        devices = sorted(
            change.device_id or ""
            for change in changes
            if change.user_id == user and change.kind is not Change.DEVICE_REMOVED
        )
        now = self._clock.now()
        cause = CauseId(derive("trusted", user, *devices, str(milliseconds(now))))
        return Arrival(cause, f"person {user}", "event", DeviceTrusted(UserId(user)), now)


def _is_signed(vault: Vault, user: str) -> bool:
    return any(device.signed for device in crypto.devices(vault, user))
