"""A time that is being looked for, with what each member said until it is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from appservice.domain.meetings.recurrence import instant
from appservice.domain.of_member import OfGroup
from appservice.domain.types import GroupId, Moment, UserId


@dataclass(frozen=True)
class TimeSearch(OfGroup):
    """Of each group there is at most one. Times are counted from 0, in their order."""

    group: GroupId
    zone: str  # IANA name
    walls: tuple[datetime, ...]  # wall times in the zone
    minutes: int
    opened: datetime
    closes: datetime
    suits: Mapping[UserId, tuple[int, ...]] = field(default_factory=dict)
    if_need_be: Mapping[UserId, tuple[int, ...]] = field(default_factory=dict)
    recalled: bool = False  # those who had not answered were told that it closes
    kind: ClassVar[str] = "times"

    def moment(self, index: int, zone: str | None = None) -> Moment:
        """Return one of the times as somebody is told it, in their zone or the group's."""
        return Moment(instant(self.walls[index], self.zone), zone or self.zone)

    def is_answered_by(self, user: UserId) -> bool:
        """Say whether somebody has said anything about the times."""
        return user in self.suits or user in self.if_need_be

    def said(self, user: UserId) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return which times suit somebody, and which others would do if need be."""
        best = self.suits.get(user, ())
        rest = tuple(one for one in self.if_need_be.get(user, ()) if one not in best)
        return best, rest

    def counts(self) -> tuple[tuple[int, int], ...]:
        """Return for each time how many it suits, and for how many more it would do."""
        said = [self.said(user) for user in {*self.suits, *self.if_need_be}]
        return tuple(
            (sum(one in best for best, _ in said), sum(one in rest for _, rest in said))
            for one in range(len(self.walls))
        )

    def best(self) -> int | None:
        """Return the time at which most can come; of several the one that suits more, the first.

        None: nobody can come at any.
        """
        counts = self.counts()
        order = sorted(range(len(counts)), key=lambda i: (-sum(counts[i]), -counts[i][0], i))
        return order[0] if counts and sum(counts[order[0]]) else None


def answered(
    search: TimeSearch, user: UserId, times: tuple[int, ...] | None, *, suits: bool
) -> TimeSearch:
    """Keep what somebody said to one of the two questions; None: they took it back."""
    before = search.suits if suits else search.if_need_be
    after = {who: said for who, said in before.items() if who != user}
    if times is not None:
        after[user] = times
    return replace(search, suits=after) if suits else replace(search, if_need_be=after)
