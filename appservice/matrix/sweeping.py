"""Takes events out of a room page by page, as the steward, who cannot read what they say."""

from dataclasses import replace
from datetime import UTC, datetime

import structlog

from appservice.clock import milliseconds
from appservice.domain.effects import SweepPage
from appservice.domain.events import PageSwept
from appservice.domain.state import House
from appservice.domain.types import derive
from appservice.errors import PermanentError
from appservice.matrix.calls_rooms import absent_is_none
from appservice.matrix.client import Client
from appservice.ports import Json, Performed

PAGE = 20  # events
_SAID = ["m.room.encrypted", "m.room.message", "m.reaction", "m.sticker"]
_LATEST = 253_402_300_800_000  # ms: the year 10000, which no datetime holds
_GONE = frozenset({"M_FORBIDDEN", "M_NOT_FOUND"})

log = structlog.get_logger()


class Sweeper:
    """Carries out SweepPage; what is redacted already is let be, so a repeat changes nothing."""

    def __init__(self, client: Client, house: House) -> None:
        self._client = client
        self._steward = house.steward

    async def perform(self, effect: SweepPage) -> Performed:
        """Raises TransientError; a room that the steward is not in any more is at its end.

        Where the homeserver does not know any more where to go on, it begins from the newest.
        """
        try:
            then, oldest = await self._page(effect)
        except PermanentError as error:
            if error.code in _GONE:
                then, oldest = "", None
            elif effect.start:
                return await self.perform(replace(effect, start=""))
            else:
                raise
        swept = PageSwept(effect.group, effect.room, effect.whose, then, oldest)
        return Performed(happened=(swept,))

    async def _page(self, effect: SweepPage) -> tuple[str, datetime | None]:
        """Return where the next page begins (empty: nowhere), and how far this one went."""
        start: str | None = effect.start or None
        if start is None and effect.before is not None:
            start = await self._beginning(effect.room, effect.before)
            if start is None:
                return "", None
        filter_: Json = {"types": _SAID}
        if effect.whose is not None:
            filter_["senders"] = [effect.whose]
        page = await self._client.messages(
            effect.room, user=self._steward, limit=PAGE, start=start, filter_=filter_
        )
        events = _events(page)
        for event in (one for one in events if _is_meant(one, effect)):
            await self._take_out(effect.room, event["event_id"])
        then = page.get("end")
        return then if isinstance(then, str) and then != start else "", _oldest(events)

    async def _take_out(self, room: str, event: str) -> None:
        """Redact one event; the homeserver's no to one keeps none of the others."""
        try:
            await self._client.redact(
                room, event, derive("redact", room, event), user=self._steward
            )
        except PermanentError as error:
            log.warning("not_redacted", code=error.code)

    async def _beginning(self, room: str, before: datetime) -> str | None:
        """Return the token behind the newest event that is old enough; None if there is none.

        An older one that stands after it, by a clock that was wrong, goes on a later day.
        """
        event = await absent_is_none(
            self._client.event_at(room, milliseconds(before), user=self._steward)
        )
        if event is None:
            return None
        around = await self._client.context(room, str(event.get("event_id")), user=self._steward)
        end = around.get("end")
        return end if isinstance(end, str) else None


def _events(page: Json) -> list[Json]:
    chunk = page.get("chunk")
    found = chunk if isinstance(chunk, list) else []
    return [one for one in found if isinstance(one, dict) and isinstance(one.get("event_id"), str)]


def _oldest(events: list[Json]) -> datetime | None:
    sent = [event.get("origin_server_ts") for event in events]
    moments = [ms for ms in sent if isinstance(ms, int) and 0 <= ms < _LATEST]
    return datetime.fromtimestamp(min(moments) / 1000, UTC) if moments else None


def _is_meant(event: Json, effect: SweepPage) -> bool:
    """Say whether an event is a message that stands there still, theirs or old enough."""
    if "state_key" in event or event.get("type") not in _SAID or not event.get("content"):
        return False
    if effect.whose is not None and event.get("sender") != effect.whose:
        return False
    sent = event.get("origin_server_ts")
    if not isinstance(sent, int):
        return effect.before is None and effect.since is None
    late_enough = effect.since is None or sent >= milliseconds(effect.since)
    return late_enough and (effect.before is None or sent < milliseconds(effect.before))
