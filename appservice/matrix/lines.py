"""Where much is said, the room's ratchet is moved ahead once, and several messages use that."""

from collections.abc import Collection
from dataclasses import dataclass

from appservice import crypto
from appservice.crypto import Audience, Key, Lifeline
from appservice.ports import Json

AHEAD = 16  # messages
OFTEN_MS = 10_000  # between two messages of a room where much is said
LASTS_MS = 60_000

Where = tuple[str, Audience]


@dataclass(frozen=True)
class _Line:
    lifeline: Lifeline
    readers: frozenset[str]
    until_ms: int


class Lines:
    """Encrypts from memory for as long as nothing has changed since the ratchet was moved.

    A line holds for the readers it was made for, and until any device list changes: `heard` must
    be told of every record of the machine that is written, by whomever. So there are lines only
    where this process is the only one that writes (`switch_on`). A message index is used once: the
    stored ratchet is ahead of it, whatever becomes of this process.
    """

    def __init__(self) -> None:
        self._on = False
        self.changes = 0  # of lists, as far as we heard of them
        self._lines: dict[Where, _Line] = {}
        self._last_ms: dict[Where, int] = {}

    def switch_on(self) -> None:
        self._on = True

    def heard(self, written: Collection[Key]) -> None:
        """Records were written: after a change of a list nobody's line holds any more."""
        if crypto.EPOCH in written:
            self.changes += 1
            self._lines.clear()

    def encrypt(
        self, where: Where, readers: Collection[str], now_ms: int, event_type: str, content: Json
    ) -> Json | None:
        """Return the content of an m.room.encrypted event, or None if there is no line."""
        line = self._lines.get(where)
        if line is None or now_ms >= line.until_ms or line.readers != frozenset(readers):
            self._lines.pop(where, None)
            return None
        encrypted = line.lifeline.encrypt(event_type, content)
        if line.lifeline.left < 1:
            del self._lines[where]
        self._last_ms[where] = now_ms
        return encrypted

    def is_due(self, where: Where, now_ms: int) -> bool:
        """Tell whether to move the ratchet ahead with this message."""
        if not self._on:
            return False
        last_ms, self._last_ms[where] = self._last_ms.get(where), now_ms
        return last_ms is not None and now_ms - last_ms < OFTEN_MS

    def keep(
        self,
        where: Where,
        readers: Collection[str],
        now_ms: int,
        lifeline: Lifeline,
        changes: int,
    ) -> None:
        """Use what was moved ahead for the next messages; to be called once that is committed.

        `changes`: as they were when it was moved; if a list changed since, there is no line.
        """
        if lifeline.left and changes == self.changes:
            self._lines[where] = _Line(lifeline, frozenset(readers), now_ms + LASTS_MS)

    def drop(self, where: Where) -> None:
        self._lines.pop(where, None)
