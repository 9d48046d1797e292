"""groups: tells which neutral name is which of your groups."""

from appservice.domain.charter import GroupRole
from appservice.domain.membership import holding
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def groups(turn: Turn, rest: str) -> Outcome | None:
    """List the groups of this member, and those they are on their way into."""
    if rest:
        return None
    lines: list[Text] = []
    for key, records in (("groups-in", turn.consents()), ("groups-joining", turn.applications())):
        for record in records:
            group = turn.groups[record.group]
            charter = group.charter
            lines.append(Text(key, {"name": charter.name, "title": charter.title}))
            if hosts := holding(turn.state, group, GroupRole.TECH):
                lines.append(Text("groups-tech", {"users": ", ".join(hosts)}))
    if not lines:
        return turn.answer(notice(Text("groups-none")))
    return turn.answer(notice(Text("card", {"lines": (Text("groups-title"), *lines)})))
