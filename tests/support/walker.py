"""Somebody who talks with the keeper as a client would: reads `choices`, sends their `reply`."""

from collections.abc import Callable
from typing import Any

from tests.support.member import Line, Member

AFFIRMATIVE = ("yes", "agree")
MOST_MESSAGES = 40


class Walker:
    """A member and their private chat with the keeper."""

    def __init__(self, member: Member, keeper: str, room: str) -> None:
        self.member = member
        self.keeper = keeper
        self.room = room
        self.heard: list[Line] = []  # the keeper's messages, in the order they were waited for

    @classmethod
    async def meet(cls, member: Member, keeper: str, **options: Any) -> "Walker":
        """Open a private chat and wait until the keeper has come."""
        room = await member.create_chat(keeper, **options)
        await member.wait_for_member(room, keeper)
        return cls(member, keeper, room)

    async def say(self, text: str) -> str:
        """Say a text; the event id."""
        return await self.member.send(self.room, text)

    async def hear(self, kind: str | None = None, *, timeout: float = 20) -> Line:
        """The keeper's next readable message that was not heard yet, of this kind."""
        known = {line.event_id for line in self.heard}

        def fits(line: Line) -> bool:
            return (
                line.sender == self.keeper
                and line.readable
                and line.type == "m.room.message"
                and line.event_id not in known
                and (kind is None or line.kind == kind)
            )

        line = await self.member.wait_for(self.room, fits, timeout)
        self.heard.append(line)
        return line

    async def ask(self, text: str, kind: str | None = None, *, timeout: float = 20) -> Line:
        """Say something and hear the answer."""
        await self.say(text)
        return await self.hear(kind, timeout=timeout)

    async def join(
        self, code: str, *, on_step: Callable[[Line], Any] | None = None, timeout: float = 20
    ) -> Line:
        """Go through the gate, trying the choices of a question one by one; the receipt."""
        line = await self.ask(f"join {code}", timeout=timeout)
        tried: dict[str, int] = {}
        for _ in range(MOST_MESSAGES):
            if on_step is not None:
                on_step(line)
            if line.kind == "receipt":
                return line
            line = await self.ask(self._choose(line, tried), timeout=timeout)
        raise AssertionError(f"no receipt after {MOST_MESSAGES} messages; last: {line.body!r}")

    def lines_of_keeper(self) -> list[Line]:
        """All messages of the keeper in this chat that can be read."""
        return [
            line
            for line in self.member.timeline(self.room)
            if line.sender == self.keeper and line.type == "m.room.message" and line.readable
        ]

    async def hear_nothing_more(self) -> None:
        """Wait until the keeper has answered all: a marker in the chat after which it is still.

        An unknown word is answered after everything before it, since a chat is handled in order.
        """
        await self.ask("zzz marker", "program", timeout=60)

    def _choose(self, line: Line, tried: dict[str, int]) -> str:
        """The affirmative choice, else the next one that was not tried at this step."""
        choices = line.keeper.get("choices") or []
        if not choices:
            raise AssertionError(f"nothing to choose: {line.kind} {line.body!r}")
        for choice in choices:
            if choice["id"] in AFFIRMATIVE:
                return str(choice["reply"])
        step = str(line.keeper.get("step"))
        index = tried.get(step, 0)
        tried[step] = index + 1
        return str(choices[index % len(choices)]["reply"])
