"""Many groups at once beside the stub homeserver, as if each had been founded and joined long ago.

Their rooms and records are put where they belong, without a word to the add-on; so thousands are
there in seconds. Members have real, cross-signed devices.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from string import ascii_lowercase
from typing import NamedTuple

from appservice.charter_file import read_charter
from appservice.domain.charter import Charter
from appservice.domain.effects import Wake
from appservice.domain.events import MeetingDue
from appservice.domain.gate.messages import hash_of
from appservice.domain.group import Group
from appservice.domain.meetings.clock import timer
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.person import Person
from appservice.domain.records import Consent, Room
from appservice.domain.rooms import creation_content, expected_state
from appservice.domain.state import House
from appservice.domain.types import EventId, GroupId, RoomId, RoomKind, Size, UserId, derive
from appservice.matrix.rooms import WITH_KEEPER
from appservice.ports import Store
from tests.support.stub_homeserver import StubHomeserver
from tests.support.stub_member import StubMember
from tests.support.synapse import ROOT

ROOMS = (RoomKind.CIRCLE, RoomKind.NOTICEBOARD, RoomKind.FACILITATORS)
AT_ONCE = 100  # groups in a transaction
RULE = "FREQ=WEEKLY"
AHEAD = timedelta(days=3)  # nothing but the reminder is due so long before a meeting


class Founded(NamedTuple):
    """A group, and who is in it; the first two facilitate."""

    group: Group
    members: tuple[StubMember, ...]

    @property
    def board(self) -> RoomId:
        return self.group.rooms[RoomKind.NOTICEBOARD]


async def found_many(
    stub: StubHomeserver, store: Store, house: House, number: int, each: int, now: datetime
) -> list[Founded]:
    """Put so many groups of `each` members on the homeserver and into the store."""
    charter = read_charter(ROOT / "config" / "examples" / "standard.yaml")
    push, stub.core.to_push = stub.core.to_push, lambda _: None
    try:
        found = [await _found(stub, house, charter, index, each, now) for index in range(number)]
    finally:
        stub.core.to_push = push
    async with store.begin() as work:  # all of that has been seen
        for user in (house.keeper, house.steward):
            await work.keep_fact(f"looked as {user}", f"s{stub.core.position}_0".encode())
    for start in range(0, number, AT_ONCE):
        async with store.begin() as work:
            for one in found[start : start + AT_ONCE]:
                for record in _records(one, now):
                    await work.put(record)
    return found


async def let_all_meet(
    store: Store, groups: Sequence[GroupId], number: int, due: datetime
) -> None:
    """Give each group a meeting, of which it is reminded on its noticeboard at `due`."""
    for start in range(0, len(groups), AT_ONCE):
        async with store.begin() as work:
            for group in groups[start : start + AT_ONCE]:
                starts = (due + AHEAD).replace(tzinfo=None)
                meeting = Meeting(
                    group,
                    number,
                    starts,
                    "UTC",
                    60,
                    RULE,
                    ladder=(AHEAD // timedelta(minutes=1),),
                    made=due,
                )
                await work.put(meeting)
                wake = Wake(timer(group, number), due, MeetingDue(group, number))
                await work.wake(wake.key, wake.due, wake.event)


def told(stub: StubHomeserver, one: Founded, keeper: str) -> int:
    """Return how often the keeper has said something on a noticeboard."""
    events = stub.rooms[one.board].events
    return sum(e.sender == keeper and e.type == "m.room.encrypted" for e in events)


async def _found(
    stub: StubHomeserver, house: House, charter: Charter, index: int, each: int, now: datetime
) -> Founded:
    names = [f"group-{index}-{one}" for one in range(each)]
    members = []
    for name in names:
        member = await StubMember.login(stub, name)
        await member.stop()
        members.append(member)
    users = tuple(UserId(member.user_id) for member in members)
    letters = list(product(ascii_lowercase, repeat=3))[index]
    own = replace(
        charter,
        name=f"Willow {''.join(letters)}",
        size=Size.STANDARD,
        facilitators=users[:2],
        zone="UTC",
    )
    group = Group(GroupId(derive("group", str(index))), "open", own, now)
    rooms = {what: _room(stub, house, own, what, users) for what in ROOMS}
    return Founded(replace(group, rooms=rooms), tuple(members))


def _room(
    stub: StubHomeserver, house: House, charter: Charter, what: RoomKind, users: tuple[UserId, ...]
) -> RoomId:
    core, steward = stub.core, house.steward
    state = expected_state(what, charter, house, core.room_version)
    body = {
        "room_version": core.room_version,
        "creation_content": dict(creation_content(charter)),
        "initial_state": [{"type": kind, "content": dict(state[kind])} for kind in state],
    }
    room = core.rooms[core.create_room(steward, body)]
    keeper = (house.keeper,) if what in WITH_KEEPER else ()
    for user in (*keeper, *_inside(what, users)):
        core.member(room, steward, user, "invite")
        core.member(room, user, user, "join")
    return RoomId(room.room_id)


def _inside(what: RoomKind, users: tuple[UserId, ...]) -> tuple[UserId, ...]:
    return users[:2] if what is RoomKind.FACILITATORS else users


def _records(one: Founded, now: datetime) -> list[Group | Room | Person | Consent]:
    group = one.group
    users = tuple(UserId(member.user_id) for member in one.members)
    version, digest = hash_of(group, "en")
    consent = Consent(
        user=users[0],
        group=group.id,
        given=now,
        language="en",
        rules_version=version,
        rules_hash=digest,
        rules_statement="I agree to the rules",
        rules_event=EventId("$rules"),
        data_statement="I consent",
        data_event=EventId("$data"),
        age_confirmed=18,
        admitted=True,
    )
    rooms = [
        Room(room, what, group.id, None, encrypted=True, members=_inside(what, users))
        for what, room in group.rooms.items()
    ]
    people = [Person(user) for user in users]
    return [group, *rooms, *people, *(replace(consent, user=user) for user in users)]
