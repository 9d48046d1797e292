"""Two machines talk: keys given, messages read, forgeries and replays refused."""

import pytest

from appservice import crypto
from appservice.crypto import (
    DummyReceived,
    KeyWithheld,
    MissingKey,
    Repeated,
    Replayed,
    RoomKeyReceived,
    Undecryptable,
    Wedged,
)
from tests.crypto.world import HOUR, ROOM, Party, Server, pair


def test_a_message_arrives_with_its_trust():
    ada, ben = pair()
    event = ada.say("hello", [ada.user, ben.user])
    (report,) = ben.sync()
    assert report == RoomKeyReceived(
        ROOM, event["content"]["session_id"], "@ada:hs", event["content"]["sender_key"]
    )
    read = ben.read(event)
    assert (read.type, read.content["body"]) == ("m.room.message", "hello")
    assert (read.sender, read.device_id, read.index) == ("@ada:hs", "DEVICE", 0)
    assert read.trust.signed
    assert not read.trust.pinned_identity_changed


def test_both_directions_and_many_messages():
    ada, ben = pair()
    users = [ada.user, ben.user]
    for number in range(5):
        assert ben.hear(ada.say(f"a{number}", users)) == f"a{number}"
        assert ada.hear(ben.say(f"b{number}", users)) == f"b{number}"


def test_we_read_our_own_messages():
    ada, ben = pair()
    event = ada.say("mine", [ada.user, ben.user])
    read = ada.read(event)
    assert read.content["body"] == "mine"
    assert read.trust.signed


def test_a_missing_key_says_which():
    ada, ben = pair()
    event = ada.say("hello", [ada.user, ben.user])
    with pytest.raises(MissingKey) as caught:
        ben.read(event)
    assert (caught.value.room_id, caught.value.session_id) == (
        ROOM,
        event["content"]["session_id"],
    )
    ben.sync()
    assert ben.read(event).content["body"] == "hello"


def test_replay_is_refused_after_a_reload_and_the_same_event_is_not():
    ada, ben = pair()
    event = ada.say("once", [ada.user, ben.user])
    ben.sync()
    ben.read(event)
    assert ben.read(event).content["body"] == "once"
    with pytest.raises(Replayed):
        ben.read({**event, "event_id": "$other"})
    with pytest.raises(Replayed):
        ben.read({**event, "origin_server_ts": 5})


def test_a_message_belongs_to_its_room():
    ada, ben = pair()
    event = ada.say("here", [ada.user, ben.user])
    ben.sync()
    with pytest.raises(MissingKey):
        ben.read(event, "!other")
    key = next(key for key in ben.records if key[0] == "inbound")
    elsewhere = ("inbound", key[1].replace(ROOM, "!other"), key[2])
    ben.records[elsewhere] = ben.records[key]
    with pytest.raises(Undecryptable, match="room"):
        ben.read(event, "!other")


def test_a_message_belongs_to_the_owner_of_its_session():
    ada, ben = pair()
    event = ada.say("from ada", [ada.user, ben.user])
    ben.sync()
    with pytest.raises(MissingKey):
        ben.read({**event, "sender": "@mallory:hs"})


def test_a_forged_ciphertext_is_refused():
    ada, ben = pair()
    event = ada.say("x", [ada.user, ben.user])
    ben.sync()
    text = event["content"]["ciphertext"]
    turned = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
    event["content"]["ciphertext"] = turned
    with pytest.raises(Undecryptable):
        ben.read(event)


def test_relations_travel_in_clear():
    ada, ben = pair()
    ada.share([ben.user])
    relation = {"m.in_reply_to": {"event_id": "$1"}}
    event = ada.encrypt("reply", **{"m.relates_to": relation})
    assert event["content"]["m.relates_to"] == relation
    ben.sync()
    assert ben.read(event).content["m.relates_to"] == relation


def test_a_relation_outside_only_is_added():
    ada, ben = pair()
    event = ada.say("reply", [ben.user])
    event["content"]["m.relates_to"] = {"rel_type": "m.thread", "event_id": "$1"}
    ben.sync()
    assert ben.read(event).content["m.relates_to"]["rel_type"] == "m.thread"


def test_repeated_olm_messages_are_told_apart_from_wedged_ones():
    ada, ben = pair()
    ada.share([ben.user])
    events = list(ada.server.inbox[("@ben:hs", "DEVICE")])
    assert isinstance(ben.receive(events)[0], RoomKeyReceived)
    assert ben.receive(events) == [Repeated("@ada:hs", events[0]["content"]["sender_key"])]
    lost = [key for key in ben.records if key[0] == "peer" and key[2]]
    for key in lost:
        del ben.records[key]
    assert ben.receive(events) == [Wedged("@ada:hs", events[0]["content"]["sender_key"])]


def test_a_wedged_session_is_mended_at_most_once_an_hour():
    ada, ben = pair()
    users = [ada.user, ben.user]
    ben.hear(ada.say("one", users))
    ada.hear(ben.say("two", users))  # from here on Ada's messages are no pre-key messages
    for key in [key for key in ben.records if key[0] == "peer" and key[2]]:
        del ben.records[key]
    ada.now += 604_800_000
    event = ada.say("three", users)
    reports = ben.sync()
    assert [type(report) for report in reports] == [Wedged]
    wedged = [(report.sender, report.sender_key) for report in reports]
    need = crypto.need_unwedge(ben.machine, wedged)
    with ben.vault(need) as vault:
        claim = crypto.unwedge_claim(vault, wedged, ben.now)
    with ben.vault(need) as vault:
        dummies = crypto.unwedge(ben.machine, vault, ben.server.claim(claim), claim, ben.now)
    ben.server.send(ben.user, dummies)
    with ben.vault(need) as vault:
        assert crypto.unwedge_claim(vault, wedged, ben.now + HOUR - 1) is None
        assert crypto.unwedge_claim(vault, wedged, ben.now + HOUR) is not None
    ada.now += 1
    assert [type(report) for report in ada.sync()] == [DummyReceived]
    with pytest.raises(MissingKey):
        ben.read(event)
    assert ben.hear(ada.say("four", users)) == "four"  # the key was given once more
    assert ada.share(users) == []


def test_withheld_is_reported():
    ada, ben = pair(signed=False)
    event = ada.say("secret", [ada.user, ben.user])
    session = event["content"]["session_id"]
    assert ben.sync() == [KeyWithheld(ROOM, session, "@ada:hs", "m.unverified")]
    with pytest.raises(MissingKey):
        ben.read(event)


def test_a_later_key_never_replaces_an_earlier_one():
    ada, ben = pair()
    first = ada.say("first", [ben.user])
    second = ada.say("second", [ben.user])
    early = list(ada.server.inbox[("@ben:hs", "DEVICE")])
    item = next(key for key in ada.records if key[0] == "shared")
    del ada.records[item]
    ada.share([ben.user])  # the key once more, from index 2
    late = [e for e in ada.server.inbox[("@ben:hs", "DEVICE")] if e not in early]
    ben.receive(late)
    with pytest.raises(MissingKey):
        ben.read(first)
    ben.receive(early)
    assert ben.read(first).content["body"] == "first"
    ben.receive(late)
    assert ben.read(second).content["body"] == "second"
    assert ben.read(first).content["body"] == "first"


def test_reading_without_a_vault():
    ada, ben = pair()
    event = ada.say("help", [ada.user, ben.user])
    ben.sync()
    inbound = [value for key, value in ben.records.items() if key[0] == "inbound"]
    event = crypto.room_event(ROOM, event)
    read = crypto.decrypt_with(ben.machine, inbound, event)
    assert read.content["body"] == "help"
    assert not read.trust.signed
    with pytest.raises(MissingKey):
        crypto.decrypt_with(ben.machine, [], event)


def test_an_unknown_device_is_read_without_trust():
    server = Server()
    ada, ben = Party(server, "@ada:hs"), Party(server, "@ben:hs")
    ada.follow(ben)
    event = ada.say("hello", [ben.user])
    ben.sync()
    read = ben.read(event)
    assert (read.device_id, read.trust.signed) == (None, False)
    ben.follow(ada)
    assert ben.read(event).trust.signed


def forget_day(party, day):
    with party.vault(crypto.need_came(day)) as vault:
        sessions = crypto.came_on(vault, day)
    with party.vault(crypto.need_forget(day, sessions)) as vault:
        crypto.forget(vault, day, sessions)


def test_the_keys_of_a_day_are_forgotten():
    ada, ben = pair()
    today = ben.now // crypto.DAY_MS
    old = ada.say("hello", [ben.user])
    ben.hear(old)
    ben.now += 24 * HOUR
    new = ada.say("and good night", [ben.user], rotation=crypto.Rotation(messages=1))
    ben.hear(new)
    forget_day(ben, today)
    with pytest.raises(MissingKey):
        ben.read(old)
    assert ben.read(new).content["body"] == "and good night"
    forget_day(ben, today + 1)
    assert not {"inbound", "read", "came"} & {key[0] for key in ben.records}
    with pytest.raises(MissingKey):
        ben.read(new)


def test_nothing_secret_in_reprs():
    ada, ben = pair()
    event = ada.say("whisper", [ada.user, ben.user])
    ben.sync()
    assert "whisper" not in repr(ben.read(event))
    assert "kkkk" not in repr(ben.machine)
