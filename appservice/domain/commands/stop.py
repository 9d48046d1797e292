"""stop: ends what we are in the middle of; I forget your answers."""

from dataclasses import replace

from appservice.domain.asked import let_go, waiting
from appservice.domain.checkins.answering import REACH
from appservice.domain.checkins.asking import TOPIC as CHECKIN
from appservice.domain.commands.check_in import check_ins_off
from appservice.domain.conduct import appealing
from appservice.domain.drafting import talk
from appservice.domain.flags import talk as flags
from appservice.domain.flags.asking import open_question
from appservice.domain.gate.application import abandoned, not_asked
from appservice.domain.orientation import stopped
from appservice.domain.outcome import Outcome
from appservice.domain.person import Person
from appservice.domain.roles.answers import declined, open_offer
from appservice.domain.roles.offering import TOPIC
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def stop(turn: Turn, rest: str) -> Outcome | None:
    """End the newest open dialogue; an application is deleted with it."""
    if rest:
        return _one_thing(turn, rest.casefold())
    person = replace(turn.person, asked=let_go(turn.person.asked))
    if open_question(turn) is not None:
        return flags.stopped(replace(turn, person=person))
    return _newest(turn, person)


def _newest(turn: Turn, person: Person) -> Outcome:
    if (own_words := _own_words(replace(turn, person=person))) is not None:
        return own_words
    applications, asked = turn.applications(), waiting(person.asked)
    is_offer = asked is not None and asked.topic == TOPIC
    if (is_offer or not applications) and (open_one := open_offer(turn)) is not None:
        return declined(replace(turn, person=person), *open_one)
    if not applications and person.tips is not None:
        return stopped(replace(turn, person=person))
    if not applications:
        return _nothing_else(replace(turn, person=person), asks_how=_asks_how(turn))
    ended = next(
        (a for a in applications if asked is not None and a.group == asked.group), applications[-1]
    )
    person = not_asked(person, ended.group)
    said = notice(Text("stopped"), group=turn.groups[ended.group].charter.name)
    return abandoned(turn.state, ended) + replace(turn, person=person).answer(said)


def _own_words(turn: Turn) -> Outcome | None:
    """End what somebody answers in their own words: an appeal, or the draft of a charter."""
    if (appeal := appealing.stopped(turn)) is not None:
        return appeal
    drafted = talk.waits(turn)
    return talk.later(turn, drafted) if drafted else None


def _nothing_else(turn: Turn, *, asks_how: bool) -> Outcome:
    return check_ins_off(turn) if asks_how else turn.answer(notice(Text("nothing-open")))


def _asks_how(turn: Turn) -> bool:
    """Say whether the newest question that is open here is how they are."""
    here = (one for one in reversed(turn.person.asked) if one.room == turn.room)
    newest = next((one for one in here if not one.answered), None)
    return newest is not None and newest.topic in (CHECKIN, REACH)


def _one_thing(turn: Turn, named: str) -> Outcome | None:
    if named in spellings(turn, "check-in"):
        return check_ins_off(turn)
    return stopped(turn) if named in spellings(turn, "tips") else None
