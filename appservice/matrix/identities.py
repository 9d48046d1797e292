"""Identities of people: told to the rules when they change, pinned when the rules say so."""

from collections.abc import Mapping
from datetime import datetime

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.crypto import Vault
from appservice.domain.effects import AcceptIdentity
from appservice.domain.events import IdentityAccepted, IdentityChanged, IdentityConfirmed
from appservice.domain.types import CauseId, UserId, derive
from appservice.ports import Arrival, Performed, Store


def changed(vault: Vault, user: UserId, now: datetime) -> Arrival:
    """Tell of the identity that somebody has since now."""
    return _arrival(IdentityChanged(user, crypto.master_key(vault, user) or ""), now)


def confirmed(user: UserId, master_key: str, now: datetime) -> Arrival:
    """Tell that the operator compared emoji with somebody who has this master key."""
    return _arrival(IdentityConfirmed(user, master_key), now)


async def vouch(store: Store, clock: Clock, user: str, keys: Mapping[str, str]) -> None:
    """Tell that both humans found the emoji equal; `keys`: key id → public key of theirs."""
    masters = [key for key_id, key in keys.items() if key_id == f"ed25519:{key}"]
    async with store.begin() as work:
        await work.accept([confirmed(UserId(user), key, clock.now()) for key in masters])


async def accept(store: Store, effect: AcceptIdentity) -> Performed:
    """Pin an identity; one that somebody has had since it was confirmed is not meant."""
    async with store.begin() as work:
        vault = await work.vault(crypto.need_devices([effect.user]))
        if crypto.master_key(vault, effect.user) != effect.master_key:
            return Performed()
        crypto.accept_identity(vault, effect.user)
        await work.save(vault)
    return Performed(happened=(IdentityAccepted(effect.user, effect.master_key, effect.by),))


def _arrival(event: IdentityChanged | IdentityConfirmed, now: datetime) -> Arrival:
    moment = str(milliseconds(now))  # what was left behind may come again
    cause = CauseId(derive(type(event).__name__, event.user, event.master_key, moment))
    return Arrival(cause, f"person {event.user}", "event", event, now)
