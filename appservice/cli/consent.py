"""`circlekeeper consent`: the record of who agreed to what, checked without reading it."""

import asyncio
from typing import TYPE_CHECKING

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import show
from appservice.config import Settings
from appservice.domain.group import Group
from appservice.errors import CirclekeeperError

if TYPE_CHECKING:
    from appservice.store import Chain

app = typer.Typer(no_args_is_help=True, help="The record of who agreed to what.")


@app.callback()
def _root() -> None:
    pass


@app.command()
def verify(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Check that no line of the record was changed, added or taken out.

    Nobody is named, and erased members leave the record whole. Keep the printed heads elsewhere: a
    later record must still contain them.
    """
    chains = asyncio.run(_verified(Settings.load(config)))
    data = [
        {
            "group": chain.group,
            "lines": chain.lines,
            "erased": chain.erased,
            "head": chain.head,
            "fault": chain.fault,
        }
        for chain in chains
    ]
    lines = [
        f"{'FAIL' if chain.fault else 'ok':4}  {chain.group}  {chain.lines} lines, "
        f"{chain.erased} erased, head {chain.head or 'none'}"
        + (f": {chain.fault}" if chain.fault else "")
        for chain in chains
    ]
    show(data, lines or ["There is no group yet."], as_json=as_json)
    if broken := [chain for chain in chains if chain.fault]:
        raise CirclekeeperError(
            f"the record of {len(broken)} of {len(chains)} groups is not whole: "
            "somebody changed the database, or it is damaged; compare with a backup"
        )


async def _verified(settings: Settings) -> "tuple[Chain, ...]":
    from appservice.cli.database import opened  # noqa: PLC0415

    async with opened(settings) as store, store.begin() as work:
        return await work.verify_ledger([group.id for group in await work.all(Group)])
