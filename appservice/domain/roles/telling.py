"""Where news of roles is said: in somebody's private chat, and to those who look after a group."""

from appservice.domain.group import Group
from appservice.domain.membership import chats_of, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn, in_chat_of
from appservice.domain.types import Text, UserId


def in_private(here: Turn, group: Group, user: UserId, reply: Reply) -> Outcome:
    """Say it in somebody's private chat, in their language, if they have one."""
    turn = chat_of(here, group, user)
    return NOTHING if turn is None else turn.answer(reply)


def chat_of(here: Turn, group: Group, user: UserId) -> Turn | None:
    """Return a turn in somebody's private chat; None if they have none."""
    consent = here.state.consent(user, group.id)
    agreed = consent.language if consent is not None else group.charter.language
    return in_chat_of(here, user, agreed)


def to_all_in_charge(
    state: State, group: Group, *lines: Text, but: tuple[UserId, ...] = ()
) -> Outcome:
    """Tell the facilitators, in their room or each one, and the lead in their private chat.

    `but`: who is told in other words, and so not in their private chat.
    """
    left_out = set(chats_of(state, but))
    places = (*places_of_facilitators(state, group), *chats_of(state, lead_of(group)))
    return notices([p for p in dict.fromkeys(places) if p not in left_out], group, *lines)


def lead_of(group: Group) -> tuple[UserId, ...]:
    """Return the lead, unless the facilitators' room is where they hear everything already."""
    lead = group.charter.lead
    heard = lead in group.charter.facilitators
    return () if lead is None or heard else (lead,)
