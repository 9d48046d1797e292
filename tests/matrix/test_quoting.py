"""What may be said to the keeper can be said again: three at once fit into one event."""

import base64
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.crypto import Decrypted, Trust
from appservice.domain.application import EventIn
from appservice.domain.cases.delivering import AT_ONCE
from appservice.domain.effects import Message, Quote
from appservice.domain.types import EffectId, EventId, Form, GroupId, RoomId, Text, UserId
from appservice.matrix.quoting import Quotes
from appservice.matrix.words import words_of
from appservice.texts import TextRenderer
from tests.support.story import KEEPER, MEI, words

EVENT = 65_536  # octets, client-server API, "Size limits"
AROUND = 1_000  # of an event, beside its ciphertext
MANY = ("🌧", "🏳\ufe0f\u200d🌈", "\n", "a\n", '"', "\\", "\x01", "\u2028", "ä", "語", "x", "<")


class Sent:
    """A homeserver and its keys, for messages of one member."""

    def __init__(self, contents: list[dict[str, Any]]) -> None:
        self._contents = contents

    async def event(self, room: RoomId, event: EventId, *, user: UserId) -> dict[str, Any]:
        assert user == KEEPER
        return {"room": room, "event_id": event}

    async def decrypt(self, event: dict[str, Any]) -> Decrypted:
        content = self._contents[int(event["event_id"])]
        trust = Trust(signed=True)
        return Decrypted(MEI, "", None, "m.room.message", content, trust, "", 0)


async def quoted(contents: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the content of the message that quotes these, as for who has taken a case."""
    sent = Sent(contents)
    quotes = Quotes(sent, sent, TextRenderer(words()), KEEPER)  # type: ignore[arg-type]
    note = Text("case-excerpt-note", {"number": 12})
    hidden, urgent = Text("case-reporter-hidden"), Text("case-reporter-urgent")
    message = Message("case_excerpt", (note, urgent, hidden), "en", ("case_excerpt",), case="C-12")
    places = [EventIn(RoomId("!chat"), EventId(str(n))) for n in range(len(contents))]
    answers = tuple((Text("case-excerpt-care"), place) for place in places)
    group = GroupId("g")
    quote = Quote(RoomId("!x"), message, MEI, group, answers, followed=False, folded=True)
    return await quotes.content(quote, EffectId("x"))


def fits(content: dict[str, Any]) -> bool:
    payload = {"type": "m.room.message", "room_id": "!x", "content": content}
    return len(base64.b64encode(orjson.dumps(payload))) + AROUND <= EVENT


@given(st.lists(st.tuples(st.sampled_from(MANY), st.integers(1, 4000)), min_size=1, max_size=3))
async def test_three_texts_that_were_taken_fit_into_one_event(parts) -> None:
    bodies = [one * count for one, count in parts]
    contents = [{"msgtype": "m.text", "body": body} for body in bodies]
    taken = [c for c in contents if words_of("m.room.message", c)[0] is Form.TEXT]
    assert fits(await quoted(taken * AT_ONCE if len(taken) == 1 else taken))


@pytest.mark.parametrize("one", MANY)
async def test_the_longest_that_is_taken_fits_three_times(one) -> None:
    lengths = (n for n in range(4000, 0, -50))
    contents = ({"msgtype": "m.text", "body": one * n} for n in lengths)
    longest = next(c for c in contents if words_of("m.room.message", c)[0] is Form.TEXT)
    assert fits(await quoted([longest] * AT_ONCE))


@pytest.mark.parametrize("one", MANY)
async def test_three_captions_fit_too(one) -> None:
    picture = {"msgtype": "m.image", "filename": "a.jpg", "body": one * 4000}
    assert fits(await quoted([picture] * AT_ONCE))
