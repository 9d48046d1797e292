"""What is said is encrypted for the right devices, with as few questions as can be."""

import asyncio
from types import SimpleNamespace

import pytest

from appservice import crypto
from appservice.clock import milliseconds
from appservice.crypto import MissingKey, records
from appservice.domain.records import Room
from appservice.domain.types import Audience, RoomId, RoomKind, UserId
from appservice.errors import PermanentError, TransientError
from appservice.matrix.encryption import Encryption
from appservice.matrix.lines import AHEAD, OFTEN_MS
from appservice.ports import Posting
from tests.crypto.world import ROOM, Party, Server
from tests.support.memory_store import MemoryStore, MemoryWork


class Homeserver:
    """The keeper's client, in front of a homeserver made of dicts; `asked` tells what for."""

    def __init__(self, server):
        self.server = server
        self.asked = []
        self.out = ""  # what it is not able to do now
        self.error = TransientError("not now")

    async def keys_query(self, body):
        self._able("query")
        return self.server.query(body)

    def _able(self, what):
        if self.out == what:
            raise self.error
        self.asked.append(what)

    async def put_to_device(self, event_type, _txn, messages):
        self._able("send")
        self.server.send("@keeper:hs", [crypto.ToDeviceBatch(event_type, messages)])

    async def keys_claim(self, body):
        self._able("claim")
        return self.server.claim(body)


class House:
    """The keeper, and Ada with a signed phone and an old device that nobody signed."""

    def __init__(self, clock, monkeypatch, in_groups=Audience.SIGNED):
        server = Server()
        self.keeper = Party(server, "@keeper:hs")
        self.phone = Party(server, "@ada:hs", "PHONE")
        self.old = Party(server, "@ada:hs", "OLD", signed=False)
        self.store, self.client, self.kept = MemoryStore(), Homeserver(server), []
        self.store.keys = self.keeper.records

        async def prepare(_, posting, prepared):
            self.kept.append(posting.row)

        monkeypatch.setattr(MemoryWork, "prepare", prepare, raising=False)
        self.clock, self.in_groups = clock, in_groups
        self.restart()
        for party in (self.keeper, self.phone, self.old):
            party.now = milliseconds(clock.now())

    def restart(self):
        self.encryption = Encryption(
            self.keeper.machine, self.client, self.store, self.clock, self.in_groups
        )
        self.store.on_saved = self.encryption.lines.heard
        self.encryption.lines.switch_on()

    def stored(self, audience=Audience.SIGNED):
        key = records.outbound(ROOM, crypto.Audience(audience.value))
        return records.load(self.keeper.records[key])

    async def say(
        self, words, what=RoomKind.CHAT, audience=Audience.SIGNED, *, keys_delivered=True, **more
    ):
        """Return the event."""
        posting = Posting("id", "lane", None, None, row=len(self.kept))
        room = Room(RoomId(ROOM), what, None, UserId("@ada:hs"), encrypted=True)
        async with self.store.begin() as work:
            await work.put(room)
        prepared = await self.encryption.prepare(
            posting, room.room, audience, "m.room.message", {"body": words}, **more
        )
        batches = [crypto.ToDeviceBatch(*batch) for batch in prepared.to_device]
        if keys_delivered:
            self.keeper.server.send(self.keeper.user, batches)
        for device in (self.phone, self.old):
            device.sync()
        return self.keeper.event(prepared.content)


def reads(device, event):
    try:
        return device.read(event).content["body"]
    except MissingKey:
        return None


@pytest.fixture
def house(clock, monkeypatch):
    return House(clock, monkeypatch)


async def test_the_second_message_asks_nothing(house):
    await house.say("good morning")
    assert house.client.asked == ["query", "claim"]
    later = await house.say("good evening")
    assert house.client.asked == ["query", "claim"]
    assert reads(house.phone, later) == "good evening"
    assert house.kept == [0, 1]


async def test_a_device_that_came_since_gets_the_key(house):
    before = await house.say("how to verify", audience=Audience.ALL)
    new = Party(house.keeper.server, "@ada:hs", "NEW", signed=False)
    await house.encryption.lists.outdate("@ada:hs")
    after = await house.say("how to go on", audience=Audience.ALL)
    new.sync()
    assert (reads(new, before), reads(new, after)) == (None, "how to go on")


async def test_what_is_personal_goes_to_signed_devices_only(house):
    event = await house.say("about you")
    assert (reads(house.phone, event), reads(house.old, event)) == ("about you", None)
    event = await house.say("how to verify", audience=Audience.ALL)
    assert (reads(house.phone, event), reads(house.old, event)) == ("how to verify",) * 2


@pytest.mark.parametrize("what", [RoomKind.NOTICEBOARD, RoomKind.FACILITATORS])
@pytest.mark.parametrize("in_groups", list(Audience))
async def test_the_operator_chooses_who_gets_the_keys_of_a_group(
    clock, monkeypatch, what, in_groups
):
    house = House(clock, monkeypatch, in_groups)
    event = await house.say("on Tuesday", what)
    assert reads(house.phone, event) == "on Tuesday"
    assert reads(house.old, event) == ("on Tuesday" if in_groups is Audience.ALL else None)


async def test_what_is_personal_in_a_group_is_not_the_operators_to_choose(clock, monkeypatch):
    house = House(clock, monkeypatch, Audience.ALL)
    quoted = await house.say("I lost my brother", RoomKind.FACILITATORS, personal=True)
    assert (reads(house.phone, quoted), reads(house.old, quoted)) == ("I lost my brother", None)
    event = await house.say("on Tuesday", RoomKind.FACILITATORS)
    assert reads(house.old, event) == "on Tuesday"


@pytest.mark.parametrize("in_groups", list(Audience))
async def test_private_chats_are_not_concerned(clock, monkeypatch, in_groups):
    house = House(clock, monkeypatch, in_groups)
    assert reads(house.old, await house.say("about you")) is None


async def test_whose_key_did_not_come_gives_it_again(house):
    await house.encryption.lists.refresh(["@ada:hs"])
    ada, keeper = house.phone, house.keeper
    ada.follow(keeper)
    lost = ada.say("hello", [keeper.user])
    keeper.server.inbox[keeper.user, keeper.machine.device_id].clear()
    assert reads(keeper, lost) is None
    await house.encryption.healing.heal_people(["@ada:hs"])
    ada.now += 1
    ada.sync()
    again = ada.say("hello, hello", [keeper.user])
    keeper.sync()
    assert again["content"]["session_id"] == lost["content"]["session_id"]
    assert reads(keeper, again) == "hello, hello"
    await house.encryption.healing.heal_people(["@ada:hs"])
    assert house.client.asked.count("claim") == 1  # at most once an hour


# -- much is said in a short time


def index(event):
    return crypto.room_event(ROOM, event).index


async def test_a_burst_moves_the_ratchet_ahead_and_uses_each_index_once(house):
    events = [await house.say(f"message {number}", RoomKind.NOTICEBOARD) for number in range(40)]
    assert [reads(house.phone, event) for event in events] == [f"message {n}" for n in range(40)]
    assert [index(event) for event in events] == list(range(40))
    assert house.stored()["index"] == 2 + 3 * AHEAD
    assert house.client.asked == ["query", "claim"]


async def test_single_messages_move_it_by_one(house, clock):
    for number in range(3):
        await house.say("hello", RoomKind.NOTICEBOARD)
        assert house.stored()["index"] == number + 1
        clock.advance(seconds=OFTEN_MS / 1000)


async def test_a_restart_uses_no_index_again(house):
    before = [await house.say("hello", RoomKind.NOTICEBOARD) for _ in range(5)]
    house.restart()
    after = await house.say("good evening", RoomKind.NOTICEBOARD)
    assert reads(house.phone, after) == "good evening"
    assert index(after) > max(index(event) for event in before)


async def test_a_device_that_comes_in_a_burst_reads_from_then_on(clock, monkeypatch):
    house = House(clock, monkeypatch, Audience.ALL)
    before = [await house.say("hello", RoomKind.NOTICEBOARD) for _ in range(5)]
    new = Party(house.keeper.server, "@ada:hs", "NEW", signed=False)
    await house.encryption.lists.outdate("@ada:hs")
    after = await house.say("good evening", RoomKind.NOTICEBOARD)
    new.sync()
    assert [reads(new, event) for event in before] == [None] * 5
    assert reads(new, after) == "good evening"


async def test_a_device_that_goes_in_a_burst_reads_nothing_more(clock, monkeypatch):
    house = House(clock, monkeypatch, Audience.ALL)
    events = [await house.say("hello", RoomKind.NOTICEBOARD) for _ in range(5)]
    assert reads(house.old, events[-1]) == "hello"
    del house.keeper.server.devices["@ada:hs"]["OLD"]
    await house.encryption.lists.outdate("@ada:hs")
    after = await house.say("good evening", RoomKind.NOTICEBOARD)
    assert (reads(house.phone, after), reads(house.old, after)) == ("good evening", None)


async def test_a_burst_ends_with_the_session(house):
    events = [await house.say("hello", RoomKind.NOTICEBOARD) for _ in range(105)]
    sessions = [event["content"]["session_id"] for event in events]
    assert len(set(sessions[:100])) == 1
    assert sessions[100] != sessions[99]
    assert all(reads(house.phone, event) == "hello" for event in events)


async def test_a_list_that_changes_before_the_commit_leaves_no_line(house):
    lines, where = house.encryption.lines, (ROOM, crypto.Audience.SIGNED)
    for _ in range(2):
        await house.say("hello", RoomKind.NOTICEBOARD)
    changes = lines.changes
    lines.heard({crypto.EPOCH})
    lines.keep(where, ["@ada:hs"], 0, SimpleNamespace(left=1), changes)
    assert lines.encrypt(where, ["@ada:hs"], 0, "m.room.message", {}) is None


async def test_there_are_no_lines_unless_somebody_tells_of_changes(house):
    house.encryption = Encryption(
        house.keeper.machine, house.client, house.store, house.clock, house.in_groups
    )
    for number in range(5):
        await house.say("hello", RoomKind.NOTICEBOARD)
        assert house.stored()["index"] == number + 1


async def test_nothing_is_moved_ahead_while_a_list_is_not_known(house, monkeypatch):
    await house.say("hello", RoomKind.NOTICEBOARD)

    async def refresh(_):
        """As when the homeserver does not tell us."""

    monkeypatch.setattr(house.encryption.lists, "refresh", refresh)
    await house.encryption.lists.outdate("@ada:hs")
    for number in range(1, 5):
        await house.say("hello", RoomKind.NOTICEBOARD)
        assert house.stored()["index"] == number + 1


async def test_after_a_message_that_was_given_up_the_next_can_be_read(house):
    await house.say("its key was never sent", keys_delivered=False)
    await house.encryption.begin_anew(ROOM)
    assert reads(house.phone, await house.say("next")) == "next"


async def test_a_session_that_is_begun_anew_is_used_by_no_line(house):
    for word in ("one", "two", "three"):
        await house.say(word)
    await house.encryption.begin_anew(ROOM)
    assert reads(house.phone, await house.say("four", keys_delivered=False)) is None


@pytest.fixture
async def wedged(house):
    """Ada's phone knows the keeper's device, and is to be healed."""
    await house.say("hello")
    house.client.asked.clear()
    with house.phone.vault(crypto.need_account(house.phone.machine)) as vault:
        key = crypto.own_device(house.phone.machine, vault).curve25519
    return [crypto.Wedged("@ada:hs", key)]


async def test_healing_counts_for_nothing_when_nobody_answered(house, wedged):
    house.client.out = "claim"
    with pytest.raises(TransientError):
        await house.encryption.healing.heal(wedged)
    house.client.out = ""
    await house.encryption.healing.heal(wedged)
    await house.encryption.healing.heal(wedged)
    assert house.client.asked == ["claim", "send"]


async def test_what_shows_a_new_session_is_sent_after_a_crash_too(house, wedged):
    house.client.out = "send"
    with pytest.raises(TransientError):
        await house.encryption.healing.heal(wedged)
    house.client.out = ""
    house.restart()
    await house.encryption.healing.heal([])
    assert house.client.asked == ["claim", "send"]


async def test_two_that_share_a_key_at_once_lose_none(house, monkeypatch):
    chat = Room(RoomId(ROOM), RoomKind.CHAT, None, UserId("@ada:hs"), encrypted=True)
    both, claim = asyncio.Barrier(2), house.client.keys_claim

    async def claim_together(body):
        answer = await claim(body)
        await both.wait()
        return answer

    monkeypatch.setattr(house.client, "keys_claim", claim_together)
    await asyncio.gather(*(house.encryption.open_line(chat, 5) for _ in range(2)))
    assert reads(house.phone, await house.say("help", audience=Audience.ALL)) == "help"


async def test_refused_keys_are_told_of_and_hold_up_nothing_that_follows(house, wedged):
    chat = Room(RoomId(ROOM), RoomKind.CHAT, None, UserId("@ada:hs"), encrypted=True)
    house.client.out, house.client.error = "send", PermanentError("no", "M_FORBIDDEN")
    with pytest.raises(PermanentError):
        await house.encryption.open_line(chat, 5)
    with pytest.raises(PermanentError):
        await house.encryption.healing.heal(wedged)
    house.client.out = ""
    assert reads(house.phone, await house.say("help", audience=Audience.ALL)) == "help"
    await house.encryption.healing.heal([])
    assert "send" not in house.client.asked
