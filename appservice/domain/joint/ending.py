"""The end of a session: its consents are over, its room is emptied, and its groups are free."""

from dataclasses import replace

from appservice.domain.group import Group, Session
from appservice.domain.group_life.ended import ended
from appservice.domain.group_life.timers import waking
from appservice.domain.group_life.words import in_private, to_facilitators
from appservice.domain.joint.times import closes, forgets
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Matter, Text, UserId


def over(here: Turn, group: Group, about: Session, halves: list[Group]) -> Outcome:
    """End a session; of an end before its time everybody hears whom it concerns.

    Of the end that was told beforehand nobody is told again.
    """
    early = here.now < closes(about)
    out = _ended(here, group, about)
    for half in halves:
        kept = replace(half, joint=tuple(one for one in half.joint if one != group.id))
        out += Outcome(puts=(kept,)) if kept != half else NOTHING
    if not early:
        return out
    key = "joint-lapsed" if group.stage == "asked" and not about.off else "joint-called-off"
    text = Text(key, {"name": group.charter.name})
    told = [half for half in halves if about.told or half.id == about.of[0]]
    for half in told:
        out += to_facilitators(here, half, text)
    return in_private(here, group, text) + out


def _ended(here: Turn, group: Group, about: Session) -> Outcome:
    """End it as every group ends; what is left is that it was a session, and its rules."""
    out = ended(here, group)
    left = replace(about, by=UserId(""), off=True)
    puts = tuple(
        replace(put, session=left) if isinstance(put, Group) and put.id == group.id else put
        for put in out.puts
    )
    return replace(out, puts=puts) + waking(group.id, Matter.JOINT, forgets(here.now))
