"""times: asks you again which times suit you, and shows what you have said."""

from dataclasses import replace

from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.person import Person
from appservice.domain.times.asking import ask, noted, search_of
from appservice.domain.times.search import TimeSearch
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def times(turn: Turn, rest: str) -> Outcome | None:
    """Say how one's answers stand, and ask anew, for each group that looks for a time."""
    if rest:
        return None
    open_now = _open(turn)
    if not open_now:
        return turn.answer(notice(Text("times-nothing")))
    out = Outcome()
    for group, search in open_now:
        if search.is_answered_by(turn.user):
            turn, told = _going_on(turn, turn.answer(noted(turn, group, search)))
            out += told
        turn, asked = _going_on(turn, ask(turn, group, search))
        out += asked
    return out


def _open(turn: Turn) -> list[tuple[Group, TimeSearch]]:
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    found = [(group, search_of(turn.state, group.id)) for group in groups]
    return [(g, s) for g, s in found if s is not None and turn.now < s.closes]


def _going_on(turn: Turn, said: Outcome) -> tuple[Turn, Outcome]:
    people = [put for put in said.puts if isinstance(put, Person)]
    return replace(turn, person=people[-1]) if people else turn, said
