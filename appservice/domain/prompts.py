"""What the keeper may write to somebody who did not ask: when, and how much of it.

At most five such messages come in seven days, over all groups; the last of them is left for the
nearest meeting. None comes in quiet hours, none to whoever wants none, is paused, or has left.
Safety, deadlines of the rules and cancellations are not counted here.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from appservice.domain.flags.asking import is_writing
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.turn import Turn, in_chat
from appservice.domain.types import CauseId, GroupId, UserId

WEEK = timedelta(days=7)
MOST = 5
FOR_THE_NEAREST = 1  # of the five: only for a meeting that no other one comes before
QUIET = (time(21), time(8))  # on somebody's own clock
CALM = timedelta(hours=24)


def zone_of(person: Person | None, group: Group | None) -> str:
    """Return the zone that somebody lives by: their word, their profile's, else the group's."""
    own = (person.zone or person.profile_zone) if person is not None else None
    return own or (group.charter.zone if group is not None else "UTC")


def has_room(person: Person, now: datetime, *, nearest: bool = False) -> bool:
    """Say whether one more message may come; `nearest`: it is about their nearest meeting."""
    recent = [at for at in person.unasked if now - at < WEEK]
    return len(recent) < MOST - (0 if nearest else FOR_THE_NEAREST)


def counted(person: Person, now: datetime) -> Person:
    """Count a message that comes unasked now."""
    recent = tuple(at for at in person.unasked if now - at < WEEK)
    return replace(person, unasked=(*recent, now))


def awake_at(person: Person, zone: str, moment: datetime) -> datetime:
    """Return the moment itself, or the end of the quiet hours in which it lies (in UTC)."""
    begin, end = person.quiet_hours or QUIET
    if begin == end:
        return moment
    local = moment.astimezone(ZoneInfo(zone))
    clock = local.time()
    is_quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not is_quiet:
        return moment
    day = local.date() + timedelta(days=1 if begin > end and clock >= begin else 0)
    return datetime.combine(day, end, ZoneInfo(zone)).astimezone(UTC)


def asleep_since(person: Person, zone: str, moment: datetime) -> datetime:
    """Return when the quiet hours began in which a moment lies (in UTC); else the moment."""
    awake = awake_at(person, zone, moment)
    if awake == moment:
        return moment
    begin, _ = person.quiet_hours or QUIET
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date() - timedelta(days=1 if local.time() < begin else 0)
    return datetime.combine(day, begin, ZoneInfo(zone)).astimezone(UTC)


def wants_any(person: Person, now: datetime) -> bool:
    """Say whether somebody wants to be written to unasked, now."""
    return not person.prompts_off and (person.snoozed is None or now >= person.snoozed)


def is_in_red(state: State, user: UserId) -> bool:
    """Say whether an open red case names somebody: nothing comes to them unasked."""
    care = state.cared_for(user)
    return care is not None and bool(care.red)


def welcome(  # noqa: PLR0913
    state: State,
    user: UserId,
    group_id: GroupId,
    cause: CauseId,
    now: datetime,
    *,
    must_know: bool = False,
) -> Turn | None:
    """Return a turn in the chat of the person whom the state is about, if a prompt may come.

    Looks at everything but quiet hours and the week's number: a member who is alive as far as we
    know and not paused, of an open group, in an encrypted chat for two, whom no red case names,
    who wants to be written to and is not in the middle of a flag. `must_know`: it comes after
    `off` and `snooze` too, since they may rely on what does not hold any more.
    """
    consent, group, room = state.consent(user, group_id), state.groups.get(group_id), state.room
    turn = in_chat(state, cause, now)
    if is_in_red(state, user) or state.is_mourned(user):
        return None
    if turn is None or turn.user != user or room is None or room.room != turn.room:
        return None
    member = consent is not None and consent.admitted and not consent.pauses
    is_open = group is not None and group.stage == "open"
    safe = room.encrypted and not room.crowded
    wanted = must_know or (wants_any(turn.person, now) and not is_writing(turn.person, now))
    return turn if member and is_open and safe and wanted else None


def is_calm(group: Group, now: datetime) -> bool:
    """Say whether things may be posted by themselves now."""
    return calm_at(group, now) <= now


def calm_at(group: Group, now: datetime) -> datetime:
    """Return when they may be: not within a day of a red case, nor for a while after a death."""
    after_red = now if group.red is None else group.red + CALM
    return max(now, after_red, group.posts_rest or now)


def posts_rest(group: Group, now: datetime) -> bool:
    """Say whether nothing is posted by itself, for a while after a death."""
    return group.posts_rest is not None and now < group.posts_rest
