"""Builds all parts and starts them; the only place where all of them meet."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from appservice.bridging import calendar_server, pagers, video_server
from appservice.charter_file import known as known_of_charters
from appservice.clock import Clock, SystemClock
from appservice.config.recovery import RecoveryFile
from appservice.config.settings import Settings
from appservice.crypto import CryptoError, Machine
from appservice.domain.numbers import Numbers
from appservice.domain.records import Newcomer, Room
from appservice.domain.state import House
from appservice.domain.types import Audience, Text, UserId, Words
from appservice.errors import StorageError
from appservice.helplines.countries import by_name
from appservice.helplines.live import Helplines
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption
from appservice.matrix.erasing import Eraser
from appservice.matrix.file_message import FileMessages
from appservice.matrix.files import Files
from appservice.matrix.hand_out import HandingOut
from appservice.matrix.homeserver import MatrixHomeserver
from appservice.matrix.inspect import Inspector
from appservice.matrix.lifeline import HelpLine
from appservice.matrix.missed import Missed
from appservice.matrix.own_device import own_device
from appservice.matrix.perform import Performer
from appservice.matrix.pump import KeyPump
from appservice.matrix.rooms import Rooms as RoomMaker
from appservice.matrix.setup import set_up
from appservice.matrix.speak import Speaker
from appservice.matrix.sweeping import Sweeper
from appservice.matrix.translate import Translator
from appservice.matrix.verification import Verifications
from appservice.matrix.verification_sides import Sides
from appservice.matrix.watch import SteadyWatch
from appservice.parts import Parts, begin_restore, connect
from appservice.service.awaited import Awaited
from appservice.service.calendar_feed import feed_behind
from appservice.service.doorbell import group_behind
from appservice.service.export import own_data
from appservice.service.intake import Intake, Rooms
from appservice.service.lanes import lane_of_effect, lane_of_event
from appservice.service.load import Known
from appservice.service.outside import Outside
from appservice.service.paging import Paging
from appservice.store import (
    Generation,
    Journal,
    KeyFile,
    Store,
    count_generation,
    migrate,
)
from appservice.texts import TextRenderer
from appservice.texts import load as load_texts
from appservice.texts.calendar import Calendars
from appservice.texts.press import Press
from appservice.theme_file import read_themes
from appservice.web.calendar_feed import CalendarFeed
from appservice.web.doors import open_doors
from appservice.web.group_page import GroupPage
from appservice.web.help_page import HelpPage, Keys
from appservice.worker.clockwork import Clockwork
from appservice.worker.helping import Helping, quietly
from appservice.worker.inbox import Inbox
from appservice.worker.outbox import Outbox
from appservice.worker.reaching import until_reachable

log = structlog.get_logger()


async def run(settings: Settings, on_ready: Callable[[], None] = lambda: None) -> None:
    """Run until SIGTERM or SIGINT.

    Raises ConfigurationError for what the operator must mend before anything can run.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        parts = await build(settings, SystemClock(), stack)
        await _listen(parts, stack)
        running = asyncio.create_task(_run(parts, on_ready))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not running.done():
            running.cancel()
            await asyncio.wait({running})
            with suppress(StorageError):
                await count_generation(parts.store, parts.generation, parts.clock.now())
        if not running.cancelled() and (error := running.exception()) is not None:
            raise error


async def open_store(settings: Settings, clock: Clock) -> Store:
    """Open the database with the key file. Raises ConfigurationError, StorageError."""
    keys = KeyFile(settings.files.keys).read()
    return await Store.open(
        settings.database, keys, lane_of_event, clock, settings.limits.database_seconds
    )


def house_of(
    settings: Settings, clock: Clock, words: Words, helplines: Mapping[str, Numbers] | None = None
) -> House:
    """Return what the domain may know of the set-up; the helplines as the files have them now."""
    return House(
        keeper=settings.keeper,
        steward=settings.steward,
        operator=UserId(settings.operator) if settings.operator else None,
        language=settings.language,
        help_page=settings.help_page,
        group_pages=settings.group_pages,
        registration_token=settings.registration_token,
        calendars=frozenset(name.casefold() for name in settings.calendars),
        video=settings.jitsi is not None,
        ways=settings.paging.ways,
        topic=words.say(Text("topic", {"keeper": settings.keeper}), settings.language),
        helplines=helplines or Helplines(settings.helplines, clock),
        known=known_of_charters(),
        themes=read_themes(),
        keep_cases=timedelta(days=settings.limits.keep_cases_days),
        countries=by_name(words.languages()),
    )


async def build(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Parts:
    """Wire all parts; nothing runs and nobody is asked yet, but the database."""
    keys = KeyFile(settings.files.keys).read()
    await migrate(settings.database, settings.limits.database_seconds)
    store = await open_store(settings, clock)
    stack.push_async_callback(store.close)
    words: Words = load_texts()
    helplines = Helplines(settings.helplines, clock)
    house = house_of(settings, clock, words, helplines)
    calendars = Calendars(words, store.hash)
    device = await own_device(store)
    client = Client(settings.homeserver.url, settings.registration.as_token, house.keeper, device)
    stack.push_async_callback(client.close)
    generation = Generation(settings.files.generation)
    restored = await count_generation(store, generation, clock.now())
    if restored is not None:
        log.warning("database_was_restored")
    known = Known(house, words, restored is not None)
    renderer = TextRenderer(words)

    machine = Machine(house.keeper, device, keys.pickle_key)
    in_groups = Audience.ALL if settings.share_keys_with == "all" else Audience.SIGNED
    encryption = Encryption(machine, client, store, clock, in_groups)
    sides = Sides(machine, encryption.lists, store)
    verifications = Verifications(sides, store, clock, lane_of_effect)
    pump = KeyPump(client, encryption, store, clock)
    pump.on_other, verifications.fetch = verifications.hear, pump.fetch
    inspector = Inspector(client, house)
    watch = SteadyWatch(inspector, store, house)
    attached = Files(client)
    files = FileMessages(attached, lambda source: own_data(store, source.user))
    speaker = Speaker(client, encryption, store, clock, renderer, (house.keeper, device), files)
    maker = RoomMaker(client, store, house, settings.homeserver.room_version)
    performer = Performer(client, maker, inspector, store, house)
    eraser = Eraser(store, clock, house.keeper, encryption.lines, performer.perform)
    homeserver = MatrixHomeserver(
        client,
        encryption,
        pump,
        Translator(client, encryption, pump, inspector, store, house, verifications),
        speaker,
        HandingOut(speaker, attached, Press(words, house, calendars)),
        performer,
        eraser,
        Sweeper(client, house),
        settings.registration.id,
    )
    outside = Outside(
        homeserver,
        store,
        clock,
        calendars,
        calendar_server(settings),
        video_server(settings, store, clock),
        Paging(
            pagers(settings, clock), store, clock, words, house, settings.paging.operator_pages
        ),
    )
    help_line = HelpLine(client, encryption, clock, renderer)
    rooms, awaited = Rooms(), Awaited()
    intake = Intake(store, Journal(settings.files.journal, keys), clock, rooms, awaited)
    parts = Parts(
        settings=settings,
        store=store,
        generation=generation,
        clock=clock,
        client=client,
        homeserver=homeserver,
        encryption=encryption,
        sides=sides,
        verifications=verifications,
        intake=intake,
        inbox=Inbox(
            store,
            homeserver,
            clock,
            known,
            late_key=timedelta(seconds=settings.limits.late_key_seconds),
        ),
        outbox=Outbox(store, outside, clock),
        clockwork=Clockwork(store, homeserver, watch, intake, clock, known, settings.limits),
        missed=Missed(client, store, house, intake.accept),
        eraser=eraser,
        help_line=help_line,
        helping=Helping(store, known, help_line),
        rooms=rooms,
        awaited=awaited,
        house=house,
        helplines=helplines,
        known=known,
        restore=restored,
        ready=asyncio.Event(),
        set_back=asyncio.Event(),
    )
    async with store.begin() as work:
        known_rooms = await work.all(Room)
        newcomers = await work.all(Newcomer)
    rooms.remember(known_rooms)
    awaited.remember(newcomers)
    return parts


async def _listen(parts: Parts, stack: AsyncExitStack) -> None:
    async def keys() -> Keys | None:
        try:
            return Keys(*(await parts.sides.ours()).keys.values())
        except CryptoError:
            return None  # the first start is not through

    house, words, clock = parts.house, parts.known.words, parts.clock
    page = HelpPage(house, words, keys, parts.verifications.emoji)
    groups = GroupPage(
        house, words, lambda code: group_behind(parts.store, code, clock.now()), clock.monotonic
    )
    calendars = Calendars(words, parts.store.hash)
    feed = CalendarFeed(
        lambda secret: feed_behind(parts.store, calendars, secret, clock.now()), clock.monotonic
    )
    await open_doors(stack, parts.settings, parts.intake, parts.ready.is_set, page, groups, feed)


async def _run(parts: Parts, on_ready: Callable[[], None]) -> None:
    async with asyncio.TaskGroup() as tasks:
        connect(parts, tasks)
        await until_reachable(partial(_set_up, parts))
        if parts.intake.journaling:
            await parts.intake.catch_up()
        if parts.restore is not None:
            await until_reachable(partial(begin_restore, parts, parts.restore))
            await until_reachable(parts.encryption.healing.heal_all)
        tasks.create_task(parts.inbox.run())
        tasks.create_task(parts.outbox.run())
        await until_reachable(parts.homeserver.fetch_keys)
        scheduler = AsyncIOScheduler(timezone="UTC")
        parts.clockwork.schedule(scheduler)
        scheduler.start()
        try:
            tasks.create_task(quietly(parts.clockwork.rooms()))
            tasks.create_task(quietly(parts.helping.begin()))
            await until_reachable(parts.homeserver.ping)
            if parts.known.restored:
                await until_reachable(parts.missed.begin_anew)
            await until_reachable(parts.missed.look)
            parts.ready.set()
            on_ready()
            await parts.set_back.wait()
            raise StorageError("the database was set back while running; start again")
        finally:
            scheduler.shutdown(wait=False)


async def _set_up(parts: Parts) -> None:
    secret = RecoveryFile(parts.settings.files.recovery).read()
    machine = parts.encryption.machine
    await set_up(parts.client, parts.store, parts.house, machine, secret, parts.clock)
