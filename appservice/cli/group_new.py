"""`circlekeeper group new`: founds a group from a charter, and prints its first join code."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import note, show
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.config.values import user_id
from appservice.domain.charter import Charter
from appservice.domain.types import Size, UserId
from appservice.errors import ConfigurationError

if TYPE_CHECKING:
    from appservice.cli.founding import Founded


def new(  # noqa: PLR0913
    name: Annotated[
        str | None, typer.Option(metavar="WILLOW", help="The neutral name that servers see.")
    ] = None,
    charter: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The charter; options win over it.")
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="Starting words, which facilitators complete in chat."),
    ] = None,
    facilitator: Annotated[
        list[str] | None, typer.Option(metavar="@USER:NAME", help="Twice or more often.")
    ] = None,
    lead: Annotated[str | None, typer.Option(metavar="@USER:NAME", help="Safeguarding.")] = None,
    size: Annotated[Size | None, typer.Option(help="Which rooms the group gets.")] = None,
    language: Annotated[str | None, typer.Option(help="en or de.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, as DE.")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone, as Europe/Berlin.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
    wait: Annotated[float, typer.Option(min=0, help="Seconds until giving up.")] = 60,
    *,
    at_once: Annotated[
        bool,
        typer.Option(
            "--open",
            help="For examples and tests, never for real people: open without two signatures, "
            "and before a person has confirmed any helpline.",
        ),
    ] = False,
    force_name: Annotated[
        bool, typer.Option("--force-name", help="Take a name that tells what it is about.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Found a group, and print its first join code.

    Without --open it is a draft, which two facilitators sign in their private chats. With --preset
    they complete it there, too.
    """
    settings = Settings.load(config)
    begun = _begun(charter, preset, name, language or settings.language)
    wanted = _completed(begun, name, facilitator or [], lead, size)
    wanted = _placed(wanted, language, country, zone)
    _refuse_faults(wanted, force_name=force_name, draft=preset is not None and not at_once)
    founded = asyncio.run(_found(settings, wanted, wait, at_once=at_once))
    show(
        {
            "group": founded.group.id,
            "name": founded.group.charter.name,
            "stage": founded.group.stage,
            "code": founded.code,
            "rooms": {what.value: room for what, room in founded.group.rooms.items()},
        },
        [
            f"{founded.group.charter.name} is founded ({founded.group.stage}).",
            f"Join code: {founded.code}",
            f"Whoever wants to join writes to {settings.keeper}: join {founded.code}",
        ],
        as_json=as_json,
    )


def _begun(path: Path | None, preset: str | None, name: str | None, language: str) -> Charter:
    """Return the charter that the options win over: a file, a preset, or the example."""
    from appservice.charter_file import DEFAULTS, read_charter, read_preset  # noqa: PLC0415

    if path is None and name is None:
        raise typer.BadParameter("give a name, or a charter that has one", param_hint="--name")
    if preset is not None:
        if path is not None:
            raise typer.BadParameter("give a charter or a preset", param_hint="--preset")
        return read_preset(preset, name or "", language)
    if path is None:
        note("No --charter is given: the group gets the example, which is for trying things out.")
    return read_charter(path or DEFAULTS / "charters" / "example.yaml")


def _completed(
    charter: Charter,
    name: str | None,
    facilitators: list[str],
    lead: str | None,
    size: Size | None,
) -> Charter:
    """Let the options win."""
    named = tuple(_user(one, "--facilitator") for one in facilitators)
    return replace(
        charter,
        name=name or charter.name,
        facilitators=named or charter.facilitators,
        lead=charter.lead if lead is None else _user(lead, "--lead"),
        size=size or charter.size,
    )


def _placed(
    charter: Charter, language: str | None, country: str | None, zone: str | None
) -> Charter:
    own = language or charter.language
    return replace(
        charter,
        language=own,
        country=country.upper() if country else charter.country,
        zone=zone or charter.zone,
        rules=tuple(sorted(charter.rules, key=lambda rules: rules.language != own)),
    )


def _user(written: str, option: str) -> UserId:
    try:
        return UserId(user_id(written))
    except ValueError as error:
        raise typer.BadParameter(f"{written} {error}", param_hint=option) from None


def _refuse_faults(charter: Charter, *, force_name: bool, draft: bool) -> None:
    from appservice.charter_file import faults_of  # noqa: PLC0415
    from appservice.texts.catalogue import load  # noqa: PLC0415

    today = SystemClock().now().date()
    found = faults_of(charter, force_name=force_name, draft=draft, today=today)
    if found:
        words = load()
        raise ConfigurationError("\n".join(words.say(fault, "en") for fault in found))


async def _found(settings: Settings, charter: Charter, wait: float, *, at_once: bool) -> "Founded":
    from appservice.cli.database import opened  # noqa: PLC0415
    from appservice.cli.founding import found  # noqa: PLC0415

    async with opened(settings) as store:
        return await found(store, SystemClock(), charter, wait, at_once=at_once)
