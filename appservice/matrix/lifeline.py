"""Answers `help` from memory while the ordinary way cannot, or not soon enough.

For every private chat it holds ready: the keys by which the member's next message can be read,
what was known after they last wrote, and a few reserved indexes of the Megolm session that is used
for help and nothing else. The answer goes out under the very transaction id that the ordinary way
would use, so when the database is back and the message is handled after all, nothing is said
twice.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import structlog

from appservice import crypto
from appservice.clock import Clock
from appservice.crypto import Lifeline
from appservice.domain.decide import decide
from appservice.domain.effects import Say
from appservice.domain.events import MessageSaid
from appservice.domain.records import Room
from appservice.domain.state import State
from appservice.domain.types import (
    Assurance,
    EffectId,
    EventId,
    Form,
    RoomId,
    UserId,
    derive,
    effect_id,
)
from appservice.errors import CirclekeeperError
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption
from appservice.matrix.words import assurance_of, words_of
from appservice.ports import Arrival, Json, Renderer

log = structlog.get_logger()
RESERVE = 16  # messages that can be said without the database
CHATS = 5000
SESSIONS = 10_000  # of all members' devices, the newest read


@dataclass
class _Chat:
    """One private chat, held in memory."""

    state: State
    line: Lifeline | None = None


@dataclass(frozen=True)
class _Session:
    """A Megolm session that a message was read with."""

    inbound: tuple[bytes, ...]
    assurance: Assurance  # how sure it was who spoke


class HelpLine:
    """What is ready for the worst moment; `answer` touches no database."""

    def __init__(
        self, client: Client, encryption: Encryption, clock: Clock, renderer: Renderer
    ) -> None:
        self._client = client
        self._encryption = encryption
        self._clock = clock
        self._renderer = renderer
        self._chats: OrderedDict[RoomId, _Chat] = OrderedDict()
        self._sessions: OrderedDict[tuple[str, str], _Session] = OrderedDict()

    def remember_state(self, room: RoomId, state: State) -> None:
        """Keep what is known of somebody, for an answer in their language and country."""
        chat = self._chats.pop(room, None) or _Chat(state)
        chat.state = state
        self._chats[room] = chat
        while len(self._chats) > CHATS:
            self._chats.popitem(last=False)

    def remember_session(
        self, room: str, inbound: tuple[bytes, ...], read: crypto.Decrypted
    ) -> None:
        """Keep the records of a session that a message was read with."""
        self._sessions.pop((room, read.session_id), None)
        self._sessions[room, read.session_id] = _Session(inbound, assurance_of(read))
        while len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)

    def forget_sessions(self, sessions: Collection[tuple[str, str]]) -> None:
        """Their keys are deleted: they go from here too."""
        for session in sessions:
            self._sessions.pop(session, None)

    def forget_chats(self, rooms: Collection[str]) -> None:
        """Whoever these were private chats with is forgotten."""
        for room in rooms:
            self._chats.pop(RoomId(room), None)

    def forget_line(self, user: str) -> None:
        """A device came or went: the next `make_ready` gives it the key, or none."""
        for chat in self._chats.values():
            if _user_of(chat.state) == user:
                chat.line = None

    def is_ready(self, room: RoomId) -> bool:
        """Tell whether help can be said in this chat without the database."""
        chat = self._chats.get(room)
        return chat is not None and chat.line is not None and chat.line.left > RESERVE // 2

    async def make_ready(self, room: Room) -> None:
        """Share the help session with all devices of the member, and reserve a few messages."""
        chat = self._chats.get(room.room)
        if chat is not None and room.encrypted:
            chat.line = await self._encryption.open_line(room, RESERVE)

    async def answer(self, arrivals: Sequence[Arrival], *, guess: bool) -> None:
        """Say help where it was asked for; with `guess` also where nobody can read it now."""
        for arrival in arrivals:
            if not isinstance(arrival.body, dict):
                continue
            chat = self._chats.get(RoomId(arrival.body.get("room_id", "")))
            if chat is None or arrival.body.get("sender") != _user_of(chat.state):
                continue
            try:
                await self._answer(chat, arrival, arrival.body, guess=guess)
            except (CirclekeeperError, crypto.CryptoError) as error:
                log.warning("help_not_said", kind=type(error).__name__)

    async def _answer(self, chat: _Chat, arrival: Arrival, event: Json, *, guess: bool) -> None:
        text, assurance = self._read(event)
        if text == "" or (text is None and not guess):
            return
        said = _said(event, text or "help", assurance)
        outcome = decide(chat.state, said, arrival.id, self._clock.now())
        for index, effect in enumerate(outcome.effects):
            if isinstance(effect, Say) and effect.message.kind == "help":
                # what could not be read may be an answer to a question: its own name stays free
                ordinary = effect.id or effect_id(arrival.id, index)
                name = ordinary if text else EffectId(derive("line", arrival.id))
                await self._say(chat, effect, name)

    def _read(self, event: Json) -> tuple[str | None, Assurance]:
        """Return what was said; empty: nothing that is said; None: it cannot be read now."""
        content = event.get("content", {})
        if event.get("type") == "m.room.message":
            return words_of("m.room.message", content)[1], Assurance.PLAIN
        if event.get("type") != "m.room.encrypted" or not content.get("ciphertext"):
            return "", Assurance.UNSIGNED
        room = event["room_id"]
        session = self._sessions.get((room, str(content.get("session_id"))))
        if session is None:
            return None, Assurance.UNSIGNED
        try:
            parsed = crypto.room_event(room, event)
            read = crypto.decrypt_with(self._encryption.machine, session.inbound, parsed)
        except crypto.CryptoError:
            return None, Assurance.UNSIGNED
        return words_of(read.type, read.content)[1], session.assurance

    async def _say(self, chat: _Chat, effect: Say, name: EffectId) -> None:
        content = dict(self._renderer.content(effect.message, name))
        machine = self._encryption.machine
        event_type = "m.room.message"
        if not effect.plain:
            if chat.line is None:
                return
            content = chat.line.encrypt(event_type, content)
            event_type = "m.room.encrypted"
        await self._client.send_event(
            effect.room, event_type, content, name, user=machine.user_id, device=machine.device_id
        )


def _user_of(state: State) -> UserId | None:
    return state.person.user if state.person else None


def _said(event: Json, text: str, assurance: Assurance) -> MessageSaid:
    return MessageSaid(
        room=RoomId(event["room_id"]),
        user=UserId(event["sender"]),
        event=EventId(event["event_id"]),
        text=text,
        form=Form.TEXT,
        assurance=assurance,
    )
