"""A session is asked for by one group, and agreed to by another: two people's word, one of each.

Whether there is a group of the name that was written is not told: nothing differs until its
facilitators answer.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.group import Group, Session
from appservice.domain.group_life.timers import waking
from appservice.domain.joint.merging import merged, name_of
from appservice.domain.joint.reading import Wish
from appservice.domain.meetings.recurrence import instant
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import GroupId, Matter, derive

MOST = 5  # sessions that a group is in or is asked for, at once


def proposed(turn: Turn, group: Group, wish: Wish) -> Outcome:
    """Keep the wish, and let the other group be asked, if there is one that can be."""
    starts = instant(wish.wall, group.charter.zone)
    asked = _named(turn, wish.name)
    unknown = GroupId(derive("joint with nobody", turn.cause, group.id))
    session = Session(
        of=(group.id, asked.id if asked is not None else unknown),
        by=turn.user,
        starts=starts,
        ends=starts + timedelta(minutes=wish.minutes),
    )
    charter = merged(group.charter, group.charter)
    charter = replace(charter, name=name_of(group.charter.name, _as_name(wish.name)))
    id_ = GroupId(derive("joint", turn.cause, group.id))
    kept = Group(id_, "asked", charter, turn.now, session=session)
    out = Outcome(puts=(kept, replace(group, joint=(*group.joint, id_))))
    if asked is not None:
        out += Outcome(puts=(replace(asked, joint=(*asked.joint, id_)),))
    return out + _looking(kept, turn.now)


def agreed(turn: Turn, session: Group) -> Outcome:
    """Let it begin: what is merged, made and asked follows from a look at both groups."""
    return Outcome(puts=(replace(session, stage="joint"),)) + _looking(session, turn.now)


def called_off(turn: Turn, session: Group, about: Session) -> Outcome:
    """End it at once, whatever stage it is in; either group can."""
    kept = replace(session, session=replace(about, off=True))
    return Outcome(puts=(kept,)) + _looking(kept, turn.now)


def sessions_of(turn: Turn, group: Group) -> list[tuple[Group, Session]]:
    """Return what a group was asked for or takes part in, and which is not over."""
    found = (turn.groups[id_] for id_ in group.joint if id_ in turn.groups)
    return [(s, s.session) for s in found if s.session is not None and not s.session.off]


def _named(turn: Turn, name: str) -> Group | None:
    fits = (
        group
        for group in turn.groups.values()
        if group.charter.name.casefold() == name.casefold()
        and group.stage == "open"
        and group.session is None
        and len(group.joint) < MOST
    )
    return next(fits, None)


def _as_name(written: str) -> str:
    return " ".join(word.capitalize() for word in written.split())


def _looking(session: Group, now: datetime) -> Outcome:
    return waking(session.id, Matter.JOINT, now)
