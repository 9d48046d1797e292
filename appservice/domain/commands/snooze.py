"""snooze 2 weeks: nothing unasked for a while; snooze off ends it."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.outcome import Outcome
from appservice.domain.prompts import zone_of
from appservice.domain.spans import span
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Moment, Text

LONGEST = timedelta(days=184)


def snooze(turn: Turn, rest: str) -> Outcome | None:
    """Keep until when; alone, tell how to say it."""
    if not rest:
        return turn.answer(notice(Text("snooze-how")))
    if rest.casefold() in spellings(turn, "snooze-off"):
        awake = replace(turn, person=replace(turn.person, snoozed=None))
        return awake.answer(notice(Text("snooze-over")))
    group = next((turn.groups[consent.group] for consent in turn.consents()), None)
    zone = zone_of(turn.person, group)
    ends = span(rest, turn.state.words, turn.language, turn.now, zone)
    if ends is None:
        is_tried = any(sign.isdecimal() for sign in rest)
        said = Reply("not_understood", (Text("snooze-how"),))
        return turn.answer(said) if is_tried else None
    if ends <= turn.now:
        return turn.refuse(Text("snooze-past"))
    if ends > turn.now + LONGEST:
        last = Text("snooze-long", {"date": f"{turn.now + LONGEST:%Y-%m-%d}"})
        return turn.refuse(last)
    asleep = replace(turn, person=replace(turn.person, snoozed=ends))
    return asleep.answer(notice(Text("snooze-until", {"when": Moment(ends, zone)})))
