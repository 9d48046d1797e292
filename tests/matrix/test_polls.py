"""Native polls: what is said, what an answer may look like, and how one is ended."""

from dataclasses import replace
from typing import Any

import pytest

from appservice import crypto
from appservice.clock import SystemClock
from appservice.domain.effects import ClosePoll, Effect, Message, SayPoll
from appservice.domain.events import PollAnswered
from appservice.domain.person import Choice
from appservice.domain.records import Room
from appservice.domain.types import (
    Assurance,
    CauseId,
    EffectId,
    EventId,
    RoomId,
    RoomKind,
    UserId,
    verbatim,
)
from appservice.matrix.encryption import fingerprint
from appservice.matrix.translate import Translator
from appservice.ports import Arrival, Posting, Prepared
from tests.matrix.conftest import Place
from tests.matrix.test_speak import Outside
from tests.support.story import ADA, KEEPER

CHAT = RoomId("!chat")
START, END = "org.matrix.msc3381.poll.start", "org.matrix.msc3381.poll.end"
RESPONSE, STABLE = "org.matrix.msc3381.poll.response", "m.poll.response"
TEXT = "org.matrix.msc1767.text"
CHOICES = tuple(
    Choice(n, verbatim(label), verbatim(n)) for n, label in (("1", "Tea"), ("2", "Cake"))
)
MESSAGE = Message("poll", (verbatim("What shall we have?"),), "en", ("poll",), CHOICES)
OURS = {"sender": KEEPER, "content": {"ciphertext": "of the poll"}, "event_id": "$poll"}


class Chat(Outside):
    """A private chat, and what stands in it, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.page: list[Any] = []
        room = Room(CHAT, RoomKind.CHAT, None, ADA, encrypted=True)
        self.store.records[Room, room.key] = room

    async def messages(self, *_: Any, **__: Any) -> Any:
        return {"chunk": self.page}

    def posting(self, effect: Effect, **more: Any) -> Posting:
        created = self.clock.now()
        return Posting(EffectId("id"), "lane", effect, created, keys_sent=True, **more)


async def test_a_poll_is_said_as_clients_show_it_with_the_same_in_text() -> None:
    chat = Chat()
    poll = SayPoll(CHAT, MESSAGE, EffectId("id"), most=2)
    assert (await chat.speaker.perform(chat.posting(poll))).event == "$sent"
    _, kind, content = chat.calls[0]
    assert kind == START
    assert content == {
        START: {
            "question": {
                TEXT: "What shall we have?",
                "body": "What shall we have?",
                "msgtype": "m.text",
            },
            "kind": "org.matrix.msc3381.poll.undisclosed",
            "max_selections": 2,
            "answers": [{"id": "1", TEXT: "Tea"}, {"id": "2", TEXT: "Cake"}],
        },
        TEXT: "What shall we have?\n\n1: Tea\n2: Cake",
        "org.circlekeeper": {
            "kind": "poll",
            "parts": ["poll"],
            "choices": [
                {"id": "1", "label": "Tea", "reply": "1"},
                {"id": "2", "label": "Cake", "reply": "2"},
            ],
            "cause": "id",
        },
    }


async def test_a_retry_of_a_poll_sends_the_same_bytes() -> None:
    chat = Chat()
    prepared = Prepared((), "m.room.encrypted", {"ciphertext": "before"}, "f")
    poll = SayPoll(CHAT, MESSAGE, EffectId("id"))
    await chat.speaker.perform(chat.posting(poll, prepared=prepared))
    assert chat.calls == [(CHAT, "m.room.encrypted", {"ciphertext": "before"}, "id")]
    await chat.speaker.give_up(poll)
    assert chat.calls[-1] == ("begin anew", CHAT)


async def test_an_old_poll_is_looked_for_before_it_is_said_again() -> None:
    chat = Chat()
    chat.page = [OURS]
    mark = fingerprint(OURS["content"])
    prepared = Prepared((), "m.room.encrypted", OURS["content"], mark)
    posting = chat.posting(SayPoll(CHAT, MESSAGE, EffectId("id")), prepared=prepared)
    chat.clock.advance(hours=21)
    assert (await chat.speaker.perform(posting)).event == "$poll"
    assert not chat.calls


async def test_a_poll_is_ended_where_it_stands() -> None:
    chat = Chat()
    others = {**OURS, "sender": ADA, "event_id": "$hers"}
    chat.page = [others, {**OURS, "event_id": "$last", "content": {"ciphertext": "x"}}, OURS]
    chat.store.effects = {fingerprint(OURS["content"]): "poll"}
    close = ClosePoll(CHAT, EffectId("poll"), replace(MESSAGE, choices=()))
    await chat.speaker.perform(chat.posting(close))
    _, kind, content = chat.calls[0]
    assert kind == END
    assert content == {
        "m.relates_to": {"rel_type": "m.reference", "event_id": "$poll"},
        END: {},
        TEXT: "What shall we have?",
        "org.circlekeeper": {"kind": "poll", "parts": ["poll"], "cause": "id"},
    }


async def test_of_a_poll_that_is_found_no_more_only_its_end_is_told() -> None:
    chat = Chat()
    chat.page = [OURS]
    close = ClosePoll(CHAT, EffectId("poll"), replace(MESSAGE, choices=()))
    await chat.speaker.perform(chat.posting(close))
    _, kind, content = chat.calls[0]
    assert (kind, content["body"]) == ("m.room.message", "What shall we have?")
    await chat.speaker.give_up(close)
    assert chat.calls[-1] == ("begin anew", CHAT)


class Ears:
    """An encryption that opens what it was given, from a device that is signed or not."""

    def __init__(self, kind: str, content: Any, *, signed: bool = True) -> None:
        trust = crypto.Trust(signed=signed)
        self._read = crypto.Decrypted(ADA, "key", "PHONE", kind, content, trust, "s", 0)
        self.lists = self

    async def decrypt(self, _: Any) -> crypto.Decrypted:
        return self._read

    async def has_signed_device(self, _: UserId) -> bool:
        return False


REFERS = {"rel_type": "m.reference", "event_id": "$poll"}


def answered(kind: str, *answers: Any, refers: Any = REFERS) -> tuple[str, dict[str, Any]]:
    inner = {"m.selections": list(answers)}
    inner = inner if kind == STABLE else {RESPONSE: {"answers": list(answers)}}
    return kind, {"m.relates_to": refers, **inner}


async def heard(
    place: Place,
    kind: str,
    content: Any,
    *,
    what: RoomKind = RoomKind.CHAT,
    signed: bool = True,
    outside: Any = None,
) -> tuple[Any, ...]:
    """What is understood of an answer; `outside`: what of the event is otherwise."""
    room = Room(CHAT, what, None, ADA, encrypted=True)
    place.store.records[Room, room.key] = room
    place.store.effects = {"$poll": "poll"}
    nothing: Any = None
    ears: Any = Ears(kind, content, signed=signed)
    translator = Translator(
        place.client, ears, nothing, place.inspector, place.store, place.house, nothing
    )
    event = {
        "event_id": "$vote",
        "room_id": CHAT,
        "sender": ADA,
        "type": "m.room.encrypted",
        "content": {"ciphertext": "x"},
        **(outside or {}),
    }
    arrival = Arrival(CauseId("$vote"), "lane", "matrix", event, SystemClock().now())
    return (await translator.translate(arrival)).events


def voted(*answers: str, assurance: Assurance = Assurance.SIGNED, signed: bool = True) -> Any:
    poll, event = EffectId("poll"), EventId("$vote")
    return PollAnswered(CHAT, ADA, event, poll, answers, assurance, has_signed_device=signed)


@pytest.mark.parametrize("kind", [RESPONSE, STABLE])
@pytest.mark.parametrize("answers", [("2",), ("2", "1"), ()])
async def test_an_answer_is_understood_in_both_namings(
    on_stub: Place, kind: str, answers: tuple[str, ...]
) -> None:
    assert await heard(on_stub, *answered(kind, *answers)) == (voted(*answers),)


async def test_which_poll_it_is_may_stand_outside_of_the_ciphertext(on_stub: Place) -> None:
    kind, content = answered(RESPONSE, "1")
    relation = content.pop("m.relates_to")
    outside = {"content": {"ciphertext": "x", "m.relates_to": relation}}
    assert await heard(on_stub, kind, content, outside=outside) == (voted("1"),)


async def test_of_far_too_many_answers_only_the_first_are_looked_at(on_stub: Place) -> None:
    many = [str(number) for number in range(50)]
    assert await heard(on_stub, *answered(STABLE, *many)) == (voted(*many[:20]),)


async def test_an_unsigned_device_is_told_of(on_stub: Place) -> None:
    expected = voted("1", assurance=Assurance.UNSIGNED, signed=False)
    assert await heard(on_stub, *answered(STABLE, "1"), signed=False) == (expected,)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (STABLE, {"m.relates_to": REFERS}),
        (STABLE, {"m.relates_to": REFERS, "m.selections": "1"}),
        (RESPONSE, {"m.relates_to": REFERS, RESPONSE: ["1"]}),
        (RESPONSE, {"m.relates_to": REFERS, RESPONSE: {"answers": {"1": 1}}}),
        answered(RESPONSE, "1", 2),
        answered(STABLE, "1", None),
        answered(STABLE, "1", refers={"rel_type": "m.replace", "event_id": "$poll"}),
        answered(STABLE, "1", refers={"rel_type": "m.reference", "event_id": ["$poll"]}),
        answered(STABLE, "1", refers="$poll"),
        answered(STABLE, "1", refers={"rel_type": "m.reference", "event_id": "$other"}),
        (START, {"m.relates_to": REFERS}),
    ],
)
async def test_what_is_malformed_or_of_another_poll_is_no_answer(
    on_stub: Place, kind: str, content: Any
) -> None:
    assert await heard(on_stub, kind, content) == ()


async def test_an_answer_counts_in_a_private_chat_encrypted_and_from_a_person(
    on_stub: Place,
) -> None:
    kind, content = answered(RESPONSE, "1")
    for what in (RoomKind.FACILITATORS, RoomKind.NOTICEBOARD, RoomKind.CIRCLE):
        assert await heard(on_stub, kind, content, what=what) == ()
    assert await heard(on_stub, kind, content, outside={"type": kind, "content": content}) == ()
    keeper = on_stub.house.keeper
    assert await heard(on_stub, kind, content, outside={"sender": keeper}) == ()
