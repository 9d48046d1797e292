"""!limits: shows or sets how often members read what your group is not: every 8 weeks, or off."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.limits import LEAST, MOST
from appservice.domain.outcome import Outcome
from appservice.domain.spans import span
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def limits(turn: Turn, rest: str) -> Outcome:
    """Keep how often; what is due by then comes with the next look at the rooms."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if not rest:
        return _said(turn, group)
    weeks = _weeks(turn, group, rest)
    if weeks is None:
        text = Text("limits-words", {"least": LEAST, "most": MOST})
        return turn.refuse(text, group=group)
    kept = replace(group, charter=replace(group.charter, limits_every=weeks))
    return (Outcome(puts=(kept,)) if kept != group else Outcome()) + _said(turn, kept)


def _weeks(turn: Turn, group: Group, rest: str) -> int | None:
    word = subcommand(turn, rest, "limits", ("every", "off"))
    if word == ("off", ""):
        return 0
    if word is None or word[0] == "off":
        return None
    ends = span(word[1], turn.state.words, turn.language, turn.now, group.charter.zone)
    weeks = (ends - turn.now) / timedelta(weeks=1) if ends is not None else 0
    return round(weeks) if LEAST <= round(weeks) <= MOST else None


def _said(turn: Turn, group: Group) -> Outcome:
    weeks, name = group.charter.limits_every, group.charter.name
    text = Text("limits-on" if weeks else "limits-off", {"group": name, "weeks": weeks})
    return turn.answer(notice(text, group=name))
