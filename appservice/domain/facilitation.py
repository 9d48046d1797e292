"""Who may use the words with `!`, for which group, and in which room."""

from collections.abc import Sequence

from appservice.domain.group import Group
from appservice.domain.membership import (
    facilitated_by,
    facilitates,
    facilitating,
    leads,
)
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Text


def facilitated(turn: Turn, name: str) -> Group | Text:
    """Return the group that a facilitator means, or the reason why there is none.

    In a facilitators' room it is that room's group; in a private chat the one group they
    facilitate, or the one they name.
    """
    own = facilitated_here(turn)
    if name:
        own = [group for group in own if group.charter.name.casefold() == name.casefold()]
    return _one_of(own)


def facilitated_first(
    turn: Turn, rest: str, own: Sequence[Group] | None = None
) -> tuple[Group, str] | Text:
    """As `facilitated`, where more words follow: those may begin with the name of a group.

    `own`: other groups than those that they facilitate.
    """
    groups = facilitated_here(turn) if own is None else own
    for group in sorted(groups, key=lambda one: -len(one.charter.name)):
        name = group.charter.name
        if rest[: len(name)].casefold() == name.casefold() and rest[len(name) :][:1] in ("", " "):
            return group, rest[len(name) :].strip()
    found = _one_of(groups)
    return found if isinstance(found, Text) else (found, rest)


def facilitated_here(turn: Turn) -> list[Group]:
    """Return the groups for which somebody's words with `!` count in this room."""
    room = turn.state.room
    return [
        group
        for group in facilitated_by(turn.state, turn.user)
        if room is not None and room.group in (None, group.id)
    ]


def named_here(turn: Turn) -> list[Group]:
    """Return the groups in which the charter names somebody as anything, as far as they act here.

    Whoever is more than the lead has a consent that counts now; the lead need not be a member.
    """
    room, user = turn.state.room, turn.user
    return [
        group
        for group in turn.groups.values()
        if user in group.charter.named
        and group.session is None
        and (leads(user, group) or turn.state.consent(user, group.id) is not None)
        and room is not None
        and room.group in (None, group.id)
    ]


def in_charge_here(turn: Turn) -> list[Group]:
    """Return the groups that somebody facilitates or leads, as far as they act here."""
    user = turn.user
    return [g for g in named_here(turn) if facilitates(user, g) or leads(user, g)]


def _one_of(groups: Sequence[Group]) -> Group | Text:
    if not groups:
        return Text("facilitators-only")
    if len(groups) > 1:
        return Text("name-the-group", {"names": ", ".join(g.charter.name for g in groups)})
    return groups[0]


def rests(turn: Turn) -> Outcome | None:
    """Say why a facilitator's word is not followed: nobody has confirmed their new identity."""
    if not turn.identity_changed:
        return None
    groups = facilitated_by(turn.state, turn.user)
    alone = {user for group in groups for user in facilitating(turn.state, group)} <= {turn.user}
    key = "identity-rests-alone" if alone else "identity-rests"
    return turn.refuse(Text(key, {"user": turn.user}))
