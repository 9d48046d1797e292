"""A group with two facilitators, a lead who is no member, and members who raise cases."""

from collections.abc import Iterable

from appservice.domain.application import EventIn
from appservice.domain.cases.case import About, Case
from appservice.domain.cases.opening import Raised, opened
from appservice.domain.effects import Quote
from appservice.domain.events import CaseDue
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import nowhere
from appservice.domain.types import CauseId, EventId, GroupId, RoomId, RoomKind, UserId
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Heard, Story, example, replace

LEA, CAY = UserId("@lea:example.org"), UserId("@cay:example.org")
GROUP = GroupId(f"group-{CODE}")
TEAM = RoomId(f"!facilitators-{GROUP}")


class CaseStory(Story):
    """A story in which cases are raised; how that is done in words is told elsewhere."""

    def raises(self, user: UserId = MEI, about: About = About.ME, **more: object) -> Case:
        """Let somebody raise a case; its words stand in their private chat."""
        state = self.state(CaseDue(GROUP, 0))
        self.causes += 1
        here = nowhere(state, CauseId(f"raised-{self.causes}"), self.now, "en")
        turn = replace(here, person=state.people[user])
        words = EventIn(turn.person.chat, EventId(f"$flag-{self.causes}"))
        raised = Raised(about, **{"excerpt": (words,), **more})
        case, out = opened(turn, turn.groups[GROUP], raised)
        self._applies(out)
        return self.case(case.number)

    def case(self, number: int) -> Case:
        return self.one(Case, f"{GROUP} {number}")

    def changes(self, number: int, **values: object) -> Case:
        """Change a case behind everybody's back."""
        self.records["case", f"{GROUP} {number}"] = replace(self.case(number), **values)
        return self.case(number)

    def in_team(self, user: UserId, text: str) -> list[Heard]:
        """Let somebody write in the facilitators' room."""
        return self.says(user, text, room=TEAM)

    def quotes(self) -> list[Quote]:
        return [one for one in self.done(Quote) if one.message.kind == "case_excerpt"]

    def room_of(self, number: int, what: RoomKind) -> RoomId | None:
        side = self.one(Group, GROUP).side
        found = (room for room, one in side.items() if (one.number, one.what) == (number, what))
        return next(found, None)

    def _applies(self, outcome: Outcome) -> None:
        self.writes(outcome)
        for index, effect in enumerate(outcome.effects):
            self.performs(effect, f"raised-{self.causes}-{index}")


def told() -> CaseStory:
    """Begin the story: a group of full size, everybody in."""
    story = CaseStory()
    story.founds(replace(example(), facilitators=(ADA, BEN, CAY), lead=LEA))
    for user in (ADA, BEN, CAY, MEI, ZOE):
        story.passes_the_gate(user)
    story.says(LEA, "hello")
    for user in (ADA, BEN, CAY, MEI, ZOE, LEA):
        story.accepts(user)
    story.looks(GROUP)
    return story


def bodies(heard: Iterable[Heard]) -> str:
    return "\n".join(one.body for one in heard)


def codes(case: Case) -> list[str]:
    return [line.code for line in case.log]
