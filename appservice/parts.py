"""The parts of a running Circlekeeper, and whom each of them wakes."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from appservice.clock import Clock
from appservice.config.settings import Settings
from appservice.domain.records import Newcomer, Room
from appservice.domain.state import House
from appservice.helplines.live import Helplines
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption
from appservice.matrix.erasing import Eraser
from appservice.matrix.forgetting import Forgetting
from appservice.matrix.found_chats import found_chats
from appservice.matrix.homeserver import MatrixHomeserver
from appservice.matrix.identities import vouch
from appservice.matrix.lifeline import HelpLine
from appservice.matrix.missed import Missed
from appservice.matrix.verification import Verifications
from appservice.matrix.verification_sides import Sides
from appservice.service.awaited import Awaited
from appservice.service.handle import Handled
from appservice.service.intake import Intake, Rooms
from appservice.service.load import Known
from appservice.service.set_back import begin_again
from appservice.store import Generation, SetBack, Store, count_generation, end_restore
from appservice.worker.clockwork import Clockwork
from appservice.worker.helping import Helping, quietly
from appservice.worker.inbox import Inbox
from appservice.worker.outbox import Outbox


@dataclass
class Parts:
    """Everything that runs."""

    settings: Settings
    store: Store
    generation: Generation
    clock: Clock
    client: Client
    homeserver: MatrixHomeserver
    encryption: Encryption
    sides: Sides
    verifications: Verifications
    intake: Intake
    inbox: Inbox
    outbox: Outbox
    clockwork: Clockwork
    missed: Missed
    eraser: Eraser
    help_line: HelpLine
    helping: Helping
    rooms: Rooms
    awaited: Awaited
    house: House
    helplines: Helplines
    known: Known
    restore: SetBack | None  # what the database was found with at this start
    ready: asyncio.Event
    set_back: asyncio.Event  # the database was, while we ran: end, and start again


def connect(parts: Parts, tasks: asyncio.TaskGroup) -> None:
    """Let each part know whom to wake."""
    wake_inbox, wake_outbox = parts.inbox.lanes.wake, parts.outbox.lanes.wake
    parts.intake.on_arrival = wake_inbox
    parts.outbox.on_arrival = wake_inbox
    parts.clockwork.on_arrival = wake_inbox
    parts.clockwork.busy = lambda: not (parts.inbox.lanes.idle and parts.outbox.lanes.idle)

    def on_return() -> None:
        wake_inbox()
        wake_outbox()

    parts.clockwork.on_return = on_return
    parts.clockwork.catch_up = parts.missed.look
    parts.clockwork.verify = parts.verifications.tick
    parts.verifications.on_post = wake_outbox

    async def on_verified(user: str, keys: Mapping[str, str]) -> None:
        await vouch(parts.store, parts.clock, user, keys)
        wake_inbox()

    parts.verifications.on_verified = on_verified

    async def verify() -> None:
        while True:
            await quietly(parts.verifications.take_heard())

    tasks.create_task(verify())
    parts.clockwork.advance = partial(_advance, parts)
    parts.clockwork.all_looked = partial(_looked, parts)
    parts.inbox.on_outage = parts.clockwork.note_outage
    parts.outbox.on_outage = parts.clockwork.note_outage
    parts.encryption.on_read = parts.help_line.remember_session
    parts.encryption.lists.on_change = parts.help_line.forget_line
    parts.store.on_saved = parts.encryption.lines.heard
    if parts.store.alone:
        parts.encryption.lines.switch_on()
    keep = timedelta(days=parts.settings.limits.keep_keys_days)
    forgetting = Forgetting(parts.store, parts.clock, keep, parts.help_line.forget_sessions)
    parts.clockwork.forget = forgetting.forget
    parts.clockwork.tidy = parts.store.tidy
    parts.clockwork.renew = parts.helplines.refresh

    def on_forget(sessions: Collection[tuple[str, str]], rooms: Collection[str]) -> None:
        parts.help_line.forget_sessions(sessions)
        parts.help_line.forget_chats(rooms)

    parts.eraser.on_forget = on_forget

    parts.helping.tasks = tasks
    parts.intake.on_outage = parts.helping.outage
    parts.intake.on_kept = parts.helping.kept
    parts.outbox.on_done = parts.helping.done

    def on_handled(handled: Sequence[Handled]) -> None:
        for one in handled:
            parts.rooms.remember([put for put in one.outcome.puts if isinstance(put, Room)])
            parts.awaited.learn(one.outcome)
            parts.helping.heard(one)
        if any(one.outcome.effects for one in handled):
            wake_outbox()

    parts.inbox.on_handled = on_handled


async def _advance(parts: Parts) -> None:
    known = parts.known.restored
    if await count_generation(parts.store, parts.generation, parts.clock.now()) and not known:
        parts.set_back.set()


async def _looked(parts: Parts) -> None:
    """Every room has been looked at: learn of newcomers that another instance knows, too."""
    await _end_restore(parts)
    async with parts.store.begin() as work:
        newcomers = await work.all(Newcomer)
    parts.awaited.remember(newcomers)


async def begin_restore(parts: Parts, restore: SetBack) -> None:
    """Do what an older database asks for before anything is decided on it."""
    async with parts.store.begin() as work:
        known = {room.room for room in await work.all(Room)}
    chats = await found_chats(parts.client, parts.house, known=known)
    await begin_again(parts.store, str(restore.number), restore.since, chats, parts.clock.now())


async def _end_restore(parts: Parts) -> None:
    """Every room has been looked at; before `ready`, other steps of a restore are due still."""
    if parts.known.restored and parts.ready.is_set():
        await end_restore(parts.store)
        parts.known.restored = False
