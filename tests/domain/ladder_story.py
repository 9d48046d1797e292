"""A group with facilitators, a lead, and cases that are raised without the questions of a flag."""

from dataclasses import replace
from datetime import timedelta

from appservice.domain.cases import clock
from appservice.domain.cases.case import About, Case, Stage
from appservice.domain.cases.opening import Raised, opened
from appservice.domain.effects import Page, Say, TellOperator
from appservice.domain.events import CaseDue
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, RoomKind, Size, UserId
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Heard, Story, example

GROUP = f"group-{CODE}"
LEA, TOM = UserId("@lea:example.org"), UserId("@tom:example.org")
ROOM = f"!facilitators-{GROUP}"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Watch(Story):
    """Ada, Ben and Tom facilitate, Lea leads, Mei and Zoe are members; Ada has a pager."""

    @classmethod
    def begins(cls, size: Size = Size.STANDARD, zone: str = "Europe/Berlin") -> "Watch":
        story = cls()
        team = (ADA, BEN) if size is Size.SMALL else (ADA, BEN, TOM)
        story.founds(replace(example(), size=size, zone=zone, lead=LEA, facilitators=team))
        story.lets_in(*team, MEI, ZOE, LEA)
        story.looks(GROUP)
        story.records["person", ADA] = replace(story.person(ADA), pages=(("email", "a@b.org"),))
        story.forget()
        return story

    def forget(self) -> None:
        self.heard.clear()
        self.effects.clear()

    def turn(self, user: UserId = MEI) -> Turn:
        state = self.state(CaseDue(GROUP, 0))
        self.causes += 1
        here = nowhere(state, CauseId(f"turn-{self.causes}"), self.now, "en")
        return replace(here, person=state.people[user])

    def applies(self, outcome: Outcome) -> None:
        self.writes(outcome)
        for index, effect in enumerate(outcome.effects):
            self.performs(effect, f"effect-{self.causes}-{index}")

    def raises(self, about: About = About.OTHER, user: UserId = MEI, **more: object) -> Case:
        turn = self.turn(user)
        case, out = opened(turn, turn.groups[GROUP], Raised(about, **more))
        self.applies(out)
        return self.case(case.number)

    def changes(self, number: int, **values: object) -> Case:
        turn = self.turn()
        known = self.case(number)
        out = clock.kept(turn, turn.groups[GROUP], known, replace(known, **values))
        self.applies(out)
        return self.case(number)

    def claims(self, number: int, user: UserId = ADA) -> Case:
        return self.changes(number, stage=Stage.CLAIMED, owner=user, acted=self.now)

    def releases(self, number: int) -> Case:
        waits = self.case(number).waits + 1
        values = {"stage": Stage.RECEIVED, "owner": None, "waits": waits, "since": self.now}
        return self.changes(number, **values)

    def case(self, number: int = 1) -> Case:
        return self.one(Case, f"{GROUP} {number}")

    def group(self) -> Group:
        return self.one(Group, GROUP)

    def keeps(self, **values: object) -> None:
        self.records["group", GROUP] = replace(self.group(), **values)

    # -- what came of it

    def chat(self, user: UserId) -> str:
        return self.person(user).chat

    def told(self) -> dict[str, list[Heard]]:
        """Return what was said since the last look, by who or where; and look away."""
        names = {self.chat(u): u for u in (ADA, BEN, TOM, LEA, MEI, ZOE) if self.person(u)}
        found: dict[str, list[Heard]] = {}
        for heard in self.heard:
            found.setdefault(names.get(heard.room, heard.room), []).append(heard)
        self.heard.clear()
        return found

    def asked(self) -> set[str]:
        """Return who was asked in their chat to take a case, and look away."""
        says = [e for e in self.done(Say) if e.message.kind in ("case_new", "case_ladder")]
        names = {self.chat(u): u for u in (ADA, BEN, TOM, LEA, MEI, ZOE) if self.person(u)}
        self.heard.clear()
        self.effects = [e for e in self.effects if e not in says]
        return {names[say.room] for say in says if say.room in names}

    def pages(self) -> list[Page]:
        return self.done(Page)

    def operator(self) -> list[TellOperator]:
        return [e for e in self.done(TellOperator) if "case" in e.text.key]

    @property
    def has_room(self) -> bool:
        return RoomKind.FACILITATORS in self.group().rooms
