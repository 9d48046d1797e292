"""A newcomer's first message in the circle that nobody answers, if they have allowed us to look.

What is looked at is who wrote when; no word of a circle can be read here. Without the option
nothing is kept or looked at. With it: that the first message is awaited, then when it came, until
somebody has answered or the facilitators were told.
"""

from datetime import datetime, timedelta

from appservice.domain.effects import SeekAnswer, Unwake, Wake
from appservice.domain.events import AnswerSought, CircleSpoke, NewcomerDue
from appservice.domain.membership import facilitates, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Consent, Newcomer
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.types import GroupId, RoomId, RoomKind, Text, UserId

OPTION = "newcomer"  # among Consent.options
UNANSWERED = timedelta(hours=6)
AWAITED = timedelta(days=30)  # whoever has not written by then is new no more


def timer(user: UserId, group: GroupId) -> str:
    """Name the timer of a newcomer."""
    return f"newcomer {user} {group}"


def followed(state: State, outcome: Outcome, now: datetime) -> Outcome:
    """Return what follows from consents that change: the option came, or it went."""
    changed = {put.key: put for put in outcome.puts if isinstance(put, Consent)}
    gone = [drop for drop in outcome.drops if isinstance(drop, Consent)]
    if not changed and not gone:
        return NOTHING
    before = {consent.key: consent for consent in state.consents}
    out = NOTHING
    for key, consent in changed.items():
        had, has = _allows(before.get(key)), _allows(consent)
        if has and not had:
            out += _awaited(state, consent, now)
        elif had and not has:
            out += _forgotten(consent)
    for consent in gone:
        out += _forgotten(consent) if _allows(before.get(consent.key)) else NOTHING
    return out


def spoke(state: State, event: CircleSpoke, now: datetime) -> Outcome:
    """Keep when somebody wrote for the first time, and look six hours later."""
    for newcomer in state.newcomers:
        if newcomer.circle != event.room or newcomer.waiting is not None:
            continue
        if _consent(state, newcomer) is None:
            return _dropped(newcomer)
        return _waking(newcomer, min(event.at, now))
    return NOTHING


def due(state: State, event: NewcomerDue, now: datetime) -> Outcome:
    """Look again: six hours have gone by, or a month in which they did not write."""
    newcomer = _of(state, event.user, event.group)
    if newcomer is None:
        return NOTHING
    if _consent(state, newcomer) is None:
        return _dropped(newcomer)
    at = _due(newcomer)
    if now < at:
        return Outcome(effects=(Wake(timer(event.user, event.group), at, event),))
    if newcomer.waiting is None:
        return _dropped(newcomer)
    seek = SeekAnswer(event.user, event.group, newcomer.circle, newcomer.waiting)
    return Outcome(effects=(seek,))


def sought(state: State, event: AnswerSought) -> Outcome:
    """Tell the facilitators if nobody has answered; either way it is over."""
    newcomer, group = _of(state, event.user, event.group), state.groups.get(event.group)
    if newcomer is None or newcomer.waiting is None:
        return NOTHING
    done = _dropped(newcomer)
    if event.answered or group is None or _consent(state, newcomer) is None:
        return done
    text = Text("newcomer-waits", {"group": group.charter.name})
    return done + notices(places_of_facilitators(state, group), group, text)


def _awaited(state: State, consent: Consent, now: datetime) -> Outcome:
    group = state.groups.get(consent.group)
    circle = group.rooms.get(RoomKind.CIRCLE) if group is not None else None
    if group is None or circle is None or facilitates(consent.user, group):
        return NOTHING
    newcomer = Newcomer(consent.user, consent.group, circle, since=now)
    return _kept(newcomer)


def _waking(newcomer: Newcomer, at: datetime) -> Outcome:
    since = newcomer.since
    return _kept(Newcomer(newcomer.user, newcomer.group, newcomer.circle, since, waiting=at))


def _kept(newcomer: Newcomer) -> Outcome:
    event = NewcomerDue(newcomer.user, newcomer.group)
    wake = Wake(timer(newcomer.user, newcomer.group), _due(newcomer), event)
    return Outcome(puts=(newcomer,), effects=(wake,))


def _due(newcomer: Newcomer) -> datetime:
    if newcomer.waiting is None:
        return newcomer.since + AWAITED
    return newcomer.waiting + UNANSWERED


def _dropped(newcomer: Newcomer) -> Outcome:
    unwake = Unwake(timer(newcomer.user, newcomer.group))
    return Outcome(drops=(newcomer,), effects=(unwake,))


def _forgotten(consent: Consent) -> Outcome:
    """Forget whatever was kept for the option; a record is found by its key alone."""
    return _dropped(Newcomer(consent.user, consent.group, RoomId(""), consent.given))


def _of(state: State, user: UserId, group: GroupId) -> Newcomer | None:
    return next((n for n in state.newcomers if (n.user, n.group) == (user, group)), None)


def _consent(state: State, newcomer: Newcomer) -> Consent | None:
    consent = state.consent(newcomer.user, newcomer.group)
    return consent if _allows(consent) and not state.is_mourned(newcomer.user) else None


def _allows(consent: Consent | None) -> bool:
    return consent is not None and consent.withdrawn is None and OPTION in consent.options
