"""What members suggest: under their name until facilitators have decided, and not after it."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from appservice.domain.types import UserId

MOST = 3  # of one member that wait


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


S = TypeVar("S", bound=_Numbered)
Suggested = Mapping[UserId, tuple[S, ...]]


def in_order(suggested: Suggested[S]) -> tuple[S, ...]:
    """Return all of them by their numbers, without names."""
    return tuple(sorted((one for own in suggested.values() for one in own), key=_number))


def find(suggested: Suggested[S], number: int) -> tuple[UserId, S] | None:
    """Return who has suggested what under a number."""
    for user, own in suggested.items():
        for one in own:
            if one.number == number:
                return user, one
    return None


def is_full(suggested: Suggested[S], user: UserId) -> bool:
    """Say whether as much of somebody waits as may."""
    return len(suggested.get(user, ())) >= MOST


def given(suggested: Suggested[S], user: UserId, new: S) -> Suggested[S]:
    """Keep what somebody suggests."""
    return {**suggested, user: (*suggested.get(user, ()), new)}


def decided(suggested: Suggested[S], number: int) -> Suggested[S]:
    """Let go of what was decided, and of the name where nothing else of theirs waits."""
    left = {
        user: tuple(one for one in own if one.number != number) for user, own in suggested.items()
    }
    return {user: own for user, own in left.items() if own}


def _number(one: _Numbered) -> int:
    return one.number
