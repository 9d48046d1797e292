"""!help: lists the words for facilitators."""

from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

LISTED = (
    *("!help", "!draft", "!sign", "!open", "!confirm", "!rules", "!lifetime", "!underage"),
    *("!role", "!handover", "!resign", "!revoke", "!training", "!off", "!on"),
    *("!quiet", "!wake", "!grow", "!split", "!close", "!reviewed"),
    "!poll",
    *("!invite", "!applicants", "!accept", "!waitlist", "!decline"),
    *("!resource", "!theme"),
    *("!agenda", "!topics", "!done", "!queue", "!next", "!timer"),
    *("!times", "!joint"),
    *("!checkin", "!question", "!feedback", "!did"),
    "!meeting",
    *("!coming", "!reminders"),
)


def facilitator_help(turn: Turn, rest: str) -> Outcome | None:
    """List each word with what it does."""
    if rest:
        return None
    lines = tuple(Text(f"about-{word}") for word in LISTED)
    return turn.answer(notice(Text("card", {"lines": (Text("facilitator-help-title"), *lines)})))
