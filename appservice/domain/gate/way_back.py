"""The short way back for whoever was taken out by the clock, since they had not agreed in time.

They are shown what changed since the rules that they agreed to, and write both sentences again.
"""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.gate import too_young
from appservice.domain.gate.application import begin
from appservice.domain.gate.messages import AGREE
from appservice.domain.gate.passing import is_full
from appservice.domain.gate.walk import ask, go_on
from appservice.domain.group import Group
from appservice.domain.membership import may_apply
from appservice.domain.outcome import Outcome
from appservice.domain.records import Consent
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text

OPEN_FOR = timedelta(days=90)


def open_to(turn: Turn) -> tuple[Consent, ...]:
    """Return the ended consents from which one word leads back."""
    return tuple(
        consent
        for consent in _removed(turn)
        if consent.withdrawn is not None and turn.now <= consent.withdrawn + OPEN_FOR
    )


def was_removed(turn: Turn) -> bool:
    """Say whether somebody was taken out by the clock, however long ago."""
    return bool(_removed(turn))


def begun(turn: Turn, group: Group, consent: Consent) -> Outcome:
    """Begin, or go on; the age is asked only where the group is for older people by now.

    Facilitators had their word when somebody came first; a place must be free all the same.
    """
    name = group.charter.name
    if (application := turn.application(group.id)) is not None:
        return go_on(turn, application)
    if not may_apply(turn.user, group, turn.now) or is_full(turn.state, group):
        said = Reply("refusal", (Text("return-not-now", {"group": name}),), group=name)
        return turn.answer(said)
    if (refused := too_young.refused(turn, group)) is not None:
        return refused
    old_enough = consent.age_confirmed >= group.charter.minimum_age
    application = begin(turn, group, step=AGREE if old_enough else 1)
    return ask(turn, replace(application, since=consent.rules_version, trusted=True))


def _removed(turn: Turn) -> tuple[Consent, ...]:
    return tuple(
        consent
        for consent in turn.state.consents
        if consent.user == turn.user
        and consent.removed_for_rules
        and consent.withdrawn is not None
        and consent.group in turn.groups
    )
