"""!confirm: makes the new identity of one of you count; talk with them first."""

from appservice.domain.effects import AcceptIdentity
from appservice.domain.facilitation import facilitated_here
from appservice.domain.membership import facilitating
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text, UserId


def confirm(turn: Turn, _: str) -> Outcome:
    """Vouch for the identity that the facilitators were last told of; never for one's own."""
    waiting = _waiting(turn)
    if not waiting:
        return turn.answer(notice(Text("confirm-nobody")))
    said = mentioned(turn.text)  # not in what follows the word: there the marks are gone
    named = [user for user in waiting if user.casefold() in said]
    if len(named) != 1:
        whom = Text("confirm-whom", {"names": ", ".join(waiting)})
        return turn.answer(Reply("refusal", (whom,)))
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
