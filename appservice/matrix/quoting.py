"""Fetches what somebody wrote as it is quoted; it goes nowhere but into the message."""

import html
from dataclasses import replace
from typing import Any

import orjson

from appservice import crypto
from appservice.domain.application import EventIn
from appservice.domain.effects import Message, Quote
from appservice.domain.types import EffectId, Text, UserId, verbatim
from appservice.errors import PermanentError
from appservice.matrix import quoted
from appservice.matrix.client import Client
from appservice.matrix.encryption import Encryption
from appservice.matrix.words import words_of
from appservice.ports import Renderer

MOST_OCTETS = 44_000
"""Of a content: encrypted it is a third longer, and an event has 65,536 at most.

Source: client-server API, "Size limits". What is longer is said without the folded twin.
"""
_UNREADABLE = Text("quoted-unreadable")


class WordsGoneError(Exception):
    """What was to be said in somebody's own words cannot be fetched any more."""


class Quotes:
    """Makes the content of what quotes somebody."""

    def __init__(
        self, client: Client, encryption: Encryption, renderer: Renderer, keeper: UserId
    ) -> None:
        self._client = client
        self._encryption = encryption
        self._renderer = renderer
        self._keeper = keeper

    async def content(self, quote: Quote, cause: EffectId) -> dict[str, Any]:
        """Return the content of the message. Raises WordsGoneError, and TransientError."""
        if quote.whole:
            return await self._again(quote, cause)
        said = [(question, await self._original(quote, at)) for question, at in quote.answers]
        if not quote.followed and any(answer == _UNREADABLE for _, answer in said):
            raise WordsGoneError
        lines = tuple(Text("quoted", {"question": q, "answer": answer}) for q, answer in said)
        message = replace(quote.message, lines=(*quote.message.lines, *lines))
        content = dict(self._renderer.content(message, cause))
        if not quote.folded:
            return content
        folded = content | self._folded(quote.message, lines)
        return folded if len(orjson.dumps(folded)) <= MOST_OCTETS else content

    async def _again(self, quote: Quote, cause: EffectId) -> dict[str, Any]:
        """Return a picture, recording or file as it was sent; its own keys go with it."""
        for place in (place for _, place in quote.answers if place is not None):
            sent = await self._written(quote, place)
            if sent is not None and quoted.named(sent.type, sent.content) is not None:
                return quoted.sent_again(
                    sent.content, self._renderer.content(quote.message, cause)
                )
        raise WordsGoneError

    def _folded(self, message: Message, lines: tuple[Text, ...]) -> dict[str, str]:
        """Return the same for apps that show HTML: the words open below their note, by a tap.

        Source: client-server API, "m.room.message msgtypes"; `details` is one of its tags.
        """
        parts = (message.lines, (Text("quoted-unfold"),), lines)
        messages = (replace(message, lines=part) for part in parts)
        bodies = (self._renderer.content(one, EffectId(""))["body"] for one in messages)
        note, unfold, words = (html.escape(body).replace("\n", "<br>") for body in bodies)
        folded = f"<details><summary>{unfold}</summary>{words}</details>" if lines else ""
        formatted = f"<p>{note}</p>{folded}"
        return {"format": "org.matrix.custom.html", "formatted_body": formatted}

    async def _original(self, quote: Quote, place: EventIn | None) -> Text:
        """Return what somebody wrote there; or that it was skipped, or cannot be read."""
        if place is None:
            return Text("quoted-skipped")
        written = await self._written(quote, place)
        if written is None:
            return quote.gone or _UNREADABLE
        if (name := quoted.named(written.type, written.content)) is not None:
            return name
        _, words, _ = words_of(written.type, written.content)
        words = "".join(words.split(maxsplit=quote.skip)[quote.skip :]) if quote.skip else words
        return verbatim("\n> ".join(words.splitlines()))  # no line of it reads as one of ours

    async def _written(self, quote: Quote, place: EventIn) -> crypto.Decrypted | None:
        """Return what stands there now; None: taken back by its writer, too old, or not theirs."""
        try:
            event = await self._client.event(place.room, place.event, user=self._keeper)
            decrypted = await self._encryption.decrypt({**event, "room_id": place.room})
        except (PermanentError, crypto.CryptoError, KeyError):
            return None
        return decrypted if decrypted.sender == quote.user else None
