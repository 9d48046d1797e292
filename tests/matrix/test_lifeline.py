"""Help from memory says what the ordinary way would say, as far as memory can be sure."""

from datetime import UTC, datetime
from types import SimpleNamespace

from appservice import crypto
from appservice.crypto import Audience
from appservice.domain.decide import decide
from appservice.domain.effects import Say
from appservice.domain.events import KeeperInvited, MessageSaid
from appservice.domain.records import Room
from appservice.domain.types import Assurance, CauseId, EventId, Form
from appservice.matrix.lifeline import HelpLine
from appservice.ports import Arrival
from appservice.texts import TextRenderer
from tests.crypto.world import ROOM, Party, Server
from tests.support.story import ADA, KEEPER, Story, words

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


class Said:
    """A homeserver that only listens."""

    def __init__(self) -> None:
        self.events = []

    async def send_event(self, _room, _type, content, txn, **_who):
        self.events.append((content, txn))
        return "$sent"


class Night:
    """Ada, admitted to a group, and the keeper whose database does not answer."""

    def __init__(self, *, signed: bool) -> None:
        self.story = Story()
        self.story.founds()
        self.story.rooms[ROOM] = {ADA: "join"}
        self.story.happens(KeeperInvited(ROOM, ADA))
        self.story.passes_the_gate(ADA)
        server = Server()
        self.keeper = Party(server, KEEPER)
        self.ada = Party(server, ADA, signed=signed)
        self.keeper.follow(self.keeper, self.ada)
        self.ada.follow(self.keeper, self.ada)
        self.said = Said()
        encryption = SimpleNamespace(machine=self.keeper.machine, open_line=self._open_line)
        clock = SimpleNamespace(now=lambda: NOW)
        self.line = HelpLine(self.said, encryption, clock, TextRenderer(words()))

    def _sound(self, words: str) -> dict:
        return self.ada.say(words, [KEEPER], Audience.ALL)

    async def prepare(self) -> None:
        """Let something of Ada's have been read, as the last thing that worked."""
        event = self._sound("hello")
        self.keeper.sync()
        read = self.keeper.read(event)
        parsed = crypto.room_event(ROOM, event)
        with self.keeper.vault(crypto.need_room_events([parsed])) as vault:
            inbound = crypto.inbound_records(vault, parsed)
        self.line.remember_state(ROOM, self.story.state(asks(Assurance.SIGNED)))
        self.line.remember_session(ROOM, inbound, read)
        await self.line.make_ready(self.story.one(Room, ROOM))

    async def ask(self, *, guess: bool = False, lost: bool = False) -> None:
        """Let Ada ask for help. `lost`: in a session that nobody has read yet."""
        if lost:
            self.ada.share([KEEPER], Audience.ALL, crypto.Rotation(messages=1))
        event = self.ada.encrypt("help", Audience.ALL)
        arrival = Arrival(CauseId("asked"), f"room {ROOM}", "matrix", event, NOW)
        await self.line.answer([arrival], guess=guess)

    def heard(self) -> tuple[dict, str]:
        """Return the one thing that Ada reads, and under which name it was said."""
        ((content, txn),) = self.said.events
        self.ada.sync()
        return self.ada.read(self.keeper.event(content)).content, txn

    async def _open_line(self, room: Room, count: int) -> crypto.Lifeline:
        self.keeper.share([ADA], Audience.ALL)
        with self.keeper.vault(
            crypto.need_encrypt(self.keeper.machine, room.room, Audience.ALL)
        ) as vault:
            return crypto.reserve(self.keeper.machine, vault, room.room, Audience.ALL, count)

    def ordinary(self, assurance: Assurance) -> tuple[dict, str]:
        """Return what the ordinary way would say to the same message."""
        outcome = decide(self.story.state(asks(assurance)), asks(assurance), CauseId("asked"), NOW)
        (say,) = (effect for effect in outcome.effects if isinstance(effect, Say))
        assert say.id is not None
        return dict(TextRenderer(words()).content(say.message, say.id)), say.id


def asks(assurance: Assurance) -> MessageSaid:
    return MessageSaid(ROOM, ADA, EventId("$asks"), "help", Form.TEXT, assurance)


def choices(content: dict) -> list[str]:
    return [choice["id"] for choice in content["org.circlekeeper"].get("choices", [])]


async def test_a_member_is_offered_the_way_to_a_facilitator_from_memory_too() -> None:
    night = Night(signed=True)
    await night.prepare()
    await night.ask()
    said = night.heard()
    assert said == night.ordinary(Assurance.SIGNED)
    assert choices(said[0]) == ["contact"]


async def test_a_device_that_nobody_vouches_for_gets_the_numbers_only() -> None:
    night = Night(signed=False)
    await night.prepare()
    await night.ask()
    said = night.heard()
    assert said == night.ordinary(Assurance.UNSIGNED)
    assert choices(said[0]) == []


async def test_a_guess_asks_nothing_and_takes_no_name_away() -> None:
    night = Night(signed=True)
    await night.prepare()
    await night.ask(guess=True, lost=True)
    content, txn = night.heard()
    assert content["org.circlekeeper"]["kind"] == "help"
    assert choices(content) == []
    assert txn != night.ordinary(Assurance.SIGNED)[1]


async def test_what_cannot_be_read_is_left_to_the_ordinary_way() -> None:
    night = Night(signed=True)
    await night.prepare()
    await night.ask(lost=True)
    assert night.said.events == []
