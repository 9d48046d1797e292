"""feedback WORDS: a line to your facilitators without your name; feedback off: no questions."""

from appservice.domain.feedback.asking import wants
from appservice.domain.feedback.records import NoFeedback
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text
from appservice.domain.unsigned.preview import previewed


def feedback(turn: Turn, rest: str) -> Outcome | None:
    """Switch the questions after meetings on or off, or preview a line; alone it tells how."""
    if not rest:
        return turn.answer(notice(Text("feedback-how")))
    word = subcommand(turn, rest, "checkin", ("on", "off"))
    if word is None or word[1]:
        return previewed(turn, "line", "feedback")
    own = [consent.group for consent in turn.consents()]
    if not own:
        return turn.answer(notice(Text("unsigned-no-group")))
    if word[0] == "off":
        puts = tuple(NoFeedback(turn.user, group) for group in own)
        return Outcome(puts=puts) + turn.answer(notice(Text("feedback-off")))
    kept = tuple(NoFeedback(turn.user, g) for g in own if not wants(turn.state, turn.user, g))
    return Outcome(drops=kept) + turn.answer(notice(Text("feedback-on")))
