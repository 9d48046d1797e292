"""!coming: shows how many say that they come; never who."""

from appservice.domain.facilitation import facilitated
from appservice.domain.meetings import rsvp
from appservice.domain.meetings.kept import progress_of
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Moment, Text, Values


def group_coming(turn: Turn, rest: str) -> Outcome:
    """Count the answers about the next time of each meeting."""
    group = facilitated(turn, rest)
    if isinstance(group, Text):
        return turn.refuse(group)
    name = group.charter.name
    near = rsvp.upcoming(turn.state, (group,), turn.now)
    if not near:
        return turn.answer(notice(Text("group-coming-none"), group=name))
    lines = [Text("group-coming-title", {"group": name})]
    for one in near:
        now = rsvp.counts(progress_of(turn.state, one))
        when = Moment(one.starts, group.charter.zone, short=True)
        values: Values = {"when": when, "yes": now.yes, "maybe": now.maybe, "no": now.no}
        lines.append(Text("group-coming-line", values))
    return turn.answer(notice(Text("card", {"lines": tuple(lines)}), group=name))
