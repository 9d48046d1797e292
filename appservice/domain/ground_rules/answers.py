"""What a member answers when they are asked to agree to changed rules."""

from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.gate.messages import STATEMENT_RULES, hash_of, proof
from appservice.domain.gate.record import given
from appservice.domain.gate.walk import seems_meant
from appservice.domain.ground_rules.asking import CONCERNED, TOPIC, awaited, question
from appservice.domain.ground_rules.concern import concerned
from appservice.domain.ground_rules.renewal import ended, of
from appservice.domain.ground_rules.versions import covers
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.pausing import resumed
from appservice.domain.person import Asked, Person
from appservice.domain.records import Consent, PauseReason, Renewal
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import EventId, Text


def answered(turn: Turn, asked: Asked, choice: str) -> Outcome | None:
    """Take an answer; None if nothing is asked any more."""
    group = turn.groups.get(asked.group) if asked.group is not None else None
    if group is None:
        return None
    renewal, consent = of(turn.state, turn.user, group.id), turn.state.consent(turn.user, group.id)
    if renewal is None or consent is None:
        return None
    spoken = replace(turn, language=asked.language)
    if group.change is not None and group.change.suspended:
        if covers(consent, group):
            rests = Text("change-suspended", {"group": group.charter.name})
            return spoken.answer(notice(rests, group=group.charter.name))
        if any(choice.id == CONCERNED for choice in asked.choices):  # of the change that rests
            return spoken.answer(question(spoken, group, renewal))
    if choice == CONCERNED:
        return concerned(spoken, group)
    return _agreed(spoken, group, consent, renewal)


def unclear(turn: Turn, asked: Asked) -> Outcome | None:
    """Ask for the sentence again if the text seems meant as one; None if it does not."""
    group = turn.groups.get(asked.group) if asked.group is not None else None
    renewal = of(turn.state, turn.user, group.id) if group is not None else None
    if asked.topic != TOPIC or group is None or renewal is None:
        return None
    if not seems_meant(turn, asked):
        return None
    spoken = replace(turn, language=asked.language)
    return spoken.answer(question(spoken, group, renewal, Text("statement-again")))


def _agreed(turn: Turn, group: Group, consent: Consent, renewal: Renewal) -> Outcome:
    language = turn.language
    version, digest = hash_of(group, language)
    renewed = replace(
        consent,
        given=turn.now,
        language=language,
        rules_version=version,
        rules_hash=digest,
        rules_statement=turn.state.words.say(STATEMENT_RULES, language),
        rules_event=EventId(turn.event),
        agreed=tuple(dict.fromkeys((*consent.agreed, consent.rules_version))),
    )
    rules_line, _ = given(renewed)
    lines = [proof("receipt-renewed", renewed, group)]
    if PauseReason.RULES in consent.pauses:
        lines.append(Text("renewal-resumed", {"group": group.charter.name}))
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, group.id))
    said = Reply("receipt", tuple(lines), group=group.charter.name)
    answer = replace(turn, person=person).answer(said)
    return (
        ended(renewal)
        + Outcome(puts=(renewed,), entries=(rules_line,))
        + resumed(group, renewed, PauseReason.RULES)
        + answer
        + _next(turn, renewal, answer)
    )


def _next(turn: Turn, done: Renewal, answer: Outcome) -> Outcome:
    """Ask about another group whose rules changed too: the same sentence is for one of them."""
    left = tuple(renewal for renewal in turn.state.renewals if renewal != done)
    other = awaited(replace(turn.state, renewals=left), turn.user)
    if other is None:
        return NOTHING
    person = next((put for put in answer.puts if isinstance(put, Person)), turn.person)
    again = replace(turn, person=person)
    return again.answer(question(again, turn.groups[other.group], other))
