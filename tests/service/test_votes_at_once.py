"""Several who vote at the same moment, on both databases: no vote is lost."""

import asyncio
from datetime import timedelta

from appservice.domain.events import PollAnswered
from appservice.domain.group import Group
from appservice.domain.person import Asked, Choice, Person
from appservice.domain.polls.poll import How, Poll, Stage
from appservice.domain.records import Consent, Room
from appservice.domain.types import (
    Assurance,
    CauseId,
    EffectId,
    EventId,
    GroupId,
    RoomId,
    RoomKind,
    UserId,
    verbatim,
)
from appservice.errors import StorageError
from appservice.service.handle import handle
from appservice.service.load import Known
from appservice.store import Store
from tests.store.conftest import NOON, HandClock
from tests.support.story import example, house, words

PEOPLE = [UserId(f"@{number}:hs") for number in range(8)]
GROUP = Group(GroupId("g"), "open", example(), NOON)
POLL = Poll(
    id="tea",
    group=GROUP.id,
    number=1,
    question="Tea?",
    options=("Yes", "No"),
    how=How.SINGLE,
    stage=Stage.OPEN,
    since=NOON,
    minutes=60,
    by=PEOPLE[0],
    closes=NOON + timedelta(hours=1),
)
CHOICES = tuple(Choice(number, verbatim(number), verbatim(number)) for number in ("1", "2"))


def consent(user: UserId) -> Consent:
    """A consent that counts, whatever was agreed to."""
    return Consent(
        user=user,
        group=GROUP.id,
        given=NOON,
        language="en",
        rules_version="1.0.0",
        rules_hash="",
        rules_statement="",
        rules_event=EventId("$"),
        data_statement="",
        data_event=EventId("$"),
        age_confirmed=18,
        admitted=True,
    )


async def asked(store: Store) -> None:
    """A group with a vote, and everybody asked in their chat."""
    async with store.begin() as work:
        await work.put(GROUP)
        await work.put(POLL)
        for user in PEOPLE:
            room, poll = RoomId(f"!{user}"), EffectId(f"poll {user}")
            question = Asked(
                EffectId(f"text {user}"), POLL.topic, GROUP.id, "", CHOICES, room=room, poll=poll
            )
            await work.put(Room(room, RoomKind.CHAT, None, user, encrypted=True, members=(user,)))
            await work.put(Person(user, chat=room, greeted=True, asked=(question,)))
            await work.put(consent(user))


async def test_votes_of_the_same_moment_all_count(store: Store, clock: HandClock) -> None:
    await asked(store)
    known = Known(house(), words())

    async def vote(user: UserId) -> None:
        event, poll = EventId(f"$vote-{user}"), EffectId(f"poll {user}")
        voted = PollAnswered(RoomId(f"!{user}"), user, event, poll, ("1",), Assurance.SIGNED)
        while True:  # as the inbox does, until it is not overtaken
            try:
                async with store.begin() as work:
                    await handle(work, known, CauseId(event), [voted], clock.now())
            except StorageError:
                await asyncio.sleep(0.01)
            else:
                return

    await asyncio.gather(*(vote(user) for user in PEOPLE))
    async with store.begin() as work:
        poll = await work.get(Poll, POLL.key)
    assert poll is not None
    assert poll.votes == dict.fromkeys(PEOPLE, ("1",))
