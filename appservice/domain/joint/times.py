"""How long a session of two groups lasts, from the asking to the end of its room."""

from datetime import datetime, timedelta

from appservice.domain.departure import KEPT_FOR
from appservice.domain.group import Group, Session

ROOM_STAYS = timedelta(hours=24)  # after the session: for what is still to be said
ANSWERED_WITHIN = timedelta(days=7)
LATEST = timedelta(days=180)


def closes(session: Session) -> datetime:
    """Return when its room is emptied."""
    return session.ends + ROOM_STAYS


def lapses(group: Group, session: Session) -> datetime:
    """Return until when the other group can agree."""
    return min(group.founded + ANSWERED_WITHIN, session.starts)


def forgets(ended: datetime) -> datetime:
    """Return when the last consent to a session that has ended is gone, and it can go too."""
    return ended + KEPT_FOR + timedelta(days=1)
