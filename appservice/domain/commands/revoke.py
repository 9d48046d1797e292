"""!revoke: takes a facilitator's place away; it needs the lead and one of you."""

from appservice.domain.facilitation import facilitated_first, in_charge_here
from appservice.domain.group import Group
from appservice.domain.membership import facilitates, leads
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import Outcome
from appservice.domain.roles import revoking
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId


def revoke(turn: Turn, rest: str) -> Outcome:
    """Take the first word, or the second one within a day."""
    found = facilitated_first(turn, rest, in_charge_here(turn))
    if isinstance(found, Text):
        return turn.refuse(found)
    group, _ = found
    user = _facilitator(turn, group)
    if user is None:
        return _refused(turn, group, "revoke-whom")
    if user == turn.user:
        return _refused(turn, group, "revoke-self")
    if leads(user, group) or not revoking.may_ask(group, turn.user, user):
        return _refused(turn, group, "revoke-operator")
    name = group.charter.name
    values = {"user": user, "group": name}
    if revoking.first_word(turn, group, user) is None:
        said = turn.answer(notice(Text("revoke-heard", values), group=name))
        return revoking.asked_for(turn, group, user) + said
    _, out = revoking.revoked(turn, group, user)
    return out + turn.answer(notice(Text("revoked", values), group=name))


def _facilitator(turn: Turn, group: Group) -> UserId | None:
    said = mentioned(turn.text)
    named = [user for user in group.charter.named if facilitates(user, group)]
    found = [user for user in named if user.casefold() in said]
    return found[0] if len(said) == 1 and found else None


def _refused(turn: Turn, group: Group, key: str) -> Outcome:
    return turn.refuse(Text(key), group=group)
