"""A search for a time from its beginning to its close, and what facilitators are told of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.group import Group
from appservice.domain.group_life.timers import resting, waking
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.membership import current
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.prompt_timers import resting as not_asking
from appservice.domain.prompt_timers import soon
from appservice.domain.state import State
from appservice.domain.times.asking import AGAIN, prompt, search_of, without_polls
from appservice.domain.times.search import TimeSearch
from appservice.domain.turn import Turn, in_chat_of, nowhere
from appservice.domain.types import CauseId, Matter, Text, Values

_RECALL = timedelta(hours=24)  # before the close


def begun(here: Turn, group: Group, search: TimeSearch) -> Outcome:
    """Ask every member, within minutes and each on their own clock."""
    out = Outcome(puts=(search,)) + waking(group.id, Matter.TIMES, _recalls(search))
    for consent in current(here.state.consents, group):
        event = prompt(consent.user, group.id)
        out += soon(event, here.now)
    return out


def due(state: State, group: Group, cause: CauseId, now: datetime) -> Outcome:
    """Look again: recall it once to who has not answered, and close it at its time."""
    search = search_of(state, group.id)
    if search is None:
        return NOTHING
    here = nowhere(state, cause, now, group.charter.language)
    if now >= search.closes:
        return over(here, group, search)
    if search.recalled or now < _recalls(search):
        return waking(
            group.id, Matter.TIMES, search.closes if search.recalled else _recalls(search)
        )
    out = Outcome(puts=(replace(search, recalled=True),))
    out += waking(group.id, Matter.TIMES, search.closes)
    for consent in current(state.consents, group):
        if not search.is_answered_by(consent.user):
            event = prompt(consent.user, group.id, AGAIN)
            out += soon(event, now)
    return out


def over(here: Turn, group: Group, search: TimeSearch) -> Outcome:
    """Close it: single answers are gone, and facilitators are told counts and the best time.

    Whoever has just spoken (`here`) is answered, and their own polls ended, by the caller.
    """
    out = Outcome(drops=(search,)) + resting(group.id, Matter.TIMES)
    for consent in current(here.state.consents, group):
        for about in ("", AGAIN):
            out += not_asking(prompt(consent.user, group.id, about))
        turn = in_chat_of(here, consent.user, consent.language)
        if turn is not None and turn.user != here.user:
            ended, person = closed_for(turn, group)
            out += ended
            out += Outcome(puts=(person,)) if person != turn.person else NOTHING
    return out + to_facilitators(here, group, *result(group, search))


def closed_for(turn: Turn, group: Group) -> tuple[Outcome, Person]:
    """End somebody's own polls, since it is over."""
    why = Text("times-over", {"group": group.charter.name})
    return without_polls(turn.person, group, why, turn.language)


def counted(here: Turn, group: Group, search: TimeSearch) -> Text:
    """Say how many can come when, and how many have answered; never who."""
    values: Values = {
        "group": group.charter.name,
        "answered": len({*search.suits, *search.if_need_be}),
        "members": len(current(here.state.consents, group)),
    }
    return Text("card", {"lines": (Text("times-coverage", values), *_counts(search))})


def result(group: Group, search: TimeSearch) -> tuple[Text, ...]:
    """Say the counts, and the best time as a line that plans the meeting."""
    title = Text("times-result", {"group": group.charter.name})
    card = Text("card", {"lines": (title, *_counts(search))})
    best = search.best()
    if best is None:
        return card, Text("times-no-best")
    wall = search.walls[best]
    values: Values = {
        "when": search.moment(best),
        "command": f"!meeting {wall:%Y-%m-%d %H:%M} for {search.minutes}m",
    }
    return card, Text("times-best", values)


def _counts(search: TimeSearch) -> tuple[Text, ...]:
    return tuple(
        Text(
            "times-count",
            {
                "when": search.moment(index),
                "yes": yes,
                "maybe": maybe,
            },
        )
        for index, (yes, maybe) in enumerate(search.counts())
    )


def _recalls(search: TimeSearch) -> datetime:
    """Return when it is recalled: a day before the close, or half-way there."""
    half = search.opened + (search.closes - search.opened) / 2
    return max(half, search.closes - _RECALL)
