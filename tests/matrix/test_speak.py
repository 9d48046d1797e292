"""What is not said with words of ours: answers of a verification, and quotes."""

import json
from dataclasses import replace
from typing import Any

import pytest

from appservice import crypto
from appservice.domain.application import EventIn
from appservice.domain.effects import AnswerVerification, Message, OwnData, Quote, Say, SayFile
from appservice.domain.events import AnswersQuoted
from appservice.domain.records import Room
from appservice.domain.types import (
    Audience,
    EffectId,
    EventId,
    GroupId,
    RoomId,
    RoomKind,
    verbatim,
)
from appservice.errors import PermanentError, TransientError
from appservice.matrix.file_message import FileMessages
from appservice.matrix.speak import Speaker
from appservice.ports import Performed, Posting, Prepared
from appservice.texts import TextRenderer
from tests.matrix.test_verification import CHAT
from tests.store.conftest import HandClock
from tests.support.memory_store import MemoryStore, MemoryWork
from tests.support.story import ADA, KEEPER, MEI, words

DONE = "m.key.verification.done"


class Outside:
    """A homeserver and an encryption that write down what is asked of them."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.error: Exception | None = None
        self.clock = HandClock()
        keeper, renderer = (KEEPER, "KEEPER"), TextRenderer(words())
        self.store = MemoryStore()
        self.speaker = Speaker(self, self, self.store, self.clock, renderer, keeper)
        self.said: dict[str, tuple[str, str]] = {}  # event -> who wrote what
        self.sent: dict[str, dict[str, Any]] = {}  # event -> its content, where it is no text

    async def begin_anew(self, room: str) -> None:
        self.calls.append(("begin anew", room))

    async def event(self, room: str, event: str, *, user: str) -> Any:
        self.calls.append(("fetch", room, event, user))
        if event not in self.said:
            raise PermanentError("not found", "M_NOT_FOUND")
        return {"event_id": event}

    async def decrypt(self, event: Any) -> Any:
        user, words_said = self.said[event["event_id"]]
        if not words_said:
            raise crypto.Undecryptable("it was taken back")
        text = {"msgtype": "m.text", "body": words_said}
        content = self.sent.get(event["event_id"], text)
        trust = crypto.Trust(signed=True)
        return crypto.Decrypted(user, "key", "PHONE", "m.room.message", content, trust, "s", 0)

    async def prepare(self, *said: Any, personal: bool) -> Prepared:
        self.personal = personal
        _, room, _, kind, content = said
        self.calls.append((room, kind, content))
        return Prepared((), "m.room.encrypted", {"ciphertext": "…"}, "fingerprint")

    async def put_to_device(self, kind: str, txn: str, messages: Any) -> None:
        if self.error is not None:
            raise self.error
        self.calls.append((kind, txn, messages))

    async def send_event(self, room: str, kind: str, content: Any, txn: str, **_: Any) -> str:
        if self.error is not None:
            raise self.error
        self.calls.append((room, kind, content, txn))
        return "$sent"

    def posting(self, **more: Any) -> Posting:
        effect = AnswerVerification(ADA, DONE, {"transaction_id": "txn"}, **more)
        return Posting(EffectId("id"), "lane", effect, self.clock.now())


class Upload:
    """Sends files away to nowhere, and counts them."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    async def send_away(self, octets: bytes) -> Any:
        self.kept.append(octets)
        return {"url": f"mxc://x/{len(self.kept)}"}


async def test_a_file_is_made_when_its_turn_comes_and_a_retry_makes_no_second_one() -> None:
    outside, upload, asked = Outside(), Upload(), []

    async def octets(source: OwnData) -> bytes:
        asked.append(source)
        return b"{}"

    async def prepare(
        posting: Posting, room: RoomId, audience: Audience, *what: Any, personal: bool
    ) -> Prepared:
        assert not personal
        assert (posting.id, room, audience) == ("id", CHAT, Audience.SIGNED)
        return Prepared((), "m.room.encrypted", {"of": what[1]}, "f")

    outside.speaker._store.posted = {}
    outside.speaker._files = FileMessages(upload, octets)  # type: ignore[arg-type]
    outside.prepare = prepare  # type: ignore[attr-defined]
    effect = SayFile(RoomId(CHAT), "my-data.json", "application/json", OwnData(ADA), "export")
    posting = Posting(EffectId("id"), "lane", effect, outside.clock.now(), keys_sent=True)
    assert (await outside.speaker.perform(posting)).event == "$sent"
    content = outside.calls[0][2]["of"]
    assert content == {
        "msgtype": "m.file",
        "body": "my-data.json",
        "filename": "my-data.json",
        "info": {"mimetype": "application/json", "size": 2},
        "file": {"url": "mxc://x/1"},
        "org.circlekeeper": {"kind": "export", "parts": ["export"], "cause": "id"},
    }
    again = replace(posting, prepared=Prepared((), "m.room.encrypted", {"of": content}, "f"))
    await outside.speaker.perform(again)
    assert outside.calls[1] == outside.calls[0]
    assert (asked, upload.kept) == ([OwnData(ADA)], [b"{}"])
    await outside.speaker.give_up(effect)
    assert outside.calls[-1] == ("begin anew", CHAT)


async def test_to_a_device_it_goes_as_it_is() -> None:
    outside = Outside()
    await outside.speaker.perform(outside.posting(device="PHONE"))
    assert outside.calls == [(DONE, "id", {ADA: {"PHONE": {"transaction_id": "txn"}}})]


async def test_in_a_plain_chat_it_is_said_in_clear() -> None:
    outside = Outside()
    performed = await outside.speaker.perform(outside.posting(room=CHAT, plain=True))
    assert performed.event == "$sent"
    assert outside.calls == [(CHAT, DONE, {"transaction_id": "txn"}, "id")]


async def test_what_nobody_waits_for_any_more_is_not_sent() -> None:
    outside = Outside()
    posting = outside.posting()
    outside.clock.advance(minutes=11)
    assert await outside.speaker.perform(posting) == Performed()
    assert outside.calls == []


async def test_a_refusal_is_not_parked_but_an_outage_is_waited_for() -> None:
    outside = Outside()
    outside.error = PermanentError("gone", "M_FORBIDDEN")
    assert await outside.speaker.perform(outside.posting()) == Performed()
    outside.error = TransientError("not now")
    with pytest.raises(TransientError):
        await outside.speaker.perform(outside.posting())
    assert outside.calls == []


async def test_what_is_given_up_leaves_no_session_whose_key_was_not_sent() -> None:
    outside = Outside()
    outside.error = PermanentError("gone", "M_FORBIDDEN")
    await outside.speaker.perform(outside.posting(room=CHAT, plain=True))
    assert outside.calls == []
    await outside.speaker.give_up(outside.posting(room=CHAT).effect)
    assert outside.calls == [("begin anew", CHAT)]


ROOM, GROUP = RoomId("!team"), GroupId("g")
MESSAGE = Message("notice", (verbatim("Number 1 wrote:"),), "en", ("notice",))


async def team() -> Outside:
    outside = Outside()
    async with outside.store.begin() as work:
        await work.put(Room(ROOM, RoomKind.FACILITATORS, GROUP, None, encrypted=True))
    return outside


def quote(outside: Outside, *events: str | None, **more: Any) -> Posting:
    places = [None if one is None else EventIn(RoomId("!chat"), EventId(one)) for one in events]
    answers = tuple((verbatim("Why?"), place) for place in places)
    effect = Quote(ROOM, MESSAGE, MEI, GROUP, answers)
    return Posting(EffectId("id"), "lane", effect, outside.clock.now(), keys_sent=True, **more)


async def test_a_quote_is_fetched_as_it_is_said_and_its_event_is_told() -> None:
    outside = await team()
    outside.said = {"$1": (MEI, "I lost my brother"), "$taken": (MEI, ""), "$not": (ADA, "mine")}
    events = ("$1", None, "$taken", "$gone", "$not")
    performed = await outside.speaker.perform(quote(outside, *events))
    sent = next(call for call in outside.calls if call[0] == ROOM)
    lines = [line for line in sent[2]["body"].split("\n") if line.startswith("> ")]
    assert lines == [
        "> I lost my brother",
        "> (left out)",
        *["> (I cannot read it any more)"] * 3,
    ]
    assert performed.happened == (AnswersQuoted(MEI, GROUP, ROOM, EventId("$sent")),)
    assert outside.personal


async def test_a_milestone_is_said_without_the_word_before_it_and_nothing_follows() -> None:
    outside = await team()
    outside.said = {"$1": (MEI, "milestone  one year\nof mornings")}
    posting = quote(outside, "$1")
    effect = replace(posting.effect, skip=1, followed=False)
    performed = await outside.speaker.perform(replace(posting, effect=effect))
    body = next(call for call in outside.calls if call[0] == ROOM)[2]["body"]
    assert body.endswith("> one year\n> of mornings")
    assert (performed.event, performed.happened) == ("$sent", ())


async def test_a_milestone_that_was_taken_back_is_not_said_at_all() -> None:
    outside = await team()
    posting = quote(outside, "$gone")
    effect = replace(posting.effect, skip=1, followed=False)
    performed = await outside.speaker.perform(replace(posting, effect=effect))
    assert performed == Performed()
    assert not [call for call in outside.calls if call[0] == ROOM]


PICTURE = {
    "msgtype": "m.image",
    "body": "holiday.jpg",
    "file": {"url": "mxc://example.org/abc", "key": {"k": "secret"}},
    "info": {"mimetype": "image/jpeg"},
    "m.relates_to": {"rel_type": "m.thread"},
}


async def flagged(*events: str, **more: bool) -> dict[str, Any]:
    """What is said of a flag of Mei's, in which she wrote a line and sent a picture."""
    outside = await team()
    outside.said = {"$1": (MEI, "I worry"), "$2": (MEI, "holiday.jpg")}
    outside.sent = {"$2": PICTURE}
    posting = quote(outside, *events)
    effect = replace(posting.effect, followed=False, gone=verbatim("(gone)"), **more)
    performed = await outside.speaker.perform(replace(posting, effect=effect))
    assert (performed.event, performed.happened) == ("$sent", ())
    return next(call for call in outside.calls if call[0] == ROOM)[2]


async def test_what_was_raised_is_said_even_where_words_are_gone() -> None:
    assert (await flagged("$gone"))["body"].endswith("> (gone)")


async def test_a_picture_is_named_among_words_and_its_name_is_not_told() -> None:
    sent = await flagged("$1", "$2")
    assert sent["body"].endswith("Why?\n> I worry\n\nWhy?\n> (a picture)")
    assert sent["msgtype"] == "m.text"
    assert "file" not in await flagged("$2")


async def test_the_words_beside_a_picture_are_said_too() -> None:
    outside = await team()
    outside.said = {"$2": (MEI, "x")}
    outside.sent = {"$2": {**PICTURE, "filename": "holiday.jpg", "body": "He sent\n> this"}}
    posting = quote(outside, "$2")
    effect = replace(posting.effect, followed=False, gone=verbatim("(gone)"))
    await outside.speaker.perform(replace(posting, effect=effect))
    sent = next(call for call in outside.calls if call[0] == ROOM)[2]
    assert sent["body"].endswith("> (a picture) He sent > this")


async def test_a_picture_by_itself_is_sent_again_with_the_key_to_it() -> None:
    sent = await flagged("$2", whole=True)
    assert (sent["msgtype"], sent["file"]) == ("m.image", PICTURE["file"])
    assert sent["body"] == "Number 1 wrote:"
    assert sent["org.circlekeeper"]["kind"] == "notice"
    assert "m.relates_to" not in sent


async def test_words_that_are_hard_to_read_are_folded_below_their_note() -> None:
    outside = await team()
    outside.said = {"$1": (MEI, "I <b>cannot</b> go on")}
    posting = quote(outside, "$1")
    effect = replace(posting.effect, followed=False, folded=True, gone=verbatim("It is gone."))
    performed = await outside.speaker.perform(replace(posting, effect=effect))
    content = next(call for call in outside.calls if call[0] == ROOM)[2]
    assert content["body"].startswith("Number 1 wrote:\n\nWhy?\n> I <b>cannot</b> go on")
    note, _, folded = content["formatted_body"].partition("<details>")
    assert note == "<p>Number 1 wrote:</p>"
    assert "&lt;b&gt;cannot&lt;/b&gt;" in folded
    assert (performed.event, performed.happened) == ("$sent", ())


async def test_long_words_are_said_whole_and_fit_into_one_event() -> None:
    outside, words = await team(), "ж<" * 2000  # as long as a message may be
    outside.said = dict.fromkeys(("$1", "$2", "$3"), (MEI, words))
    posting = quote(outside, "$1", "$2", "$3")
    effect = replace(posting.effect, followed=False, folded=True, gone=verbatim("It is gone."))
    await outside.speaker.perform(replace(posting, effect=effect))
    content = next(call for call in outside.calls if call[0] == ROOM)[2]
    assert content["body"].count(words) == 3
    assert len(json.dumps(content, ensure_ascii=False).encode()) * 4 / 3 < 62_000


async def test_a_picture_is_said_again_as_it_is_and_words_are_not() -> None:
    outside = await team()
    outside.said = {"$1": (MEI, "words"), "$2": (MEI, "holiday.jpg")}
    outside.sent = {"$2": PICTURE}
    for event, files in (("$1", []), ("$2", [PICTURE["file"]]), ("$gone", [])):
        posting = quote(outside, event)
        effect = replace(posting.effect, followed=False, whole=True)
        outside.calls.clear()
        await outside.speaker.perform(replace(posting, effect=effect))
        sent = [call[2] for call in outside.calls if call[0] == ROOM and len(call) == 3]
        assert [content["file"] for content in sent] == files
    assert sent == []


async def test_of_words_that_are_gone_it_says_so_where_that_was_asked_for() -> None:
    outside = await team()
    outside.said = {"$not": (ADA, "mine")}
    posting = quote(outside, "$gone", "$not")
    effect = replace(posting.effect, followed=False, folded=True, gone=verbatim("It is gone."))
    await outside.speaker.perform(replace(posting, effect=effect))
    content = next(call for call in outside.calls if call[0] == ROOM)[2]
    assert content["body"].count("> It is gone.") == 2
    assert "mine" not in content["body"]


async def test_nobody_speaks_in_the_keepers_voice_by_lines_of_their_answer() -> None:
    outside = await team()
    outside.said = {"$1": (MEI, "hello\n\nNumber 7 is accepted.\r\x0bSo\u2028it is.")}
    await outside.speaker.perform(quote(outside, "$1"))
    body = next(call for call in outside.calls if call[0] == ROOM)[2]["body"]
    said = body.partition("Why?")[2].strip().splitlines()
    assert said == ["> hello", "> ", "> Number 7 is accepted.", "> ", "> So", "> it is."]


async def test_a_quote_that_was_encrypted_before_is_not_fetched_again() -> None:
    outside = await team()
    prepared = Prepared((), "m.room.encrypted", {"ciphertext": "…"}, "fingerprint")
    performed = await outside.speaker.perform(quote(outside, "$1", prepared=prepared))
    assert performed.event == "$sent"
    assert [call[0] for call in outside.calls] == [ROOM]


async def test_keys_that_were_sent_before_an_outage_are_not_sent_again() -> None:
    outside, marked = Outside(), []
    keys = Prepared((("m.room.encrypted", {ADA: {}}),), "m.room.encrypted", {"of": 1}, "f")

    async def mark_keys_sent(_: Any, row: int) -> None:
        marked.append(row)

    async def send_event(*_: Any, **__: Any) -> str:
        raise TransientError("out")

    outside.send_event = send_event  # type: ignore[method-assign]
    say = Say(RoomId(CHAT), Message("program", (verbatim("hello"),), "en"))
    posting = Posting(EffectId("id"), "lane", say, outside.clock.now(), row=7, prepared=keys)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryWork, "mark_keys_sent", mark_keys_sent, raising=False)
        with pytest.raises(TransientError):
            await outside.speaker.perform(posting)
        assert (len(outside.calls), marked) == (1, [7])
        with pytest.raises(TransientError):
            await outside.speaker.perform(replace(posting, keys_sent=True))
    assert (len(outside.calls), marked) == (1, [7])
