"""!away: says until when nothing at all is to reach you, like !away until 3 may."""

from datetime import datetime, time

from appservice.domain.duty import leaving
from appservice.domain.facilitation import facilitated_here
from appservice.domain.meetings.date_words import days
from appservice.domain.meetings.recurrence import instant, wall_time
from appservice.domain.meetings.vocabulary import Vocabulary, tokens
from appservice.domain.outcome import Outcome
from appservice.domain.spans import span
from appservice.domain.turn import Turn
from appservice.domain.types import Text


def away(turn: Turn, rest: str) -> Outcome:
    """Keep it, for all groups of theirs; it always has an end, so that nobody is lost."""
    until = _until(turn, rest)
    if until is None:
        return turn.refuse(Text("away-form"))
    if until <= turn.now:
        return turn.refuse(Text("duty-past"))
    return leaving.off(turn, until, away=True)


def _until(turn: Turn, rest: str) -> datetime | None:
    """Return when a span is over, or the first moment of a day that is named."""
    zones = [group.charter.zone for group in facilitated_here(turn)] or ["UTC"]
    zone, words = zones[0], turn.state.words
    if (until := span(rest, words, turn.language, turn.now, zone)) is not None:
        return until
    vocabulary = Vocabulary(words, turn.language)
    pieces = tokens(rest) or ()
    first = vocabulary.past("until", pieces, 0)
    today = wall_time(turn.now, zone).date()
    found = days(pieces, first, vocabulary, today) if first < len(pieces) else None
    if found is None or isinstance(found, Text) or found.end != len(pieces):
        return None
    day = next((day for day in found.value[0] if day >= today), found.value[0][-1])
    return instant(datetime.combine(day, time()), zone)
