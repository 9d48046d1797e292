"""Gives the words to the second person too, in the room of the case, if its owner says so."""

from appservice.domain.cases import delivering, side_rooms
from appservice.domain.cases.keeping import noticed, refused, said, settled
from appservice.domain.cases.seeing import Seen, may_see
from appservice.domain.outcome import Outcome
from appservice.domain.types import RoomKind, Text


def pictured(seen: Seen) -> Outcome:
    """Show pictures and recordings to the owner, who has decided to look."""
    out = settled(seen, noticed(seen, "shown"), said(seen, Text("case-pictures")))
    return out + delivering.pictures(seen.turn, seen.group, seen.case, seen.turn.user)


def shared(seen: Seen) -> Outcome:
    """Say the words in the room of the case, as far as all in it may see the case."""
    group, case, number = seen.group, seen.case, {"number": seen.case.number}
    room = side_rooms.room_of(group, case, RoomKind.CASE)
    users = group.side[room].users if room is not None else ()
    if room is None or not all(may_see(seen.turn.state, group, case, user) for user in users):
        return refused(seen, Text("case-share-no-room", number))
    after = delivering.shown_to(noticed(seen, "shared"), *users)
    out = settled(seen, after, said(seen, Text("case-shared", number)))
    return out + delivering.shared(group, case, room)
