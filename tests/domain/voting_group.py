"""A group in which people vote: how it is made, and what is seen of its votes."""

from appservice.domain.polls.poll import Poll
from appservice.domain.types import UserId
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Heard, Story, example, replace

GROUP = f"group-{CODE}"
BOARD, TEAM = f"!noticeboard-{GROUP}", f"!facilitators-{GROUP}"
MIRA, JONAS = UserId("@mira:example.org"), UserId("@jonas:example.org")
MEMBERS = (ADA, BEN, MEI, ZOE)
READ = "!poll What shall we read? | A novel | Poems | Nothing"


def group_of(*members: UserId, size: str = "standard") -> Story:
    story = Story()
    story.founds(replace(example(size), facilitators=(MIRA, JONAS)))
    story.lets_in(MIRA, JONAS, *members)
    story.passes(days=8)  # no tips or greetings are left
    story.heard.clear()
    return story


def opens(story: Story, text: str = READ, by: UserId = MIRA) -> Poll:
    """Let a facilitator begin a vote, and everybody be asked."""
    shown = story.says(by, text)[0]
    assert [choice.id for choice in shown.message.choices] == ["yes", "no"], shown.body
    story.says(by, "yes")
    story.passes(minutes=10)
    return poll(story)


def poll(story: Story) -> Poll:
    return story.all(Poll)[-1]


def in_chat(story: Story, user: UserId) -> list[Heard]:
    return [heard for heard in story.heard if heard.room == story.person(user).chat]


def on_board(story: Story) -> list[Heard]:
    return [heard for heard in story.heard if heard.room == BOARD]


def votes(story: Story, **choices: str) -> None:
    users = {"ada": ADA, "ben": BEN, "mei": MEI, "zoe": ZOE, "mira": MIRA, "jonas": JONAS}
    for name, choice in choices.items():
        story.votes(users[name], *choice)
