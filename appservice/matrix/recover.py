"""Takes the names of keeper and steward back after the database was lost."""

from dataclasses import dataclass

from appservice import crypto
from appservice.clock import Clock
from appservice.crypto import Machine
from appservice.domain.state import House
from appservice.domain.types import CauseId, derive
from appservice.errors import ConfigurationError
from appservice.matrix.client import Client
from appservice.matrix.found_chats import found_chats
from appservice.matrix.names import RECOVERED, name_fact
from appservice.matrix.own_secrets import find_secrets
from appservice.ports import Arrival, Store


@dataclass(frozen=True)
class Recovery:
    """Judges whether a name that somebody has is ours from before.

    Both say whether it is, and have then written down what goes on from there.
    """

    client: Client
    store: Store
    house: House
    machine: Machine
    secret: bytes  # what the recovery key spells
    clock: Clock

    async def keeper(self) -> bool:
        """Recover the keeper: the recovery key must give the identity that everybody sees.

        Its private chats are taken up again, so that `help` is answered there.
        """
        keeper = self.house.keeper
        found = await find_secrets(self.client, keeper, self.secret)
        answer = await self.client.keys_query({"device_keys": {keeper: []}})
        async with self.store.begin() as work:
            vault = await work.vault(crypto.need_identity(self.machine))
            if not crypto.recover_identity(self.machine, vault, self.secret, found, answer):
                return False
            await work.save(vault)
        chats = await self._private_chats()
        async with self.store.begin() as work:
            await work.accept(chats)
            await work.keep_fact(name_fact(keeper), RECOVERED)
        return True

    async def steward(self) -> bool:
        """Recover the steward beside a recovered keeper; it must have no device.

        Nothing can prove its identity: the private keys were thrown away. So the one that is
        published now counts as ours from here on (docs/operators.md, "The database is lost").
        Raises ConfigurationError.
        """
        steward = self.house.steward
        answer = await self.client.keys_query({"device_keys": {steward: []}})
        devices = await self.client.devices(user=steward)
        async with self.store.begin() as work:
            if await work.fact(name_fact(self.house.keeper)) != RECOVERED:
                return False
            if devices:
                raise ConfigurationError(
                    f"{steward} has a device, which the steward must never have: find out who made"
                    " it, log it out on the homeserver, then start again"
                )
            vault = await work.vault(crypto.need_throwaway(steward))
            crypto.recover_throwaway(vault, steward, answer)
            await work.save(vault)
            await work.keep_fact(name_fact(steward), RECOVERED)
        return True

    async def _private_chats(self) -> list[Arrival]:
        now = self.clock.now()
        return [
            Arrival(
                CauseId(derive("chat found again", seen.room)),
                f"room {seen.room}",
                "event",
                seen,
                now,
            )
            for seen in await found_chats(self.client, self.house)
        ]
