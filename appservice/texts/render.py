"""A Message as Matrix carries it: plain text first, and the same for programs beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appservice.domain.effects import Message
from appservice.domain.person import Choice
from appservice.domain.types import EffectId, Text, Words

KEY = "org.circlekeeper"
_BY_WORD = frozenset({"contact", "skip"})  # choices that have no number where a word is told


@dataclass(frozen=True)
class TextRenderer:
    """Implements `appservice.ports.Renderer`."""

    words: Words

    def content(self, message: Message, cause: EffectId) -> Mapping[str, Any]:
        """Return the content of an `m.room.message`; docs/protocol.md, "The keeper's messages"."""
        say = self.words.say
        told: dict[str, Any] = {"kind": message.kind, "parts": list(message.parts)}
        if message.group is not None:
            told["group"] = message.group
        if message.step is not None:
            told["step"] = message.step
        if message.case is not None:
            told["case"] = message.case
        if message.choices:
            told["choices"] = [
                {
                    "id": choice.id,
                    "label": say(choice.label, message.language),
                    "reply": say(choice.reply, message.language),
                }
                for choice in message.choices
            ]
        told["cause"] = cause
        return {"msgtype": "m.text", "body": self.body(message), KEY: told}

    def body(self, message: Message) -> str:
        """Return the plain text: paragraphs, then the choices, one to a line."""
        paragraphs = [self.words.say(line, message.language) for line in message.lines]
        choices = [
            self._choice(choice, number, message)
            for number, choice in enumerate(message.choices, start=1)
        ]
        if choices:
            paragraphs.append("\n".join(choices))
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)

    def _choice(self, choice: Choice, number: int, message: Message) -> str:
        """Say how to choose: by a sentence, by a word where no number counts, or by a number."""
        say, language = self.words.say, message.language
        label, reply = say(choice.label, language), say(choice.reply, language)
        if choice.id == "agree":
            text = Text("choice-write", {"reply": reply})
        elif (choice.id in _BY_WORD and not reply.isdigit()) or reply.startswith("!"):
            text = Text("choice-word", {"reply": reply, "label": label})
        elif reply == label and reply.isdigit():  # a number means itself
            text = Text("choice-itself", {"label": label})
        else:
            text = Text("choice-number", {"number": number, "label": label})
        return say(text, language)
