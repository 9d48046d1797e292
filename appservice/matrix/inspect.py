"""Asks the homeserver who and what is in our rooms, and what others see of the steward."""

from collections.abc import Iterable, Mapping, Sequence

from appservice.domain.events import ChatInspected, RoomFacts, StewardInspected
from appservice.domain.group import Group
from appservice.domain.state import House
from appservice.domain.types import GroupId, RoomId, RoomKind, UserId
from appservice.errors import PermanentError
from appservice.matrix.client import Client
from appservice.matrix.display_names import tells
from appservice.matrix.transport import Json

_PRESENT = frozenset({"join", "invite", "knock", "ban"})
_CREATORS_ABOVE_ALL = frozenset({"12"})
_MEGOLM = "m.megolm.v1.aes-sha2"
_DEFAULT_MESSAGES = 100  # spec: m.room.encryption
_DEFAULT_MS = 604_800_000


class Inspector:
    """Looks with the steward's eyes into groups' rooms, with the keeper's into private chats."""

    def __init__(self, client: Client, house: House) -> None:
        self._client = client
        self._house = house

    async def inspect_group(self, group: Group) -> tuple[RoomFacts, ...]:
        """Return the facts of every room of the group that the steward is in.

        Rooms that it is not in are left out: `check` tells of them. Raises TransientError.
        """
        rooms = [(room, what) for what, room in group.rooms.items()]
        rooms += [(room, side.what) for room, side in group.side.items()]
        facts = [await self.inspect_room(room, what) for room, what in rooms]
        return tuple(fact for fact in facts if fact is not None)

    async def inspect_room(self, room: RoomId, what: RoomKind) -> RoomFacts | None:
        """Return the facts of one room, None if the steward is not in it."""
        steward = self._house.steward
        try:
            events = await self._client.state(room, user=steward)
        except PermanentError:
            return None
        members = memberships(events)
        if members.get(steward) != "join":  # who left is shown the state as it was then
            return None
        left = [
            UserId(event["state_key"])
            for event in _members(events)
            if event.get("sender") == event["state_key"] and _membership(event) == "leave"
        ]
        return RoomFacts(
            room=room,
            what=what,
            members={user: how for user, how in members.items() if how in _PRESENT},
            state=single_state(events),
            listed=await self._client.listed(room, user=steward),
            left=tuple(sorted(left)),
            bans=_bans(events),
        )

    async def inspect_chat(self, room: RoomId) -> ChatInspected:
        """Look into a room as the keeper; PermanentError M_FORBIDDEN if it is not in it.

        `user` is the one other who joined or, while nobody did, the one who is invited.
        """
        keeper = self._house.keeper
        events = await self._client.state(room, user=keeper)
        members = memberships(events)
        if members.pop(keeper, None) != "join":
            raise PermanentError("the keeper is not in this room", "M_FORBIDDEN")
        joined = tuple(sorted(user for user, how in members.items() if how == "join"))
        invited = tuple(sorted(user for user, how in members.items() if how == "invite"))
        others = joined or invited
        state = single_state(events)
        encryption = state.get("m.room.encryption", {})
        user = others[0] if len(others) == 1 else None
        return ChatInspected(
            room=room,
            user=user,
            joined=joined,
            invited=invited,
            encrypted=encryption.get("algorithm") == _MEGOLM,
            can_encrypt=_power(events, keeper) >= _needed(state, "m.room.encryption"),
            rotation_messages=_positive(encryption.get("rotation_period_msgs"), _DEFAULT_MESSAGES),
            rotation_ms=_positive(encryption.get("rotation_period_ms"), _DEFAULT_MS),
            name_tells=tells(_display_name(events, user)),
            zone=await self._client.profile_zone(user, user=keeper) if user is not None else None,
        )

    async def inspect_steward(
        self, published: str, groups: Iterable[GroupId] = ()
    ) -> StewardInspected:
        """Ask which devices and which identity the steward has, as clients are told it.

        `published`: the master key that we published. Devices are those that other users see and
        those that have no keys yet, which only their owner is told of.
        """
        steward = self._house.steward
        answer = await self._client.keys_query({"device_keys": {steward: []}})
        devices = set(await self._client.devices(user=steward))
        devices |= set(_object(answer.get("device_keys"), steward))
        key = _object(_object(answer.get("master_keys"), steward).get("keys"))
        return StewardInspected(
            devices=tuple(sorted(devices)),
            master_key=next((str(public) for public in key.values()), None),
            published=published,
            groups=tuple(groups),
        )


def memberships(events: Iterable[Json]) -> dict[UserId, str]:
    """Return how everybody stands to the room, from its state events."""
    return {UserId(event["state_key"]): _membership(event) for event in _members(events)}


def single_state(events: Iterable[Json]) -> dict[str, Mapping[str, object]]:
    """Return the contents of the state events with an empty key, by type."""
    return {
        event["type"]: event["content"]
        for event in events
        if event.get("state_key") == ""
        and isinstance(event.get("type"), str)
        and isinstance(event.get("content"), dict)
    }


def _members(events: Iterable[Json]) -> list[Json]:
    return [
        event
        for event in events
        if event.get("type") == "m.room.member" and isinstance(event.get("state_key"), str)
    ]


def _bans(events: Iterable[Json]) -> dict[UserId, UserId]:
    return {
        UserId(event["state_key"]): UserId(str(event.get("sender")))
        for event in _members(events)
        if _membership(event) == "ban"
    }


def _display_name(events: Iterable[Json], user: UserId | None) -> object:
    of_user = (event for event in _members(events) if event["state_key"] == user)
    return next((_object(event.get("content")).get("displayname") for event in of_user), None)


def _membership(event: Json) -> str:
    return str(_object(event.get("content")).get("membership"))


def _power(events: Sequence[Json], user: str) -> float:
    """Return a user's power (spec: m.room.power_levels; room version 12: creators have all)."""
    state = single_state(events)
    create = state.get("m.room.create", {})
    sender = next((e.get("sender") for e in events if e.get("type") == "m.room.create"), None)
    if str(create.get("room_version")) in _CREATORS_ABOVE_ALL:
        additional = create.get("additional_creators")
        if user == sender or (isinstance(additional, list) and user in additional):
            return float("inf")
    powers = state.get("m.room.power_levels")
    if powers is None:
        return 100 if user == sender else 0
    return _level(_object(powers.get("users")).get(user), _level(powers.get("users_default"), 0))


def _needed(state: Mapping[str, Mapping[str, object]], kind: str) -> int:
    powers = state.get("m.room.power_levels")
    if powers is None:
        return 0
    return _level(_object(powers.get("events")).get(kind), _level(powers.get("state_default"), 50))


def _object(value: object, *path: str) -> Json:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _level(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _positive(value: object, default: int) -> int:
    return (
        value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else default
    )
