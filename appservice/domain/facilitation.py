"""Who may use the words with `!`, for which group, and in which room."""

from appservice.domain.membership import current, facilitators
from appservice.domain.state import Group, State
from appservice.domain.turn import Turn
from appservice.domain.types import Role, Text


def facilitated(turn: Turn, name: str) -> Group | Text:
    """Return the group that a facilitator means, or the reason why there is none.

    In a facilitators' room it is that room's group; in a private chat the one group they
    facilitate, or the one they name.
    """
    room = turn.state.room
    own = [
        turn.groups[consent.group]
        for consent in turn.consents()
        if consent.role is Role.FACILITATOR
        and room is not None
        and room.group in (None, consent.group)
    ]
    if name:
        own = [group for group in own if group.charter.name.casefold() == name.casefold()]
    if not own:
        return Text("facilitators-only")
    if len(own) > 1:
        return Text("name-the-group", {"names": ", ".join(g.charter.name for g in own)})
    return own[0]


def signatures(state: State, group: Group) -> int:
    """Count who signed, facilitates and has a consent that counts now."""
    consents = {c.user for c in current(state.consents, group) if c.role is Role.FACILITATOR}
    return len(set(group.signed) & consents & set(facilitators(group.charter)))
