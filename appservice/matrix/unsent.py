"""To-device messages that are kept until they are sent, so that a crash between loses no key."""

import json
from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from appservice.crypto import ToDeviceBatch
from appservice.errors import PermanentError
from appservice.matrix.client import Client
from appservice.ports import Store, Work


class Unsent:
    """Batches under the name of a fact, each with the transaction id by which it is sent."""

    def __init__(self, client: Client, store: Store) -> None:
        self._client = client
        self._store = store

    async def keep(self, work: Work, fact: str, batches: Sequence[ToDeviceBatch]) -> None:
        """Keep them in the transaction that made them, beside those that another still sends."""
        if not batches:
            return
        txn = token_hex(16)
        fresh = [
            (batch.event_type, f"{txn}-{index}", batch.messages)
            for index, batch in enumerate(batches)
        ]
        await work.keep_fact(fact, json.dumps([*_read(await work.fact(fact)), *fresh]).encode())

    async def send(self, fact: str) -> None:
        """Send what is kept, if there is anything.

        What is refused is kept no longer: raises PermanentError once all others are sent. Raises
        TransientError, and all is still kept.
        """
        async with self._store.begin() as work:
            kept = _read(await work.fact(fact))
        if not kept:
            return
        refused: PermanentError | None = None
        for event_type, txn, messages in kept:
            try:
                await self._client.put_to_device(event_type, txn, messages)
            except PermanentError as error:
                refused = error
        async with self._store.begin() as work:
            left = [one for one in _read(await work.fact(fact)) if one not in kept]
            await work.keep_fact(fact, json.dumps(left).encode() if left else b"")
        if refused is not None:
            raise refused


def _read(fact: bytes | None) -> list[Any]:
    """Return event type, transaction id and messages of each batch."""
    return list(json.loads(fact)) if fact else []
