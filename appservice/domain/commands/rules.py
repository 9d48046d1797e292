"""rules: shows the ground rules of your groups."""

from appservice.domain.gate.rules_text import rule_lines, rules_in
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def rules(turn: Turn, rest: str) -> Outcome | None:
    """Show the rules in the language that was agreed to."""
    if rest:
        return None
    lines: list[Text] = []
    for record in turn.memberships():
        charter = turn.groups[record.group].charter
        own = rules_in(charter, record.language)
        title = Text("rules-title", {"group": charter.name, "version": own.version})
        lines.append(Text("card", {"lines": (title, rule_lines(own.rules))}))
    if not lines:
        return turn.answer(notice(Text("rules-none")))
    return turn.answer(Reply("rule", tuple(lines)))
