"""What every scripted member can do and see, whichever client library is behind it."""

import abc
import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support import contents
from tests.support.client_api import call, quoted
from tests.support.contents import Json


@dataclass(frozen=True)
class Line:
    """One event of a room's timeline as the member sees it.

    ``type`` and ``content`` are the decrypted ones, whole (with ``org.circlekeeper``); for an
    event that cannot be decrypted they are the encrypted ones and ``failure`` tells why
    (matrix-js-sdk: a DecryptionFailureCode; nio: ``NO_KEY``; mautrix: its error's name).
    ``shield`` and ``shield_reason`` are Element's (``NONE``, ``GREY``, ``RED``); ``shield`` of
    mautrix is its TrustState (``CROSS_SIGNED_TOFU``); None where the client has no such thing.
    ``state_key`` is None for events that are not state. ``ts`` is milliseconds since the epoch.
    """

    event_id: str
    sender: str
    type: str
    content: Json
    ts: int
    encrypted: bool
    failure: str | None = None
    shield: str | None = None
    shield_reason: str | None = None
    state_key: str | None = None

    @property
    def body(self) -> str:
        """The plain text, empty for what has none."""
        body = self.content.get("body")
        return body if isinstance(body, str) else ""

    @property
    def keeper(self) -> Json:
        """The ``org.circlekeeper`` part (docs/protocol.md), empty for other people's events."""
        return self.content.get("org.circlekeeper", {})

    @property
    def kind(self) -> str | None:
        """What a message of the keeper asks or tells."""
        return self.keeper.get("kind")

    @property
    def readable(self) -> bool:
        """Whether it was in clear or could be decrypted."""
        return self.failure is None


class Member(abc.ABC):
    """A person's client: the part that is the same for each library.

    What the client learns is pushed into this object, so ``timeline``, ``rooms`` and ``invites``
    answer at once. Every ``timeout`` is in seconds; whoever waits in vain gets an
    ``AssertionError`` that tells what was seen instead.
    """

    def __init__(self, url: str, token: str, user_id: str, device_id: str) -> None:
        self.url = url
        self.token = token
        self.user_id = user_id
        self.device_id = device_id
        self._lines: dict[str, dict[str, Line]] = {}
        self._membership: dict[str, tuple[str, str | None]] = {}
        self._news = asyncio.Event()
        self._broken: BaseException | None = None

    # -- what the library behind must do

    @abc.abstractmethod
    async def send_raw(self, room_id: str, event_type: str, content: Json) -> str:
        """Send an event, encrypted where the room is; the event id. ``MemberError``."""

    @abc.abstractmethod
    async def sign_device(self, device_id: str) -> None:
        """Cross-sign another device of this user."""

    @abc.abstractmethod
    async def stop(self) -> None:
        """Stop syncing; the device stays with the homeserver. Twice is once."""

    # -- rooms, asked of the homeserver directly

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """A call below ``/_matrix/client/v3`` with this member's token; ``MemberError``."""
        return await call(self.url, method, path, token=self.token, body=body)

    async def create_room(self, body: Json) -> str:
        """``POST /createRoom`` with this body; returns once the client knows the room."""
        room_id = (await self.call("POST", "/createRoom", body))["room_id"]
        await self.wait_until(lambda: room_id in self.rooms())
        return room_id

    async def create_chat(
        self,
        with_user: str,
        *,
        encrypted: bool = True,
        preset: str | None = None,
        power: Json | None = None,
    ) -> str:
        """A direct chat with one invited user; the room id. ``power`` overrides power levels."""
        body = contents.chat(with_user, encrypted=encrypted, preset=preset, power=power)
        room_id = await self.create_room(body)
        # a client encrypts for those it knows of: the room comes to it before its invitation does
        await self.wait_for(room_id, lambda line: line.state_key == with_user)
        return room_id

    async def invite(self, room_id: str, user_id: str) -> None:
        """Invite a user. ``MemberError`` with ``M_FORBIDDEN`` and the like."""
        await self.call("POST", f"/rooms/{quoted(room_id)}/invite", {"user_id": user_id})

    async def join(self, room_id: str) -> None:
        """Join by id or alias; returns once the client knows the room. ``MemberError``."""
        joined = (await self.call("POST", f"/join/{quoted(room_id)}", {}))["room_id"]
        await self.wait_until(lambda: joined in self.rooms())

    async def leave(self, room_id: str) -> None:
        """Leave, or decline an invitation; returns once the client knows."""
        await self.call("POST", f"/rooms/{quoted(room_id)}/leave", {})
        await self.wait_until(lambda: room_id not in self.rooms() | self.invites().keys())

    async def redact(self, room_id: str, event_id: str) -> None:
        """Take an event back."""
        path = f"/rooms/{quoted(room_id)}/redact/{quoted(event_id)}/redact-{quoted(event_id)}"
        await self.call("PUT", path, {})

    async def state(self, room_id: str, event_type: str, key: str = "") -> Json:
        """Content of a state event as the homeserver has it. ``MemberError`` ``M_NOT_FOUND``."""
        path = f"/rooms/{quoted(room_id)}/state/{quoted(event_type)}/{quoted(key)}"
        return await self.call("GET", path)

    async def set_state(self, room_id: str, event_type: str, content: Json, key: str = "") -> None:
        """Set a state event. ``MemberError`` ``M_FORBIDDEN``."""
        path = f"/rooms/{quoted(room_id)}/state/{quoted(event_type)}/{quoted(key)}"
        await self.call("PUT", path, content)

    async def members(self, room_id: str) -> dict[str, str]:
        """User id → membership, asked of the homeserver."""
        answer = await self.call("GET", f"/rooms/{quoted(room_id)}/members")
        return {event["state_key"]: event["content"]["membership"] for event in answer["chunk"]}

    async def logout(self) -> None:
        """Give the device up and stop."""
        await self.call("POST", "/logout", {})
        await self.stop()

    # -- saying

    async def send(self, room_id: str, body: str) -> str:
        """Say a text; the event id."""
        return await self.send_raw(room_id, "m.room.message", contents.text(body))

    async def reply(self, room_id: str, event_id: str, body: str) -> str:
        """Say a text as a reply to an event."""
        return await self.send_raw(room_id, "m.room.message", contents.reply(event_id, body))

    async def edit(self, room_id: str, event_id: str, body: str) -> str:
        """Replace an earlier text of one's own."""
        return await self.send_raw(room_id, "m.room.message", contents.edited(event_id, body))

    async def react(self, room_id: str, event_id: str, key: str) -> str:
        """React to an event (in clear, as all clients do)."""
        return await self.send_raw(room_id, "m.reaction", contents.reaction(event_id, key))

    async def send_image(self, room_id: str) -> str:
        """Send an encrypted picture."""
        return await self.send_raw(room_id, "m.room.message", contents.picture())

    async def vote(
        self, room_id: str, poll_event: str, *answers: str, naming: str = "unstable"
    ) -> str:
        """Answer a native poll by ids of its choices, in ``stable`` or ``unstable`` naming."""
        event_type, content = contents.vote(poll_event, *answers, naming=naming)
        return await self.send_raw(room_id, event_type, content)

    # -- seeing

    def timeline(self, room_id: str) -> list[Line]:
        """All events of the room this client has seen, in order of arrival, state included."""
        return list(self._lines.get(room_id, {}).values())

    def rooms(self) -> set[str]:
        """Rooms this client has joined."""
        return self._where("join")

    def invites(self) -> dict[str, str]:
        """Room id → who invites, of invitations not answered yet."""
        return {
            room: inviter or ""
            for room, (membership, inviter) in self._membership.items()
            if membership == "invite"
        }

    async def wait_for(
        self,
        room_id: str,
        predicate: Callable[[Line], Any],
        timeout: float = 15,
        *,
        after: str | None = None,
    ) -> Line:
        """The first line that satisfies the predicate, now or within the time.

        ``after`` is an event id: only lines behind it count. Lines that cannot be decrypted
        (yet) are offered to the predicate too; ``line.readable`` tells.
        """
        found: list[Line] = []

        def look() -> bool:
            lines = self.timeline(room_id)
            ids = [line.event_id for line in lines]
            start = ids.index(after) + 1 if after in ids else 0
            if after is not None and after not in ids:
                return False
            found.extend(line for line in lines[start:] if predicate(line))
            return bool(found)

        await self.wait_until(look, timeout, lambda: f"{self._seen(room_id)}")
        return found[0]

    async def wait_for_text(
        self, room_id: str, part: str, timeout: float = 15, *, after: str | None = None
    ) -> Line:
        """The first readable line whose body contains the part."""
        return await self.wait_for(
            room_id, lambda line: line.readable and part in line.body, timeout, after=after
        )

    async def wait_for_invite(
        self, timeout: float = 15, *, sender: str | None = None, but: set[str] | None = None
    ) -> str:
        """Room id of an open invitation (from the sender, not one of ``but``)."""
        found: list[str] = []

        def look() -> bool:
            for room, inviter in self.invites().items():
                if sender in (None, inviter) and room not in (but or set()):
                    found.append(room)
            return bool(found)

        await self.wait_until(look, timeout, lambda: f"invitations: {self.invites()}")
        return found[0]

    async def wait_for_member(
        self, room_id: str, user_id: str, membership: str = "join", timeout: float = 15
    ) -> None:
        """Until the homeserver shows that membership of a user in the room."""
        deadline = time.monotonic() + timeout
        while (await self.members(room_id)).get(user_id) != membership:
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"{user_id} is not {membership}: {await self.members(room_id)}"
                )
            await asyncio.sleep(0.1)

    async def wait_until(
        self, look: Callable[[], bool], timeout: float = 15, seen: Callable[[], str] = str
    ) -> None:
        """Until ``look`` is true, asked again whenever this client learns something."""
        deadline = time.monotonic() + timeout
        while not look():
            if self._broken is not None:
                raise AssertionError(f"{self.user_id}'s client has ended") from self._broken
            left = deadline - time.monotonic()
            news = self._news
            try:
                await asyncio.wait_for(news.wait(), max(left, 0))
            except TimeoutError:
                if look():
                    return
                raise AssertionError(
                    f"{self.user_id} waited {timeout} s in vain. {seen()}"
                ) from None

    # -- for the subclasses

    def _learn_line(self, room_id: str, line: Line) -> None:
        self._lines.setdefault(room_id, {})[line.event_id] = line
        self._wake()

    def _learn_membership(self, room_id: str, membership: str, inviter: str | None) -> None:
        self._membership[room_id] = (membership, inviter)
        self._wake()

    def _break(self, reason: BaseException) -> None:
        self._broken = reason
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _where(self, wanted: str) -> set[str]:
        return {room for room, (membership, _) in self._membership.items() if membership == wanted}

    def _seen(self, room_id: str) -> str:
        lines = self.timeline(room_id)[-8:]
        return "\n  ".join(
            ["It saw:", *(f"{x.sender} {x.type} {x.failure or x.body[:160]!r}" for x in lines)]
        )
