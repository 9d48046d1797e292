"""Several who vote at the same moment, on both databases: no vote is lost."""

from datetime import timedelta

from appservice.domain.events import PollAnswered
from appservice.domain.group import Group
from appservice.domain.person import Asked, Choice, Person
from appservice.domain.polls.poll import How, Poll, Stage
from appservice.domain.types import Assurance, EffectId, EventId, GroupId, UserId, verbatim
from appservice.store import Store
from tests.service.at_once import all_at_once, chat_of, knows
from tests.store.conftest import NOON, HandClock
from tests.support.agreed import agreed
from tests.support.story import example

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


async def asked(store: Store) -> None:
    """A group with a vote, and everybody asked in their chat."""
    async with store.begin() as work:
        await work.put(GROUP)
        await work.put(POLL)
        for user in PEOPLE:
            room, poll = chat_of(user), EffectId(f"poll {user}")
            question = Asked(
                EffectId(f"text {user}"), POLL.topic, GROUP.id, "", CHOICES, room=room, poll=poll
            )
            await knows(work, Person(user, asked=(question,)))
            await work.put(agreed(user, GROUP.id, NOON, admitted=True))


def voted(user: UserId) -> PollAnswered:
    event, poll = EventId(f"$vote-{user}"), EffectId(f"poll {user}")
    return PollAnswered(chat_of(user), user, event, poll, ("1",), Assurance.SIGNED)


async def test_votes_of_the_same_moment_all_count(store: Store, clock: HandClock) -> None:
    await asked(store)
    await all_at_once(store, clock, [voted(user) for user in PEOPLE])
    async with store.begin() as work:
        poll = await work.get(Poll, POLL.key)
    assert poll is not None
    assert poll.votes == dict.fromkeys(PEOPLE, ("1",))
