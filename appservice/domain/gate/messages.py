"""The seven messages of the gate, each made from the group as it is now."""

from appservice.domain.application import Application
from appservice.domain.charter import Rule
from appservice.domain.gate.privacy import privacy_card
from appservice.domain.gate.rules_text import (
    charter_card,
    rule_line,
    rule_lines,
    rules_hash,
    rules_in,
    version_of,
)
from appservice.domain.ground_rules import differences
from appservice.domain.ground_rules.versions import texts_of, why_of
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.person import Choice
from appservice.domain.records import Consent
from appservice.domain.turn import PROGRAM, Ask, Reply, Turn
from appservice.domain.types import NameTells, Text, verbatim

FIRST_QUESTION, LAST_QUESTION, AGREE = 2, 4, 5
STATEMENT_RULES = Text("statement-rules")
STATEMENT_DATA = Text("statement-data")
HASH_SHOWN = 12  # hex digits of the hash that a receipt shows


def question(application: Application, group: Group, turn: Turn, feedback: Text | None) -> Reply:
    """Make the message of the application's step, after `feedback` on the answer before."""
    rules = rules_in(group.charter, application.language)
    match application.step:
        case 1:
            return _age(application, group, turn)
        case step if step <= LAST_QUESTION:
            return _core_rule(group, rules.asked[step - 2], step, feedback)
        case step if step == AGREE and application.since:
            return _agree_to_rules(group, _changes(application, group, turn), feedback)
        case step if step == AGREE:
            return _agree_to_rules(group, (rule_lines(rules.others),), feedback)
        case _:
            return _consent_to_data(group, feedback)


def name_is_told(application: Application, turn: Turn) -> bool:
    """Say whether this message tells, once, that the display name says who somebody is."""
    first = application.step == 1 and not application.name_told
    return first and turn.person.name_tells is not NameTells.NOTHING


def receipt(consent: Consent, group: Group, turn: Turn) -> Reply:
    """Make the last message: what was agreed to, numbers for a bad night, and the invitation."""
    numbers = lines_for(turn.state.house, country_of(turn.person, (group,)))
    return Reply(
        kind="receipt",
        lines=(
            proof("receipt", consent, group),
            Text("card", {"lines": (Text("numbers-bad-night"), *numbers)}),
            Text("options-off" if turn.person.tips != group.id else "options-off-tips"),
            Text("invited", {"group": group.charter.name}),
        ),
        parts=("receipt", "options", "invited"),
        group=group.charter.name,
        step="7/7",
    )


def proof(key: str, consent: Consent, group: Group) -> Text:
    """Say what was agreed to: version, seal, time, language, and the words that were written."""
    return Text(
        key,
        {
            "version": consent.rules_version,
            "hash": consent.rules_hash[:HASH_SHOWN],
            "time": f"{consent.given:%Y-%m-%d %H:%M} UTC",
            "language": rules_in(group.charter, consent.language).language,
            "rules_statement": verbatim(consent.rules_statement),
            "data_statement": verbatim(consent.data_statement),
        },
    )


def hash_of(group: Group, language: str) -> tuple[str, str]:
    """Return version and hash of the rules that somebody reads in this language."""
    rules = rules_in(group.charter, language)
    return rules.version, rules_hash(rules)


def _age(application: Application, group: Group, turn: Turn) -> Reply:
    charter = group.charter
    lines = [PROGRAM, charter_card(charter), _card(group, turn)]
    if turn.language not in {rules.language for rules in charter.rules}:
        lines.append(Text("rules-not-translated", {"language": charter.rules[0].language}))
    if name_is_told(application, turn):
        lines.append(Text("name-tells", {"what": _LOOKS_LIKE[turn.person.name_tells]}))
    lines.append(Text("age-ask", {"age": charter.minimum_age}))
    return Reply(
        kind="age",
        lines=tuple(lines),
        parts=("program", "charter", "privacy_card", "age"),
        choices=(
            Choice("yes", Text("choice-yes"), Text("choice-yes-reply")),
            Choice("no", Text("choice-no"), Text("choice-no-reply")),
        ),
        ask=Ask("gate", group.id),
        group=charter.name,
        step="1/7",
    )


_LOOKS_LIKE = {
    NameTells.EMAIL: Text("name-email"),
    NameTells.PHONE: Text("name-phone"),
    NameTells.FULL: Text("name-full"),
}


def _card(group: Group, turn: Turn) -> Text:
    return privacy_card(group, turn.state.house, turn.state.marks)


def _core_rule(group: Group, rule: Rule, step: int, feedback: Text | None) -> Reply:
    asked = rule.question
    if asked is None:
        message = "A core rule without a question; founding refuses such charters."
        raise ValueError(message)
    choices = (
        Choice(str(number), verbatim(answer), verbatim(str(number)))
        for number, answer in enumerate(asked.answers, start=1)
    )
    return Reply(
        kind="question",
        lines=_after(feedback, rule_line(rule), verbatim(asked.ask)),
        parts=_parts(feedback, "rule", "question"),
        choices=tuple(choices),
        ask=Ask("gate", group.id),
        group=group.charter.name,
        step=f"{step}/7",
    )


def _changes(application: Application, group: Group, turn: Turn) -> tuple[Text, ...]:
    """Say what has changed since the rules that somebody agreed to; else all rules."""
    now, language = group.charter.rules, application.language
    known = {"group": group.charter.name, "version": version_of(group)}
    before = texts_of(turn.state, group, application.since)
    if before is None:
        return Text("return-rules", known), rule_lines(rules_in(group.charter, language).rules)
    why = why_of(turn.state, group)
    return (
        Text("return-changes", {**known, "since": application.since}),
        differences.between_all(before, now, language),
        *([Text("renewal-why", {"why": verbatim(why)})] if why else []),
    )


def _agree_to_rules(group: Group, shown: tuple[Text, ...], feedback: Text | None) -> Reply:
    return Reply(
        kind="statement",
        lines=_after(feedback, *shown, Text("rules-agree-ask")),
        parts=_parts(feedback, "rule", "statement"),
        choices=(Choice("agree", STATEMENT_RULES, STATEMENT_RULES),),
        ask=Ask("gate", group.id),
        group=group.charter.name,
        step="5/7",
    )


def _consent_to_data(group: Group, feedback: Text | None) -> Reply:
    return Reply(
        kind="statement",
        lines=_after(feedback, Text("data-card"), Text("data-consent-ask")),
        parts=_parts(feedback, "statement"),
        choices=(Choice("agree", STATEMENT_DATA, STATEMENT_DATA),),
        ask=Ask("gate", group.id),
        group=group.charter.name,
        step="6/7",
    )


def _after(feedback: Text | None, *lines: Text) -> tuple[Text, ...]:
    return lines if feedback is None else (feedback, *lines)


def _parts(feedback: Text | None, *parts: str) -> tuple[str, ...]:
    return parts if feedback is None else ("feedback", *parts)
