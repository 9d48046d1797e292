"""`circlekeeper parked`: work that failed for good and waits for a person."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import show
from appservice.config import Settings
from appservice.errors import CirclekeeperError
from appservice.ports import Parked

app = typer.Typer(no_args_is_help=True, help="Work that failed for good and waits for you.")

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="As `parked list` shows them.")]


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show what is parked: what it is and why, never what it says."""
    parked = asyncio.run(_parked(Settings.load(config)))
    data = [
        {
            "id": row.id,
            "box": row.box,
            "what": row.what,
            "reason": row.reason,
            "since": row.since.isoformat(),
        }
        for row in parked
    ]
    lines = [
        f"{row.id}  {row.since:%Y-%m-%d %H:%M} UTC  {row.box}  {row.what}: {row.reason}"
        for row in parked
    ]
    show(data, lines or ["Nothing is parked."], as_json=as_json)


@app.command()
def retry(ids: Ids, config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Try parked work again."""
    asyncio.run(_each(Settings.load(config), ids, again=True))
    show({"retried": ids}, [f"{id_} is tried again." for id_ in ids], as_json=as_json)


@app.command()
def drop(ids: Ids, config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Give parked work up; this cannot be undone."""
    asyncio.run(_each(Settings.load(config), ids, again=False))
    show({"dropped": ids}, [f"{id_} is dropped." for id_ in ids], as_json=as_json)


async def _parked(settings: Settings) -> Sequence[Parked]:
    from appservice.cli.database import opened  # noqa: PLC0415

    async with opened(settings) as store, store.begin() as work:
        return await work.parked()


async def _each(settings: Settings, ids: Sequence[str], *, again: bool) -> None:
    """Do it for all of them or for none."""
    from appservice.cli.database import opened  # noqa: PLC0415

    async with opened(settings) as store, store.begin() as work:
        act = work.retry_parked if again else work.drop_parked
        unknown = [id_ for id_ in dict.fromkeys(ids) if not await act(id_)]
        if unknown:
            names = ", ".join(unknown)
            raise CirclekeeperError(f"no parked work is called {names}; nothing was changed")
