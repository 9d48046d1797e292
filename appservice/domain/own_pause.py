"""A pause by somebody's own wish: begun by a word, ended by a word or by the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.asked import closed
from appservice.domain.buddies import wishing as buddies
from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import PauseEnded
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.pausing import paused, resumed
from appservice.domain.records import Consent, PauseReason
from appservice.domain.state import State
from appservice.domain.turn import Reply, Turn, in_chat
from appservice.domain.types import CauseId, GroupId, Text, UserId
from appservice.domain.which import name_of

LONGEST = timedelta(days=184)  # six months, whichever they are
TOPICS = ("pause", "pause-long", "return")
_STILL: Mapping[PauseReason, str] = {
    PauseReason.RULES: "still-paused-for-rules",
    PauseReason.CONDUCT: "still-paused-conduct",
}


def timer(user: UserId, group: GroupId) -> str:
    """Name the timer of a pause."""
    return f"pause {user} {group}"


def forgotten(consent: Consent) -> Outcome:
    """Forget the timer of whoever leaves while they are paused."""
    if PauseReason.OWN not in consent.pauses:
        return NOTHING
    return Outcome(effects=(Unwake(timer(consent.user, consent.group)),))


def is_paused(consent: Consent) -> bool:
    """Say whether somebody is paused by their own wish, and so is to be left in peace."""
    return PauseReason.OWN in consent.pauses


def begun(turn: Turn, groups: Sequence[Group], ends: datetime) -> Outcome:
    """Pause somebody in these groups until then; who is paused already gets the new end."""
    out = Outcome()
    for group, consent in _own(turn, groups):
        until = replace(consent, pause_ends=ends)
        if is_paused(consent):
            out += Outcome(puts=(until,))
        else:
            out += paused(group, until, PauseReason.OWN)
        wake = Wake(timer(turn.user, group.id), ends, PauseEnded(turn.user, group.id))
        out += Outcome(effects=(wake,)) + buddies.left(turn.state, turn.user, group.id, turn.now)
    told = {"groups": name_of(groups), "date": f"{ends:%Y-%m-%d %H:%M} UTC"}
    lines = (Text("paused-own", told), Text("paused-own-seen"))
    return out + _done(turn).answer(Reply("paused", lines, group=_only(groups)))


def come_back(turn: Turn, groups: Sequence[Group]) -> Outcome:
    """End the pause at once."""
    out, still = Outcome(), []
    for group, consent in _own(turn, groups):
        out += resumed(group, consent, PauseReason.OWN) + forgotten(consent)
        still.append((group, consent))
    return out + _done(turn).answer(_over("resumed-own", still))


def ended(state: State, event: PauseEnded, cause: CauseId, now: datetime) -> Outcome:
    """Look again: whoever is still paused by their own wish, and not for longer, can write."""
    consent, group = state.consent(event.user, event.group), state.groups.get(event.group)
    if consent is None or group is None or not is_paused(consent):
        return NOTHING
    if consent.pause_ends is not None and now < consent.pause_ends:
        wake = Wake(timer(event.user, event.group), consent.pause_ends, event)
        return Outcome(effects=(wake,))
    out = resumed(group, consent, PauseReason.OWN)
    turn = None if state.is_mourned(event.user) else in_chat(state, cause, now)
    return out if turn is None else out + turn.answer(_over("pause-over", [(group, consent)]))


def _own(turn: Turn, groups: Sequence[Group]) -> list[tuple[Group, Consent]]:
    consents = {consent.group: consent for consent in turn.consents()}
    return [(group, consents[group.id]) for group in groups if group.id in consents]


def _over(key: str, own: Sequence[tuple[Group, Consent]]) -> Reply:
    """Say that it is over; where another reason goes on, somebody stays paused all the same."""
    free = [group for group, consent in own if set(consent.pauses) <= {PauseReason.OWN}]
    lines = [Text(key, {"groups": name_of(free)})] if free else []
    for reason, still_key in _STILL.items():
        if still := [group for group, consent in own if reason in consent.pauses]:
            lines.append(Text(still_key, {"groups": name_of(still)}))
    return Reply("resumed", tuple(lines), group=_only([group for group, _ in own]))


def _done(turn: Turn) -> Turn:
    asked = turn.person.asked
    for topic in TOPICS:
        asked = closed(asked, topic, None)
    return replace(turn, person=replace(turn.person, asked=asked))


def _only(groups: Sequence[Group]) -> str | None:
    return groups[0].charter.name if len(groups) == 1 else None
