"""!lifetime: shows or sets after how many days messages go: off, 30 or 90."""

from dataclasses import replace

from appservice.domain import sweeping
from appservice.domain.charter import LIFETIMES
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, current
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import RoomKind, Text, Values


def group_lifetime(turn: Turn, rest: str) -> Outcome:
    """Set it for what is said from now on and for what stands there; everybody is told."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if not rest:
        return turn.answer(notice(said(group), group=group.charter.name))
    days = _days(turn, rest)
    if days is None:
        return turn.refuse(Text("lifetime-words"), group=group)
    kept = replace(group, charter=replace(group.charter, message_lifetime=days))
    answer = turn.answer(notice(said(kept), group=group.charter.name))
    if kept == group:
        return answer
    out = Outcome(puts=(kept,)) + sweeping.lifetime_set(kept, turn.now)
    return out + answer + _told(turn, kept)


def said(group: Group) -> Text:
    """Say what holds, with its limits."""
    days = group.charter.message_lifetime
    values: Values = {"group": group.charter.name, "days": days}
    return Text("lifetime-on" if days else "lifetime-off", values)


def _days(turn: Turn, rest: str) -> int | None:
    if subcommand(turn, rest, "lifetime", ("off",)) == ("off", ""):
        return 0
    return next((days for days in LIFETIMES if days and rest == str(days)), None)


def _told(turn: Turn, group: Group) -> Outcome:
    """Tell everybody whom it concerns: on the noticeboard, else in their chats."""
    members = (consent.user for consent in current(turn.state.consents, group))
    board = group.rooms.get(RoomKind.NOTICEBOARD)
    places = (board,) if board else chats_of(turn.state, members)
    others = (place for place in places if place != turn.room)
    return notices(others, group, Text("lifetime-changed"), said(group))
