"""A pause: somebody reads on and cannot write, by a power that every client can show."""

from dataclasses import replace

from appservice.domain.effects import SetPowers
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Consent, PauseReason


def paused(group: Group, consent: Consent, reason: PauseReason) -> Outcome:
    """Pause a member; who is paused for two reasons is so until both have ended."""
    if reason in consent.pauses:
        return NOTHING
    with_it = replace(consent, pauses=(*consent.pauses, reason))
    muted = tuple(sorted({*group.muted, consent.user}))
    return Outcome(puts=(with_it,)) + _set(group, replace(group, muted=muted))


def resumed(group: Group, consent: Consent, reason: PauseReason) -> Outcome:
    """End a pause; the consent is kept in any case."""
    pauses = tuple(other for other in consent.pauses if other is not reason)
    ends = None if reason is PauseReason.OWN else consent.pause_ends
    kept = Outcome(puts=(replace(consent, pauses=pauses, pause_ends=ends),))
    return kept if pauses else kept + unmuted(group, consent)


def unmuted(group: Group, consent: Consent) -> Outcome:
    """Let somebody send again, or forget that they could not, when they are gone."""
    muted = tuple(user for user in group.muted if user != consent.user)
    return _set(group, replace(group, muted=muted))


def _set(before: Group, after: Group) -> Outcome:
    if before.muted == after.muted:
        return NOTHING
    powers = tuple(SetPowers(after.id, what) for what in after.rooms)
    return Outcome(puts=(after,), effects=powers)
