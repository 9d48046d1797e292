"""Checks every room of every group: encryption, history, joins, powers, listing, and who is in."""

from collections.abc import Sequence

from appservice.domain.events import RoomFacts
from appservice.domain.group import Group
from appservice.domain.records import Consent, Grace
from appservice.domain.rooms import differs, expected_state
from appservice.domain.state import House
from appservice.domain.types import UserId
from appservice.matrix.client import Client
from appservice.matrix.findings import Check, fail, ok
from appservice.matrix.inspect import Inspector
from appservice.matrix.rooms import WITH_KEEPER
from appservice.ports import Store

_SPOKEN = {
    "m.room.encryption": "encryption",
    "m.room.history_visibility": "history",
    "m.room.join_rules": "joins",
    "m.room.power_levels": "powers",
    "m.room.guest_access": "guests",
    "m.room.name": "name",
    "m.room.topic": "topic",
}
_INSIDE = frozenset({"join", "invite", "knock"})
_MEND = "`circlekeeper run` repairs this within ten minutes; if it stays, see its log"


async def examine_rooms(client: Client, store: Store, house: House) -> list[Check]:
    """Examine all rooms of all groups that are not closed; one check for each room."""
    async with store.begin() as work:
        groups = [group for group in await work.all(Group) if group.stage != "closed"]
        members = {
            group.id: [
                *(c.user for c in await work.of_group(Consent, group.id) if c.withdrawn is None),
                *(grace.user for grace in await work.of_group(Grace, group.id)),
            ]
            for group in groups
        }
    inspector = Inspector(client, house)
    checks = []
    for group in groups:
        for what, room in group.rooms.items():
            facts = await inspector.inspect_room(room, what)
            checks.append(_room(group, facts, members[group.id], house, f"{what.value}"))
    return checks


def _room(
    group: Group, facts: RoomFacts | None, members: Sequence[UserId], house: House, what: str
) -> Check:
    name = f"room {group.charter.name} {what}"
    if facts is None:
        mend = "invite the steward back with power 100, as an administrator of the homeserver"
        return fail(name, "the steward is not in it", mend)
    problems = wrong_state(group, facts, house) + _wrong_people(facts, members, house)
    if problems:
        return fail(name, "; ".join(problems), _MEND)
    return ok(name, f"as it should be, {len(facts.members)} in it")


def wrong_state(group: Group, facts: RoomFacts, house: House) -> list[str]:
    """Say in words what is not as the room should be."""
    version = str(facts.state.get("m.room.create", {}).get("room_version", "1"))
    hushed = group.hushed is not None
    expected = expected_state(
        facts.what, group.charter, house, version, group.muted, hushed=hushed
    )
    problems = [
        f"{_SPOKEN[kind]} differ" if _SPOKEN[kind].endswith("s") else f"{_SPOKEN[kind]} differs"
        for kind, content in expected.items()
        if kind in _SPOKEN and differs(kind, facts.state.get(kind), content)
    ]
    return [*problems, "it is listed publicly"] if facts.listed else problems


def _wrong_people(facts: RoomFacts, members: Sequence[UserId], house: House) -> list[str]:
    allowed = {*members, house.steward}
    if facts.what in WITH_KEEPER:
        allowed.add(house.keeper)
    strangers = [
        user for user, how in facts.members.items() if how in _INSIDE and user not in allowed
    ]
    problems = []
    if house.keeper in strangers:
        problems.append("the keeper is in it")
        strangers.remove(house.keeper)
    if strangers:
        problems.append(f"{len(strangers)} in it without consent")
    if facts.what in WITH_KEEPER and facts.members.get(house.keeper) != "join":
        problems.append("the keeper is not in it")
    return problems
