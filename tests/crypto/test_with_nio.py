"""An independent peer, matrix-nio's Olm machine, understands us and is understood."""

import pytest
from nio import (
    Event,
    KeysClaimResponse,
    KeysQueryResponse,
    KeysUploadResponse,
    MegolmEvent,
    RoomKeyEvent,
    RoomMessageText,
    ToDeviceEvent,
)
from nio.crypto import Olm
from nio.store import SqliteMemoryStore

from appservice import crypto
from appservice.crypto import Audience, RoomKeyReceived, ToDeviceBatch
from tests.crypto.world import ROOM, Party, Server

NIO = "@nio:hs"


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def keeper(server):
    return Party(server, "@keeper:hs")


@pytest.fixture
def nio(server, keeper):
    """Nio's machine, its keys uploaded, our device known to it."""
    store = SqliteMemoryStore(NIO, "NIODEV")
    olm = Olm(NIO, "NIODEV", store)
    server.keys_upload(NIO, "NIODEV", olm.share_keys())
    olm.handle_response(KeysUploadResponse(50, 50))
    answer = server.query({"device_keys": {keeper.user: [], NIO: []}})
    olm.users_for_key_query |= {keeper.user, NIO}
    olm.handle_response(KeysQueryResponse(answer["device_keys"], {}))
    keeper.follow(NIO)
    yield olm
    store.database.close()


def megolm(event):
    return Event.parse_encrypted_event(event)


def test_nio_reads_what_we_say(server, keeper, nio):
    event = keeper.say("hello nio", [NIO], Audience.ALL)
    (to_device,) = server.inbox[(NIO, "NIODEV")]
    key = nio.handle_to_device_event(ToDeviceEvent.parse_event(to_device))
    assert isinstance(key, RoomKeyEvent)
    parsed = megolm(event)
    assert isinstance(parsed, MegolmEvent)
    read = nio.decrypt_megolm_event(parsed, ROOM)
    assert isinstance(read, RoomMessageText)
    assert read.body == "hello nio"


def test_we_read_what_nio_says(server, keeper, nio):
    claim = {"one_time_keys": {keeper.user: {"DEVICE": "signed_curve25519"}}}
    keys = server.claim(claim)["one_time_keys"]
    nio.handle_response(KeysClaimResponse(keys, {}, ROOM))
    _shared, body = nio.share_group_session(ROOM, [keeper.user], ignore_unverified_devices=True)
    server.send(NIO, [ToDeviceBatch("m.room.encrypted", body["messages"])])
    nio.outbound_group_sessions[ROOM].shared = True
    sealed = nio.group_encrypt(
        ROOM, {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "hello keeper"}}
    )
    (report,) = keeper.sync()
    assert isinstance(report, RoomKeyReceived)
    read = keeper.read({**keeper.event(sealed), "sender": NIO})
    assert read.content["body"] == "hello keeper"
    assert (read.device_id, read.trust) == ("NIODEV", crypto.Trust())


def test_nio_agrees_with_our_signatures(server, keeper, nio):
    keys = server.devices[keeper.user]["DEVICE"]
    ed25519 = keys["keys"]["ed25519:DEVICE"]
    assert nio.verify_json(keys, ed25519, keeper.user, "DEVICE")
    signed = {"signatures": {NIO: {"ed25519:NIODEV": nio.sign_json({"a": ["日", 1]})}}}
    own = server.devices[NIO]["NIODEV"]["keys"]["ed25519:NIODEV"]
    crypto.verify_json({"a": ["日", 1], **signed}, NIO, "NIODEV", own)
