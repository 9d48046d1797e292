"""One verification that runs: what came of it, how far it is, what our answers look like."""

import secrets
from dataclasses import dataclass, field

from appservice.crypto.sas import TIMEOUT_MS, Step, Verification
from appservice.domain.effects import AnswerVerification
from appservice.matrix.verification_desk import Shown, Stage
from appservice.matrix.verification_message import Message, Place


@dataclass
class Running:
    """A verification and what is around it; `said`: what the operator said of the emoji."""

    verification: Verification
    place: Place
    asked_ms: int
    said: bool | None = None
    told: bool = False  # `on_verified` has heard of it
    answers: int = 0
    # drawn, since a name that others can choose again could be given an older yes of the operator
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    _events: set[str] = field(default_factory=set)

    @property
    def over(self) -> bool:
        return self.verification.over

    @property
    def until(self) -> int:
        return self.asked_ms + TIMEOUT_MS

    @property
    def stage(self) -> Stage:
        if self.said is False or self.verification.cancelled is not None:
            return Stage.REFUSED
        if self.verification.done:
            return Stage.VERIFIED if self.said else Stage.TAKEN
        return Stage.CONFIRMED if self.said else Stage.COMPARING

    @property
    def shown(self) -> Shown:
        return Shown(self.id, self.place.user, self.verification.emoji, self.stage, self.until)

    def receive(self, message: Message, now_ms: int) -> list[Step]:
        """Take their next message; the same event again changes nothing."""
        if self.over or message.event in self._events:
            return []
        if message.event:
            self._events.add(message.event)
        return self.verification.receive(message.type, message.content, now_ms)

    def answer(self, step: Step) -> AnswerVerification:
        """Address a message of ours to the chat, or to the device that asked."""
        self.answers += 1
        return self.place.answer(step, self.verification.theirs.device_id)
