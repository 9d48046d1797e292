"""Which device the keeper has: drawn once for a database, replaced when the operator says so."""

import secrets

from appservice import crypto
from appservice.ports import Store, Work

_FACT = "device"


async def known_device(store: Store) -> str | None:
    """Return the id of the keeper's device, None if the database has drawn none yet."""
    async with store.begin() as work:
        fact = await work.fact(_FACT)
    return fact.decode() if fact else None


async def own_device(store: Store) -> str:
    """Return the id of the keeper's device; an empty database draws a new one.

    The keys of an earlier database are lost with it, and clients refuse other keys under an id
    that they have seen. So no id is ever used for a second time.
    """
    async with store.begin() as work:
        await _alone(work)
        fact = await work.fact(_FACT)
        return fact.decode() if fact else await _draw(work)


async def replace_device(store: Store) -> str:
    """Draw another device, and forget what only the one before could use; return its id.

    It is published at the next start, signed by the same identity; then the other is logged out.
    """
    async with store.begin() as work:
        await _alone(work)
        await work.forget(crypto.OF_OUR_DEVICE)
        return await _draw(work)


async def _alone(work: Work) -> None:
    """Wait until nobody else has a vault: two that start at once must not draw two devices."""
    await work.vault(crypto.Need())


async def _draw(work: Work) -> str:
    device = f"KEEPER-{secrets.token_hex(4).upper()}"
    await work.keep_fact(_FACT, device.encode())
    return device
