"""`circlekeeper group`: lists groups, shows one; `new` and `close` are in files of their own."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from appservice.cli.group_close import close
from appservice.cli.group_new import new
from appservice.cli.group_roles import appoint, revoke
from appservice.cli.named import named
from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import show
from appservice.config import Settings
from appservice.domain.application import Application, Code
from appservice.domain.group import Group
from appservice.domain.records import Consent
from appservice.ports import Work

app = typer.Typer(no_args_is_help=True, help="Found groups, and look at them.")
app.command("new")(new)
app.command("appoint")(appoint)
app.command("revoke")(revoke)
app.command("close")(close)


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List every group: name, stage, size and how many members consented."""
    views = asyncio.run(_views(Settings.load(config)))
    data = [view.short() for view in views]
    lines = [
        f"{row['name']:<20} {row['stage']:<7} {row['size']:<9} {row['members']:>3} members"
        f"  {row['group']}"
        for row in data
    ]
    show(data, lines or ["There is no group yet: circlekeeper group new"], as_json=as_json)


@app.command("show")
def show_(
    group: Annotated[str, typer.Argument(help="Its name or its id.")],
    config: ConfigFile = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Show a group: its rooms, facilitators, join codes and numbers."""
    views = {view.group.id: view for view in asyncio.run(_views(Settings.load(config)))}
    data = views[named((view.group for view in views.values()), group).id].whole()
    show(
        data,
        [f"{name + ':':<14} {_plain(value)}" for name, value in data.items()],
        as_json=as_json,
    )


@dataclass(frozen=True)
class _View:
    """A group, and what belongs to it."""

    group: Group
    codes: tuple[str, ...]
    members: int
    waiting: int

    def short(self) -> dict[str, Any]:
        return {
            "group": self.group.id,
            "name": self.group.charter.name,
            "stage": self.group.stage,
            "size": self.group.charter.size.value,
            "members": self.members,
        }

    def whole(self) -> dict[str, Any]:
        charter = self.group.charter
        return {
            **self.short(),
            "waiting": self.waiting,
            "founded": self.group.founded.isoformat(),
            "language": charter.language,
            "federated": charter.federated,
            "facilitators": list(charter.facilitators),
            "lead": charter.lead,
            "greeters": list(charter.greeters),
            "tech_hosts": list(charter.tech_hosts),
            "signed": list(self.group.signed),
            "codes": list(self.codes),
            "rooms": {what.value: room for what, room in self.group.rooms.items()},
        }


async def _views(settings: Settings) -> list[_View]:
    from appservice.cli.database import opened  # noqa: PLC0415

    async with opened(settings) as store, store.begin() as work:
        groups = sorted(await work.all(Group), key=lambda group: group.charter.name.casefold())
        return [await _view(work, group) for group in groups]


async def _view(work: Work, group: Group) -> _View:
    consents = await work.of_group(Consent, group.id)
    return _View(
        group=group,
        codes=tuple(
            code.spelled or code.code
            for code in await work.of_group(Code, group.id)
            if not code.revoked
        ),
        members=len({consent.user for consent in consents if consent.withdrawn is None}),
        waiting=len(await work.of_group(Application, group.id)),
    )


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{name} {inner}" for name, inner in value.items()) or "-"
    if isinstance(value, list):
        return "  ".join(map(str, value)) or "-"
    return "-" if value is None else str(value)
