"""After a restore: who may have told us something that the older copy does not know hears of it.

A reporter may hold a receipt for a flag that is gone. Nobody would ever see it, so everybody is
asked to send theirs again.
"""

from datetime import datetime

from appservice.domain.events import GroupSetBack, PersonSetBack
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import zone_of
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import in_chat, notice
from appservice.domain.types import CauseId, Moment, Text


def group(state: State, event: GroupSetBack) -> Outcome:
    """Tell the facilitators since when things may be missing, and what the next case is called."""
    one = state.groups.get(event.group)
    if one is None or one.stage == "closed":
        return NOTHING
    since = Moment(event.since, one.charter.zone)
    case = f"C-{state.numbering.last + 1}"
    told = Text("set-back-facilitators", {"since": since, "case": case})
    return notices(places_of_facilitators(state, one), one, told)


def person(state: State, event: PersonSetBack, cause: CauseId, now: datetime) -> Outcome:
    """Ask somebody to send again what they have flagged since."""
    turn = in_chat(state, cause, now)
    if turn is None or turn.room != event.room or state.is_mourned(event.user):
        return NOTHING
    groups = sorted(state.groups.values(), key=lambda one: one.id)
    since = Moment(event.since, zone_of(turn.person, groups[0] if groups else None))
    return turn.answer(notice(Text("set-back-person", {"since": since})))
