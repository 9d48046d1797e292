"""What the clock does about a change of the rules: reminders, a pause, a kind end.

Fourteen days; a word at 14, 7 and 1 days. Then a pause, never an agreement by silence; thirty days
later a removal from which one word leads back. Each step is taken only after the one before it was
said, so that a clock that jumps, or an outage, takes nobody by surprise. Nothing runs while an
open care case names somebody.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from appservice.domain.departure import departed
from appservice.domain.events import RenewalDue
from appservice.domain.ground_rules.asking import ask, tell, tell_the_end
from appservice.domain.ground_rules.renewal import (
    LAST_WORD,
    PAUSED_FOR,
    REMINDED,
    ended,
    of,
    stood_still,
    waking,
)
from appservice.domain.ground_rules.versions import covers
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.pausing import paused
from appservice.domain.person import Person
from appservice.domain.records import Consent, PauseReason, Renewal
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import CauseId, RoomId, Text

DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Look:
    """One look at somebody who was asked."""

    here: Turn
    group: Group
    consent: Consent
    renewal: Renewal

    @property
    def now(self) -> datetime:
        return self.here.now

    def asks(self, renewal: Renewal) -> Outcome:
        return ask(self.here, self.group, self.consent, renewal)

    def tells(self, reply: Reply) -> Outcome:
        return tell(self.here, self.consent, reply)


def due(state: State, event: RenewalDue, cause: CauseId, now: datetime) -> Outcome:
    """Look again, and take the next step if its time has come."""
    renewal, group = of(state, event.user, event.group), state.groups.get(event.group)
    if renewal is None or group is None:
        return NOTHING
    consent = state.consent(event.user, event.group)
    if consent is None or covers(consent, group):
        return ended(renewal)
    if state.restored:  # perhaps they agreed after the copy was made
        return waking(renewal, now + DAY)
    if care := state.cared_for(event.user):
        return waking(stood_still(renewal, care.since, now), now + DAY)
    look = _Look(_turn(state, event, cause, now), group, consent, replace(renewal, looked=now))
    return _in_the_pause(look) if renewal.paused else _before_the_pause(look)


def _before_the_pause(look: _Look) -> Outcome:
    renewal, now = look.renewal, look.now
    if renewal.last_word and now >= renewal.due:
        change = look.group.change
        if change is not None and change.urgent and not change.ratified:
            return waking(renewal, now + DAY)  # it falls today unless somebody ratifies it
        return _paused(look)
    if now >= renewal.due - LAST_WORD:
        last = replace(renewal, last_word=True, due=max(renewal.due, now + LAST_WORD))
        return waking(last, last.due) + look.asks(last)
    if now >= renewal.due - REMINDED:
        return waking(renewal, renewal.due - LAST_WORD) + look.asks(renewal)
    return waking(renewal, renewal.due - REMINDED)


def _paused(look: _Look) -> Outcome:
    ends = look.now + PAUSED_FOR
    name = look.group.charter.name
    lines = (
        Text("paused-for-rules", {"group": name}),
        Text("paused-for-rules-until", {"date": f"{ends:%Y-%m-%d}"}),
    )
    return (
        waking(replace(look.renewal, paused=True, ends=ends), ends)
        + paused(look.group, look.consent, PauseReason.RULES)
        + look.tells(Reply("paused", lines, group=name))
    )


def _in_the_pause(look: _Look) -> Outcome:
    renewal, group = look.renewal, look.group
    if renewal.ends is not None and look.now < renewal.ends:
        return waking(renewal, renewal.ends)
    name = group.charter.name
    gone = departed(look.here, look.consent.user, group, for_rules=True)
    told = notice(Text("removed-for-rules", {"group": name}), group=name)
    return gone + tell_the_end(look.here, look.consent, told)


def _turn(state: State, event: RenewalDue, cause: CauseId, now: datetime) -> Turn:
    """Return where we stand when the clock acts: nowhere; everything is said in a private chat."""
    person = state.person or Person(event.user)
    return Turn(state, person.chat or RoomId(""), person, state.house.language, cause, now)
