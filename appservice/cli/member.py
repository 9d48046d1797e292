"""`circlekeeper member`: what is kept about somebody, and erasing it, on their request."""

import asyncio
from typing import Annotated, Any

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import note, show
from appservice.cli.waiting import until
from appservice.clock import Clock, SystemClock
from appservice.config import Settings
from appservice.config.values import user_id
from appservice.domain.events import ErasureAsked
from appservice.domain.types import CauseId, UserId, derive
from appservice.errors import CirclekeeperError
from appservice.ports import Arrival, Json, Store
from appservice.service.export import all_about, is_known
from appservice.service.lanes import lane_of_event

app = typer.Typer(no_args_is_help=True, help="What is kept about somebody.")

User = Annotated[str, typer.Argument(metavar="@USER:NAME", help="Whose.")]


@app.command()
def export(user: User, config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show everything that is kept about somebody, save an open care case.

    Members ask for it themselves with `my data`. Give it to nobody else.
    """
    about = asyncio.run(_about(Settings.load(config), _user(user)))
    show(about, _lines(about), as_json=as_json)


@app.command()
def erase(
    user: User,
    config: ConfigFile = DEFAULT_CONFIG,
    wait: Annotated[float, typer.Option(min=0, help="Seconds until giving up.")] = 60,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Nothing brings it back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take somebody out of every group and erase what is kept about them.

    They are told in their private chat. Members ask for it themselves with `forget me`.
    """
    whom, settings = _user(user), Settings.load(config)
    if not yes:
        raise CirclekeeperError("nothing brings it back; if that is meant, add --yes")
    asyncio.run(_erase(settings, whom, wait))
    note("Their name stays in an open care case that names them, and in copies of the database.")
    show({"erased": user}, [f"{user} is forgotten."], as_json=as_json)


async def _about(settings: Settings, user: UserId) -> Json:
    from appservice.cli.database import opened  # noqa: PLC0415

    async with opened(settings) as store, store.begin() as work:
        about = await all_about(work, user)
    if not is_known(about):
        raise CirclekeeperError(f"nothing is kept about {user}")
    return about


async def _erase(settings: Settings, user: UserId, wait: float) -> None:
    """Ask `run` for it by the inbox, and return when nothing is left."""
    from appservice.cli.database import opened  # noqa: PLC0415

    clock = SystemClock()
    async with opened(settings) as store:
        if not await _is_kept(store, user):
            raise CirclekeeperError(f"nothing is kept about {user}")
        await _ask(store, clock, user)

        async def done() -> bool:
            return not await _is_kept(store, user)

        await until(
            done,
            clock,
            wait,
            saying=lambda: "waiting until they are out of every room",
            late=lambda: (
                "it is asked for, and not done yet: circlekeeper run does it as soon as "
                "it runs and the homeserver answers"
            ),
        )


async def _ask(store: Store, clock: Clock, user: UserId) -> None:
    now = clock.now()
    asked = ErasureAsked(user)
    cause = CauseId(derive("erasure", user, now.isoformat()))
    async with store.begin() as work:
        await work.accept([Arrival(cause, lane_of_event(asked), "event", asked, now)])


async def _is_kept(store: Store, user: UserId) -> bool:
    async with store.begin() as work:
        return is_known(await all_about(work, user))


def _lines(about: Json) -> list[str]:
    lines = [about["user"]]
    lines += [f"{record['kind']}: {_said(record, 'kind')}" for record in about["records"]]
    lines += [f"agreement: {_said(entry, 'user')}" for entry in about["agreements"]]
    lines += [
        f"group {group['name']}: {', '.join(group['named_as'])}" for group in about["groups"]
    ]
    return [*lines, f"keys: {_said(about['keys'])}"]


def _said(values: dict[str, Any], *hidden: str) -> str:
    told = ((name, value) for name, value in values.items() if name not in hidden)
    return ", ".join(f"{name} {value}" for name, value in told if value not in (None, "", [], ()))


def _user(written: str) -> UserId:
    try:
        return UserId(user_id(written))
    except ValueError as error:
        raise typer.BadParameter(f"{written} {error}", param_hint="@USER:NAME") from None
