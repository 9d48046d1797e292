"""!postvention @NAME: when a member has died; nothing is sent to them or about them any more."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from appservice.domain.facilitation import facilitated_first, in_charge_here
from appservice.domain.group import Group
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.membership import current
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import Outcome
from appservice.domain.postvention import asking, brief, clock, keeping
from appservice.domain.prompts import posts_rest
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId, Values


def postvention(turn: Turn, rest: str) -> Outcome:
    """Begin at once, confirm it, end it, or show how it stands."""
    found = facilitated_first(turn, rest, in_charge_here(turn))
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if not rest:
        return _shown(turn, group)
    name, _ = subcommand(turn, rest, "postvention", _DOING) or ("begin", "")
    return _DOING[name](turn, group)


def _begin(turn: Turn, group: Group) -> Outcome:
    """Begin for a member; where it has begun already, a second word confirms it."""
    user = _named(turn, group)
    if user is None:
        return turn.refuse(Text("postvention-whom", {"group": group.charter.name}), group=group)
    if user == turn.user:
        return turn.refuse(Text("postvention-oneself"), group=group)
    if keeping.of(group, user) is not None:
        return _confirm(turn, group)
    after, out = keeping.begun(turn, group, user)
    one = after.postventions[-1]
    told, card = brief.brief(after, one), brief.card(turn.state, after)
    turn = replace(turn, state=keeping.known(turn.state, out))
    out += clock.watched(after) + turn.answer(told) + turn.answer(card)
    out += to_facilitators(turn, after, *told.lines, lead=True)
    return out + to_facilitators(turn, after, *card.lines, lead=True)


def _confirm(turn: Turn, group: Group) -> Outcome:
    user = _named(turn, group)
    one = keeping.of(group, user) if user is not None else None
    if one is None:
        return turn.refuse(Text("postvention-none", {"group": group.charter.name}), group=group)
    if turn.user in (one.by, one.user):
        return turn.refuse(Text("postvention-another"), group=group)
    if one.second is not None:
        return turn.answer(notice(Text("postvention-already", _values(group, one.user))))
    after = keeping.changed(group, replace(one, second=turn.user))
    told = Text("postvention-confirmed", {**_values(group, one.user), "by": turn.user})
    return _kept_and_told(turn, after, told)


def _end(turn: Turn, group: Group) -> Outcome:
    """End it: whoever is alive hears from the keeper again as before."""
    user = _named(turn, group)
    if user is None or keeping.of(group, user) is None:
        return turn.refuse(Text("postvention-none", {"group": group.charter.name}), group=group)
    after, out = keeping.ended(turn.state, group, user)
    told = Text("postvention-ended", {**_values(group, user), "by": turn.user})
    out += clock.watched(after) + turn.answer(notice(told, group=group.charter.name))
    return out + to_facilitators(turn, after, told, lead=True)


def _posts(turn: Turn, group: Group) -> Outcome:
    """Let posts come again before their rest is over."""
    if not posts_rest(group, turn.now):
        return turn.refuse(Text("postvention-posts-come"), group=group)
    told = Text("postvention-posts-on", {"group": group.charter.name, "by": turn.user})
    return _kept_and_told(turn, replace(group, posts_rest=None), told)


def _card(turn: Turn, group: Group) -> Outcome:
    return turn.answer(brief.card(turn.state, group))


def _ask(turn: Turn, group: Group) -> Outcome:
    """Have members asked in private what helps, once for each death."""
    waiting = [one for one in group.postventions if one.asked is None]
    if not waiting:
        return turn.refuse(Text("postvention-ask-none"), group=group)
    said = notice(Text("postvention-asking"), group=group.charter.name)
    return asking.begun(turn, group, waiting[-1]) + turn.answer(said)


def _shown(turn: Turn, group: Group) -> Outcome:
    """Say for whom it holds, who said so and who confirmed it."""
    name = group.charter.name
    lines = [
        Text(
            "postvention-line" if one.second is None else "postvention-line-confirmed",
            {
                "user": one.user,
                "by": one.by,
                "second": one.second or "",
                "date": f"{one.since:%Y-%m-%d}",
            },
        )
        for one in group.postventions
    ] or [Text("postvention-nobody", {"group": name})]
    if group.posts_rest is not None and posts_rest(group, turn.now):
        lines.append(Text("postvention-posts-rest", {"date": f"{group.posts_rest:%Y-%m-%d}"}))
    card = Text("card", {"lines": tuple(lines)})
    return turn.answer(notice(card, Text("postvention-words"), group=name))


def _kept_and_told(turn: Turn, after: Group, told: Text) -> Outcome:
    said = turn.answer(notice(told, group=after.charter.name))
    kept = Outcome(puts=(after,)) + clock.watched(after)
    return kept + said + to_facilitators(turn, after, told, lead=True)


def _named(turn: Turn, group: Group) -> UserId | None:
    """Return the one member whom the message names by their whole name."""
    said = mentioned(turn.text)
    inside = (consent.user for consent in current(turn.state.consents, group))
    named = [user for user in inside if user.casefold() in said]
    return named[0] if len(named) == len(said) == 1 else None


def _values(group: Group, user: UserId) -> Values:
    return {"group": group.charter.name, "user": user}


_DOING: Mapping[str, Callable[[Turn, Group], Outcome]] = {
    "begin": _begin,
    "confirm": _confirm,
    "end": _end,
    "posts": _posts,
    "card": _card,
    "ask": _ask,
}
