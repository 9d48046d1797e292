"""Names under a crisis plan and the days on which it is due; a change of its words voids names."""

import hashlib
from dataclasses import replace
from datetime import datetime

from appservice.domain.charter import Charter
from appservice.domain.crisis_plan.review import REVIEW
from appservice.domain.dates import day_in
from appservice.domain.founding import plan_of
from appservice.domain.group import Group
from appservice.domain.group_life.review import HALF_A_YEAR
from appservice.domain.membership import facilitating
from appservice.domain.state import State
from appservice.domain.types import Text, UserId

NEEDED = 2  # names
LAST_DRILL = "last_drill"
"""As `REVIEW` a field that says when something was or will be done; no name stands under them."""


def words_of(charter: Charter, name: str) -> str:
    """Return what a field of the plan says; empty where nothing does."""
    return dict(charter.crisis_plan).get(name, "")


def digest(charter: Charter) -> str:
    """Return the SHA-256 of the words under which names stand, in hex."""
    names = (name for name in plan_of(charter.size) if name not in (REVIEW, LAST_DRILL))
    words = tuple((name, words_of(charter, name)) for name in names)
    return hashlib.sha256(repr(words).encode(errors="surrogatepass")).hexdigest()


def signed_by(group: Group) -> tuple[UserId, ...]:
    """Return who signed the plan as it is now."""
    return group.plan.signed if group.plan.digest == digest(group.charter) else ()


def signatures(state: State, group: Group) -> int:
    """Count who signed what is there now, facilitates, and has a consent that counts now."""
    return len(set(facilitating(state, group)) & set(signed_by(group)))


def signed(group: Group, user: UserId) -> Group:
    """Add a name; those under other words are gone with it."""
    names = tuple(dict.fromkeys((*signed_by(group), user)))
    plan = replace(group.plan, signed=names, digest=digest(group.charter))
    return replace(group, plan=plan)


def review_of(group: Group) -> datetime | None:
    """Return when the plan is to be looked at again, as far as anybody has said."""
    written = REVIEW in plan_of(group.charter.size)
    named = day_in(words_of(group.charter, REVIEW)) if written else None
    return named or group.plan.review


def reviewed(group: Group, following: datetime) -> Group:
    """Keep that they have looked, and when they will again."""
    after = replace(group, plan=replace(group.plan, review=following))
    return _dated(after, REVIEW, following)


def drilled(group: Group, now: datetime) -> Group:
    """Keep that the plan was played through."""
    after = replace(group, plan=replace(group.plan, drilled=now, drill=0))
    return _dated(after, LAST_DRILL, now)


def opening(group: Group, now: datetime) -> Group:
    """Return the group with its days, as it opens; a small one looks again in half a year."""
    named = review_of(group) or day_in(group.charter.review)
    review = named if named is not None and named > now else now + HALF_A_YEAR
    played = group.plan.drilled or day_in(words_of(group.charter, LAST_DRILL))
    drilled_on = None if played is None else min(played, now)
    return replace(group, plan=replace(group.plan, review=review, drilled=drilled_on))


def fault_to_open(state: State, group: Group, now: datetime) -> Text | None:
    """Return what of the plan keeps a draft from being opened."""
    if (late := fault_of_review(group, now)) is not None:
        return late
    count = signatures(state, group)
    if count < NEEDED:
        return Text("plan-signatures-missing", {"count": count, "needed": NEEDED})
    return None


def fault_of_review(group: Group, now: datetime) -> Text | None:
    """Say so if nobody has named a day ahead on which a full plan is looked at again."""
    review, fields = review_of(group), plan_of(group.charter.size)
    if REVIEW not in fields or (review is not None and review > now):
        return None
    return Text("plan-review-needed", {"number": fields.index(REVIEW) + 1})


def _dated(group: Group, name: str, day: datetime) -> Group:
    """Write a day into a plan that has a field for it."""
    if name not in plan_of(group.charter.size):
        return group
    fields = {**dict(group.charter.crisis_plan), name: f"{day:%Y-%m-%d}"}
    return replace(group, charter=replace(group.charter, crisis_plan=tuple(fields.items())))
