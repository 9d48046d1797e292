"""Nearly right messages of every kind: a report or one of our own errors, nothing else.

What comes in is mutated from what is valid (mutations.py). Where something was believed it must
be the honest thing: a change may cost a message, never put words into somebody's mouth.
"""

import copy
import json
from types import SimpleNamespace

import vodozemac
from hypothesis import example, given
from hypothesis import strategies as st

from appservice import crypto
from appservice.crypto import CryptoError, KeysQuery, fields
from tests.crypto.mutations import DEEP, calm, mutated, nested
from tests.crypto.world import ROOM, pair

ADA, BEN = pair()
EVENT = ADA.say("hello", [BEN.user])
(KEY_EVENT,) = ADA.server.inbox[(BEN.user, "DEVICE")]
BEN.receive([KEY_EVENT])
PLAIN = [
    {
        "type": "m.room_key.withheld",
        "sender": ADA.user,
        "content": {
            "algorithm": "m.megolm.v1.aes-sha2",
            "room_id": ROOM,
            "session_id": "A" * 43,
            "sender_key": "A" * 43,
            "code": "m.unverified",
            "reason": "x",
        },
    },
    {
        "type": "m.key.verification.request",
        "sender": ADA.user,
        "content": {
            "from_device": "DEVICE",
            "methods": ["m.sas.v1"],
            "transaction_id": "t",
            "timestamp": 1,
        },
    },
]
DEVICES = ADA.server.query({"device_keys": {ADA.user: [], BEN.user: []}})
CLAIM = {"one_time_keys": {ADA.user: {"DEVICE": "signed_curve25519"}}}
CLAIMED = copy.deepcopy(ADA.server).claim(CLAIM)


def twin(party):
    """The same party, whose memory may be spoilt."""
    found = copy.copy(party)
    found.records = dict(party.records)
    return found


def storable(party, before):
    """The store must be able to write what the machine wants to keep."""
    changed = {key for key in party.records if party.records[key] != before.get(key)}
    for key in changed:
        "".join(key).encode()
        assert len(party.records[key]) < 100_000
    return changed


class Phone:
    """Another device of Ada's that writes what it likes; made of bare ratchets."""

    def __init__(self):
        self.account = vodozemac.Account()
        self.group = vodozemac.GroupSession()
        claim = {"one_time_keys": {BEN.user: {"DEVICE": "signed_curve25519"}}}
        (one_time,) = ADA.server.claim(claim)["one_time_keys"][BEN.user]["DEVICE"].values()
        self.ben = ADA.server.devices[BEN.user]["DEVICE"]["keys"]
        keys = (self.ben["curve25519:DEVICE"], one_time["key"])
        session = self.account.create_outbound_session(
            *map(vodozemac.Curve25519PublicKey.from_base64, keys)
        )
        self.session = session.pickle(PICKLE)
        self.room = self.group.pickle(PICKLE)

    def payload(self, event_type, content):
        curve25519 = self.account.curve25519_key.to_base64()
        ed25519 = self.account.ed25519_key.to_base64()
        device = {
            "user_id": ADA.user,
            "device_id": "PHONE",
            "algorithms": ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
            "keys": {"curve25519:PHONE": curve25519, "ed25519:PHONE": ed25519},
        }
        sign = self.account.sign
        return {
            "type": event_type,
            "content": content,
            "sender": ADA.user,
            "sender_device": "PHONE",
            "keys": {"ed25519": ed25519},
            "sender_device_keys": crypto.sign_json(
                device, ADA.user, "PHONE", lambda octets: sign(octets).to_base64()
            ),
            "recipient": BEN.user,
            "recipient_keys": {"ed25519": self.ben["ed25519:DEVICE"]},
        }

    def sealed(self, octets):
        """An Olm message with any octets in it, which Ben can decrypt."""
        session = vodozemac.Session.from_pickle(self.session, PICKLE)
        message_type, body = session.encrypt(octets).to_parts()
        message = {"type": message_type, "body": fields.encode64(body)}
        content = {
            "algorithm": "m.olm.v1.curve25519-aes-sha2",
            "sender_key": self.account.curve25519_key.to_base64(),
            "ciphertext": {self.ben["curve25519:DEVICE"]: message},
        }
        return {"type": "m.room.encrypted", "sender": ADA.user, "content": content}

    def spoken(self, octets):
        """A room event with any octets in it, which Ben can decrypt."""
        group = vodozemac.GroupSession.from_pickle(self.room, PICKLE)
        content = {"session_id": group.session_id, "ciphertext": group.encrypt(octets).to_base64()}
        return {**EVENT, "content": {**EVENT["content"], **content}}


def octets_of(value):
    """Any value as JSON, lone surrogates and NaN too, in the way that keeps them."""
    return json.dumps(value).encode()


PICKLE = b"p" * 32
PHONE = Phone()
ROOM_KEY = PHONE.payload(
    "m.room_key",
    {
        "algorithm": "m.megolm.v1.aes-sha2",
        "room_id": ROOM,
        "session_id": PHONE.group.session_id,
        "session_key": PHONE.group.session_key.to_base64(),
    },
)
FORWARDED = PHONE.payload("m.forwarded_room_key", {**ROOM_KEY["content"], "sender_key": "A" * 43})
OTHERS = [PHONE.payload(kind, {"name": "x"}) for kind in ("m.dummy", "m.secret.send", "m.x")]
SPOKEN = {"type": "m.room.message", "room_id": ROOM, "content": {"msgtype": "m.text", "body": "x"}}


def receive(events):
    ben = twin(BEN)
    reports = ben.receive(events)
    assert len(reports) == len(events)
    assert len(storable(ben, BEN.records)) <= 5 * len(events)
    for report in reports:
        "".join(str(getattr(report, name, "")) for name in ("code", "type", "reason")).encode()
    return reports


@calm
@given(st.lists(mutated(KEY_EVENT) | st.sampled_from(PLAIN).flatmap(mutated), max_size=3))
def test_to_device_messages(events):
    receive(events)


def test_an_olm_message_of_type_0_point_0():
    event = copy.deepcopy(KEY_EVENT)
    (message,) = event["content"]["ciphertext"].values()
    message["type"] = float(message["type"])
    assert isinstance(receive([event])[0], crypto.Dropped | crypto.Wedged)


@calm
@given(st.sampled_from([ROOM_KEY, FORWARDED, *OTHERS]).flatmap(mutated))
@example({**ROOM_KEY, "content": nested(DEEP)})
@example({**ROOM_KEY, "content": {**ROOM_KEY["content"], "room_id": "!\ud800"}})
def test_rubbish_inside_good_olm_messages(value):
    receive([PHONE.sealed(octets_of(value))])


@calm
@given(st.binary(max_size=80) | st.text(max_size=20).map(lambda text: text.encode("utf-16")))
@example(b"[" * 40_000)
@example(b'{"a":' + b"9" * 5_000 + b"}")
def test_olm_messages_that_hold_no_json(octets):
    assert isinstance(receive([PHONE.sealed(octets)])[0], crypto.Dropped)


READER = twin(BEN)  # has the key of the phone too
READER.receive([PHONE.sealed(json.dumps(ROOM_KEY).encode())])


def read(event):
    ben = twin(READER)
    try:
        found = ben.read(event)
    except CryptoError:
        assert ben.records == READER.records
        return None
    storable(ben, READER.records)
    assert found.sender == ADA.user
    return found


@calm
@given(mutated(EVENT))
def test_room_events(event):
    found = read(event)
    assert found is None or found.content["body"] == "hello"


def test_what_is_right_is_taken():
    (report,) = receive([PHONE.sealed(octets_of(ROOM_KEY))])
    assert isinstance(report, crypto.RoomKeyReceived)
    assert read(EVENT).content["body"] == "hello"
    assert read(PHONE.spoken(octets_of(SPOKEN))).content["body"] == "x"


@calm
@given(mutated(SPOKEN))
def test_rubbish_inside_good_room_events(value):
    found = read(PHONE.spoken(octets_of(value)))
    said = found and [found.type, found.content]
    assert not said or json.dumps(said) == json.dumps([value["type"], value["content"]])


@calm
@given(st.binary(max_size=80))
@example(b"[" * 100_000)
def test_room_events_that_hold_no_json(octets):
    assert read(PHONE.spoken(octets)) is None


@calm
@given(mutated(DEVICES))
def test_device_lists(response):
    ben, query = twin(BEN), KeysQuery({}, {ADA.user: 1, "@new:hs": 1})
    before = known_devices(ben)
    ben.take_query(response, query)
    storable(ben, BEN.records)
    for name, device in known_devices(ben).items():
        assert name not in before or device.ed25519 == before[name].ed25519
        assert name in before or not device.signed


def known_devices(party):
    with party.vault(crypto.need_devices([ADA.user])) as vault:
        return {device.device_id: device for device in crypto.devices(vault, ADA.user)}


@calm
@given(mutated(ADA.server.query({"device_keys": {ADA.user: []}})))
def test_what_others_are_shown_of_us(response):
    with ADA.vault(crypto.need_identity(ADA.machine)) as vault:
        findings = crypto.verify_own(ADA.machine, vault, response)
    assert all(isinstance(finding, crypto.Finding) for finding in findings)


@calm
@given(mutated(CLAIMED))
def test_one_time_keys(response):
    ben = twin(BEN)
    ben.server = SimpleNamespace(claim=lambda _: response)
    assert len(ben.claim_for(CLAIM)) <= 1
    storable(ben, BEN.records)
