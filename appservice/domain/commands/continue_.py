"""continue: repeats the open question, or sends your invitations once more."""

from appservice.domain.application import Application
from appservice.domain.asked import waiting
from appservice.domain.cases import alerts
from appservice.domain.conduct import appealing, doors
from appservice.domain.drafting import talk
from appservice.domain.flags import talk as flags
from appservice.domain.gate import too_young, walk
from appservice.domain.gate.application import begin
from appservice.domain.gate.passing import admitted_with
from appservice.domain.ground_rules.asking import awaited, question
from appservice.domain.outcome import Outcome
from appservice.domain.roles.answers import open_offer
from appservice.domain.roles.offering import question as role_question
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def go_on(turn: Turn, rest: str) -> Outcome | None:
    """Go on with the newest thing that waits for this member."""
    if rest:
        return None
    if flagged := flags.repeated(turn):
        return flagged
    if drafted := talk.waits(turn):
        return talk.go_on(turn, drafted)
    if appealing.is_worded(turn, waiting(turn.person.asked)):
        return appealing.begun(turn)
    if application := _open_application(turn):
        return walk.go_on(turn, application)
    return alerts.repeated(turn, waiting(turn.person.asked)) or _as_member(turn)


def _as_member(turn: Turn) -> Outcome:
    if renewal := awaited(turn.state, turn.user):
        return turn.answer(question(turn, turn.groups[renewal.group], renewal))
    if graces := [g for g in turn.state.graces if g.user == turn.user and g.group in turn.groups]:
        group = turn.groups[graces[-1].group]
        refused = too_young.refused(turn, group) or doors.refused(turn, group)
        return refused or walk.ask(turn, begin(turn, group))
    if (open_one := open_offer(turn)) is not None:
        return turn.answer(role_question(*open_one))
    if drafted := talk.left_for_later(turn):
        return talk.go_on(turn, drafted)
    if consents := turn.consents():
        names = ", ".join(turn.groups[consent.group].charter.name for consent in consents)
        again = turn.answer(notice(Text("invited-again", {"groups": names})))
        for consent in consents:
            again += admitted_with(consent, turn.groups[consent.group])
        return again
    return turn.answer(notice(Text("nothing-open")))


def _open_application(turn: Turn) -> Application | None:
    current = [a for a in turn.applications() if turn.now < a.expires]
    asked = waiting(turn.person.asked)
    if asked is not None:
        for application in current:
            if application.group == asked.group:
                return application
    return current[-1] if current else None
