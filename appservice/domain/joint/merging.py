"""The charter of a session: of all that two groups have agreed to, the stricter."""

from dataclasses import replace

from appservice.domain.charter import Charter, Rule, Rules
from appservice.domain.gate.rules_text import rules_of
from appservice.domain.membership import facilitators
from appservice.domain.types import Size, UserId

VERSION = "1.0.0"


def merged(one: Charter, other: Charter) -> Charter:
    """Return the charter under which two groups meet.

    The rules of both hold, the higher age, the shorter lifetime of messages; accounts of other
    servers can take part only if both groups let them.
    """
    name = name_of(one.name, other.name)
    return Charter(
        name=name,
        title=name,
        purpose="",
        for_whom="",
        not_for_whom="",
        what_happens="",
        hours="",
        zone=one.zone,
        language=one.language,
        country=one.country,
        minimum_age=max(one.minimum_age, other.minimum_age),
        size=Size.SMALL,
        federated=one.federated and other.federated,
        facilitators=facilitators_of(one, other),
        lead=None,
        rules=_rules(one, other),
        crisis_plan=(),
        message_lifetime=min(
            filter(None, (one.message_lifetime, other.message_lifetime)), default=0
        ),
    )


def name_of(one: str, other: str) -> str:
    """Return the visible name of a session; no group can have it."""
    return f"{one} + {other}"


def facilitators_of(one: Charter, other: Charter) -> tuple[UserId, ...]:
    """Return who facilitates a session: those of both."""
    return tuple(dict.fromkeys((*facilitators(one), *facilitators(other))))


def new_rules(own: Charter, session: Charter, language: str) -> tuple[Rule, ...]:
    """Return the rules of a session that are not those of somebody's own group."""
    known = {_words(rule) for rule in rules_of(own.rules, language).rules}
    rules = rules_of(session.rules, language).rules
    return tuple(rule for rule in rules if _words(rule) not in known)


def _rules(one: Charter, other: Charter) -> tuple[Rules, ...]:
    """Put the rules of both together, in each language that one of them has."""
    languages = dict.fromkeys(text.language for text in (*one.rules, *other.rules))
    return tuple(
        Rules(
            VERSION,
            language,
            _union(rules_of(one.rules, language), rules_of(other.rules, language)),
        )
        for language in languages
    )


def _union(one: Rules, other: Rules) -> tuple[Rule, ...]:
    by_words = {_words(rule): rule for rule in (*other.rules, *one.rules)}
    ordered = dict.fromkeys(_words(rule) for rule in (*one.rules, *other.rules))
    return tuple(
        replace(by_words[words], number=number, question=None)
        for number, words in enumerate(ordered, start=1)
    )


def _words(rule: Rule) -> tuple[str, str]:
    return " ".join(rule.title.split()), " ".join(rule.text.split())
