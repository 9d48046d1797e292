"""What changed between two versions of ground rules, and how that is said."""

from dataclasses import dataclass

from appservice.domain.charter import Rule, Rules
from appservice.domain.gate.rules_text import rule_line, rules_of
from appservice.domain.types import Text


@dataclass(frozen=True)
class Difference:
    """Rules that came, went, or read differently now; by number."""

    new: tuple[Rule, ...]
    gone: tuple[Rule, ...]
    changed: tuple[Rule, ...]  # as they read now

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed)

    @property
    def adds_or_removes(self) -> bool:
        """Tell whether it is more than other words for the same rules."""
        return bool(self.new or self.gone)


def between(before: Rules, after: Rules) -> Difference:
    """Compare two texts in the same language."""
    old = {rule.number: rule for rule in before.rules}
    now = {rule.number: rule for rule in after.rules}
    return Difference(
        new=tuple(rule for number, rule in now.items() if number not in old),
        gone=tuple(rule for number, rule in old.items() if number not in now),
        changed=tuple(
            rule for number, rule in now.items() if number in old and old[number] != rule
        ),
    )


def between_all(before: tuple[Rules, ...], after: tuple[Rules, ...], language: str) -> Text:
    """Say what changed, in a language, or in the group's own where that has no text."""
    return said(between(rules_of(before, language), rules_of(after, language)))


def said(difference: Difference) -> Text:
    """Say it line by line; a rule that reads differently is said as it reads now."""
    named = (
        ("rule-new", difference.new),
        ("rule-changed", difference.changed),
        ("rule-gone", difference.gone),
    )
    lines = tuple(Text(key, {"rule": rule_line(rule)}) for key, rules in named for rule in rules)
    return Text("card", {"lines": lines or (Text("rules-as-before"),)})
