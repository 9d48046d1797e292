"""What stories about conduct have in common: a group with two facilitators and a lead."""

from appservice.domain.conduct.motion import Motions
from appservice.domain.conduct.standing import Rung, Standing
from appservice.domain.records import Care
from appservice.domain.types import UserId
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Heard, Story, example, replace

GROUP = f"group-{CODE}"
CIRCLE, TEAM, BOARD = (f"!{what}-{GROUP}" for what in ("circle", "facilitators", "noticeboard"))
LEA = UserId("@lea:example.org")
WORDS = {
    Rung.TALK: "!talk",
    Rung.REMINDER: "!remind",
    Rung.FIRST: "!warn",
    Rung.SECOND: "!warn",
    Rung.PAUSE: "!pause",
    Rung.REMOVAL: "!remove",
}


def told() -> Story:
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN), lead=LEA))
    story.lets_in(ADA, BEN, MEI, ZOE)
    story.opens_chat(LEA)
    story.effects.clear()
    return story


def settles(story: Story) -> None:
    """Let every timer go off that is due, and those that follow at once."""
    for _ in range(50):
        if not any(at <= story.now for at, _ in story.timers.values()):
            return
        story.passes(seconds=0)
    raise AssertionError("the clock never comes to rest")


def later(story: Story, **span: float) -> None:
    story.passes(**span)
    settles(story)


def does(story: Story, text: str, user: UserId = ADA) -> None:
    """Ask for a step, say yes where it is shown, and let ten seconds pass."""
    story.says(user, text)
    settles(story)
    if waiting(story):
        story.says(user, f"!yes {waiting(story)[-1].number}")
        later(story, seconds=11)


def climbs(story: Story, *, to: Rung, user: UserId = MEI) -> None:
    """Take every step up to one."""
    for rung, word in WORDS.items():
        does(story, f"{word} {user} rule 3")
        assert standing(story, user).measures[-1].rung is rung
        if rung is to:
            return


def standing(story: Story, user: UserId = MEI) -> Standing:
    return story.records.get(("standing", f"{user} {GROUP}")) or Standing(user, GROUP)


def waiting(story: Story) -> tuple:
    kept = story.records.get(("motions", GROUP))
    return kept.waiting if isinstance(kept, Motions) else ()


def newest(story: Story, user: UserId) -> Heard:
    return [h for h in story.heard if h.room == story.person(user).chat][-1]


def cares(story: Story, user: UserId = MEI) -> None:
    story.records["care", user] = Care(user, story.now, (1,))


def power(story: Story, user: UserId = MEI) -> int:
    return story.room_state[CIRCLE]["m.room.power_levels"]["users"].get(user, 0)
