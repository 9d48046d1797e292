"""New ground rules as facilitators write them, read and checked before anybody is asked."""

import re
from dataclasses import replace

from appservice.domain.charter import Rule, Rules
from appservice.domain.founding import faults_of_rules
from appservice.domain.gate.rules_text import rule_line
from appservice.domain.group import Group, Proposal
from appservice.domain.types import Text

_RULE = re.compile(r"(\d{1,2})[.)]\s+([^:\n]+):\s+(.+)", re.DOTALL)
_BEGINS = re.compile(r"^\s*(?=\d{1,2}[.)]\s)", re.MULTILINE)


def proposed(group: Group, language: str, written: str) -> Group | tuple[Text, ...]:
    """Take one rule (`7. Title: text`), or all of them; return the faults if there are any.

    A single rule takes the place of the one with its number, or is added. Several are the whole
    text. Core rules stay as they are: their numbers, their words and their questions.
    """
    base = text_in(group, language)
    if base is None:
        return (_no_text(group, language),)
    rules = [_read(part) for part in _BEGINS.split(written) if part.strip()]
    if not rules or None in rules:
        return (Text("proposal-not-read"),)
    written_rules = [rule for rule in rules if rule is not None]
    if len(written_rules) == 1:
        number = written_rules[0].number
        others = [rule for rule in base.rules if rule.number != number]
        written_rules = [*others, *written_rules]
    return _kept(group, base, written_rules)


def without(group: Group, language: str, number: int) -> Group | tuple[Text, ...]:
    """Take a rule out."""
    base = text_in(group, language)
    if base is None:
        return (_no_text(group, language),)
    left = [rule for rule in base.rules if rule.number != number]
    if len(left) == len(base.rules):
        return (Text("proposal-no-such-rule", {"number": number}),)
    return _kept(group, base, left)


def text_in(group: Group, language: str) -> Rules | None:
    """Return the text that a proposal goes on from: the proposed one, else the present one."""
    proposed_texts = group.proposal.rules if group.proposal is not None else ()
    for rules in (*proposed_texts, *group.charter.rules):
        if rules.language == language:
            return rules
    return None


def languages_left(group: Group, proposal: Proposal) -> tuple[str, ...]:
    """Return the languages in which the proposal has another set of rules than elsewhere."""
    wanted = {rules.language: rules for rules in proposal.rules}
    numbers = [{rule.number for rule in rules.rules} for rules in proposal.rules]
    if any(one != numbers[0] for one in numbers):
        return tuple(sorted(wanted))
    return tuple(
        rules.language
        for rules in group.charter.rules
        if rules.language not in wanted and rules.language not in proposal.dropped
    )


def _kept(group: Group, base: Rules, rules: list[Rule]) -> Group | tuple[Text, ...]:
    core = {rule.number: rule for rule in base.rules if rule.core is not None}
    changed = [core[r.number] for r in rules if r.number in core and not _same(r, core[r.number])]
    gone = [rule for number, rule in core.items() if number not in {r.number for r in rules}]
    if changed or gone:
        staying = sorted({*changed, *gone}, key=lambda rule: rule.number)
        return tuple(Text("proposal-core-stays", {"rule": rule_line(rule)}) for rule in staying)
    whole = [core.get(rule.number, rule) for rule in rules]
    after = replace(base, rules=tuple(sorted(whole, key=lambda rule: rule.number)))
    if faults := faults_of_rules(after):
        return faults
    proposal = group.proposal or Proposal(())
    others = tuple(text for text in proposal.rules if text.language != base.language)
    dropped = tuple(language for language in proposal.dropped if language != base.language)
    return replace(group, proposal=replace(proposal, rules=(*others, after), dropped=dropped))


def _read(part: str) -> Rule | None:
    found = _RULE.fullmatch(part.strip())
    if found is None:
        return None
    number, title, text = (" ".join(words.split()) for words in found.groups())
    return Rule(int(number), title, text)


def _same(rule: Rule, core: Rule) -> bool:
    return (rule.title, rule.text) == (core.title, core.text)


def _no_text(group: Group, language: str) -> Text:
    there = ", ".join(rules.language for rules in group.charter.rules)
    return Text("proposal-no-language", {"language": language, "languages": there})
