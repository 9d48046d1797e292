"""!underage: ends the place of one who is too young, in a kind way, with numbers to call."""

from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.conduct.limits import has_flagged
from appservice.domain.departure import departed
from appservice.domain.effects import TellOperator
from appservice.domain.facilitation import facilitated_first
from appservice.domain.gate import too_young
from appservice.domain.group import Group
from appservice.domain.membership import (
    chats_of,
    current,
    facilitates,
    places_of_facilitators,
)
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import Outcome
from appservice.domain.roles.telling import chat_of
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId


def underage(turn: Turn, rest: str) -> Outcome:
    """End a membership on a facilitator's word, and tell those who look after the group."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, name = found[0], found[0].charter.name
    user = _named(turn, group)
    if user is None:
        return turn.refuse(Text("underage-whom", {"group": name}), group=found[0])
    refused = None
    if facilitates(user, group):
        refused = Text("underage-facilitator", {"user": user})
    elif turn.state.cared_for(user) is not None:  # whoever is looked after is not sent away now
        refused = Text("underage-care", {"user": user})
    elif has_flagged(turn.state, group, user, turn.user):
        refused = Text("underage-another", {"user": user})
    if refused is not None:
        return turn.refuse(refused, group=found[0])
    told = Text("underage-done", {"user": user, "group": name, "by": turn.user})
    return (
        _to_them(turn, user, group)
        + departed(turn, user, group)
        + too_young.closed_to(user, group.id, turn.now)
        + _to_others(turn, group, told)
        + turn.answer(notice(told, group=name))
    )


def _named(turn: Turn, group: Group) -> UserId | None:
    """Return the one whom the message names, if they are in the group or on their way into it."""
    state, said = turn.state, mentioned(turn.text)
    here = {consent.user for consent in current(state.consents, group)}
    here |= {one.user for one in state.applications if one.group == group.id}
    here |= {one.user for one in state.graces if one.group == group.id}
    named = [user for user in sorted(here) if user.casefold() in said]
    return named[0] if len(named) == len(said) == 1 else None


def _to_them(turn: Turn, user: UserId, group: Group) -> Outcome:
    """Say it in their private chat, if they have one."""
    there = chat_of(turn, group, user)
    if there is None:
        return Outcome()
    asked = there.person.asked
    for topic in ("gate", "renewal"):
        asked = closed(asked, topic, group.id)
    there = replace(there, person=replace(there.person, asked=asked))
    return there.answer(too_young.kindly(there, group, "underage-member"))


def _to_others(turn: Turn, group: Group, told: Text) -> Outcome:
    """Tell the other facilitators and the lead; where no lead can be told, the operator."""
    lead = group.charter.lead
    places = places_of_facilitators(turn.state, group, but=turn.user)
    led = chats_of(turn.state, [lead] if lead is not None and lead != turn.user else [])
    others = (place for place in dict.fromkeys((*places, *led)) if place != turn.room)
    out = notices(others, group, told)
    if lead is None or not (led or lead == turn.user):
        out += Outcome(effects=(TellOperator(Text("operator-underage"), {"group": group.id}),))
    return out
