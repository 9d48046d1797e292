"""The story of a flag: raised, taken, closed; told over and over in one world, each time anew.

One facilitator has an address outside, where every page is refused: the ladder climbs by that.
"""

import re
from dataclasses import replace
from pathlib import Path

from appservice.charter_file import read_charter
from appservice.domain.cases.case import Case
from appservice.domain.events import GroupAsked
from appservice.domain.person import Person
from appservice.domain.types import GroupId, Size, derive
from tests.crash.story import CODE, EXAMPLE, PATIENCE, World
from tests.support.member import Line
from tests.support.stub_member import StubMember
from tests.support.walker import Walker

GROUP = GroupId(derive("group", "the flag"))
MEMBER, TEAM = "ada", ("mira", "jonas")
CANARY = "canary-4711 she does not want to go on"
TOPIC = "mira-has-a-topic"
_NUMBER = re.compile(r"C-(\d+)")


async def gather(world: World) -> None:
    """Found a small group, and let its two facilitators and a member in."""
    facilitators = tuple(world.user(name) for name in TEAM)
    charter = replace(
        read_charter(EXAMPLE), name="WILLOW", size=Size.SMALL, facilitators=facilitators
    )
    asked = GroupAsked(GROUP, charter, CODE, open=True, at=world.living.clock.now())
    await world.living.happen(asked, derive("founding", GROUP))
    await world.living.at_rest()
    keeper = f"@keeper:{world.stub.server_name}"
    for name in (*TEAM, MEMBER):
        walker = await Walker.meet(await world.enter(name), keeper)
        await walker.join(CODE, timeout=PATIENCE)
        world.walkers[name] = walker
    await world.living.at_rest()
    await world.living.die()
    async with world.living.store() as store, store.begin() as work:
        mira = await work.get(Person, world.user("mira"))
        assert mira is not None
        await work.put(replace(mira, pages=(("ntfy", TOPIC),)))
    await world.living.start()


async def writes(world: World) -> None:
    """Write a flag, up to the question whether it is to be sent."""
    ada = world.walkers[MEMBER]
    for text, kind in (
        ("flag", "flag_track"),
        ("2", "flag_urgent"),
        ("no", "flag_track"),
        ("1", "flag_disclosure"),
        (CANARY, "flag_preview"),
    ):
        await ada.say(text)
        await asked(ada, kind)


async def asked(walker: Walker, kind: str) -> Line:
    """Wait for a question of this kind; what else is said meanwhile is heard too."""
    while True:
        line = await walker.hear(timeout=PATIENCE)
        if line.kind == kind and line.keeper.get("choices"):
            return line


async def sends(world: World) -> int:
    """Say yes to it, and return the number in the receipt."""
    await world.walkers[MEMBER].say("yes")
    return number_in(await world.walkers[MEMBER].hear("flag_receipt", timeout=PATIENCE))


async def takes(world: World, number: int) -> None:
    """Let a facilitator take it, once they are asked in vain outside, and read its words."""
    mira = world.walkers["mira"]
    await alert(mira, number, "case_new")
    await alert(mira, number, "case_ladder")
    await mira.say(f"!take {number}")
    await mira.hear("case_claimed", timeout=PATIENCE)
    words = await mira.hear("case_excerpt", timeout=PATIENCE)
    assert CANARY in words.body


async def closes(world: World, number: int) -> None:
    """Let them close it; the member hears so."""
    await world.walkers["mira"].say(f"!case {number} close looked-after")
    closed = await world.walkers[MEMBER].hear("flag_update", timeout=PATIENCE)
    while "has been looked after" not in closed.body:
        closed = await world.walkers[MEMBER].hear("flag_update", timeout=PATIENCE)


async def alert(walker: Walker, number: int, kind: str) -> Line:
    """Wait until a facilitator is asked who takes this case."""
    while True:
        line = await walker.hear(kind, timeout=PATIENCE)
        if line.keeper.get("case") == f"C-{number}":
            return line


async def cases(world: World) -> list[Case]:
    """Return what the database knows of cases, by number."""
    async with world.living.store() as store, store.begin() as work:
        return sorted(await work.of_group(Case, GROUP), key=lambda case: case.number)


def number_in(line: Line) -> int:
    found = _NUMBER.search(line.body)
    assert found is not None, line.body
    return int(found[1])


def said_by_keeper(member: StubMember, kind: str) -> list[Line]:
    """Return every message of this kind that somebody has got, in whatever room."""
    return [line for room in member.rooms() for line in member.timeline(room) if line.kind == kind]


def canary_in(folder: Path) -> list[str]:
    """Return the names of the files in which the words stand in clear."""
    files = (path for path in folder.iterdir() if path.is_file())
    return [path.name for path in files if b"canary-4711" in path.read_bytes()]
