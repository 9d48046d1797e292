"""How a member is asked to agree to changed rules, and told what follows."""

from dataclasses import replace
from datetime import datetime

from appservice.domain.application import Application
from appservice.domain.asked import closed
from appservice.domain.charter import Rules
from appservice.domain.effects import OpenChat
from appservice.domain.gate.messages import STATEMENT_RULES
from appservice.domain.ground_rules import differences
from appservice.domain.ground_rules.renewal import REMINDED, of, waking
from appservice.domain.ground_rules.versions import covers, texts_of, why_of
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Choice, Person
from appservice.domain.records import Consent, Renewal, Room
from appservice.domain.state import State
from appservice.domain.turn import Ask, Reply, Turn, in_chat_of
from appservice.domain.types import CauseId, Text, UserId, Values, verbatim

TOPIC = "renewal"
CONCERNED = "concerned"


def begin(here: Turn, group: Group, consent: Consent, due: datetime) -> Outcome:
    """Ask a member to agree by then; who is paused since the change before stays so.

    `here` is where the change was published.
    """
    number = group.charter.rules[0].version
    known = of(here.state, consent.user, group.id)
    if known is not None and known.paused:
        renewal = replace(known, version=number)
        return Outcome(puts=(renewal,)) + ask(here, group, consent, renewal)
    renewal = Renewal(consent.user, group.id, number, due, looked=here.now)
    return waking(renewal, due - REMINDED) + ask(here, group, consent, renewal)


def ask(here: Turn, group: Group, consent: Consent, renewal: Renewal) -> Outcome:
    """Ask in the member's private chat; who has none is invited to one, and asked in it."""
    if here.state.is_mourned(consent.user):
        return NOTHING
    turn = to_member(here, consent)
    if turn is None:
        return Outcome(effects=(OpenChat(consent.user),))
    return turn.answer(question(turn, group, renewal))


def in_new_chat(state: State, chat: Outcome, cause: CauseId, now: datetime) -> Outcome:
    """Ask what waits for somebody who has come into a private chat that counts from now on."""
    person = next((put for put in chat.puts if isinstance(put, Person)), state.person)
    room = next((put for put in chat.puts if isinstance(put, Room)), None)
    if person is None or room is None or not room.encrypted or person.chat != room.room:
        return NOTHING
    out = Outcome()
    for renewal in _awaited(state, person.user):
        consent = state.consent(person.user, renewal.group)
        language = person.language or (consent.language if consent else state.house.language)
        turn = Turn(state, room.room, person, language, cause, now)
        asked = turn.answer(question(turn, state.groups[renewal.group], renewal))
        person = next((put for put in asked.puts if isinstance(put, Person)), person)
        out += asked
    return out


def awaited(state: State, user: UserId) -> Renewal | None:
    """Return the newest question about changed rules that somebody has not answered."""
    return next(reversed(_awaited(state, user)), None)


def tell(here: Turn, consent: Consent | Application, reply: Reply) -> Outcome:
    """Say something in somebody's private chat, if they have one."""
    turn = to_member(here, consent)
    return NOTHING if turn is None else turn.answer(reply)


def tell_the_end(here: Turn, consent: Consent, reply: Reply) -> Outcome:
    """Say that an answer is not awaited any more, and close the question."""
    turn = to_member(here, consent)
    if turn is None:
        return NOTHING
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, consent.group))
    return replace(turn, person=person).answer(reply)


def to_member(here: Turn, consent: Consent | Application) -> Turn | None:
    """Return a turn in somebody's private chat; None if they have none."""
    return in_chat_of(here, consent.user, consent.language)


def question(turn: Turn, group: Group, renewal: Renewal, feedback: Text | None = None) -> Reply:
    """Make the message that asks: what changed and why, until when, and what follows."""
    name = group.charter.name
    why = why_of(turn.state, group)
    lines = [
        *([feedback] if feedback else []),
        Text("renewal-title", {"group": name, "version": group.charter.rules[0].version}),
        differences.between_all(_before(turn, group), group.charter.rules, turn.language),
        *([Text("renewal-why", {"why": verbatim(why)})] if why else []),
        Text("renewal-agree-ask"),
        Text("renewal-paused-now") if renewal.paused else Text("renewal-until", _until(renewal)),
    ]
    choices = [Choice("agree", STATEMENT_RULES, STATEMENT_RULES)]
    change = group.change
    if change is not None and change.is_pending(turn.now) and not change.suspended:
        lines.append(Text("renewal-concerned-ask"))
        choices.append(Choice(CONCERNED, Text("choice-concerned"), Text("choice-concerned-reply")))
    return Reply(
        kind="statement",
        lines=tuple(lines),
        parts=(*(("feedback",) if feedback else ()), "rule", "statement"),
        choices=tuple(choices),
        ask=Ask(TOPIC, group.id),
        group=name,
    )


def _awaited(state: State, user: UserId) -> list[Renewal]:
    """Return what waits for somebody's answer; while a change rests, nothing does."""
    return [
        renewal
        for renewal in state.renewals
        if renewal.user == user
        and renewal.group in state.groups
        and (consent := state.consent(user, renewal.group)) is not None
        and not covers(consent, state.groups[renewal.group])
    ]


def _until(renewal: Renewal) -> Values:
    return {"date": f"{renewal.due:%Y-%m-%d %H:%M} UTC"}


def _before(turn: Turn, group: Group) -> tuple[Rules, ...]:
    """Return the rules that somebody agreed to last, as far as they are known here."""
    consent = turn.state.consent(turn.user, group.id)
    agreed = consent.rules_version if consent is not None else ""
    if (known := texts_of(turn.state, group, agreed)) is not None:
        return known
    return group.change.before if group.change is not None else group.charter.rules
