"""The two sides of a verification: our keys, and theirs as the homeserver shows them now."""

from appservice.crypto import Machine
from appservice.crypto.sas import Party, need_own_party, need_party, own_party, party
from appservice.domain.records import Room
from appservice.domain.types import UserId
from appservice.matrix.device_lists import DeviceLists
from appservice.ports import Store


class Sides:
    """Looks keys up; ours do not change while `run` runs."""

    def __init__(self, machine: Machine, lists: DeviceLists, store: Store) -> None:
        self.user = machine.user_id
        self._machine = machine
        self._lists = lists
        self._store = store
        self._ours: Party | None = None

    async def ours(self) -> Party:
        """Return our own keys. Raises CryptoError before the first start is through."""
        if self._ours is None:
            async with self._store.begin() as work:
                vault = await work.vault(need_own_party(self._machine))
            self._ours = own_party(self._machine, vault)
        return self._ours

    async def theirs(self, user: UserId, device: str | None) -> Party | None:
        """Ask whose device it is, and which identity they have; None: there is no such device."""
        if device is None:
            return None
        await self._lists.refresh([user], even_if_fresh=True)
        async with self._store.begin() as work:
            vault = await work.vault(need_party(user))
        return party(vault, user, device)

    async def has_chat(self, user: UserId) -> bool:
        """Tell strangers from people who have a private chat with the keeper."""
        async with self._store.begin() as work:
            return bool(await work.of_person(Room, user))
