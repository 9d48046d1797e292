"""!confirm: makes the new identity of one of you count, or agrees to a step of a case."""

from appservice.domain.cases.confirming import confirmed
from appservice.domain.cases.seeing import read_number
from appservice.domain.commands.case import meant
from appservice.domain.effects import AcceptIdentity
from appservice.domain.facilitation import facilitated_here
from appservice.domain.membership import facilitating
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId


def confirm(turn: Turn, rest: str) -> Outcome:
    """Agree to what a colleague wants done about a case, or vouch for a colleague's identity."""
    if read_number(rest) is None:
        return _vouched(turn)
    found = meant(turn, rest)
    return found if isinstance(found, Outcome) else confirmed(found[0])


def _vouched(turn: Turn) -> Outcome:
    """Let the identity count that the facilitators were last told of; never one's own."""
    waiting = _waiting(turn)
    if not waiting:
        return turn.answer(notice(Text("confirm-nobody")))
    said = mentioned(turn.text)  # not in what follows the word: there the marks are gone
    named = [user for user in waiting if user.casefold() in said]
    if len(named) != 1:
        whom = Text("confirm-whom", {"names": ", ".join(waiting)})
        return turn.refuse(whom)
    [user] = named
    accept = AcceptIdentity(user, waiting[user], by=turn.user)
    return turn.answer(notice(Text("confirm-heard", {"user": user}))) + Outcome(effects=(accept,))


def _waiting(turn: Turn) -> dict[UserId, str]:
    """Return whose new identity waits for a word, with its master key."""
    found = {}
    for group in facilitated_here(turn):
        for user in facilitating(turn.state, group):
            person = turn.state.people.get(user)
            if user != turn.user and person is not None and person.new_identity is not None:
                found[user] = person.new_identity
    return found
