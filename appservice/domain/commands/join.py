"""join CODE: starts the way into a group, or goes on with it."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.conduct import doors
from appservice.domain.gate import too_young
from appservice.domain.gate.entry import entered, opened
from appservice.domain.gate.passing import admitted_with
from appservice.domain.gate.walk import go_on
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text

GUESSES = 20  # codes that open nothing, in a day; after that no code of theirs is looked at
DAY = timedelta(days=1)


def join(turn: Turn, rest: str) -> Outcome:
    """Open the gate; every code that does not open it gets the same answer."""
    if not rest:
        return turn.answer(Reply("not_understood", (Text("join-without-code"),)))
    group = group_of_code(turn)
    if group is None:
        return missed(turn).refuse(Text("join-unknown"))
    consent = turn.state.consent(turn.user, group.id)
    if consent is not None:
        said = notice(Text("join-member", {"group": group.charter.name}), group=group.charter.name)
        return turn.answer(said) + admitted_with(consent, group)
    if (refused := too_young.refused(turn, group)) is not None:
        return refused
    if (refused := doors.refused(turn, group)) is not None:
        return refused
    application, place = entered(turn, group)
    return place + go_on(turn, application)


def group_of_code(turn: Turn) -> Group | None:
    """Return the group that the code in the message opens; to whoever guesses, none."""
    return None if len(_recent(turn)) >= GUESSES else opened(turn)


def missed(turn: Turn) -> Turn:
    """Count a code that opens nothing; the answer stays the same, however many there are."""
    misses = (*_recent(turn), turn.now)[-GUESSES:]
    return replace(turn, person=replace(turn.person, misses=misses))


def _recent(turn: Turn) -> tuple[datetime, ...]:
    return tuple(moment for moment in turn.person.misses if turn.now - moment < DAY)
