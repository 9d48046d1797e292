"""Ground rules and charter as texts, and the hash that a consent is given to."""

import hashlib

from appservice.domain.charter import Charter, Rule, Rules
from appservice.domain.group import Group
from appservice.domain.types import Text, verbatim


def rules_in(charter: Charter, language: str) -> Rules:
    """Return the rules in a language, else in the group's own (the first)."""
    return rules_of(charter.rules, language)


def rules_of(texts: tuple[Rules, ...], language: str) -> Rules:
    """Return the text in a language, else the first."""
    return next((rules for rules in texts if rules.language == language), texts[0])


def version_of(group: Group) -> str:
    """Return the number of the rules that somebody who comes now agrees to."""
    return group.charter.rules[0].version


def canonical(rules: Rules) -> str:
    """Return the text that is hashed: version, language, then `number. title: text` per line."""
    lines = [f"{rule.number}. {rule.title}: {rule.text}" for rule in rules.rules]
    return "\n".join((f"{rules.version} {rules.language}", *lines))


def rules_hash(rules: Rules) -> str:
    """Return the SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(rules).encode()).hexdigest()


def rule_line(rule: Rule) -> Text:
    """Say one rule."""
    words = f"{rule.number}. {rule.title}: {rule.text}"
    return verbatim(words)


def rule_lines(rules: tuple[Rule, ...]) -> Text:
    """Say several rules, one per line."""
    return Text("card", {"lines": tuple(rule_line(rule) for rule in rules)})


def charter_card(charter: Charter) -> Text:
    """Say what a group is, in its founders' words."""
    return Text(
        "charter-card",
        {
            "title": charter.title,
            "purpose": charter.purpose,
            "for_whom": charter.for_whom,
            "not_for_whom": charter.not_for_whom,
            "what_happens": charter.what_happens,
            "hours": charter.hours,
            "zone": charter.zone,
        },
    )
