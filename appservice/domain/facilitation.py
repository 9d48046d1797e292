"""Who may use the words with `!`, for which group, and in which room."""

from appservice.domain.membership import facilitated_by, facilitating
from appservice.domain.outcome import Outcome
from appservice.domain.state import Group
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def facilitated(turn: Turn, name: str) -> Group | Text:
    """Return the group that a facilitator means, or the reason why there is none.

    In a facilitators' room it is that room's group; in a private chat the one group they
    facilitate, or the one they name.
    """
    own = facilitated_here(turn)
    if name:
        own = [group for group in own if group.charter.name.casefold() == name.casefold()]
    if not own:
        return Text("facilitators-only")
    if len(own) > 1:
        return Text("name-the-group", {"names": ", ".join(g.charter.name for g in own)})
    return own[0]


def facilitated_first(turn: Turn, rest: str) -> tuple[Group, str] | Text:
    """As `facilitated`, where more words follow: those may begin with the name of a group."""
    for group in sorted(facilitated_here(turn), key=lambda one: -len(one.charter.name)):
        name = group.charter.name
        if rest[: len(name)].casefold() == name.casefold() and rest[len(name) :][:1] in ("", " "):
            return group, rest[len(name) :].strip()
    found = facilitated(turn, "")
    return found if isinstance(found, Text) else (found, rest)


def facilitated_here(turn: Turn) -> list[Group]:
    """Return the groups for which somebody's words with `!` count in this room."""
    room = turn.state.room
    return [
        group
        for group in facilitated_by(turn.state, turn.user)
        if room is not None and room.group in (None, group.id)
    ]


def rests(turn: Turn) -> Outcome | None:
    """Say why a facilitator's word is not followed: nobody has confirmed their new identity."""
    if not turn.identity_changed:
        return None
    groups = facilitated_by(turn.state, turn.user)
    alone = {user for group in groups for user in facilitating(turn.state, group)} == {turn.user}
    key = "identity-rests-alone" if alone else "identity-rests"
    return turn.answer(Reply("refusal", (Text(key, {"user": turn.user}),)))
