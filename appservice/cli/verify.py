"""`circlekeeper verify`: shows the emoji of a verification, and asks if a person has the same."""

import asyncio
from typing import Annotated, Any

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import Progress, asked, note, show
from appservice.clock import Clock, SystemClock, milliseconds
from appservice.config import Settings
from appservice.config.values import user_id
from appservice.crypto.emoji import EMOJI
from appservice.errors import CirclekeeperError
from appservice.matrix.verification_desk import Shown, Stage, read_shown, write_said
from appservice.ports import Store

_LOOK_EVERY = 0.2  # seconds
_TAKEN_WITHIN = 15.0  # seconds; `run` looks every second
_OVER = frozenset({Stage.VERIFIED, Stage.REFUSED})


def verify(
    user: Annotated[
        str | None, typer.Option(metavar="@USER:NAME", help="Whose; else the first to come.")
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
    wait: Annotated[float, typer.Option(min=0, help="Seconds until giving up.")] = 600,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the emoji of a verification that somebody has begun in their client.

    Say yes only if the person told you theirs in a way that you trust: on the phone, or beside
    you. Without your yes a verification proves the keeper to them, and nothing to the keeper.
    """
    settings, whose = Settings.load(config), None if user is None else _user(user)
    shown = asyncio.run(_first(settings, whose, wait))
    note(f"{shown.user} verifies the keeper. Seven emoji, in this order:")
    for number in shown.emoji:
        note(f"  {EMOJI[number].symbol}  {EMOJI[number].en} / {EMOJI[number].de}")
    same = asked("Does the person see the same seven, in this order?", "nothing is confirmed")
    stage = asyncio.run(_tell(settings, shown, same=same))
    if stage is not Stage.VERIFIED:
        raise CirclekeeperError(_refused(shown, same=same))
    show(_data(shown, stage), [f"{shown.user} is verified."], as_json=as_json)


async def _first(settings: Settings, user: str | None, wait: float) -> Shown:
    """Wait until somebody has emoji to compare."""
    from appservice.cli.database import opened  # noqa: PLC0415

    clock, progress = SystemClock(), Progress()
    end = clock.monotonic() + wait
    try:
        async with opened(settings) as store:
            while True:
                for one in await _look(store, clock):
                    if one.stage in (Stage.COMPARING, Stage.TAKEN) and user in (None, one.user):
                        return one
                if clock.monotonic() >= end:
                    raise CirclekeeperError(
                        "nobody has emoji to compare; the person begins in their client, with "
                        f"{settings.keeper}, while circlekeeper run runs"
                    )
                progress.say("waiting for somebody to begin in their client")
                await asyncio.sleep(_LOOK_EVERY)
    finally:
        progress.end()


async def _tell(settings: Settings, shown: Shown, *, same: bool) -> Stage:
    """Tell `run` what the operator said, and wait until the verification is over."""
    from appservice.cli.database import opened  # noqa: PLC0415

    clock, progress = SystemClock(), Progress()
    late = clock.monotonic() + _TAKEN_WITHIN
    try:
        async with opened(settings) as store:
            async with store.begin() as work:
                await write_said(work, shown.id, same=same)
            while True:
                stage = await _stage(store, clock, shown.id)
                if stage in _OVER:
                    return stage
                if stage is not Stage.CONFIRMED and clock.monotonic() >= late:
                    raise CirclekeeperError("circlekeeper run took no note of it; is it running?")
                progress.say("waiting for the person to say the same in their client")
                await asyncio.sleep(_LOOK_EVERY)
    finally:
        progress.end()


async def _look(store: Store, clock: Clock) -> list[Shown]:
    async with store.begin() as work:
        return await read_shown(work, milliseconds(clock.now()))


async def _stage(store: Store, clock: Clock, id_: str) -> Stage:
    """Return how far it is; one that is gone was given up."""
    found = [one.stage for one in await _look(store, clock) if one.id == id_]
    return found[0] if found else Stage.REFUSED


def _refused(shown: Shown, *, same: bool) -> str:
    if same:
        return "the verification was given up, or took too long; nothing is confirmed"
    if shown.stage is Stage.TAKEN:
        return (
            "nothing is confirmed, but the person's client took the keeper for verified already; "
            "ask them to take that back, and find out why the emoji differed"
        )
    return "the verification is cancelled on both sides; find out why the emoji differed"


def _data(shown: Shown, stage: Stage) -> dict[str, Any]:
    emoji = [vars(EMOJI[number]) for number in shown.emoji]
    return {"user": shown.user, "emoji": emoji, "stage": stage.value}


def _user(written: str) -> str:
    try:
        return user_id(written)
    except ValueError as error:
        raise typer.BadParameter(f"{written} {error}", param_hint="--user") from None
