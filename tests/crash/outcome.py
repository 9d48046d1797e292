"""What is left when a story is over, told so that two runs of it can be compared."""

import difflib
import json
import re
from collections import Counter
from typing import Any

from tests.support.member import Line, Member
from tests.support.stub.rooms import Room
from tests.support.stub_homeserver import StubHomeserver

Json = dict[str, Any]
_ALIAS = re.compile(r"#_circlekeeper_[0-9a-z]+")
_ROOM = re.compile(r"![A-Za-z0-9_\-]{20,}(?::[a-z.]+)?")
_DEVICE = re.compile(r"KEEPER-[0-9A-F]{8}")
_CODE = re.compile(r"[0-9a-f]{64}")


def outcome(stub: StubHomeserver, members: dict[str, Member]) -> Json:
    """Rooms with their state and their plain history, and every member's decrypted timelines."""
    rooms = [_room(room) for room in stub.rooms.values() if room.joined()]
    return {
        "rooms": sorted(rooms, key=lambda room: json.dumps(room, sort_keys=True)),
        "timelines": {name: timelines(member) for name, member in members.items()},
        "devices": neutral({u: sorted(stub.users[u].devices) for u in sorted(stub.users)}),
    }


def timelines(member: Member) -> Json:
    """What a member sees in each room: who, what kind, which words; times and ids left out."""
    rooms = {*member.rooms(), *member.invites(), *member._lines}
    told = [[_line(line) for line in member.timeline(room)] for room in rooms]
    return {
        "rooms": sorted(told, key=lambda room: json.dumps(room, sort_keys=True)),
        "invited": len(member.invites()),
    }


def repetitions(members: dict[str, Member]) -> list[str]:
    """Messages of the keeper that stand somewhere twice, by their `cause`."""
    found = []
    for name, member in members.items():
        causes = Counter(
            line.keeper["cause"]
            for room in member._lines
            for line in member.timeline(room)
            if line.keeper
        )
        found += [f"{name} hears {cause} {n} times" for cause, n in causes.items() if n > 1]
    return found


def unreadable(members: dict[str, Member]) -> list[str]:
    """Events that a member could not decrypt."""
    return [
        f"{name} cannot read {line.event_id}: {line.failure}"
        for name, member in members.items()
        for room in member._lines
        for line in member.timeline(room)
        if not line.readable
    ]


def difference(calm: Json, other: Json) -> str:
    """What differs, as lines; empty if nothing does."""
    before, after = (
        json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False).splitlines()
        for told in (calm, other)
    )
    lines = list(difflib.unified_diff(before, after, "calm", "after the crash", n=4, lineterm=""))
    return "\n".join(lines)


def _room(room: Room) -> Json:
    state = {f"{kind} {key}": event.content for (kind, key), event in room.state.items()}
    history = [
        f"{event.sender} {event.type} {event.state_key} {event.content.get('membership', '')}"
        if event.state_key is not None
        else f"{event.sender} {event.type}"
        for event in room.events
    ]
    return neutral({"creator": room.creator, "state": state, "history": history})


def _line(line: Line) -> Json:
    keeper = {key: value for key, value in line.keeper.items() if key not in ("cause", "group")}
    told: Json = {"sender": line.sender, "type": line.type, "encrypted": line.encrypted}
    if line.state_key is not None:
        told |= {"key": line.state_key, "content": line.content}
    else:
        told |= {"body": line.body, "keeper": keeper, "failure": line.failure}
    return neutral(told)


def neutral(told: Any) -> Any:
    """Names that each installation draws for itself, made equal."""
    text = json.dumps(told, ensure_ascii=False)
    text = _DEVICE.sub("KEEPER", _ALIAS.sub("#alias", text))
    return json.loads(_ROOM.sub("!room", text))
