"""Refills the one-time and fallback keys that the homeserver hands out for the keeper."""

from collections.abc import Sequence

from appservice import crypto
from appservice.clock import Clock, milliseconds
from appservice.crypto import Machine
from appservice.errors import PermanentError, TransientError
from appservice.matrix.client import Client
from appservice.ports import Json, Store

PASSED_OVER = 100  # times that numbers of one-time keys are passed over in one go
SEEN_NUMBERS = frozenset({"M_UNKNOWN", "M_INVALID_PARAM"})  # Synapse says the first


class OwnKeys:
    """The keys by which others begin to write to us."""

    def __init__(self, machine: Machine, client: Client, store: Store, clock: Clock) -> None:
        self._machine = machine
        self._client = client
        self._store = store
        self._clock = clock

    async def refill(self, counts: Json | None, unused_fallback: Sequence[str] | None) -> None:
        """Refill what the homeserver hands out for us; after a crash the very same keys again.

        A database that was set back numbers its keys as it did before, and the homeserver refuses
        other keys under numbers that it has seen: those numbers are passed over.
        """
        need = crypto.need_account(self._machine)
        now_ms = milliseconds(self._clock.now())
        for _ in range(PASSED_OVER):
            async with self._store.begin() as work:
                vault = await work.vault(need)
                body = crypto.keys_upload_body(
                    self._machine, vault, counts, unused_fallback, now_ms
                )
                await work.save(vault)
            if body is None:
                return
            taken = await self._upload(body)
            async with self._store.begin() as work:
                vault = await work.vault(need)
                crypto.keys_uploaded(self._machine, vault)
                await work.save(vault)
            if taken:
                return
        raise TransientError("the homeserver has seen the numbers of our one-time keys")

    async def _upload(self, body: Json) -> bool:
        try:
            await self._client.keys_upload(body)
        except PermanentError as error:
            if error.code not in SEEN_NUMBERS or set(body) != {"one_time_keys"}:
                raise
            return False
        return True
