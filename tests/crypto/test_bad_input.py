"""Whatever strangers send: a report or one of our own errors, nothing else."""

import copy

import pytest
import vodozemac
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appservice import crypto
from appservice.crypto import Change, CryptoError, Dropped, KeysQuery, OtherToDevice, Wedged
from appservice.crypto.account import open_account
from appservice.crypto.keys_query import MAX_DEVICES
from appservice.crypto.olm import MAX_OF_USER, OlmWriter
from appservice.crypto.to_device import MAX_ROOM_KEYS
from tests.crypto.world import HOUR, ROOM, Party, pair

ADA, BEN = pair()
EVENT = ADA.say("hello", [BEN.user])
INBOX = ADA.server.inbox[(BEN.user, "DEVICE")]
BEN.receive(INBOX)

words = st.sampled_from(
    [
        ADA.user,
        BEN.user,
        "DEVICE",
        ROOM,
        "m.room_key",
        "m.megolm.v1.aes-sha2",
        "\ud800",
        "@",
        "\x00",
    ]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | words, inner),
    max_leaves=8,
)
calm = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


def paths(value, path=()):
    """All places inside a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    for name, item in inner:
        yield from paths(item, (*path, name))


@st.composite
def spoilt(draw, original):
    """An honest value with one to three places overwritten or removed."""
    value = {"root": copy.deepcopy(original)}
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(paths(value["root"]))))
        place = value
        for name in ("root", *path)[:-1]:
            place = place.get(name) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place[("root", *path)[-1]] = draw(json_values)
    return value["root"]


def unsaved(need, party=BEN):
    covered = {key: value for key, value in party.records.items() if need.covers(key)}
    return crypto.Vault(covered, need)


@calm
@given(st.lists(json_values | spoilt(INBOX[0]), max_size=3))
def test_any_to_device_message(events):
    vault = unsaved(crypto.need_to_device(BEN.machine, events))
    reports = crypto.receive_to_device(BEN.machine, vault, events, BEN.now)
    assert len(reports) == len(events)
    "".join("".join(key) for key in vault.changes()).encode()


@calm
@given(json_values | spoilt(EVENT))
def test_any_room_event(event):
    try:
        parsed = crypto.room_event(ROOM, event)
    except CryptoError:
        return
    vault = unsaved(crypto.need_room_events([parsed]))
    try:
        read = crypto.decrypt_room_event(BEN.machine, vault, parsed)
    except CryptoError:
        assert vault.changes() == {}
    else:
        assert read.content["body"] == "hello"


@calm
@given(json_values | spoilt(ADA.server.query({"device_keys": {ADA.user: [], BEN.user: []}})))
def test_any_answer_about_devices(response):
    query = KeysQuery({}, {ADA.user: 1, "@new:hs": 1})
    vault = unsaved(crypto.need_keys_query(query))
    changes = crypto.receive_keys_query(vault, response, query, BEN.now)
    kept = [device for device in crypto.devices(vault, ADA.user) if device.signed]
    assert all(device.ed25519 == kept[0].ed25519 for device in kept)
    assert all(change.user_id in query.asked for change in changes)


@calm
@given(json_values | spoilt(ADA.server.query({"device_keys": {ADA.user: []}})))
def test_any_answer_about_ourselves(response):
    vault = unsaved(crypto.need_identity(ADA.machine), ADA)
    honest = response == ADA.server.query({"device_keys": {ADA.user: []}})
    findings = crypto.verify_own(ADA.machine, vault, response)
    assert all(isinstance(finding, crypto.Finding) for finding in findings)
    assert not (honest and findings)


CLAIM = {"one_time_keys": {ADA.user: {"DEVICE": "signed_curve25519"}}}


@calm
@given(json_values | spoilt(copy.deepcopy(ADA.server).claim(CLAIM)))
def test_any_answer_with_one_time_keys(response):
    vault = unsaved(crypto.need_claim(BEN.machine, CLAIM))
    begun = crypto.receive_claim(BEN.machine, vault, response, CLAIM, BEN.now)
    assert all(device.user_id == ADA.user for device in begun)
    assert vault.changes()


@calm
@given(st.text())
def test_any_recovery_key(key):
    with pytest.raises(crypto.BadRecoveryKey):
        crypto.decode_recovery_key(key)


def olm(giver, recipient, event_type, content, **forged):
    """An Olm message from party to party, as the other side gets it."""
    claim = {"one_time_keys": {recipient.user: {recipient.machine.device_id: "x"}}}
    giver.claim_for(claim)
    need = crypto.need_claim(giver.machine, claim)
    with giver.vault(need) as vault:
        writer = OlmWriter(giver.machine, vault, event_type, content)
        writer._payload |= forged
        (device,) = crypto.devices(vault, recipient.user)
        sealed = writer.encrypt(device)
    return {"type": "m.room.encrypted", "sender": giver.user, "content": sealed}


def reports(event):
    ada, ben = pair()
    return ben.receive([event(ada, ben)])


@pytest.mark.parametrize(
    ("forged", "reason"),
    [
        ({"sender": "@mallory:hs"}, "sender"),
        ({"keys": {}}, "sender"),
        ({"keys": {"ed25519": "A" * 43}}, "keys"),
        ({"sender_device_keys": {}}, "sender_device_keys"),
        ({"sender_device_keys": "x"}, "sender_device_keys"),
    ],
)
def test_a_false_olm_payload_leaves_no_trace(forged, reason):
    ada, ben = pair()
    event = olm(ada, ben, "m.dummy", {}, **forged)
    before = dict(ben.records)
    assert ben.receive([event]) == [Dropped(reason, "@ada:hs")]
    assert ben.records == before


@pytest.mark.parametrize(
    ("other", "reason"),
    [({"ed25519": "A" * 43}, "recipient_keys"), ({"user_id": "@cy:hs"}, "recipient")],
)
def test_a_payload_addressed_to_somebody_else(other, reason):
    """Somebody passes on to Ben what Ada wrote for another recipient."""
    ada, ben = pair()
    ada.claim_for({"one_time_keys": {ben.user: {"DEVICE": "signed_curve25519"}}})
    need = crypto.need_devices([ben.user]) | crypto.need_account(ada.machine)
    need |= crypto.Need(frozenset({("peer", ben.user), ("peer", "@cy:hs")}))
    with ada.vault(need) as vault:
        for item in vault.owned("peer", ben.user):
            vault.put(("peer", "@cy:hs", item), vault.get(("peer", ben.user, item)))
        (device,) = crypto.devices(vault, ben.user)
        writer = OlmWriter(ada.machine, vault, "m.dummy", {})
        sealed = writer.encrypt(device._replace(**other))
    event = {"type": "m.room.encrypted", "sender": ada.user, "content": sealed}
    assert ben.receive([event]) == [Dropped(reason, ada.user)]


def test_a_message_for_somebody_else():
    ada, ben = pair()
    cy = Party(ada.server, "@cy:hs")
    ada.follow(cy)
    event = olm(ada, cy, "m.dummy", {})
    assert ben.receive([event]) == [Dropped("not_for_us", "@ada:hs")]
    own = crypto.need_account(ben.machine)
    with ben.vault(own) as vault:
        key = open_account(ben.machine, vault).curve25519_key.to_base64()
    (message,) = event["content"]["ciphertext"].values()
    event["content"]["ciphertext"] = {key: message}
    assert [type(report) for report in ben.receive([event])] == [Wedged]


def test_a_message_passed_on_under_another_name():
    ada, ben = pair()
    event = olm(ada, ben, "m.dummy", {})
    assert ben.receive([{**event, "sender": "@mallory:hs"}]) == [Dropped("sender", "@mallory:hs")]
    assert len(ben.receive([event])) == 1


def test_kinds_that_are_refused_or_passed_on():
    key = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": ROOM, "session_id": "x"}
    assert reports(lambda a, b: olm(a, b, "m.forwarded_room_key", key)) == [
        Dropped("forwarded", "@ada:hs")
    ]
    assert reports(lambda a, b: olm(a, b, "m.room_key", key)) == [Dropped("room_key", "@ada:hs")]
    (other,) = reports(lambda a, b: olm(a, b, "m.secret.request", {"name": "x"}))
    assert isinstance(other, OtherToDevice)
    assert other.sender_key is not None
    for kind in ("m.room_key", "m.forwarded_room_key", "m.dummy", "m.secret.send"):
        plain = {"type": kind, "sender": "@ada:hs", "content": {}}
        assert reports(lambda _a, _b, plain=plain: plain) == [Dropped("not_encrypted", "@ada:hs")]
    verification = {"type": "m.key.verification.request", "sender": "@ada:hs", "content": {}}
    (other,) = reports(lambda _a, _b: verification)
    assert other == OtherToDevice("m.key.verification.request", "@ada:hs", None, {})


def test_a_room_key_under_a_false_session_id():
    ada, ben = pair()
    key = vodozemac.GroupSession().session_key.to_base64()
    for session_id in ("A" * 43, None, 5):
        content = {
            "algorithm": "m.megolm.v1.aes-sha2",
            "room_id": ROOM,
            "session_id": session_id,
            "session_key": key,
        }
        event = olm(ada, ben, "m.room_key", content)
        assert ben.receive([event]) == [Dropped("room_key", "@ada:hs")]
    assert not [key for key in ben.records if key[0] == "inbound"]


def test_a_huge_message_is_dropped():
    event = {"type": "m.x", "sender": "@ada:hs", "content": {"a": "x" * 65_536}}
    assert BEN.receive([event]) == [Dropped("too_large", "@ada:hs")]


def test_one_bad_message_does_not_stop_the_next():
    ada, ben = pair()
    event = ada.say("hello", [ben.user])
    good = ada.server.inbox.pop((ben.user, "DEVICE"))
    ben.receive([None, {"type": 5}, *good, {"type": "m.room.encrypted"}])
    assert ben.read(event).content["body"] == "hello"


def test_olm_sessions_of_a_device_are_limited():
    ada, ben = pair()
    for _ in range(12):
        ben.receive([olm(ada, ben, "m.dummy", {})])
        ben.now += 1
    for party in (ada, ben):
        assert len([key for key in party.records if key[0] == "peer" and key[2]]) == 8
    assert ben.hear(ada.say("still here", [ben.user])) == "still here"


def test_devices_of_a_user_are_limited():
    ada, ben = pair()
    for number in range(MAX_DEVICES + 20):
        Party(ada.server, ben.user, f"D{number:03}", signed=False)
    changes = ada.follow(ben)
    with ada.vault(crypto.need_devices([ben.user])) as vault:
        known = crypto.devices(vault, ben.user)
    assert len(known) == MAX_DEVICES
    assert "DEVICE" in {device.device_id for device in known}  # which was there before
    refused = [change for change in changes if change.kind is Change.DEVICE_REFUSED]
    assert len(refused) == 21


def test_olm_sessions_of_a_user_are_limited():
    ada, ben = pair()
    for number in range(MAX_OF_USER // 8 + 3):
        invented = Party(ada.server, ben.user, f"D{number:03}", signed=False)
        invented.follow(ada)
        for _ in range(8):
            ada.receive([olm(invented, ada, "m.dummy", {})])
    kept = [key for key in ada.records if key[:2] == ("peer", ben.user) and key[2]]
    assert len(kept) == MAX_OF_USER


def test_room_keys_of_a_user_are_limited_for_a_day():
    ada, ben = pair()
    once = crypto.Rotation(messages=1)
    for _ in range(MAX_ROOM_KEYS):
        ada.say("x", [ben.user], rotation=once)
    assert {type(report) for report in ben.sync()} == {crypto.RoomKeyReceived}
    ada.say("x", [ben.user], rotation=once)
    assert ben.sync() == [Dropped("too_many", ada.user)]
    ben.now += 24 * HOUR
    event = ada.say("good morning", [ben.user], rotation=once)
    assert ben.hear(event) == "good morning"


@pytest.mark.parametrize("levels", [100, 300, 900])
def test_what_nests_deep_is_refused_alone(levels):
    deep = None
    for _ in range(levels):
        deep = [deep]
    ada, ben = pair()
    cy = Party(ada.server, "@cy:hs")
    heard = ada.say("hello", [ben.user])
    inbox = ben.server.inbox[(ben.user, "DEVICE")]
    inbox.insert(0, {"type": "m.x", "sender": ada.user, "content": {"a": deep}})
    inbox.insert(0, {**inbox[-1], "content": {**inbox[-1]["content"], "algorithm": deep}})
    assert ben.hear(heard) == "hello"

    query = KeysQuery({"device_keys": {ada.user: [], cy.user: []}}, {ada.user: 1, cy.user: 1})
    response = ben.server.query(query.body)
    response["device_keys"][cy.user]["DEVICE"]["more"] = deep
    refused = [change for change in ben.take_query(response, query) if change.user_id == cy.user]
    assert Change.DEVICE_REFUSED in [change.kind for change in refused]
    with ben.vault(crypto.need_devices([ada.user, cy.user])) as vault:
        assert [d.signed for d in crypto.devices(vault, ada.user)] == [True]
        assert crypto.devices(vault, cy.user) == []
