"""Says something in a room: keys first, then the event; a retry sends the same bytes."""

from datetime import timedelta
from typing import Any

from appservice.clock import Clock
from appservice.domain.effects import Message, Say
from appservice.domain.state import Room
from appservice.domain.types import EffectId, EventId, RoomId, UserId
from appservice.errors import PermanentError
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption, fingerprint
from appservice.ports import Performed, Posting, Prepared, Renderer, Store

FORGOTTEN = timedelta(hours=20)  # the homeserver forgets transaction ids of devices after 24 h


class Speaker:
    """The keeper's voice."""

    def __init__(  # noqa: PLR0913
        self,
        client: Client,
        encryption: Encryption,
        store: Store,
        clock: Clock,
        renderer: Renderer,
        keeper: tuple[UserId, str],
    ) -> None:
        self._client = client
        self._encryption = encryption
        self._store = store
        self._clock = clock
        self._renderer = renderer
        self._keeper, self._device = keeper

    async def perform(self, posting: Posting) -> Performed:
        """Send a Say; idempotent by the posting's id and the bytes kept with it."""
        effect = posting.effect
        if not isinstance(effect, Say):
            raise PermanentError("only what is to be said can be said")
        if effect.plain:
            content = self.content(effect.message, posting.id)
            return await self._send(effect.room, "m.room.message", content, posting.id)
        prepared = posting.prepared or await self._prepare(posting, effect)
        if posting.prepared and self._clock.now() - posting.created > FORGOTTEN:
            sent = await self._already_there(effect.room, prepared)
            if sent is not None:
                return Performed(event=sent)
        if not posting.keys_sent:
            await self._send_keys(posting, prepared)
        return await self._send(effect.room, prepared.event_type, prepared.content, posting.id)

    def content(self, message: Message, cause: EffectId) -> dict[str, Any]:
        return dict(self._renderer.content(message, cause))

    async def _prepare(self, posting: Posting, effect: Say) -> Prepared:
        async with self._store.begin() as work:
            room = await work.get(Room, effect.room)
        if room is None:
            raise PermanentError("the room is not known any more", "gone")
        return await self._encryption.prepare(
            posting,
            room,
            effect.message.audience,
            "m.room.message",
            self.content(effect.message, posting.id),
        )

    async def _send_keys(self, posting: Posting, prepared: Prepared) -> None:
        for index, (event_type, messages) in enumerate(prepared.to_device):
            await self._client.put_to_device(event_type, f"{posting.id}-{index}", messages)
        async with self._store.begin() as work:
            await work.mark_keys_sent(posting.row)

    async def _send(
        self, room: RoomId, event_type: str, content: dict[str, Any], txn: EffectId
    ) -> Performed:
        event = await self._client.send_event(
            room, event_type, content, txn, user=self._keeper, device=self._device
        )
        return Performed(event=EventId(event))

    async def _already_there(self, room: RoomId, prepared: Prepared) -> EventId | None:
        """Look for our own bytes in the room's newest messages."""
        page = await self._client.messages(room, user=self._keeper, limit=200)
        for event in page["chunk"]:
            content = event.get("content")
            ours = event.get("sender") == self._keeper and isinstance(content, dict)
            if ours and fingerprint(content) == prepared.fingerprint:
                return EventId(event["event_id"])
        return None
