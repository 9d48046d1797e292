"""A member's concern about a change: how many there are suspends it, and is told to nobody.

From eight members on, a quarter suspends the change until it was talked about. Below that a number
would tell who it was: there the first one opens a talk, and the days run on.
"""

from dataclasses import replace

from appservice.domain.ground_rules.renewal import in_group, resting
from appservice.domain.ground_rules.versions import covers
from appservice.domain.group import Change, Group
from appservice.domain.membership import chats_of, current, places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

COUNTED = 8  # members from which on a share can be counted
SHARE = 4  # one in so many suspends


def concerned(turn: Turn, group: Group) -> Outcome:
    """Keep a concern; the question stays open, and no answer is a bad one."""
    change, name = group.change, group.charter.name
    if change is None or change.suspended or not change.is_pending(turn.now):
        return turn.answer(notice(Text("concern-too-late", {"group": name}), group=name))
    members = {consent.user for consent in current(turn.state.consents, group)}
    counted = len(members) >= COUNTED
    what_now = Text("concern-counted" if counted else "concern-what-now")
    heard = turn.answer(notice(Text("concern-heard"), what_now, group=name))
    said = tuple(dict.fromkeys((*change.concerned, turn.user)))
    with_it = replace(change, concerned=said, talked=change.talked or not counted)
    if with_it == change:
        return heard
    kept = replace(group, change=with_it)
    if not counted:
        told = Outcome() if change.talked else _talk(turn, kept)
        return Outcome(puts=(kept,)) + told + heard
    if len(members & set(said)) * SHARE < len(members):
        return Outcome(puts=(kept,)) + heard
    return suspended(turn, kept, with_it) + heard


def suspended(turn: Turn, group: Group, change: Change) -> Outcome:
    """Let the rules before count again until the change was talked about."""
    charter = replace(group.charter, rules=change.before)
    kept = replace(group, charter=charter, change=replace(change, suspended=True))
    out = Outcome(puts=(kept,))
    for renewal in in_group(turn.state, group.id):
        consent = turn.state.consent(renewal.user, group.id)
        if consent is None or covers(consent, kept):  # else they owe an answer to those before
            out += resting(renewal)
    name = {"group": group.charter.name}
    facilitators = places_of_facilitators(turn.state, group)
    members = chats_of(turn.state, (c.user for c in current(turn.state.consents, group)))
    out += notices(facilitators, group, Text("change-suspended-facilitators", name))
    others = (chat for chat in members if chat not in facilitators)
    return out + notices(others, group, Text("change-suspended", name))


def _talk(turn: Turn, group: Group) -> Outcome:
    """Tell the facilitators that somebody is concerned, and hand them words for the circle."""
    lines = (Text("concern-talk"), Text("concern-for-the-circle"))
    return notices(places_of_facilitators(turn.state, group), group, *lines)
