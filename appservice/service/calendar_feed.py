"""What the web address of somebody's calendar leads to: the meetings of a group, or nothing."""

from datetime import datetime

from appservice.domain.group import Group
from appservice.domain.meetings.calendar import current
from appservice.domain.meetings.feed import Feed
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.records import Consent
from appservice.ports import Calendars, CalendarStyle, Store


async def feed_behind(
    store: Store, calendars: Calendars, secret: str, now: datetime
) -> bytes | None:
    """Return iCalendar; None for an address that nobody has, or nobody has any more.

    Those take one look-up by a keyed hash, whichever they are. Raises StorageError.
    """
    async with store.begin() as work:
        feed = await work.get(Feed, store.hash("calendar feed", secret))
        if feed is None:
            return None
        group = await work.get(Group, feed.group)
        consent = await work.get(Consent, f"{feed.user} {feed.group}")
        meetings = await work.of_group(Meeting, feed.group)
    if group is None or consent is None or consent.withdrawn is not None:
        return None
    style = CalendarStyle(feed.language, zone=group.charter.zone, feed=True)
    return calendars.text(current(meetings, group.id, now), style)
