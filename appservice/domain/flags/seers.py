"""Who may come to see a flag, so that its reporter is told before they send it."""

from appservice.domain.cases.case import For
from appservice.domain.cases.seeing import is_open_to
from appservice.domain.group import Group
from appservice.domain.membership import chats_of, facilitating
from appservice.domain.state import State
from appservice.domain.types import Text, UserId


def seers(state: State, group: Group, visible: For, reporter: UserId) -> tuple[UserId, ...]:
    """Return who can be asked to look after it, other than the reporter."""
    found: tuple[UserId, ...]
    if visible is For.LEAD:
        lead = group.charter.lead
        found = (lead,) if lead is not None and chats_of(state, (lead,)) else ()
    else:
        found = facilitating(state, group)
    return tuple(u for u in found if u != reporter and is_open_to(state, group, visible, u))


def seen_by(state: State, group: Group, visible: For, reporter: UserId) -> Text:
    """Say by whom it will be seen, and by whom not."""
    name, count = group.charter.name, len(seers(state, group, visible, reporter))
    if visible is For.LEAD:
        return Text("flag-seen-lead", {"group": name})
    if count == 0:
        return Text("flag-seen-none", {"group": name})
    or_lead = _lead_may(state, group, visible, reporter)
    if count == 1:
        return Text("flag-seen-one-or-lead" if or_lead else "flag-seen-one", {"group": name})
    key = "flag-seen-but-lead" if visible is For.BUT_LEAD else "flag-seen"
    return Text("flag-seen-or-lead" if or_lead else key, {"group": name, "count": count})


def _lead_may(state: State, group: Group, visible: For, reporter: UserId) -> bool:
    """Say whether a lead who is no facilitator is asked too, if nobody else takes it."""
    lead = group.charter.lead
    if visible is not For.FACILITATORS or lead is None or lead == reporter:
        return False
    return lead not in facilitating(state, group) and bool(chats_of(state, (lead,)))


def lead_reads_links(state: State, group: Group) -> bool:
    """Say whether the lead is in the circle, where links lead to."""
    lead = group.charter.lead
    return lead is not None and state.consent(lead, group.id) is not None
