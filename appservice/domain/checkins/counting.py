"""A group's check-ins are counted: the totals are told once, and the answers are discarded."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.asked import closed
from appservice.domain.checkins.asking import TOPIC
from appservice.domain.checkins.forms import FORMS, OWN, counted, label, of_group, question
from appservice.domain.checkins.records import CheckIns
from appservice.domain.group import Group
from appservice.domain.group_life.timers import waking
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import calm_at, is_calm, posts_rest
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.totals_text import totals_text
from appservice.domain.types import CauseId, Matter, RoomKind, Text


def due(state: State, group: Group, _: CauseId, now: datetime) -> Outcome:
    """Tell the totals of each form, where five or more answered; of what goes, no word is kept."""
    kept = of_group(state, group)
    if kept.closes is None or group.stage == "closed":
        return NOTHING
    if now < kept.closes:
        return waking(group.id, Matter.CHECKINS, kept.closes)
    resting = posts_rest(group, now)  # answers are never kept for as long as that may last
    if not resting and not is_calm(group, now):
        return waking(group.id, Matter.CHECKINS, calm_at(group, now))
    discarded = Outcome(puts=(replace(kept, answers={}, closes=None),)) + _closed(state, kept)
    if group.stage != "open" or state.restored:  # after a restore it may have been told before
        return discarded
    return discarded + _told(state, group, kept, on_board=kept.on_board and not resting)


def _told(state: State, group: Group, kept: CheckIns, *, on_board: bool) -> Outcome:
    lines = []
    for form in (*FORMS, *((OWN,) if kept.options else ())):
        found = counted(form, kept)
        if found is not None:
            labels = {one: label(form, kept, one) for part in found.parts for one in part.choices}
            lines.append(Text("checkin-result-of", {"question": question(form, kept)}))
            lines += totals_text(found, labels)
    if not lines:
        return NOTHING
    title = Text("checkin-result", {"group": group.charter.name})
    board = group.rooms.get(RoomKind.NOTICEBOARD) if on_board else None
    places = (*places_of_facilitators(state, group), *((board,) if board else ()))
    card = Text("card", {"lines": (title, *lines)})
    return notices(places, group, card, Text("totals-how"), kind="result")


def _closed(state: State, kept: CheckIns) -> Outcome:
    """Let nobody's answer that was counted be changed any more: the next count is of others."""
    out = NOTHING
    for user in kept.answers:
        if (person := state.people.get(user)) is not None:
            asked = closed(person.asked, TOPIC, kept.group)
            out += Outcome(puts=(replace(person, asked=asked),))
    return out
