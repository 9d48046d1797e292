"""Steps through the gate: from an answer to the next message, or to a consent."""

from dataclasses import replace

from appservice.domain.application import Application
from appservice.domain.asked import closed
from appservice.domain.choosing import is_number, statement_of
from appservice.domain.effects import Remove
from appservice.domain.gate import too_young
from appservice.domain.gate.application import abandoned, kept, not_asked
from appservice.domain.gate.messages import (
    AGREE,
    FIRST_QUESTION,
    LAST_QUESTION,
    name_is_told,
    question,
)
from appservice.domain.gate.passing import passed
from appservice.domain.gate.rules_text import rules_in, version_of
from appservice.domain.gate.statements import attempts
from appservice.domain.gate.waiting import ANSWERING, AWAITING, TOPIC, asking, standing, told
from appservice.domain.grace import over
from appservice.domain.group import Group
from appservice.domain.membership import may_apply
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Person
from appservice.domain.turn import Turn
from appservice.domain.types import EventId, Text, verbatim


def ask(turn: Turn, application: Application, feedback: Text | None = None) -> Outcome:
    """Keep the application, give it seven more days, and say its message.

    Where the rules have changed on the way, they are shown from the first one on.
    """
    group = turn.groups[application.group]
    if application.rules_version != version_of(group):
        if application.step > 1:
            feedback = Text("rules-changed-meanwhile")
        application = replace(
            application,
            step=min(application.step, _first_of_rules(application)),
            rules_agreed=None,
            rules_version=version_of(group),
        )
    spoken = replace(turn, language=application.language)
    reply = question(application, group, spoken, feedback)
    told = application.name_told or name_is_told(application, spoken)
    return kept(replace(application, name_told=told), turn.now) + spoken.answer(reply)


def anew(turn: Turn, application: Application, language: str) -> Outcome:
    """Ask in another language, from the beginning on, since the rules read anew."""
    step = 1 if application.step == 1 or not application.since else AGREE
    begun = replace(application, step=step, language=language, rules_agreed=None)
    return ask(turn, begun)


def go_on(turn: Turn, application: Application) -> Outcome:
    """Repeat what is open: a message of the gate, a question of the facilitators, or the wait."""
    group = turn.groups[application.group]
    match application.step:
        case step if step == AWAITING:
            return standing(turn, application, group)
        case step if step == ANSWERING:
            return asking(turn, application, group)
        case step:
            return ask(turn, replace(application, step=max(step, 1)))


def skipped(turn: Turn, asked: Asked) -> Outcome | None:
    """Go on without an answer to a question of the facilitators; None if none is awaited."""
    application = _answering(turn, asked)
    if application is None:
        return None
    return _shut(turn, application) or told(turn, application, skipped=True)


def is_worded(turn: Turn, asked: Asked | None) -> bool:
    """Say whether a text may be somebody's own words to a question of the facilitators."""
    return asked is not None and _answering(turn, asked) is not None


def heard(turn: Turn, asked: Asked) -> Outcome | None:
    """Take somebody's own words to a question of the facilitators; None if none are awaited."""
    application = _answering(turn, asked)
    return None if application is None else _shut(turn, application) or told(turn, application)


def answered(turn: Turn, asked: Asked, choice: str) -> Outcome | None:
    """Take an answer; None if the application is gone."""
    application = _application(turn, asked)
    if application is None or asked.step != f"{application.step}/7":
        return None
    if (shut := _shut(turn, application)) is not None:
        return shut
    done, group = replace(turn, person=_close(turn, asked)), turn.groups[application.group]
    if application.step > 1 and application.rules_version != version_of(group):
        return ask(done, application)
    return _next(done, application, choice)


def unclear(turn: Turn, asked: Asked) -> Outcome | None:
    """Ask for the sentence again if the text seems meant as one; None if it does not."""
    application = _application(turn, asked)
    if asked.topic != "gate" or application is None or not seems_meant(turn, asked):
        return None
    return ask(turn, application, Text("statement-again"))


def seems_meant(turn: Turn, asked: Asked) -> bool:
    """Say whether a text seems meant as the sentence that is to be written, and is not it."""
    statement = statement_of(asked)
    if statement is None:
        return False
    words, language = turn.state.words, asked.language
    folded = turn.text.strip(" .!?\"'").casefold()
    short = words.synonyms("yes", language) | words.synonyms("no", language)
    sentence = words.say(statement.reply, language)
    return folded in short or is_number(turn.text) or attempts(turn.text, sentence)


def _next(turn: Turn, application: Application, choice: str) -> Outcome:
    match application.step:
        case 1 if choice != "yes":
            return _declined(turn, application)
        case 1:
            return ask(turn, replace(application, step=_first_of_rules(application)))
        case step if step <= LAST_QUESTION:
            return _checked(turn, application, choice)
        case step if step == AGREE:
            agreed = replace(application, step=6, rules_agreed=EventId(turn.event))
            return ask(turn, agreed)
        case _:
            data = EventId(turn.event)
            return passed(turn, replace(application, data_agreed=data, agreed=turn.now))


def _first_of_rules(application: Application) -> int:
    """Return the first step about the rules: who comes back is not asked questions again."""
    return AGREE if application.since else FIRST_QUESTION


def _application(turn: Turn, asked: Asked) -> Application | None:
    return turn.application(asked.group) if asked.group is not None else None


def _answering(turn: Turn, asked: Asked) -> Application | None:
    application = _application(turn, asked)
    if asked.topic != TOPIC or application is None or application.step != ANSWERING:
        return None
    return application


def _close(turn: Turn, asked: Asked) -> Person:
    return replace(turn.person, asked=closed(turn.person.asked, "gate", asked.group))


def _declined(turn: Turn, application: Application) -> Outcome:
    group = turn.groups[application.group]
    spoken = replace(turn, language=application.language)
    return (
        abandoned(turn.state, application)
        + _out_of(turn, group)
        + too_young.closed_to(turn.user, group.id, turn.now)
        + spoken.answer(too_young.kindly(spoken, group, "declined-age"))
    )


def _out_of(turn: Turn, group: Group) -> Outcome:
    """Take somebody out who was in the rooms already; with an open care case people do that."""
    if turn.state.cared_for(turn.user):
        return Outcome()
    out = Outcome()
    for grace in turn.state.graces:
        if (grace.user, grace.group) == (turn.user, group.id):
            out += over(grace)
            out += Outcome(effects=(Remove(turn.user, tuple(group.rooms.values())),))
    return out


def _checked(turn: Turn, application: Application, choice: str) -> Outcome:
    rules = rules_in(turn.groups[application.group].charter, application.language)
    asked = rules.asked[application.step - 2].question
    if asked is None or choice == str(asked.right + 1):
        return ask(turn, replace(application, step=application.step + 1), Text("feedback-right"))
    return ask(turn, application, Text("feedback-wrong", {"explain": verbatim(asked.explain)}))


def _shut(turn: Turn, application: Application) -> Outcome | None:
    """End a way in that was closed meanwhile, by a code taken back or by the group; else None."""
    group = turn.groups[application.group]
    open_to = may_apply(turn.user, group, turn.now) or _spared(turn, group)
    if open_to and not application.revoked:
        return None
    done = replace(turn, person=not_asked(turn.person, group.id))
    refused = done.refuse(Text("join-unknown"))
    return abandoned(turn.state, application) + refused


def _spared(turn: Turn, group: Group) -> bool:
    """Say whether somebody is in already, and only has to agree once more."""
    named = {(grace.user, grace.group) for grace in turn.state.graces}
    return group.stage == "quiet" and (turn.user, group.id) in named
