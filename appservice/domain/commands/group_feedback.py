"""!feedback: tells if I ask people after a meeting; !feedback off ends it."""

from appservice.domain.facilitation import facilitated_first
from appservice.domain.feedback.asking import asks
from appservice.domain.feedback.records import AfterMeetings
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def group_feedback(turn: Turn, rest: str) -> Outcome:
    """Switch it on or off; without a word, tell how it stands."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    name = group.charter.name
    word = subcommand(turn, rest, "checkin", ("on", "off")) if rest else ("", "")
    if word is None or word[1]:
        return turn.refuse(Text("group-feedback-how"), group=group)
    is_on = asks(turn.state, group.id) if not word[0] else word[0] == "on"
    key = "group-feedback-on" if is_on else "group-feedback-off"
    said = turn.answer(notice(Text(key), Text("group-feedback-how"), group=name))
    kept = Outcome(puts=(AfterMeetings(group.id, off=not is_on),))
    return said + kept if word[0] else said
