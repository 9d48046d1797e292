"""Links in a flag, looked at as text only: behind them nobody here can see."""

from appservice.domain.group import Group
from appservice.domain.links import links_in
from appservice.domain.types import Text


def fault(text: str, group: Group) -> Text | None:
    """Say what is wrong with a link in a text; None: each names a message of the group."""
    for link in links_in(text):
        if not link.room or not link.event:
            return Text("flag-link-nothing")
        if link.room not in group.every_room:
            return Text("flag-link-elsewhere", {"group": group.charter.name})
    return None
