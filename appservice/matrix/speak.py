"""Says something in a room: keys first, then the event; a retry sends the same bytes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import structlog

from appservice.clock import Clock
from appservice.domain.effects import (
    AnswerVerification,
    ClosePoll,
    HandOut,
    Message,
    Quote,
    Say,
    SayFile,
    SayPoll,
)
from appservice.domain.events import AnswersQuoted
from appservice.domain.types import (
    Audience,
    EffectId,
    EventId,
    RoomId,
    UserId,
)
from appservice.errors import PermanentError, TransientError
from appservice.matrix import polls
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption, fingerprint
from appservice.matrix.file_message import FileMessages
from appservice.matrix.quoting import Quotes, WordsGoneError
from appservice.ports import Performed, Posting, Prepared, Renderer, Store

log = structlog.get_logger()

FORGOTTEN = timedelta(hours=20)  # the homeserver forgets transaction ids of devices after 24 h
LATE = timedelta(minutes=10)  # then nobody waits for the next step of a verification any more


class _Speech(NamedTuple):
    """What is said where; the key goes to `audience`, as docs/operators.md has it for groups."""

    room: RoomId
    type: str
    content: dict[str, Any]
    audience: Audience
    plain: bool = False
    personal: bool = False  # for signed devices only, whatever the operator chose for groups


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
        files: FileMessages | None = None,
    ) -> None:
        self._client = client
        self._encryption = encryption
        self._store = store
        self._clock = clock
        self._renderer = renderer
        self._keeper, self._device = keeper
        self._files = files
        self._quotes = Quotes(client, encryption, renderer, self._keeper)

    async def perform(self, posting: Posting) -> Performed:
        """Send what is to be said; idempotent by the posting's id and the bytes kept with it."""
        match posting.effect:
            case Say(room, message, _, plain):
                content = self.content(message, posting.id)
                said = _Speech(room, "m.room.message", content, message.audience, plain)
                return await self._say(posting, said)
            case SayPoll(room, message) as poll:
                content = polls.start(self._renderer, poll, posting.id)
                return await self._say(
                    posting, _Speech(room, polls.START, content, message.audience)
                )
            case ClosePoll() as close:
                return await self._close_poll(posting, close)
            case SayFile(room=room) as file:
                return await self._send_file(posting, room, file)
            case Quote() as quote:
                return await self._quote(posting, quote)
            case AnswerVerification() as answer:
                return await self._answer(posting, answer)
            case _:
                raise PermanentError("only what is to be said can be said")

    async def give_up(
        self, effect: Say | SayPoll | ClosePoll | SayFile | Quote | HandOut | AnswerVerification
    ) -> None:
        """Perhaps its room key was never sent: what is said next begins a new session."""
        plain = isinstance(effect, (Say, AnswerVerification)) and effect.plain
        if effect.room is not None and not plain:
            await self._encryption.begin_anew(effect.room)

    async def say_made(
        self,
        posting: Posting,
        room: RoomId,
        audience: Audience,
        make: Callable[[], Awaitable[dict[str, Any]]],
        *,
        personal: bool = False,
    ) -> Performed:
        """Say what is made at the last moment, and only if it was not encrypted before."""
        content = await make() if posting.prepared is None else {}
        said = _Speech(room, "m.room.message", content, audience, personal=personal)
        return await self._say(posting, said)

    async def _quote(self, posting: Posting, quote: Quote) -> Performed:
        """Say what somebody wrote; nothing, where it is gone and that was asked for."""

        async def make() -> dict[str, Any]:
            return await self._quotes.content(quote, posting.id)

        try:
            said = await self.say_made(
                posting, quote.room, quote.message.audience, make, personal=True
            )
        except WordsGoneError:
            return Performed()
        if said.event is None or not quote.followed:
            return said
        happened = AnswersQuoted(quote.user, quote.group, quote.room, said.event)
        return replace(said, happened=(happened,))

    async def _answer(self, posting: Posting, answer: AnswerVerification) -> Performed:
        """Send it to every device, signed or not: it is how devices come to be trusted."""
        if self._clock.now() - posting.created > LATE and posting.prepared is None:
            return Performed()
        content = dict(answer.content)
        try:
            if answer.room is not None:
                said = _Speech(answer.room, answer.type, content, Audience.ALL, answer.plain)
                return await self._say(posting, said)
            messages = {str(answer.user): {answer.device: content}}
            await self._client.put_to_device(answer.type, posting.id, messages)
        except PermanentError:
            await self.give_up(answer)
            log.info("verification_not_answered")  # they are gone: nothing for a person to mend
        return Performed()

    async def _close_poll(self, posting: Posting, close: ClosePoll) -> Performed:
        """End a poll; one that is too far back to be found is only spoken of."""
        audience = close.message.audience
        said = _Speech(close.room, "m.room.message", {}, audience)
        if posting.prepared is None:
            said = said._replace(content=self.content(close.message, posting.id))
            if (poll := await self._event_of(close.room, close.poll)) is not None:
                content = polls.end(self._renderer, close.message, posting.id, poll)
                said = _Speech(close.room, polls.END, content, audience)
        return await self._say(posting, said)

    async def _send_file(self, posting: Posting, room: RoomId, file: SayFile) -> Performed:
        """A retry sends the same bytes, and makes no second file."""
        content: dict[str, Any] = {}
        if posting.prepared is None:
            if self._files is None:
                raise PermanentError("there is nothing to make files with")
            content = await self._files.content(file, posting.id)
        said = _Speech(room, "m.room.message", content, Audience.SIGNED)
        return await self._say(posting, said)

    async def _say(self, posting: Posting, said: _Speech) -> Performed:
        if said.plain:
            return await self._send(said.room, said.type, said.content, posting.id)
        prepared = posting.prepared or await self._prepare(posting, said)
        if posting.prepared and self._clock.now() - posting.created > FORGOTTEN:
            sent = await self._already_there(said.room, prepared)
            if sent is not None:
                return Performed(event=sent)
        keys_due = bool(prepared.to_device) and not posting.keys_sent
        if keys_due:
            await self._send_keys(posting, prepared)
        try:
            return await self._send(said.room, prepared.event_type, prepared.content, posting.id)
        except TransientError:
            if keys_due:  # only now it matters that they were sent
                async with self._store.begin() as work:
                    await work.mark_keys_sent(posting.row)
            raise

    def content(self, message: Message, cause: EffectId) -> dict[str, Any]:
        return dict(self._renderer.content(message, cause))

    async def _prepare(self, posting: Posting, said: _Speech) -> Prepared:
        return await self._encryption.prepare(
            posting, said.room, said.audience, said.type, said.content, personal=said.personal
        )

    async def _send_keys(self, posting: Posting, prepared: Prepared) -> None:
        for index, (event_type, messages) in enumerate(prepared.to_device):
            await self._client.put_to_device(event_type, f"{posting.id}-{index}", messages)

    async def _send(
        self, room: RoomId, event_type: str, content: dict[str, Any], txn: EffectId
    ) -> Performed:
        event = await self._client.send_event(
            room, event_type, content, txn, user=self._keeper, device=self._device
        )
        return Performed(event=EventId(event))

    async def _already_there(self, room: RoomId, prepared: Prepared) -> EventId | None:
        """Look for our own bytes in the room's newest messages."""
        said = await self._said_last(room)
        return next((event for event, mark in said if mark == prepared.fingerprint), None)

    async def _event_of(self, room: RoomId, effect: EffectId) -> EventId | None:
        """Look which of the room's newest messages an effect has become."""
        said = await self._said_last(room)
        async with self._store.begin() as work:
            for event, mark in said:
                if await work.effect_by_fingerprint(mark) == effect:
                    return event
        return None

    async def _said_last(self, room: RoomId) -> list[tuple[EventId, str]]:
        """Return our own newest messages in a room, each with the fingerprint of its bytes."""
        page = await self._client.messages(room, user=self._keeper, limit=200)
        return [
            (EventId(event["event_id"]), fingerprint(event["content"]))
            for event in page["chunk"]
            if event.get("sender") == self._keeper and isinstance(event.get("content"), dict)
        ]
