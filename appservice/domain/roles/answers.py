"""What somebody answers who was offered a role."""

from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.charter import GroupRole
from appservice.domain.effects import Admit, SetPowers
from appservice.domain.group import Group, Offer
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked
from appservice.domain.roles.named import NAMES, given
from appservice.domain.roles.offering import TOPIC, kept, of, over, said_of, stands
from appservice.domain.roles.telling import in_private, to_all_in_charge
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import RoomKind, Text

_NEXT = {
    GroupRole.GREETER: Text("role-greeter-next"),
    GroupRole.TECH: Text("role-tech-next"),
    GroupRole.FACILITATOR: Text("role-facilitator-next"),
    GroupRole.LEAD: Text("role-lead-next"),
}


def answered(turn: Turn, asked: Asked, choice: str) -> Outcome:
    """Take a yes or a no, if the offer is still open and those who made it still could."""
    over_now = Reply("refusal", (Text("role-offer-over"),))
    if asked.answered:  # perhaps to the question before the one that is open now
        return turn.answer(over_now)
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, asked.group))
    done = replace(turn, person=person, language=asked.language)
    group = turn.groups.get(asked.group) if asked.group is not None else None
    offer = of(group, turn.user) if group is not None else None
    if group is None or offer is None or not _is_open(turn, group, offer):
        return done.answer(over_now)
    if choice != "yes":
        return declined(turn, group, offer)
    if turn.identity_changed:
        text = Text("role-identity", {"user": turn.user})
        return turn.refuse(text, group=group)
    return _accepted(done, group, offer)


def open_offer(turn: Turn) -> tuple[Group, Offer] | None:
    """Return what waits for this member's answer."""
    for group in turn.groups.values():
        offer = of(group, turn.user)
        if offer is not None and _is_open(turn, group, offer):
            return group, offer
    return None


def declined(turn: Turn, group: Group, offer: Offer) -> Outcome:
    """Say thank you for a no; whoever made the offer is told, and nobody else."""
    name = group.charter.name
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, group.id))
    turn = replace(turn, person=person)
    out = over(group, offer) + turn.answer(notice(Text("role-declined-own"), group=name))
    if offer.by is None:
        return out
    told = notice(Text("role-declined", said_of(group, offer)), group=name)
    return out + in_private(turn, group, offer.by, told)


def _is_open(turn: Turn, group: Group, offer: Offer) -> bool:
    member = turn.state.consent(turn.user, group.id) is not None
    asked = not offer.waits_for_second and not offer.accepted
    return member and asked and turn.now < offer.expires and stands(offer, group)


def _accepted(turn: Turn, group: Group, offer: Offer) -> Outcome:
    """Let the charter name them; in a handover the old one goes only once the new one is in."""
    is_handover = offer.replaces is not None and offer.role is GroupRole.FACILITATOR
    named = replace(group, charter=given(group.charter, turn.user, offer.role))
    if is_handover:
        out = Outcome(puts=(kept(named, replace(offer, accepted=True)),))
    else:
        out = over(named, offer)
    if offer.role in (GroupRole.FACILITATOR, GroupRole.LEAD):
        out += Outcome(effects=tuple(SetPowers(group.id, what) for what in group.rooms))
    if offer.role is GroupRole.FACILITATOR:
        room = group.rooms.get(RoomKind.FACILITATORS)
        admit = Admit(turn.user, group.id, () if room is None else (room,))
        out += Outcome(effects=(admit,))
    name = group.charter.name
    lines = (Text("role-yours", {"role": NAMES[offer.role], "group": name}), _NEXT[offer.role])
    out += turn.answer(Reply("handover", lines, group=name))
    told = Text("role-accepted", said_of(group, offer))
    old = group.charter.lead
    if offer.role is not GroupRole.LEAD or old in (None, turn.user):
        return out + to_all_in_charge(turn.state, named, told, but=(turn.user,))
    thanks = Text("role-lead-handed-over-own", said_of(group, offer))
    out += in_private(turn, named, old, Reply("handover", (thanks,), group=name))
    return out + to_all_in_charge(turn.state, named, told, but=(turn.user, old))
