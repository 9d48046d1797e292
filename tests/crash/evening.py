"""The story on a real Synapse: the same road, by a member whose client knows nothing of us."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from appservice.charter_file import read_charter
from tests.crash.house import House, patiently
from tests.crash.outcome import neutral, repetitions, timelines, unreadable
from tests.crash.story import EXAMPLE
from tests.support import contents
from tests.support.member import Line
from tests.support.nio_member import NioMember
from tests.support.walker import Walker

PATIENCE = 60.0  # seconds for an answer, a restart of Synapse included
_USER = re.compile(r"@([a-z]+)-\d+:")
_CODE = re.compile(r"WILLOW-[0-9A-Z]{4}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_EVENT = re.compile(r"\$[A-Za-z0-9_\-]{43}")
Json = dict[str, Any]


@dataclass
class Evening:
    """One telling: a new group, a new member."""

    house: House
    ada: NioMember
    rooms: dict[str, str] = field(default_factory=dict)
    walker: Walker | None = None

    async def tell(self) -> Json:
        """Tell it from the founding to the leaving; what is left then."""
        group, code = await self.house.found()
        founded = await self.house.founded(group)
        self.rooms = {what.value: room for what, room in founded.rooms.items()}
        await self._meet()
        await self._walk(code)
        for name in ("circle", "noticeboard"):
            await self._enter(self.rooms[name])
        await self._says("help", "help")
        await self._says("I do not know what to say today", "program")
        await self._says("leave", "withdrawn")
        assert self.walker is not None
        chat = self.walker.room
        await self.ada.wait_until(lambda: self.ada.rooms() == {chat}, PATIENCE)
        await self.house.mended()
        await self._says("marker, so that all before it has been said", "program")
        await self.house.at_rest()
        return await self._left()

    async def _meet(self) -> None:
        """As Walker.meet, but nobody dies while the room is made: the story has no second one."""
        house = self.house
        house.proxy.may_die.clear()
        try:
            body = contents.chat(house.installation.keeper)
            make = await patiently(lambda: self.ada.call("POST", "/createRoom", body))
        finally:
            house.proxy.may_die.set()
        room, keeper = make["room_id"], house.installation.keeper
        await self.ada.wait_until(lambda: room in self.ada.rooms(), PATIENCE)
        await patiently(lambda: self.ada.wait_for_member(room, keeper, timeout=PATIENCE))
        self.walker = Walker(self.ada, keeper, room)

    async def _walk(self, code: str) -> None:
        rules = read_charter(EXAMPLE).rules[0]
        line = await self._says(f"join {code}", "age")
        line = await self._says("yes", "question")
        wrong_said = False
        while line.kind == "question":
            step = int(line.keeper["step"].partition("/")[0])
            question = rules.asked[step - 2].question
            assert question is not None
            right = str(question.right + 1)
            ids = [choice["id"] for choice in line.keeper["choices"]]
            wrong = next(id_ for id_ in ids if id_ != right)
            line = await self._says(right if wrong_said else wrong, None)
            wrong_said = True
        while line.kind == "statement":
            line = await self._says(line.keeper["choices"][0]["reply"], None)
        assert line.kind == "receipt", line.body

    async def _enter(self, room: str) -> None:
        await self.ada.wait_until(lambda: room in self.ada.invites(), PATIENCE)
        await patiently(lambda: self.ada.join(room))

    async def _says(self, text: str, kind: str | None) -> Line:
        assert self.walker is not None
        line = await self.walker.ask(text, timeout=PATIENCE)
        assert kind in (None, line.kind), f"{line.kind} instead of {kind}: {line.body}"
        return line

    async def _left(self) -> Json:
        steward = self.house.installation.steward
        assert self.walker is not None
        chat = await patiently(lambda: self.ada.call("GET", f"/rooms/{self.walker.room}/state"))
        states = {
            what: await patiently(lambda r=room: self.house.state(r, steward))
            for what, room in self.rooms.items()
        }
        rooms = {what: _state(events) for what, events in (states | {"chat": chat}).items()}
        people = {"ada": self.ada}
        left = {
            "rooms": rooms,
            "timelines": timelines(self.ada),
            "repetitions": repetitions(people),
            "unreadable": unreadable(people),
        }
        return _neutral(left)


def _state(events: list[Json]) -> list[str]:
    return sorted(
        json.dumps({key: event[key] for key in ("type", "state_key", "content")}, sort_keys=True)
        for event in events
    )


def _neutral(told: Json) -> Json:
    """Without the names and times that are another telling's."""
    text = json.dumps(neutral(told), ensure_ascii=False)
    text = _USER.sub(r"@\1:", text)
    text = _CODE.sub("CODE", text)
    text = _EVENT.sub("$event", text)
    return json.loads(re.sub(r"\b(ada)-\d+", r"\1", _TIME.sub("DATE", text)))
