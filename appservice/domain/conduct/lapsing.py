"""What counts no more is not kept: steps go after ninety days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from appservice.domain.conduct.records import appeals, standings
from appservice.domain.conduct.standing import LAPSES
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn


def step(here: Turn, group: Group) -> Outcome | None:
    """Let go of the first step that has lapsed; one that is appealed stays until that is over."""
    open_ones = {one.number for one in appeals(here.state, group)}
    for standing in standings(here.state, group):
        left = tuple(
            one
            for one in standing.measures
            if here.now < one.at + LAPSES or one.number in open_ones
        )
        if not left:
            return Outcome(drops=(standing,))
        if left != standing.measures:
            return Outcome(puts=(replace(standing, measures=left),))
    return None


def moments(here: Turn, group: Group) -> Iterable[datetime]:
    """Return when steps lapse."""
    return [one.at + LAPSES for kept in standings(here.state, group) for one in kept.measures]
