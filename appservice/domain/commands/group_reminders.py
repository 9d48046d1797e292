"""!reminders 24h 1h: sets when people are reminded of a meeting."""

from collections.abc import Sequence
from dataclasses import replace

from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.meetings import reminders, rsvp, rungs
from appservice.domain.meetings.changing import changed
from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Moment, Text, Values


def group_reminders(turn: Turn, rest: str) -> Outcome:
    """Set the ladder of the one meeting, or of the one whose number stands first; or tell all."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    near = rsvp.upcoming(turn.state, (group,), turn.now)
    if not near:
        return turn.answer(notice(Text("group-coming-none"), group=group.charter.name))
    if not rest:
        return turn.answer(_told(group, near))
    head, _, tail = rest.partition(" ")
    meant = [one for one in near if head == str(one.meeting.number)]
    written = tail.strip() if meant else rest
    is_none = written.casefold() in spellings(turn, "reminders-off")
    ladder = () if is_none else rungs.read(turn, written)
    if ladder is None:
        refusal = Reply("not_understood", (Text("group-reminders-how"),), group=group.charter.name)
        return turn.answer(refusal)
    if not meant and len(near) > 1:
        return turn.refuse(Text("group-reminders-which"))
    meeting = (meant or near)[0].meeting
    after = replace(meeting, ladder=ladder)
    kept = changed(turn, group, meeting, after) + _replanned(turn, group, after)
    line = Text("group-reminders-set", {"ladder": rungs.said(ladder)})
    said = line if ladder else Text("group-reminders-none")
    return kept + turn.answer(notice(said, group=group.charter.name))


def _replanned(turn: Turn, group: Group, meeting: Meeting) -> Outcome:
    """Plan anew what is near for each member: steps that were taken are not taken again."""
    out, one = NOTHING, rsvp.next_of(meeting, turn.now)
    if one is None:
        return out
    for consent in current(turn.state.consents, group):
        person = turn.state.people.get(consent.user)
        if person is not None and consent.admitted:
            own = reminders.of_member(turn.state, consent.user, group)
            out += reminders.planned(person, own, group, one, turn.now)
    return out


def _told(group: Group, near: Sequence[Occurrence]) -> Reply:
    lines = [Text("group-reminders-title", {"group": group.charter.name})]
    for one in near:
        ladder = one.meeting.ladder
        said = rungs.said(ladder) if ladder else Text("group-reminders-no")
        when = Moment(one.starts, group.charter.zone, short=True)
        values: Values = {"number": one.meeting.number, "when": when, "ladder": said}
        lines.append(Text("group-reminders-line", values))
    card = Text("card", {"lines": tuple(lines)})
    return notice(card, Text("group-reminders-how"), group=group.charter.name)
