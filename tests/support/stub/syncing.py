"""/sync of the stub homeserver: to-device messages, key counts, device lists, and rooms."""

import bisect
import json
from typing import Any

from tests.support.stub.core import Core, invite_state
from tests.support.stub.rooms import Event, Room
from tests.support.stub.users import Device

Json = dict[str, Any]

TO_DEVICE_LIMIT = 100


async def sync(core: Core, user_id: str, device: Device | None, query: Json) -> Json:
    """Answer a /sync; waits for news up to `timeout` when there are none."""
    since, queue_since = _token(query.get("since"))
    if device is not None:
        device.queue = [entry for entry in device.queue if entry[0] > queue_since]
    filtered = _filter(core, user_id, query.get("filter"))
    deadline = core.clock.monotonic() + int(query.get("timeout", 0)) / 1000
    while True:
        answer, empty = _answer(core, user_id, device, since, filtered)
        left = deadline - core.clock.monotonic()
        if not empty or since is None or left <= 0:
            return answer
        await core.news(left)


def _answer(
    core: Core, user_id: str, device: Device | None, since: int | None, filtered: Json
) -> tuple[Json, bool]:
    now = core.position
    queue = device.queue[:TO_DEVICE_LIMIT] if device else []
    whole = device is None or len(queue) == len(device.queue)
    next_batch = f"s{now}_{now if whole else queue[-1][0]}"
    answer: Json = {"next_batch": next_batch, "rooms": {"join": {}, "invite": {}, "leave": {}}}
    if queue:
        answer["to_device"] = {"events": [message for _, message in queue]}
    if device is not None:
        answer["device_one_time_keys_count"] = device.counts()
        answer["device_unused_fallback_key_types"] = device.unused_fallback()
    no_rooms = filtered.get("room", {}).get("rooms") == []
    if since is not None:
        changed = _changed(core, user_id, since, only_own_changes=no_rooms)
        if changed:
            answer["device_lists"] = {"changed": changed, "left": []}
    if not no_rooms:
        for room in core.rooms.values():
            _add_room(answer["rooms"], room, user_id, since)
    empty = not queue and "device_lists" not in answer and not any(answer["rooms"].values())
    return answer, empty


def _changed(core: Core, user_id: str, since: int, *, only_own_changes: bool) -> list[str]:
    """Users with whom this one shares a room and whose device lists changed since.

    With `only_own_changes` who merely joined does not count: a filter without rooms hides joins,
    as in Synapse.
    """
    start = bisect.bisect_right(core.list_changes, since, key=lambda change: change.position)
    names = {
        change.user_id
        for change in core.list_changes[start:]
        if not (only_own_changes and change.by_joining)
    }
    ours = [room for room in core.rooms.values() if room.membership(user_id) == "join"]
    changed = {
        name
        for name in names
        if name == user_id or any(room.membership(name) == "join" for room in ours)
    }
    if user_id in names and not only_own_changes:
        for room in ours:
            if room.membership(user_id, since) != "join":
                changed.update(room.joined())
    return sorted(changed)


def _add_room(rooms: Json, room: Room, user_id: str, since: int | None) -> None:
    membership = room.membership(user_id)
    start = since or 0
    if membership == "invite":
        event = room.state["m.room.member", user_id]
        if event.position > start:
            events = [*invite_state(room), event.stripped()]
            rooms["invite"][room.room_id] = {"invite_state": {"events": events}}
        return
    if membership is None or (membership != "join" and (since is None)):
        return
    before = room.membership(user_id, start) if since else None
    if membership != "join" and before not in {"join", "invite"}:
        return
    fresh = membership == "join" and before != "join"
    events = _new_events(room, user_id, 0 if fresh else start)
    if not events:
        return
    state = room.state_before(events[0].position) if fresh else []
    entry: Json = {
        "timeline": {
            "events": [event.client() for event in events],
            "limited": False,
            "prev_batch": "s0_0",
        },
        "state": {"events": [event.client() for event in state]},
        "account_data": {"events": []},
        "ephemeral": {"events": []},
        "summary": {"m.joined_member_count": len(room.joined())},
        "unread_notifications": {},
    }
    rooms["join" if membership == "join" else "leave"][room.room_id] = entry


def _new_events(room: Room, user_id: str, start: int) -> list[Event]:
    found = []
    for event in reversed(room.events):
        if event.position <= start:
            break
        if room.visible(event, user_id):
            found.append(event)
    return found[::-1]


def _token(since: str | None) -> tuple[int | None, int]:
    if not since:
        return None, 0
    position, _, queue = since[1:].partition("_")
    return int(position), int(queue or position)


def _filter(core: Core, user_id: str, given: str | None) -> Json:
    if not given:
        return {}
    if given.startswith("{"):
        return json.loads(given)
    return core.user(user_id).filters[int(given)]
