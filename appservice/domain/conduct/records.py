"""What is kept about conduct in a group, as it is known when something is decided."""

from appservice.domain.conduct.appeal import Appeal
from appservice.domain.conduct.motion import Motion, Motions
from appservice.domain.conduct.standing import Standing
from appservice.domain.group import Group
from appservice.domain.state import State
from appservice.domain.types import UserId


def motions_of(state: State, group: Group) -> Motions:
    """Return what waits in a group."""
    return state.known(Motions(group.id))


def standing_of(state: State, group: Group, user: UserId) -> Standing:
    """Return somebody's, where the scope loaded it; an empty one if nothing was decided."""
    return state.own(Standing, user, group.id) or Standing(user, group.id)


def standings(state: State, group: Group) -> list[Standing]:
    """Return those of a group."""
    return [one for one in state.of(Standing) if one.group == group.id]


def appeals(state: State, group: Group) -> list[Appeal]:
    """Return those of a group."""
    return [one for one in state.of(Appeal) if one.group == group.id]


def motion_of(state: State, group: Group, number: int) -> Motion | None:
    """Return what waits under a number."""
    waiting = motions_of(state, group).waiting
    return next((one for one in waiting if one.number == number), None)
