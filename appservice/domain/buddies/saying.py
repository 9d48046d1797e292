"""What is said to one member about buddies, unasked; looked at again before it is said."""

from datetime import datetime

from appservice.domain.buddies.buddy import Buddies, Half
from appservice.domain.buddies.matching import (
    ASK,
    FOUND,
    OFFER,
    best_for,
    buddies_of,
    matched,
    passed_on,
    prompt,
)
from appservice.domain.events import Admitted, PromptDue
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Choice
from appservice.domain.prompt_timers import fitting, waking
from appservice.domain.prompts import (
    CALM,
    has_room,
    welcome,
)
from appservice.domain.state import State
from appservice.domain.turn import Ask, Reply, notice
from appservice.domain.types import CauseId, Text

YES = Choice("yes", Text("choice-yes"), Text("choice-yes-reply"))
NO = Choice("no", Text("choice-no"), Text("choice-no-reply"))
ASKING, OFFERING = "buddy-ask", "buddy-offer"  # topics of questions


def arrived(state: State, event: Admitted, now: datetime) -> Outcome:
    """Offer a buddy to somebody who has just come in, a day later, if anybody has volunteered."""
    consent = state.consent(event.user, event.group)
    new = consent is not None and not consent.admitted
    if not new or not buddies_of(state, event.group).volunteers:
        return NOTHING
    return waking(prompt(event.user, event.group, OFFER), now + CALM)


def due(state: State, event: PromptDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again whether it is true still, whether they want to hear it, and are awake."""
    group = state.groups.get(event.group)
    if group is None:
        return NOTHING
    buddies, turn = buddies_of(state, group.id), welcome(state, event.user, group.id, cause, now)
    reply = _reply(state, group, buddies, event, now)
    if reply is None:
        return NOTHING
    counts = event.about != FOUND  # which they asked for
    if turn is None or (counts and not has_room(turn.person, now)):
        return _next(state, group, buddies, event, now)
    fits = fitting(turn, event, group, now, calm=True, counts=counts)
    return fits if isinstance(fits, Outcome) else fits.answer(reply)


def found(group: Group, half: Half) -> Reply:
    """Tell somebody whose buddy they are now."""
    name = group.charter.name
    values = {"user": half.other, "group": name, "date": f"{half.until:%Y-%m-%d}"}
    return notice(Text("buddy-found", values), Text("buddy-tips"), group=name)


def _reply(
    state: State, group: Group, buddies: Buddies, event: PromptDue, now: datetime
) -> Reply | None:
    """Return what is true still and may be said; None: nothing."""
    user, name = event.user, group.charter.name
    others = buddies.others(user, now)
    match event.about:
        case "offer":
            is_in = user in buddies.seeking or user in buddies.volunteers or others
            free = not is_in and best_for(state, group, buddies, user, now) is not None
            return _question("buddy-offer", OFFERING, group) if free else None
        case "ask":
            asked = buddies.asked(user) is not None
            return _question("buddy-ask", ASKING, group) if asked else None
        case "found":
            return found(group, others[-1]) if others else None
        case _:
            return notice(Text("buddy-over", {"group": name}), group=name)


def _next(
    state: State, group: Group, buddies: Buddies, event: PromptDue, now: datetime
) -> Outcome:
    """Ask somebody else instead of whoever is not to be asked now."""
    if event.about != ASK:
        return NOTHING
    return matched(state, group, passed_on(buddies, event.user), now)


def _question(key: str, topic: str, group: Group) -> Reply:
    name = group.charter.name
    lines = (Text(key, {"group": name}), Text("buddy-either-way"))
    asking = Ask(topic, group.id)
    return Reply("question", lines, choices=(YES, NO), ask=asking, group=name)
