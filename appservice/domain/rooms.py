"""What each room of a group must be, as Matrix state: used to make it and to mend it.

Specification: client-server API v1.16, `m.room.power_levels` and room versions 11 and 12 (in 12
the creator has power above all and must not stand in the list).
"""

from collections.abc import Collection, Mapping

from appservice.domain.charter import Charter
from appservice.domain.membership import facilitators
from appservice.domain.state import House
from appservice.domain.types import RoomKind, UserId

CALLS = "org.matrix.msc3401.call.member"
"""What clients set to be in a call (MSC3401, Element Call); who and when is not encrypted."""
OWNER, FACILITATOR, POSTER, MUTED = 100, 50, 50, -1
CREATOR_ABOVE_ALL = 12  # the first room version with it
MEGOLM = "m.megolm.v1.aes-sha2"
_SUFFIX = {
    RoomKind.CIRCLE: "",
    RoomKind.NOTICEBOARD: " (news)",
    RoomKind.FACILITATORS: " (team)",
    RoomKind.CONTACT: " (talk)",
    RoomKind.CASE: " (case)",
}

Content = Mapping[str, object]


def expected_state(  # noqa: PLR0913
    kind: RoomKind,
    charter: Charter,
    house: House,
    room_version: str,
    muted: Collection[UserId] = (),
    *,
    hushed: bool = False,
) -> Mapping[str, Content]:
    """Return event type -> content (state key "") of everything a room of a group must have.

    `muted`: who is paused, and cannot send in any room of the group. `hushed`: only facilitators
    write in the circle for now.
    """
    return {
        "m.room.power_levels": power_levels(
            kind, charter, house, room_version, muted, hushed=hushed
        ),
        "m.room.join_rules": {"join_rule": "invite"},
        "m.room.history_visibility": {"history_visibility": "joined"},
        "m.room.guest_access": {"guest_access": "forbidden"},
        "m.room.encryption": {"algorithm": MEGOLM},
        "m.room.name": {"name": charter.name + _SUFFIX.get(kind, "")},
        "m.room.topic": {"topic": topic(house)},
    }


def creation_content(charter: Charter) -> Content:
    """Return what `m.room.create` says beside the version; it cannot be changed later."""
    return {"m.federate": charter.federated}


def topic(house: House) -> str:
    """Return the topic that every room of a server carries; it names no group."""
    words = house.topic or f"Help now: write help to {house.keeper}"
    return f"{words} · {house.help_page}" if house.help_page else words


def power_levels(  # noqa: PLR0913
    kind: RoomKind,
    charter: Charter,
    house: House,
    room_version: str,
    muted: Collection[UserId] = (),
    *,
    hushed: bool = False,
) -> dict[str, object]:
    """Return the powers of a room: docs/rooms.md."""
    above_all = _creator_above_all(room_version)
    users: dict[UserId, int] = {} if above_all else {house.steward: OWNER}
    events = {
        "m.room.encryption": OWNER,
        "m.room.power_levels": OWNER,
        "m.room.tombstone": 150 if above_all else OWNER,
    }
    levels: dict[str, object] = {
        "users": users,
        "users_default": 0,
        "events": events,
        "events_default": 0,
        "state_default": OWNER,
        "invite": OWNER,
        "kick": OWNER,
        "ban": OWNER,
        "redact": OWNER,
        "notifications": {"room": FACILITATOR},
    }
    match kind:
        case RoomKind.CIRCLE:
            users |= dict.fromkeys(facilitators(charter), FACILITATOR)
            levels |= {"ban": FACILITATOR, "redact": FACILITATOR}
            levels |= {"events_default": FACILITATOR} if hushed else {}
            if charter.calls:
                levels["events"] = {**events, CALLS: 0}
        case RoomKind.NOTICEBOARD:
            users[house.keeper] = POSTER
            levels |= {"events_default": POSTER}
        case _:
            pass
    users |= dict.fromkeys(sorted(muted), MUTED)
    return levels


def differs(kind: str, found: Content | None, expected: Content) -> bool:
    """Say whether a state event must be mended.

    Powers are compared by what they mean: a missing number has its default of the specification,
    and keys that the specification does not name are let be. Of encryption the algorithm counts.
    """
    if found is None:
        return True
    if kind == "m.room.power_levels":
        return _meaning(found) != _meaning(expected)
    return any(found.get(key) != value for key, value in expected.items())


_DEFAULTS = {
    "users_default": 0,
    "events_default": 0,
    "state_default": 50,
    "invite": 0,
    "kick": 50,
    "ban": 50,
    "redact": 50,
}


def _meaning(levels: Content) -> dict[str, object]:
    numbers = {key: levels.get(key, default) for key, default in _DEFAULTS.items()}
    tables = {key: levels.get(key) or {} for key in ("users", "events")}
    notifications = levels.get("notifications")
    loud = notifications.get("room", 50) if isinstance(notifications, Mapping) else 50
    return {**numbers, **tables, "notifications": loud}


def _creator_above_all(room_version: str) -> bool:
    return room_version.isdigit() and int(room_version) >= CREATOR_ABOVE_ALL
