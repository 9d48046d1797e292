"""The meetings of a group for somebody's calendar program: as a file, and at an address."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.effects import DrawFeed, HandOut, MeetingsFile, Message
from appservice.domain.events import FeedDrawn
from appservice.domain.group import Group
from appservice.domain.meetings.feed import Feed
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.recurrence import between
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.turn import Turn, language_of, notice
from appservice.domain.types import CauseId, GroupId, Text

BEHIND = timedelta(days=60)  # so long a calendar hears of what is over or was called off
AHEAD = timedelta(days=800)


def current(meetings: Iterable[Meeting], group: GroupId, now: datetime) -> tuple[Meeting, ...]:
    """Return the meetings of a group that a calendar must know of now, by number."""
    own = [one for one in meetings if one.group == group and _counts(one, now)]
    return tuple(sorted(own, key=lambda one: one.number))


def _counts(meeting: Meeting, now: datetime) -> bool:
    if meeting.ended is not None:
        return now - meeting.ended < BEHIND
    return bool(between(meeting, now - BEHIND, now + AHEAD))


def as_file(turn: Turn, meetings: tuple[Meeting, ...], *, place: bool, alarm: bool) -> Outcome:
    """Give meetings as a file; its caption says how to put it into a calendar."""
    lines = (Text("calendar-file"), *([Text("calendar-file-place")] if place else []))
    message = Message(kind="notice", lines=lines, language=turn.language, parts=("notice",))
    sheet = MeetingsFile(meetings, place=place, alarm=alarm)
    return Outcome(effects=(HandOut(turn.room, message, sheet),))


def feed_of(turn: Turn, group: Group) -> Feed | None:
    """Return somebody's own address of a group."""
    return turn.state.own(Feed, turn.user, group.id)


def drawing(turn: Turn, group: Group) -> Outcome:
    """Have an address drawn that nobody guesses; the one before it leads nowhere from then on."""
    return Outcome(effects=(DrawFeed(turn.room, turn.user, group.id),))


def drawn(state: State, event: FeedDrawn, cause: CauseId, now: datetime) -> Outcome:
    """Keep the hash of an address that was drawn, and say the address: this once."""
    group, consent = state.groups.get(event.group), state.consent(event.user, event.group)
    pages, person, room = state.house.group_pages, state.person, state.room
    if group is None or consent is None or pages is None or person is None:
        return NOTHING
    if room is None or room.crowded or room.user not in (None, event.user):
        return NOTHING  # whoever came into the chat meanwhile shall not read it
    turn = Turn(state, event.room, person, language_of(state, person), cause, now)
    before = feed_of(turn, group)
    kept = Feed(event.user, event.group, event.kept, turn.language, now)
    values = {"group": group.charter.name, "address": f"{pages}/cal/{event.secret}.ics"}
    said = turn.answer(
        notice(
            Text("calendar-address", values),
            Text("calendar-address-what"),
            group=group.charter.name,
        )
    )
    drops = (before,) if before is not None and before.key != kept.key else ()
    return replace(said, drops=drops, puts=(*said.puts, kept))


def revoked(turn: Turn, groups: Iterable[Group]) -> Outcome:
    """Let the addresses of these groups lead nowhere."""
    found = (feed_of(turn, group) for group in groups)
    return Outcome(drops=tuple(feed for feed in found if feed is not None))
