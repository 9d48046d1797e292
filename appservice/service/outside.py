"""Carries out what is needed of the outside; the homeserver does everything else."""

from dataclasses import replace
from typing import Protocol

from appservice.clock import Clock
from appservice.domain.effects import (
    CheckVideo,
    Effect,
    Page,
    Publish,
    Say,
    SendPageCode,
    ShowPlace,
)
from appservice.domain.events import OutsideFailed, PageFailed
from appservice.domain.group import Group
from appservice.domain.meetings.calendar import current
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.outside import CALENDAR, VIDEO
from appservice.domain.types import CauseId, effect_id, verbatim
from appservice.errors import PermanentError, StorageError, TransientError
from appservice.ports import (
    Arrival,
    Calendars,
    CalendarServer,
    CalendarStyle,
    Performed,
    Posting,
    Store,
    Video,
)
from appservice.service.lanes import lane_of_event
from appservice.service.paging import Paging

AWAY: tuple[type[Effect], ...] = (Publish, CheckVideo, Page, SendPageCode)
"""What does not ask the homeserver: that it fails tells nothing about that one."""


class Performs(Protocol):
    """Who carries effects out."""

    async def perform(self, posting: Posting) -> Performed: ...

    async def give_up(self, posting: Posting) -> None: ...


class Outside:
    """Stands before the homeserver; without a calendar or video server it has nothing to ask."""

    def __init__(  # noqa: PLR0913
        self,
        homeserver: Performs,
        store: Store,
        clock: Clock,
        calendars: Calendars,
        server: CalendarServer | None,
        video: Video | None,
        paging: Paging,
    ) -> None:
        self._homeserver = homeserver
        self._store = store
        self._clock = clock
        self._calendars = calendars
        self._server = server
        self._video = video
        self._paging = paging

    async def perform(self, posting: Posting) -> Performed:
        """Carry an effect out, so that a repeat changes nothing."""
        match posting.effect:
            case Publish() as publish:
                await self._publish(posting, publish)
                return Performed()
            case CheckVideo() as check:
                return await self._check(check)
            case Page() as page:
                return await self._paging.page(posting, page)
            case SendPageCode() as send:
                return await self._paging.send_code(posting, send)
            case ShowPlace() as show:
                return await self._homeserver.perform(self._with_link(posting, show))
            case _:
                return await self._homeserver.perform(posting)

    async def give_up(self, posting: Posting) -> None:
        """Let nothing that follows rely on this one."""
        if isinstance(posting.effect, ShowPlace):
            said = Say(posting.effect.room, posting.effect.message)
            await self._homeserver.give_up(replace(posting, effect=said))
        elif not isinstance(posting.effect, AWAY):
            await self._homeserver.give_up(posting)
        if isinstance(posting.effect, Say) and posting.effect.unheard is not None:
            await self._happens(posting, posting.effect.unheard)

    def _with_link(self, posting: Posting, show: ShowPlace) -> Posting:
        """Make the link now; what was encrypted before is sent as it is."""
        link = self._video.link(show.visit) if self._video is not None else ""
        message = replace(show.message, lines=(*show.message.lines, verbatim(link)))
        return replace(posting, effect=Say(show.room, message))

    async def _check(self, check: CheckVideo) -> Performed:
        if self._video is not None and await self._video.answers():
            return Performed()
        return Performed(happened=(OutsideFailed(check.group, check.number, VIDEO, check.was),))

    async def _publish(self, posting: Posting, publish: Publish) -> None:
        if self._server is None:
            return
        async with self._store.begin() as work:
            group = await work.get(Group, publish.group)
            meetings = await work.of_group(Meeting, publish.group)
        name = self._calendars.name(publish.group, publish.number)
        now = self._clock.now()
        known = [one for one in current(meetings, publish.group, now) if one.ended is None]
        kept = [one for one in known if one.number == publish.number]
        try:
            if group is None or not kept:
                await self._server.drop(publish.name, name)
                return
            place = self._server.shows_places(publish.name)
            style = CalendarStyle(group.charter.language, place=place)
            await self._server.keep(publish.name, name, self._calendars.text(kept, style))
        except StorageError:
            raise
        except (TransientError, PermanentError):
            await self._tell(posting, publish)
            raise

    async def _tell(self, posting: Posting, publish: Publish) -> None:
        await self._happens(posting, OutsideFailed(publish.group, publish.number, CALENDAR))

    async def _happens(self, posting: Posting, event: OutsideFailed | PageFailed) -> None:
        """Let it be told, once for each effect: the id of what happened is always the same."""
        cause = CauseId(effect_id(CauseId(posting.id), 0))
        now = self._clock.now()
        async with self._store.begin() as work:
            await work.accept([Arrival(cause, lane_of_event(event), "event", event, now)])
