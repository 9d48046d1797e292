"""Reads what somebody wrote as a vote: a question, choices behind bars, and how it goes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from appservice.domain.polls.poll import How
from appservice.domain.spans import span
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn
from appservice.domain.types import Text

FEWEST, MOST = 2, 10  # choices
LONGEST_QUESTION, LONGEST_CHOICE = 200, 80  # characters
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=60)
USUAL = timedelta(days=3)
_JOINER = "\u200d"  # within some emoji
_PIECES = re.compile(r"[|\n\r]+")
_HOWS = {How.MULTIPLE: "poll-multi", How.DOTS: "poll-dots", How.CONSENT: "poll-consent"}


@dataclass(frozen=True)
class Wish:
    """A vote that somebody wants: open for so long, or until a day."""

    question: str
    options: tuple[str, ...]
    how: How
    minutes: int
    until: datetime | None = None


def wished(turn: Turn, zone: str, written: str) -> Wish | Text:
    """Return the vote, or one sentence on what is missing or too much.

    `What shall we read? | A | B`; a line break is as good as a bar. Behind the choices may stand
    `multi`, `dots` or `consent`, and how long it is open: `for 3 days`, `until 2027-01-31`.
    """
    question, *pieces = [_clean(piece) for piece in _PIECES.split(written)]
    pieces = [piece for piece in pieces if piece]
    how, question = _how_before(turn, question, pieces)
    lasts: str | None = None
    while pieces:
        last = pieces[-1]
        if how is None and (named := _how(turn, last)) is not None:
            how = named
        elif lasts is None and _is_span(turn, last):
            lasts = last
        else:
            break
        pieces.pop()
    how = how or How.SINGLE
    if (fault := _fault(question, pieces, how)) is not None:
        return fault
    time = _time(turn, zone, lasts)
    return time if isinstance(time, Text) else Wish(question, tuple(pieces), how, *time)


def _how_before(turn: Turn, question: str, pieces: list[str]) -> tuple[How | None, str]:
    """Take the first word as how it goes; `consent` only where no choices follow."""
    first, _, rest = question.partition(" ")
    how = _how(turn, first)
    choices = [one for one in pieces if not _is_span(turn, one)]
    if how is None or not rest or (how is How.CONSENT and choices):
        return None, question
    return how, rest


def _how(turn: Turn, word: str) -> How | None:
    bare = word.casefold().strip(":")
    return next((how for how, key in _HOWS.items() if bare in spellings(turn, key)), None)


def _is_span(turn: Turn, piece: str) -> bool:
    """Tell a span from a choice, which may be `3 days` too: it begins with its small word."""
    first, _, rest = piece.casefold().partition(" ")
    return first in spellings(turn, "poll-for") and any(sign.isdecimal() for sign in rest)


def _fault(question: str, options: list[str], how: How) -> Text | None:
    folded = [option.casefold() for option in options]
    twice = next((o for o in options if folded.count(o.casefold()) > 1), None)
    if not any(sign.isalnum() for sign in question):
        return Text("poll-no-question")
    if len(question) > LONGEST_QUESTION:
        return Text("poll-long-question", {"most": LONGEST_QUESTION})
    if any(len(option) > LONGEST_CHOICE for option in options):
        return Text("poll-long-choice", {"most": LONGEST_CHOICE})
    if how is How.CONSENT:
        return Text("poll-consent-choices") if options else None
    if not FEWEST <= len(options) <= MOST:
        values = {"fewest": FEWEST, "most": MOST, "count": len(options)}
        return Text("poll-count", values)
    return Text("poll-twice", {"choice": twice}) if twice is not None else None


def _time(turn: Turn, zone: str, lasts: str | None) -> tuple[int, datetime | None] | Text:
    ends = turn.now + USUAL
    if lasts is not None:
        found = span(lasts, turn.state.words, turn.language, turn.now, zone)
        if found is None or not turn.now + SHORTEST <= found <= turn.now + LONGEST:
            return Text("poll-time", {"days": LONGEST.days})
        ends = found
    is_day = lasts is not None and any(sign in lasts for sign in "-.")
    return int((ends - turn.now) / timedelta(minutes=1)), ends if is_day else None


def _clean(piece: str) -> str:
    """Return it on one line, without signs that nobody sees."""
    return " ".join("".join(c if c.isprintable() or c == _JOINER else " " for c in piece).split())
