"""The thirty days after a death: a second word within one, and five looks at who is left."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from appservice.domain.group import Group, Postvention
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.postvention.keeping import DAY, changed
from appservice.domain.state import State
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, Matter, Text, Values

LOOKS = {  # days after it
    1: "postvention-look-1",
    3: "postvention-look-3",
    7: "postvention-look-7",
    14: "postvention-look-14",
    30: "postvention-look-30",
}
ASKS_ABOUT_POSTS = 7  # from this look on


def watched(group: Group) -> Outcome:
    """Set the timer for whatever is due next."""
    dues = [at for one in group.postventions for at in _dues(one)]
    if not dues:
        return resting(group.id, Matter.POSTVENTION)
    return waking(group.id, Matter.POSTVENTION, min(dues))


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Take what is due for each; of looks that were missed only the newest is said."""
    if group.stage == "closed":
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    after, said = group, NOTHING
    for one in group.postventions:
        after, told = _reminded(here, after, one)
        said += told
        after, told = _looked(here, after, one)
        said += told
    kept = Outcome(puts=(after,)) if after != group else NOTHING
    return kept + watched(after) + said


def _dues(one: Postvention) -> Iterator[datetime]:
    if one.second is None and not one.missed_second:
        yield one.since + DAY
    if (day := _next(one)) is not None:
        yield one.since + day * DAY


def _next(one: Postvention) -> int | None:
    return next((day for day in LOOKS if day > one.looked), None)


def _reminded(here: Turn, group: Group, one: Postvention) -> tuple[Group, Outcome]:
    """Tell them once that nobody has confirmed it."""
    if one.second is not None or one.missed_second or here.now < one.since + DAY:
        return group, NOTHING
    told = Text("postvention-no-second", _values(group, one))
    after = changed(group, replace(one, missed_second=True))
    return after, to_facilitators(here, group, told, lead=True)


def _looked(here: Turn, group: Group, one: Postvention) -> tuple[Group, Outcome]:
    """Ask them to look, and whether posts may come again; after the last look they do."""
    over = [day for day in LOOKS if day > one.looked and here.now >= one.since + day * DAY]
    if not over:
        return group, NOTHING
    day = over[-1]
    newest = next(other for other in group.postventions if other.user == one.user)
    after = changed(group, replace(newest, looked=day))
    lines = [Text(LOOKS[day], _values(group, one))]
    if group.posts_rest is not None and day >= ASKS_ABOUT_POSTS:
        after, asked = _posts(after, one, day)
        lines.append(asked)
    return after, to_facilitators(here, group, *lines, lead=True)


def _posts(group: Group, one: Postvention, day: int) -> tuple[Group, Text]:
    if (following := next((later for later in LOOKS if later > day), None)) is None:
        return replace(group, posts_rest=None), Text("postvention-posts-again")
    rest = max(group.posts_rest or one.since, one.since + (following + 1) * DAY)
    return replace(group, posts_rest=rest), Text("postvention-posts-ask")


def _values(group: Group, one: Postvention) -> Values:
    return {"group": group.charter.name, "user": one.user}
