"""!help: lists the words for facilitators; !help meetings tells what each does."""

from collections.abc import Iterable, Mapping

from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spellings, spoken
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

TOPICS: Mapping[str, tuple[str, ...]] = {
    "help-founding": ("!draft", "!sign", "!open"),
    "help-people": (
        *("!invite", "!applicants", "!accept", "!waitlist", "!decline"),
        *("!confirm", "!underage"),
    ),
    "help-meetings": (
        *("!meeting", "!reminders", "!coming", "!agenda", "!topics", "!done"),
        *("!queue", "!next", "!timer", "!times", "!joint"),
    ),
    "help-together": (
        "!poll",
        "!checkin",
        "!feedback",
        "!did",
        "!question",
        "!resource",
        "!theme",
    ),
    "help-cases": ("!cases", "!case", "!take", "!join"),
    "help-rules": ("!rules", "!lifetime"),
    "help-conduct": (
        *("!talk", "!remind", "!warn", "!pause", "!unpause", "!remove", "!let-in", "!record"),
        *("!yes", "!undo", "!second", "!redact", "!redact-all", "!hush"),
        *("!confirm-ban", "!appeal"),
    ),
    "help-team": ("!role", "!handover", "!resign", "!revoke", "!training", "!off", "!on"),
    "help-hard": ("!words", "!plan", "!drill", "!learned", "!postvention"),
    "help-duty": ("!page", "!away", "!rota", "!swap", "!test-page", "!red-paging"),
    "help-limits": ("!limits", "!redirect", "!professionals"),
    "help-group": ("!quiet", "!wake", "!grow", "!split", "!close", "!reviewed"),
}
LISTED = ("!help", *(word for words in TOPICS.values() for word in words))


def facilitator_help(turn: Turn, rest: str) -> Outcome | None:
    """List the words by topic, or those of one topic with what each does."""
    if not rest:
        topics = (
            Text("help-topic", {"topic": Text(topic), "words": _spoken(turn, words)})
            for topic, words in TOPICS.items()
        )
        lines = (Text("facilitator-help-title"), *topics)
        return turn.answer(notice(Text("card", {"lines": lines}), Text("facilitator-help-how")))
    for topic, words in TOPICS.items():
        if rest.casefold() in spellings(turn, topic):
            each = (Text(f"about-{word}") for word in words)
            return turn.answer(notice(Text("card", {"lines": (Text(topic), *each)})))
    return None


def _spoken(turn: Turn, words: Iterable[str]) -> str:
    return ", ".join(spoken(turn, word) for word in words)
