"""Nearly right messages of every kind: a report or one of our own errors, nothing else.

What comes in is mutated from what is valid (mutations.py). Where something was believed it must
be the honest thing: a change may cost a message, never put words into somebody's mouth.
"""

import contextlib
import copy
import json
from types import SimpleNamespace

import pytest
import vodozemac
from hypothesis import assume, example, given
from hypothesis import strategies as st

from appservice import crypto
from appservice.crypto import CryptoError, KeysQuery, fields, records
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


def payload(event_type, content):
    with ADA.vault(crypto.need_account(ADA.machine)) as vault:
        sender, keys = (
            crypto.own_device(ADA.machine, vault),
            crypto.device_keys(ADA.machine, vault),
        )
    with BEN.vault(crypto.need_account(BEN.machine)) as vault:
        recipient = crypto.own_device(BEN.machine, vault)
    return {
        "type": event_type,
        "content": content,
        "sender": ADA.user,
        "sender_device": "DEVICE",
        "keys": {"ed25519": sender.ed25519},
        "sender_device_keys": keys,
        "recipient": BEN.user,
        "recipient_keys": {"ed25519": recipient.ed25519},
    }


def sealed(octets):
    """An Olm message of Ada's with any octets in it, which Ben can decrypt."""
    record = next(value for key, value in ADA.records.items() if key[0] == "olm")
    session = vodozemac.Session.from_pickle(records.load(record)["pickle"], ADA.machine.pickle_key)
    message_type, body = session.encrypt(octets).to_parts()
    event = copy.deepcopy(KEY_EVENT)
    (message,) = event["content"]["ciphertext"].values()
    message.update({"type": message_type, "body": fields.encode64(body)})
    return event


def spoken(octets):
    """A room event of Ada's with any octets in it, which Ben can decrypt."""
    record = next(value for key, value in ADA.records.items() if key[0] == "outbound")
    session = vodozemac.GroupSession.from_pickle(
        records.load(record)["pickle"], ADA.machine.pickle_key
    )
    event = copy.deepcopy(EVENT)
    event["content"]["ciphertext"] = session.encrypt(octets).to_base64()
    return event


def octets_of(value):
    """Any value as JSON, lone surrogates and NaN too, in the way that keeps them."""
    return json.dumps(value).encode()


ROOM_KEY = payload(
    "m.room_key",
    {
        "algorithm": "m.megolm.v1.aes-sha2",
        "room_id": ROOM,
        "session_id": (_group := vodozemac.GroupSession()).session_id,
        "session_key": _group.session_key.to_base64(),
    },
)
FORWARDED = payload("m.forwarded_room_key", {**ROOM_KEY["content"], "sender_key": "A" * 43})
OTHERS = [payload(kind, {"name": "x", "secret": "y"}) for kind in ("m.dummy", "m.secret.send")]
SPOKEN = {"type": "m.room.message", "room_id": ROOM, "content": {"msgtype": "m.text", "body": "x"}}


def receive(events):
    ben = twin(BEN)
    reports = ben.receive(events)
    assert len(reports) == len(events)
    assert len(storable(ben, BEN.records)) <= 4 * len(events)
    for report in reports:
        "".join(str(getattr(report, name, "")) for name in ("code", "type", "reason")).encode()
    return reports


@calm
@given(st.lists(mutated(KEY_EVENT) | st.sampled_from(PLAIN).flatmap(mutated), max_size=3))
def test_to_device_messages(events):
    assume(not any(of_half_a_type(event) for event in events))
    receive(events)


def of_half_a_type(event):
    """The fault that the next test shows."""
    messages = fields.obj(event, "content", "ciphertext") or {}
    return any(type(fields.walk(message, "type")) is float for message in messages.values())


@pytest.mark.xfail(strict=True, raises=TypeError, reason="olm.py takes 0.0 for 0")
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
    receive([sealed(octets_of(value))])


@calm
@given(st.binary(max_size=80) | st.text(max_size=20).map(lambda text: text.encode("utf-16")))
@example(b"[" * 40_000)
@example(b'{"a":' + b"9" * 5_000 + b"}")
def test_olm_messages_that_hold_no_json(octets):
    assert isinstance(receive([sealed(octets)])[0], crypto.Dropped)


def read(event):
    ben = twin(BEN)
    try:
        found = ben.read(event)
    except CryptoError:
        assert ben.records == BEN.records
        return None
    storable(ben, BEN.records)
    assert found.sender == ADA.user
    return found


@calm
@given(mutated(EVENT))
def test_room_events(event):
    found = read(event)
    assert found is None or found.content["body"] == "hello"


@calm
@given(mutated(SPOKEN))
def test_rubbish_inside_good_room_events(value):
    found = read(spoken(octets_of(value)))
    assert found is None or (found.type, found.content) == (value["type"], value["content"])


@calm
@given(st.binary(max_size=80))
@example(b"[" * 100_000)
def test_room_events_that_hold_no_json(octets):
    assert read(spoken(octets)) is None


@calm
@given(mutated(EVENT))
def test_reading_without_a_vault(event):
    inbound = [value for key, value in BEN.records.items() if key[0] == "inbound"]
    with contextlib.suppress(CryptoError):
        assert crypto.decrypt_with(BEN.machine, inbound, ROOM, event).content["body"] == "hello"


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
