"""`circlekeeper group appoint` and `group revoke`: what the operator says about roles."""

import asyncio
import secrets
from typing import Annotated

import typer

from appservice.cli.named import named
from appservice.cli.options import DEFAULT_CONFIG, ConfigFile
from appservice.cli.output import note
from appservice.cli.waiting import until
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.config.values import user_id
from appservice.domain.charter import GroupRole
from appservice.domain.events import RoleOrdered
from appservice.domain.group import Group
from appservice.domain.records import Consent
from appservice.domain.roles.named import roles_of
from appservice.domain.roles.offering import of
from appservice.domain.types import CauseId, UserId, derive
from appservice.errors import CirclekeeperError
from appservice.ports import Arrival, Work
from appservice.service.lanes import lane_of_event

_Name = Annotated[str, typer.Argument(help="The group's name or its id.")]
_User = Annotated[str, typer.Argument(metavar="@USER:NAME", help="Whom it is about.")]
_Wait = Annotated[float, typer.Option(min=0, help="Seconds until giving up.")]


def appoint(
    group: _Name,
    user: _User,
    role: Annotated[GroupRole, typer.Argument(help="The role.")],
    config: ConfigFile = DEFAULT_CONFIG,
    wait: _Wait = 60,
) -> None:
    """Offer a member a role; it is theirs when they say yes in their private chat.

    For a group that has no lead, or no facilitator left who could offer it.
    """
    settings, whom = Settings.load(config), _user(user)
    asyncio.run(_order(settings, group, whom, role, wait))
    note(f"{whom} is asked in their private chat.")


def revoke(
    group: _Name, user: _User, config: ConfigFile = DEFAULT_CONFIG, wait: _Wait = 60
) -> None:
    """Take every role of somebody, and the power with it, at once; they stay a member."""
    settings, whom = Settings.load(config), _user(user)
    asyncio.run(_order(settings, group, whom, None, wait))
    note(f"{whom} has no role in this group any more.")


async def _order(
    settings: Settings, name: str, user: UserId, role: GroupRole | None, wait: float
) -> None:
    from appservice.cli.database import opened  # noqa: PLC0415

    clock = SystemClock()
    async with opened(settings) as store:
        async with store.begin() as work:
            group = named(await work.all(Group), name)
            await _refuse(work, group, user, role)
            event = RoleOrdered(group.id, user, role)
            cause = CauseId(derive("order", secrets.token_hex(16)))
            await work.accept([Arrival(cause, lane_of_event(event), "event", event, clock.now())])

        async def done() -> bool:
            async with store.begin() as work:
                now = await work.get(Group, group.id)
            if now is None:
                return False
            return user not in now.charter.named if role is None else of(now, user) is not None

        await until(
            done,
            clock,
            wait,
            saying=lambda: "waiting for circlekeeper run",
            late=lambda: "Circlekeeper is not running; it is done when it starts",
        )


async def _refuse(work: Work, group: Group, user: UserId, role: GroupRole | None) -> None:
    name = group.charter.name
    if role is None:
        if user not in group.charter.named:
            raise CirclekeeperError(f"{user} has no role in {name}; nothing is changed")
        return
    consents = await work.of_group(Consent, group.id)
    if not any(c.user == user and c.withdrawn is None for c in consents):
        raise CirclekeeperError(f"{user} is not in {name} with a consent; they join first")
    if role in roles_of(user, group):
        raise CirclekeeperError(f"{user} has this role in {name} already")
    if of(group, user) is not None:
        raise CirclekeeperError(f"{user} has an offer in {name} that is still open")


def _user(written: str) -> UserId:
    try:
        return UserId(user_id(written))
    except ValueError as error:
        raise typer.BadParameter(f"{written} {error}", param_hint="@USER:NAME") from None
