"""`circlekeeper group close`: closes a group with time for a goodbye, or at once."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import asked, show
from appservice.cli.waiting import until
from appservice.clock import Clock, SystemClock
from appservice.config import Settings
from appservice.domain.cases.case import Case
from appservice.domain.events import CloseAsked
from appservice.domain.group import Group
from appservice.domain.group_life.closing import LATEST, LEAST
from appservice.domain.records import Care, Consent
from appservice.domain.types import CauseId, GroupId, derive
from appservice.errors import CirclekeeperError
from appservice.ports import Arrival, Store
from appservice.service.lanes import lane_of_event

_SPAN = re.compile(r"(\d{1,3})d")


def close(  # noqa: PLR0913
    group: Annotated[str, typer.Argument(help="Its name or its id.")],
    within: Annotated[str, typer.Option("--in", metavar="14d", help="7 to 180 days.")] = "14d",
    config: ConfigFile = DEFAULT_CONFIG,
    wait: Annotated[float, typer.Option(min=0, help="Seconds until giving up.")] = 60,
    *,
    now: Annotated[bool, typer.Option("--now", help="Without time for a goodbye.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Close a group: members are told, and on the day everybody is out and its data is erased.

    Facilitators can take it back until then. A group does not close while one of its cases is
    open, or a care case names one of its members.
    """
    span = timedelta(0) if now else _span(within)
    settings = Settings.load(config)
    question = f"Close {group} at once, and erase what is known of it?"
    if now and not yes and not asked(question, "nothing is changed"):
        raise CirclekeeperError("nothing is changed")
    closed = asyncio.run(_closed(settings, group, span, wait))
    on = closed.closing.on if closed.closing is not None else None
    told = {
        "group": closed.id,
        "name": closed.charter.name,
        "stage": closed.stage,
        "on": on.isoformat() if on is not None else None,
    }
    line = f"{closed.charter.name} is closed." if on is None else _closes(closed, on)
    show(told, [line], as_json=as_json)


def _closes(group: Group, on: datetime) -> str:
    return f"{group.charter.name} closes on {on:%Y-%m-%d}; its members are told now."


def _span(written: str) -> timedelta:
    found = _SPAN.fullmatch(written)
    span = timedelta(days=int(found[1])) if found else None
    if span is None or not LEAST <= span <= LATEST:
        raise typer.BadParameter("give 7 to 180 days, as 14d", param_hint="--in")
    return span


async def _closed(settings: Settings, name: str, span: timedelta, wait: float) -> Group:
    from appservice.cli.database import opened  # noqa: PLC0415

    async with opened(settings) as store:
        return await close_group(store, SystemClock(), name, span, wait)


async def close_group(
    store: Store, clock: Clock, name: str, span: timedelta, wait: float
) -> Group:
    """Ask `run` for it through the inbox, and return the group once that is done.

    `span` from now, zero for at once; `wait` in seconds. Raises CirclekeeperError.
    """
    group = await _named(store, name)
    if span == timedelta(0):
        await _refuse_while_cared_for(store, group.id)
    moment = clock.now()
    asked = CloseAsked(group.id, moment + span)
    cause = CauseId(derive("closing", group.id, moment.isoformat()))
    async with store.begin() as work:
        await work.accept([Arrival(cause, lane_of_event(asked), "event", asked, moment)])

    async def done() -> bool:
        return _is_done(await _now(store, group.id), asked)

    await until(
        done,
        clock,
        wait,
        saying=lambda: "waiting for circlekeeper run",
        late=lambda: "Circlekeeper is not running; the group will be closed when it starts",
    )
    return await _now(store, group.id)


async def _now(store: Store, id_: GroupId) -> Group:
    async with store.begin() as work:
        group = await work.get(Group, id_)
    if group is None:
        raise CirclekeeperError("the group is not there any more")
    return group


def _is_done(group: Group, asked: CloseAsked) -> bool:
    wish = group.closing
    return group.stage == "closed" or (wish is not None and wish.agreed and wish.on == asked.on)


async def _named(store: Store, name: str) -> Group:
    async with store.begin() as work:
        groups = [group for group in await work.all(Group) if group.stage != "closed"]
    found = [
        one for one in groups if one.id == name or one.charter.name.casefold() == name.casefold()
    ]
    if not found:
        raise CirclekeeperError(
            "there is no group of that name that could close; see circlekeeper group list"
        )
    return found[0]


async def _refuse_while_cared_for(store: Store, group: GroupId) -> None:
    async with store.begin() as work:
        cared = {care.user for care in await work.all(Care) if care.cases or not care.mourned}
        members = await work.of_group(Consent, group)
        cases = await work.of_group(Case, group)
    if any(case.is_open for case in cases):
        raise CirclekeeperError(
            "a case of this group is open, and that comes first; "
            "close it without --now, and it waits by itself until the case is closed"
        )
    if any(member.user in cared and member.withdrawn is None for member in members):
        raise CirclekeeperError(
            "a care case names a member of this group, and that comes first; "
            "close it without --now, and it waits by itself until the case is closed"
        )
