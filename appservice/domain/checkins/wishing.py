"""Somebody wishes to be asked how it is going, or not any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from appservice.domain.asked import closed
from appservice.domain.checkins.answering import REACH
from appservice.domain.checkins.asking import TOPIC, event_of, looking, wish_of
from appservice.domain.checkins.forms import of_group
from appservice.domain.checkins.records import CheckIn
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.own_times import Every, beginning
from appservice.domain.own_times_words import Named
from appservice.domain.prompt_timers import resting
from appservice.domain.prompts import MOST, awake_at, zone_of
from appservice.domain.state import State
from appservice.domain.turn import Turn, notice
from appservice.domain.types import GroupId, Moment, Text, UserId, Values

DEFAULT_DAY, DEFAULT_AT = 6, time(18)  # Sundays at six


def on(turn: Turn, groups: Sequence[Group], wished: Named, form: str | None) -> Outcome:
    """Ask them from now on in these groups; what is not said stays as it was, or is weekly."""
    out, lines = Outcome(), []
    for group in groups:
        zone = zone_of(turn.person, group)
        before = wish_of(turn.state, turn.user, group.id)
        new = _wish(turn, group, before, wished, form)
        out += Outcome(puts=(new,)) + looking(new, turn.person, group, turn.now)
        next_one = new.time.following(turn.now, zone)
        lines.append(_told(new, group, Moment(next_one, zone)))
        if awake_at(turn.person, zone, next_one) > next_one:
            lines.append(Text("checkin-in-quiet-hours"))
        if new.time.every is Every.DAY:
            lines.append(Text("checkin-daily", {"most": MOST}))
    lines.append(Text("checkin-how-counted"))
    return out + turn.answer(notice(*lines, group=_name(groups)))


def off(turn: Turn, groups: Sequence[Group]) -> Outcome:
    """Ask them no more, and forget what they answered since the last count."""
    out, asked = Outcome(), turn.person.asked
    for group in groups:
        out += stopped(turn.state, turn.user, group)
        asked = closed(closed(asked, TOPIC, group.id), REACH, group.id)
    done = replace(turn, person=replace(turn.person, asked=asked))
    return out + done.answer(notice(Text("checkin-off"), group=_name(groups)))


def snoozed(turn: Turn, groups: Sequence[Group], until: datetime) -> Outcome:
    """Leave them in peace until then."""
    wishes = (wish_of(turn.state, turn.user, group.id) for group in groups)
    puts = tuple(replace(wish, snoozed=until) for wish in wishes if wish is not None)
    moment = Moment(until, zone_of(turn.person, groups[0]))
    told = notice(Text("checkin-snoozed", {"until": moment}), group=_name(groups))
    return Outcome(puts=puts) + turn.answer(told)


def told(turn: Turn, groups: Sequence[Group]) -> Outcome:
    """Say how it stands in each group, and how it is changed."""
    lines = []
    for group in groups:
        wish = wish_of(turn.state, turn.user, group.id)
        if wish is None:
            lines.append(Text("checkin-is-off", {"group": group.charter.name}))
            continue
        zone = zone_of(turn.person, group)
        at = max(wish.time.following(turn.now, zone), wish.snoozed or turn.now)
        lines.append(_told(wish, group, Moment(wish.time.following(at, zone), zone)))
    return turn.answer(notice(*lines, Text("checkin-how"), group=_name(groups)))


def stopped(state: State, user: UserId, group: Group) -> Outcome:
    """Drop the wish, and the answer that was not counted yet."""
    wish, kept = wish_of(state, user, group.id), of_group(state, group)
    out = Outcome()
    if wish is not None:
        out += Outcome(drops=(wish,)) + resting(event_of(wish))
    if user in kept.answers:
        left = {one: said for one, said in kept.answers.items() if one != user}
        out += Outcome(puts=(replace(kept, answers=left),))
    return out


def asks_own(turn: Turn, group: Group) -> bool:
    """Say whether a group has a question of its own."""
    return bool(of_group(turn.state, group).options)


def wishing(turn: Turn) -> set[GroupId]:
    """Return the groups in which somebody is asked."""
    return {one.group for one in turn.state.of(CheckIn) if one.user == turn.user}


def _wish(
    turn: Turn, group: Group, before: CheckIn | None, wished: Named, form: str | None
) -> CheckIn:
    old = before.time if before is not None else None
    every = wished.every or (old.every if old else Every.WEEK)
    at = wished.at or (old.first.time() if old else DEFAULT_AT)
    day = wished.day
    if day is None and every is not Every.DAY:
        day = old.first.weekday() if old and old.every is not Every.DAY else DEFAULT_DAY
    own = beginning(every, day, at, turn.now, zone_of(turn.person, group))
    kept_form = form if form is not None else (before.form if before is not None else "")
    return CheckIn(turn.user, group.id, own, kept_form)


def _told(wish: CheckIn, group: Group, at: Moment) -> Text:
    values: Values = {"group": group.charter.name, "every": _EVERY[wish.time.every], "at": at}
    return Text("checkin-on", values)


_EVERY = {
    Every.DAY: Text("own-time-day"),
    Every.WEEK: Text("own-time-week"),
    Every.FORTNIGHT: Text("own-time-fortnight"),
}


def _name(groups: Sequence[Group]) -> str | None:
    return groups[0].charter.name if len(groups) == 1 else None
