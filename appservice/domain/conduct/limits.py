"""What nobody may do about whom, and what nobody may do alone.

Distress never earns a warning, a pause or a removal: whom an open care case names is under its
protection, whoever asks, and also if the case was opened between the word and the deed.
"""

from appservice.domain.cases.case import Case, For
from appservice.domain.conduct.motion import DAY, REDACT_ALL, Motion
from appservice.domain.conduct.records import motions_of, standing_of
from appservice.domain.conduct.standing import Rung, is_next
from appservice.domain.group import Group
from appservice.domain.membership import facilitates, leads
from appservice.domain.state import State
from appservice.domain.turn import Turn
from appservice.domain.types import Text, UserId


def refusal(here: Turn, group: Group, by: UserId, user: UserId) -> Text | None:
    """Return why nobody may do this, in one sentence with what to do instead."""
    values = {"user": user, "group": group.charter.name}
    if user == by:
        return Text("conduct-self")
    if facilitates(user, group) or leads(user, group):  # first: a case about one is not told of
        return Text("conduct-facilitator", values)
    return Text("conduct-care", values) if here.state.cared_for(user) is not None else None


def leaves_out(here: Turn, group: Group, motion: Motion) -> bool:
    """Say whether steps of the ladder would be left out."""
    if motion.what not in tuple(Rung):
        return False
    highest = standing_of(here.state, group, motion.user).highest(here.now)
    return not is_next(Rung(motion.what), highest)


def needs_second(here: Turn, group: Group, motion: Motion) -> bool:
    """Say whether a second person must agree; the reason is never told."""
    if motion.what == REDACT_ALL or leaves_out(here, group, motion):
        return True
    if motion.what == Rung.REMOVAL and _removals(here, group, motion):
        return True
    return bool(motion.user) and has_flagged(here.state, group, motion.user, motion.by)


def may_second(here: Turn, group: Group, motion: Motion, user: UserId) -> bool:
    """Say whether somebody can be the second person: in charge, and with no part in it."""
    if user in (motion.by, motion.user):
        return False
    if not (facilitates(user, group) or leads(user, group)):
        return False
    return not (motion.user and has_flagged(here.state, group, motion.user, user))


def _removals(here: Turn, group: Group, motion: Motion) -> bool:
    """Say whether another one was removed within a day, or is about to be before this one."""
    motions = motions_of(here.state, group)
    confirmed = [one for one in motions.waiting if one.confirmed and one.what == Rung.REMOVAL]
    about_to_be = any(not motion.number or one.number < motion.number for one in confirmed)
    return about_to_be or any(here.now - at < DAY for at in motions.removals)


def _may_be_meant(case: Case, group: Group, by: UserId) -> bool:
    """Say whether a case that some may not see may be about somebody."""
    if case.visible is For.LEAD:
        return not leads(by, group)
    return case.visible is For.BUT_LEAD and leads(by, group)


def has_flagged(state: State, group: Group, user: UserId, by: UserId) -> bool:
    """Say whether whom it is about (`user`) has raised an open case about whoever acts (`by`).

    Of a case about one facilitator that only the lead sees, each of them may be the one.
    """
    return any(
        case.reporter == user and (by in case.named or _may_be_meant(case, group, by))
        for case in state.cases or ()
        if case.group == group.id and case.is_open
    )
