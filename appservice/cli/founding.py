"""Founds a group from the command line: asks `run` for it through the inbox, and waits."""

import secrets
from dataclasses import dataclass

from appservice.cli.waiting import until
from appservice.clock import Clock
from appservice.domain.application import Code
from appservice.domain.charter import Charter
from appservice.domain.events import GroupAsked
from appservice.domain.group import Group
from appservice.domain.types import CauseId, GroupId, RoomKind, Size, derive
from appservice.errors import CirclekeeperError
from appservice.matrix.codes import draw_code
from appservice.ports import Arrival, Store, Work
from appservice.service.lanes import lane_of_event

_WAITING = 1000  # rows of the inbox that are looked at; each founding has a lane of its own

ROOMS = {
    Size.SMALL: frozenset({RoomKind.CIRCLE}),
    Size.STANDARD: frozenset({RoomKind.CIRCLE, RoomKind.NOTICEBOARD, RoomKind.FACILITATORS}),
}
"""The rooms that a new group waits for (docs/rooms.md)."""


@dataclass(frozen=True)
class Founded:
    """A group that somebody can join now."""

    group: Group
    code: str


async def found(
    store: Store, clock: Clock, charter: Charter, wait: float, *, at_once: bool
) -> Founded:
    """Ask for a group, and return when its code works; `at_once` opens it without signatures.

    `wait` in seconds. Raises CirclekeeperError if an open group has that name, or nobody made the
    group in time: it is not forgotten then.
    """
    asked = GroupAsked(
        group=GroupId(derive("group", secrets.token_hex(16))),
        charter=charter,
        code=draw_code(charter.name),
        open=at_once,
        at=clock.now(),
    )
    await _ask(store, clock, asked)
    group: Group | None = None

    async def done() -> bool:
        nonlocal group
        group, works = await _look(store, asked.group)
        return works

    def saying() -> str:
        made = len(group.rooms) if group else 0
        return f"founding {charter.name}: {made} of {len(ROOMS[charter.size])} rooms"

    await until(done, clock, wait, saying=saying, late=lambda: _late(group))
    if group is None:
        raise CirclekeeperError(_late(group))
    return Founded(group, asked.code)


async def _ask(store: Store, clock: Clock, asked: GroupAsked) -> None:
    cause = CauseId(derive("founding", asked.group))
    arrival = Arrival(cause, lane_of_event(asked), "event", asked, clock.now())
    async with store.begin() as work:
        await _refuse_a_second(work, asked.charter.name, clock)
        await work.accept([arrival])


async def _refuse_a_second(work: Work, name: str, clock: Clock) -> None:
    for group in await work.all(Group):
        if group.stage != "closed" and group.charter.name.casefold() == name.casefold():
            raise CirclekeeperError(
                f"there is a group called {group.charter.name} already; choose another name"
            )
    for waiting in await work.arrivals(clock.now(), _WAITING):
        body = waiting.body
        if isinstance(body, GroupAsked) and body.charter.name.casefold() == name.casefold():
            raise CirclekeeperError(
                f"a group called {body.charter.name} was asked for already; it will be made when "
                "circlekeeper run has started"
            )


async def _look(store: Store, id_: GroupId) -> tuple[Group | None, bool]:
    async with store.begin() as work:
        group = await work.get(Group, id_)
        codes = await work.of_group(Code, id_)
    if group is None:
        return None, False
    return group, bool(codes) and ROOMS[group.charter.size] <= set(group.rooms)


def _late(group: Group | None) -> str:
    if group is None:
        return "Circlekeeper is not running; the group will be made when it starts"
    return (
        "the group exists, but its rooms are not all made yet; see circlekeeper group show "
        f"{group.id}, and circlekeeper check"
    )
