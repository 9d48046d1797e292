"""The story that every crash interrupts: a group is founded, somebody consents, asks, and leaves.

Each step goes on when its answer has come, so the story itself knows nothing of crashes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import appservice
from appservice.charter_file import read_charter
from appservice.domain.application import Code
from appservice.domain.charter import Charter
from appservice.domain.events import GroupAsked
from appservice.domain.group import Group
from appservice.domain.types import GroupId, RoomKind, Size, UserId, derive
from tests.support.living import Living
from tests.support.stub_homeserver import StubHomeserver
from tests.support.stub_member import StubMember
from tests.support.walker import Walker

CODE = "WILLOW-7Q4K"
GROUP = GroupId(derive("group", "the story"))
EXAMPLE = Path(appservice.__file__).parent / "defaults" / "charters" / "example.yaml"
PATIENCE = 30.0  # seconds for an answer, a restart included
AGREEING = 3  # core rules that the gate asks about


@dataclass
class World:
    """What the story happens in."""

    stub: StubHomeserver
    living: Living
    members: dict[str, StubMember] = field(default_factory=dict)
    walkers: dict[str, Walker] = field(default_factory=dict)

    async def enter(self, name: str) -> StubMember:
        """Somebody comes with a cross-signed device."""
        self.members[name] = await StubMember.login(self.stub, name)
        return self.members[name]

    async def settle(self) -> None:
        """Wait until all is done, and everybody has read it."""
        await self.living.at_rest()
        position = self.stub.core.position
        for member in self.members.values():
            await member.wait_until(lambda m=member: m.position >= position, PATIENCE)

    def user(self, name: str) -> UserId:
        return UserId(f"@{name}:{self.stub.server_name}")


Step = Callable[[World], Awaitable[None]]


def charter(world: World, name: str = "WILLOW") -> Charter:
    """The example charter with two facilitators of this server."""
    return replace(
        read_charter(EXAMPLE),
        name=name,
        size=Size.STANDARD,
        facilitators=(world.user("mira"), world.user("jonas")),
    )


async def ask_for_group(world: World) -> None:
    """Write GroupAsked into the inbox, as `circlekeeper group new --open` does."""
    asked = GroupAsked(GROUP, charter(world), CODE, open=True, at=world.living.clock.now())
    await world.living.happen(asked, derive("founding", GROUP))


async def begin(world: World) -> None:
    await world.living.ready()


async def found(world: World) -> None:
    await ask_for_group(world)
    await world.living.at_rest()
    async with world.living.store() as store, store.begin() as work:
        group = await work.get(Group, GROUP)
        assert group is not None
        assert set(group.rooms) == {
            RoomKind.CIRCLE,
            RoomKind.NOTICEBOARD,
            RoomKind.FACILITATORS,
        }
        assert await work.of_group(Code, GROUP)


async def meet(world: World) -> None:
    ada = await world.enter("ada")
    keeper = f"@keeper:{world.stub.server_name}"
    world.walkers["ada"] = await Walker.meet(ada, keeper)


async def ask_to_join(world: World) -> None:
    await _says(world, f"join {CODE}", "age")


async def pass_age(world: World) -> None:
    await _says(world, "yes", "question")


async def answer_wrongly(world: World) -> None:
    line = world.walkers["ada"].heard[-1]
    right = right_answer(world, line.keeper["step"])
    wrong = next(c for c in line.keeper["choices"] if c["id"] != right)
    await _says(world, wrong["reply"], "question")
    assert world.walkers["ada"].heard[-1].keeper["step"] == line.keeper["step"]


async def answer_rightly(world: World) -> None:
    for _ in range(AGREEING):
        line = world.walkers["ada"].heard[-1]
        right = right_answer(world, line.keeper["step"])
        reply = next(c["reply"] for c in line.keeper["choices"] if c["id"] == right)
        await _says(world, reply, None)


async def agree(world: World) -> None:
    await _says(world, _only_reply(world), None)


async def consent(world: World) -> None:
    await _says(world, _only_reply(world), "receipt")


async def enter_circle(world: World) -> None:
    ada = world.members["ada"]
    for room in sorted(ada.invites()):
        await ada.join(room)
    assert len(ada.rooms()) == 3


async def ask_help(world: World) -> None:
    await _says(world, "help", "help")


async def say_something(world: World) -> None:
    await _says(world, "I do not know what to say today", "program")


async def leave(world: World) -> None:
    await _says(world, "leave", "withdrawn")


STEPS: tuple[Step, ...] = (
    begin,
    found,
    meet,
    ask_to_join,
    pass_age,
    answer_wrongly,
    answer_rightly,
    agree,
    consent,
    enter_circle,
    ask_help,
    say_something,
    leave,
)


async def _says(world: World, text: str, kind: str | None) -> None:
    walker = world.walkers["ada"]
    line = await walker.ask(text, timeout=PATIENCE)
    assert kind in (None, line.kind), f"{line.kind} instead of {kind}: {line.body}"


def right_answer(world: World, step: str) -> str:
    """The id of the right answer to the question of a step (`2/7` asks about the first rule)."""
    rules = charter(world).rules[0]
    question = rules.asked[int(step.partition("/")[0]) - 2].question
    assert question is not None
    return str(question.right + 1)


def _only_reply(world: World) -> str:
    (choice,) = world.walkers["ada"].heard[-1].keeper["choices"]
    return str(choice["reply"])
