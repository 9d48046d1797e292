"""Makes rooms so that a repeat makes nothing twice, and finishes half-made ones."""

from collections.abc import Collection, Mapping
from typing import Any

from appservice.domain.charter import Charter
from appservice.domain.rooms import creation_content, expected_state
from appservice.domain.state import House
from appservice.domain.types import EffectId, GroupId, RoomId, RoomKind, UserId
from appservice.errors import PermanentError, TransientError
from appservice.matrix.client import Client
from appservice.matrix.transport import Json
from appservice.ports import Store

WITH_KEEPER = frozenset({RoomKind.NOTICEBOARD, RoomKind.FACILITATORS, RoomKind.CASE})
SUPPORTED = ("12", "11")
"""Room versions that we know how to set up, the better one first."""

_TRIES = 3
_ENCRYPTION = {"algorithm": "m.megolm.v1.aes-sha2"}


class Rooms:
    """The rooms of groups (the steward's) and the private chats that the keeper opens."""

    def __init__(
        self, client: Client, store: Store, house: House, version: str | None = None
    ) -> None:
        """`version`: room version `11` or `12`; None takes the homeserver's default."""
        self._client = client
        self._store = store
        self._house = house
        self._version = version

    async def make_room(
        self,
        group: GroupId,
        what: RoomKind,
        charter: Charter,
        muted: Collection[UserId] = (),
        *,
        instead_of: RoomId | None = None,
    ) -> RoomId:
        """Make a room of a group, or return the one that is there; the keeper is seated in it.

        `instead_of` names the room whose place it takes; of each there is one that follows.
        Raises TransientError, PermanentError.
        """
        version = await self.version()
        state = expected_state(what, charter, self._house, version, muted)
        alias = self.alias(group, what, *([instead_of] if instead_of else []))
        body = _body(alias, version, state, creation_content(charter))
        return await self._made(what, alias, body, set(state))

    async def _made(self, what: RoomKind, alias: str, body: Json, needed: set[str]) -> RoomId:
        room = await self._make(alias, body, needed, self._house.steward)
        if what in WITH_KEEPER:
            await self._seat_keeper(room)
        return room

    async def make_side_room(
        self, group: GroupId, what: RoomKind, charter: Charter, number: int, key: str = ""
    ) -> RoomId:
        """Make a room for one case, or return the one that is there; as `make_room`.

        `key`: which one of several of this kind.
        """
        version = await self.version()
        state = expected_state(what, charter, self._house, version)
        alias = self.alias(group, what, f"case {number} {key}".strip())
        body = _body(alias, version, state, creation_content(charter))
        return await self._made(what, alias, body, set(state))

    async def open_chat(self, user: UserId, effect: EffectId) -> RoomId:
        """Make an encrypted private chat of the keeper's, and invite `user` to it.

        `effect` names it: a repeat finds the same room. Who declined is not invited again.
        """
        version = await self.version()
        state = _chat_state(self._house.keeper, version)
        alias = self.alias("chat", effect)
        body = _body(alias, version, state, {}) | {"is_direct": True}
        room = await self._make(alias, body, set(state), self._house.keeper)
        if await self._client.membership(room, user, user=self._house.keeper) is None:
            # by the state event, since /invite cannot say that the chat is a direct one
            invitation = {"membership": "invite", "is_direct": True}
            await self._client.send_state(
                room, "m.room.member", invitation, user=self._house.keeper, key=user
            )
        return room

    def alias(self, *what: str) -> str:
        """Return the alias that stands for a room: a keyed hash, so that it tells nothing."""
        server = self._house.steward.partition(":")[2]
        return f"#_circlekeeper_{self._store.hash('alias', *what)}:{server}"

    async def version(self) -> str:
        """Return the room version to make rooms in; PermanentError if there is none for us."""
        if self._version is None:
            default, stable = await self._client.room_versions(user=self._house.keeper)
            fitting = [name for name in (default, *SUPPORTED) if name in SUPPORTED]
            known = [name for name in fitting if name == default or name in stable]
            if not known:
                raise PermanentError("the homeserver knows neither room version 11 nor 12")
            self._version = known[0]
        return self._version

    async def _make(self, alias: str, body: Json, needed: set[str], creator: UserId) -> RoomId:
        """Create by alias. createRoom stores the alias first: one that is there proves little."""
        for _ in range(_TRIES):
            try:
                return await self._client.create_room(body, user=creator)
            except PermanentError as error:
                if error.code != "M_ROOM_IN_USE":
                    raise
            found = await self._client.resolve_alias(alias, user=creator)
            if found is not None and await self._is_whole(found, needed, creator):
                return found
            await self._client.delete_alias(alias, user=creator)
            if found is not None:
                await self._abandon(found, creator)
        raise TransientError("a half-made room stands in the way")

    async def _is_whole(self, room: RoomId, needed: set[str], creator: UserId) -> bool:
        """Say whether the creator is in and every state event there; nobody else ever was."""
        try:
            events = await self._client.state(room, user=creator)
        except PermanentError:
            return False
        return is_whole(events, needed, creator)

    async def _abandon(self, room: RoomId, creator: UserId) -> None:
        try:
            await self._client.leave(room, user=creator)
        except PermanentError:
            return  # never in

    async def _seat_keeper(self, room: RoomId) -> None:
        keeper, steward = self._house.keeper, self._house.steward
        membership = await self._client.membership(room, keeper, user=steward)
        if membership == "join":
            return
        if membership != "invite":
            await self._client.invite(room, keeper, user=steward)
        await self._client.join(room, user=keeper)


def is_whole(events: list[Json], needed: set[str], creator: str) -> bool:
    """Say whether state events have all `needed` types (key "") and the creator as member."""
    there = {event.get("type") for event in events if event.get("state_key") == ""}
    inside = any(
        event.get("type") == "m.room.member"
        and event.get("state_key") == creator
        and (event.get("content") or {}).get("membership") == "join"
        for event in events
    )
    return inside and needed <= there


def _body(
    alias: str, version: str, state: Mapping[str, Any], creation: Mapping[str, object]
) -> Json:
    """Build the body for /createRoom; everything in one request, so encrypted from the first."""
    # The powers stand in both places: Synapse takes those of initial_state as they are and mixes
    # the others with its own; other homeservers may know the second way only.
    initial = {name: content for name, content in state.items() if name != "m.room.create"}
    # the alias serves us only: clients would show it as the name of a nameless chat
    initial.setdefault("m.room.canonical_alias", {})
    return {
        "preset": "private_chat",  # trusted_… would make invited people creators in version 12
        "visibility": "private",
        "room_version": version,
        "room_alias_name": alias[1:].partition(":")[0],
        "creation_content": creation,
        "power_level_content_override": state["m.room.power_levels"],
        "initial_state": [
            {"type": name, "state_key": "", "content": content}
            for name, content in initial.items()
        ],
    }


def _chat_state(keeper: str, version: str) -> Mapping[str, Any]:
    """Describe a private chat that the keeper opens: the member may write and leave."""
    high = dict.fromkeys(("state_default", "invite", "kick", "ban", "redact"), 100)
    powers: Json = {**high, "users_default": 0, "events_default": 0, "events": {}}
    powers["users"] = {} if version == "12" else {keeper: 100}
    return {
        "m.room.power_levels": powers,
        "m.room.join_rules": {"join_rule": "invite"},
        "m.room.history_visibility": {"history_visibility": "joined"},
        "m.room.guest_access": {"guest_access": "forbidden"},
        "m.room.encryption": _ENCRYPTION,
    }
