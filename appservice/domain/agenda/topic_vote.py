"""The vote on topics: three dots each, in private, hidden until it is closed."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.agenda import topics as kept
from appservice.domain.agenda.nearest import nearest
from appservice.domain.agenda.shown import topics_of
from appservice.domain.agenda.topics import DOTS, Topics, listed, tally
from appservice.domain.asked import closed as shut
from appservice.domain.effects import ClosePoll, Message
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import Occurrence
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Asked, Choice, Person
from appservice.domain.prompts import awake_at, is_in_red, wants_any, zone_of
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Ask, Ballot, Reply, Turn, notice
from appservice.domain.types import Text, UserId, verbatim

TOPIC = "topic-vote"
BEFORE = timedelta(hours=24)  # a meeting the vote for it is closed
FEWEST = 2  # topics; with one there is nothing to choose


def asked(turn: Turn, group: Group) -> Outcome:
    """Ask somebody who wrote that they want to vote."""
    topics = topics_of(turn.state, group.id)
    open_ones = listed(topics)
    name = group.charter.name
    if len(open_ones) < FEWEST:
        return turn.answer(notice(Text("topics-too-few"), group=name))
    choices = tuple(
        Choice(str(one.number), verbatim(one.title), verbatim(one.title)) for one in open_ones
    )
    question = Text("topics-vote", {"group": name, "dots": DOTS})
    return turn.answer(
        Reply(
            "poll",
            (),
            choices=choices,
            ask=Ask(TOPIC, group.id),
            group=name,
            poll=Ballot("poll", question, DOTS),
        )
    )


def voted(turn: Turn, question: Asked, choices: tuple[str, ...]) -> Outcome:
    """Take somebody's dots, in the place of earlier ones; none: they take theirs back."""
    group = turn.groups.get(question.group) if question.group is not None else None
    member = group is not None and turn.state.consent(turn.user, group.id) is not None
    topics = topics_of(turn.state, group.id) if group is not None else None
    offered = {int(choice.id) for choice in question.choices}
    if topics is None or not member or not any(one.number in offered for one in listed(topics)):
        over = replace(turn, person=_shut(turn.person, question))
        return over.answer(notice(Text("poll-over")))
    votes = {user: dots for user, dots in topics.votes.items() if user != turn.user}
    votes |= {turn.user: choices} if choices else {}
    key = "topics-voted" if choices else "topics-unvoted"
    done = Outcome(puts=(replace(topics, votes=votes),))
    return done + turn.answer(notice(Text(key)))


def closed(here: Turn, group: Group, occurrence: Occurrence) -> tuple[Outcome, State]:
    """Put what most people want onto the agenda of a meeting; return what is known after it.

    Without any vote nothing is closed: the topics stay for the next time. What lost is told to
    the facilitators once, with its dots, and forgotten.
    """
    topics = topics_of(here.state, group.id)
    if not any(one.dots for one in tally(topics)):
        return NOTHING, here.state
    done = kept.closed(topics, occurrence.meeting.number, occurrence.was)
    others = tuple(one for one in here.state.all_rhythm() if one != topics)
    state = replace(here.state, rhythm=(*others, done))
    places = places_of_facilitators(here.state, group)
    out = Outcome(puts=(done,)) + notices(places, group, _counts(topics), kind="result")
    for user in topics.votes:
        out += _told(here, group, user, _counts(topics))
    return out, state


def closed_by_hand(turn: Turn, group: Group) -> Outcome | Text:
    """Close it before its time; a text says why not."""
    occurrence = nearest(turn.state, group.id, turn.now)
    if occurrence is None:
        return Text("agenda-no-meeting")
    out, _ = closed(turn, group, occurrence)
    return Text("topics-no-votes") if out == NOTHING else out


def _counts(topics: Topics) -> Text:
    counted = tuple(
        Text("agenda-topic", {"title": verbatim(one.title), "dots": one.dots})
        for one in tally(topics)
    )
    return Text("card", {"lines": (Text("topics-result"), *counted)})


def _told(here: Turn, group: Group, user: UserId, counts: Text) -> Outcome:
    """End somebody's poll; who wants nothing unasked or is asleep learns of it when they ask."""
    person = here.person if here.user == user else here.state.people.get(user)
    if person is None:
        return NOTHING
    open_ones = [
        one for one in person.asked if (one.topic, one.group) == (TOPIC, group.id) and one.poll
    ]
    over = Outcome(puts=(replace(person, asked=shut(person.asked, TOPIC, group.id)),))
    awake = awake_at(person, zone_of(person, group), here.now) == here.now
    if not awake or not wants_any(person, here.now) or is_in_red(here.state, user):
        return over
    for one in open_ones:
        if one.answered or one.poll is None or one.room != person.chat or one.room is None:
            continue
        said = Message("result", (counts,), one.language, ("result",), group=group.charter.name)
        over += Outcome(effects=(ClosePoll(one.room, one.poll, said),))
    return over


def _shut(person: Person, question: Asked) -> Person:
    return replace(person, asked=shut(person.asked, TOPIC, question.group))
