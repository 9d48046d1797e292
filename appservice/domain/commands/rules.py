"""rules: shows the ground rules of your groups; rules 1.0.0 shows those of an older version."""

import re

from appservice.domain.application import Application
from appservice.domain.charter import Rules
from appservice.domain.gate.rules_text import rule_lines, rules_in, rules_of
from appservice.domain.outcome import Outcome
from appservice.domain.records import Consent
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text

_VERSION = re.compile(r"\d+\.\d+\.\d+")


def rules(turn: Turn, rest: str) -> Outcome | None:
    """Show the rules in the language that was agreed to."""
    if rest and not _VERSION.fullmatch(rest):
        return None
    records = turn.memberships()
    if not records:
        return turn.answer(notice(Text("rules-none")))
    texts = [(record, _text(turn, record, rest)) for record in records]
    lines = [_card(turn, record, text) for record, text in texts if text is not None]
    if not lines:
        numbers = dict.fromkeys(version.number for version in turn.state.versions)
        return turn.answer(notice(Text("rules-no-version", {"versions": ", ".join(numbers)})))
    return turn.answer(Reply("rule", tuple(lines)))


def _text(turn: Turn, record: Consent | Application, number: str) -> Rules | None:
    if not number:
        return rules_in(turn.groups[record.group].charter, record.language)
    for version in turn.state.versions:
        if (version.group, version.number) == (record.group, number):
            return rules_of(version.rules, record.language)
    return None


def _card(turn: Turn, record: Consent | Application, text: Rules) -> Text:
    name = turn.groups[record.group].charter.name
    title = Text("rules-title", {"group": name, "version": text.version})
    return Text("card", {"lines": (title, rule_lines(text.rules))})
