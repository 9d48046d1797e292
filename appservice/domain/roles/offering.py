"""A role is offered: a second one stands for it where two are needed, then the member is asked."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from appservice.domain.charter import GroupRole
from appservice.domain.effects import OpenChat, Unwake, Wake
from appservice.domain.events import OfferExpired
from appservice.domain.group import Group, Offer
from appservice.domain.membership import facilitates, leads
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Choice, Person
from appservice.domain.records import Room
from appservice.domain.roles.named import NAMES
from appservice.domain.roles.telling import chat_of, in_private, to_all_in_charge
from appservice.domain.state import State
from appservice.domain.turn import Ask, Reply, Turn, notice, nowhere
from appservice.domain.types import CauseId, GroupId, Text, UserId, Values

TOPIC = "role"
LASTS = timedelta(days=7)
_ABOUT = {
    GroupRole.GREETER: Text("role-greeter-is"),
    GroupRole.TECH: Text("role-tech-is"),
    GroupRole.FACILITATOR: Text("role-facilitator-is"),
    GroupRole.LEAD: Text("role-lead-is"),
}


def of(group: Group, user: UserId) -> Offer | None:
    """Return what is offered to somebody in a group."""
    return next((offer for offer in group.team.offers if offer.user == user), None)


def offered(here: Turn, group: Group, offer: Offer) -> Outcome:
    """Keep an offer, and ask: first for a second word where two are needed, then the member."""
    wake = Wake(_timer(offer.user, group.id), offer.expires, OfferExpired(offer.user, group.id))
    group = kept(group, offer)
    out = Outcome(puts=(group,), effects=(wake,))
    if offer.waits_for_second:
        values = said_of(group, offer)
        return out + to_all_in_charge(
            here.state, group, Text("role-proposed", values), but=(here.user,)
        )
    return out + asks(here, group, offer)


def asks(here: Turn, group: Group, offer: Offer) -> Outcome:
    """Ask the member; who has no private chat is invited to one, and asked in it."""
    turn = chat_of(here, group, offer.user)
    if turn is None:
        return Outcome(effects=(OpenChat(offer.user),))
    return turn.answer(question(group, offer))


def in_new_chat(state: State, so_far: Outcome, cause: CauseId, now: datetime) -> Outcome:
    """Ask what waits for somebody who has come into a private chat, after what is asked there."""
    person, room = _newest(so_far, Person) or state.person, _newest(so_far, Room)
    if person is None or room is None or not room.encrypted or person.chat != room.room:
        return NOTHING
    out = Outcome()
    for group in state.groups.values():
        offer = of(group, person.user)
        if offer is not None and not offer.waits_for_second and not offer.accepted:
            here = replace(nowhere(state, cause, now), person=_newest(out, Person) or person)
            out += asks(here, group, offer)
    return out


def question(group: Group, offer: Offer) -> Reply:
    """Make the message that asks: what it is, and that no is a good answer."""
    key = "role-offered-place" if offer.replaces else "role-offered"
    if offer.by is None:
        key = "role-offered-by-operator"
    return Reply(
        kind="handover",
        lines=(
            Text(key, said_of(group, offer)),
            _ABOUT[offer.role],
            Text("role-ask", {"date": f"{offer.expires:%Y-%m-%d}"}),
        ),
        choices=(
            Choice("yes", Text("choice-yes"), Text("choice-yes-reply")),
            Choice("no", Text("choice-no"), Text("choice-no-reply")),
        ),
        ask=Ask(TOPIC, group.id),
        group=group.charter.name,
    )


def expired(state: State, event: OfferExpired, cause: CauseId, now: datetime) -> Outcome:
    """Look again; then the offer is over, and whoever made it is told so."""
    group = state.groups.get(event.group)
    offer = of(group, event.user) if group is not None else None
    if group is None or offer is None or now < offer.expires:
        return NOTHING
    out = Outcome(puts=(without(group, offer),))
    if offer.accepted or offer.by is None:
        return out
    told = notice(Text("role-unanswered", said_of(group, offer)), group=group.charter.name)
    return out + in_private(nowhere(state, cause, now), group, offer.by, told)


def kept(group: Group, offer: Offer) -> Group:
    """Keep an offer in the place of an older one to the same member."""
    others = tuple(other for other in group.team.offers if other.user != offer.user)
    return replace(group, team=replace(group.team, offers=(*others, offer)))


def without(group: Group, offer: Offer) -> Group:
    """Forget an offer; its timer looks again and finds none."""
    others = tuple(other for other in group.team.offers if other != offer)
    return replace(group, team=replace(group.team, offers=others))


def over(group: Group, offer: Offer) -> Outcome:
    """Forget an offer and its timer."""
    unwake = Unwake(_timer(offer.user, group.id))
    return Outcome(puts=(without(group, offer),), effects=(unwake,))


def stands(offer: Offer, group: Group) -> bool:
    """Say whether those who made an offer could still make it: nobody gives more than they are."""
    if offer.replaces is not None and offer.role is GroupRole.FACILITATOR:
        return offer.replaces in group.charter.facilitators
    if offer.by is None:
        return True
    if offer.role is GroupRole.LEAD:
        return leads(offer.by, group)
    words = [offer.by] if offer.second is None else [offer.by, offer.second]
    return all(may_offer(user, group, offer.role) for user in words)


def may_offer(user: UserId, group: Group, role: GroupRole) -> bool:
    """Say whether somebody may offer a role, alone or as one of two."""
    if role is GroupRole.LEAD:
        return leads(user, group)
    return facilitates(user, group) or leads(user, group)


def said_of(group: Group, offer: Offer) -> Values:
    """Return what fills the sentences about an offer."""
    return {
        "by": offer.by or "",
        "user": offer.user,
        "role": NAMES[offer.role],
        "group": group.charter.name,
    }


R = TypeVar("R", Person, Room)


def _newest(outcome: Outcome, kind: type[R]) -> R | None:
    return next((put for put in reversed(outcome.puts) if isinstance(put, kind)), None)


def _timer(user: UserId, group: GroupId) -> str:
    return f"offer {user} {group}"
