"""Feedback is counted three days after the meeting: totals for facilitators, and no answer stays.

Only whoever answered all questions is counted, so that the numbers of two questions cannot be set
against each other.
"""

from dataclasses import replace
from datetime import datetime

from appservice.domain.feedback.asking import ANSWERS, QUESTIONS, is_ours
from appservice.domain.feedback.records import Feedback
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.totals import totals
from appservice.domain.totals_text import totals_text
from appservice.domain.types import CauseId, Matter, Moment, Text


def due(state: State, group: Group, _: CauseId, now: datetime) -> Outcome:
    """Count what is over, and look again when the next one is."""
    every = [kept for kept in state.of(Feedback) if kept.group == group.id]
    over = [kept for kept in every if now >= kept.closes]
    open_ones = [kept for kept in every if now < kept.closes]
    out = NOTHING
    for kept in over:
        out += Outcome(drops=(kept,))
        if not state.restored:  # after a restore it may have been told before
            out += _told(state, group, kept)
    out += Outcome(puts=_closed(state, {one.about for one in over}, group))
    if open_ones:
        out += waking(group.id, Matter.FEEDBACK, min(one.closes for one in open_ones))
    return out


def _told(state: State, group: Group, kept: Feedback) -> Outcome:
    whole = [own for own in kept.answers.values() if set(own) == set(QUESTIONS)]
    lines = []
    for question, said in QUESTIONS.items():
        found = totals((own[question] for own in whole), tuple(ANSWERS))
        if found is None:
            return NOTHING
        lines += [said, *totals_text(found, ANSWERS)]
    when = Moment(kept.ended, group.charter.zone, short=True)
    title = Text("feedback-result", {"group": group.charter.name, "when": when})
    card = Text("card", {"lines": (title, *lines)})
    how = (Text("totals-how"), Text("feedback-did"))
    return notices(places_of_facilitators(state, group), group, card, *how, kind="result")


def _closed(state: State, about: set[str], group: Group) -> tuple[Person, ...]:
    """Take no more answers to what was counted."""
    puts = []
    for person in state.people.values():
        asked = tuple(
            replace(one, answered=True)
            if one.group == group.id and one.about in about and is_ours(one)
            else one
            for one in person.asked
        )
        puts += [replace(person, asked=asked)] if asked != person.asked else []
    return tuple(puts)
