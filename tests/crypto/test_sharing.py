"""Who gets the key of a room, when a new session begins, and what a reserve promises."""

import pytest

from appservice import crypto
from appservice.crypto import (
    Audience,
    LifelineSpent,
    MissingKey,
    NoOutboundSession,
    NotLoaded,
    Rotation,
)
from tests.crypto.world import HOUR, ROOM, Party, Server, pair


def session_of(event):
    return event["content"]["session_id"]


def recipients(batches, event_type="m.room.encrypted"):
    return sorted(
        (user, device)
        for batch in batches
        if batch.event_type == event_type
        for user, by_device in batch.messages.items()
        for device in by_device
    )


def test_signed_and_all_are_two_sessions():
    ada, ben = pair(signed=False)
    users = [ada.user, ben.user]
    batches = ada.share(users, Audience.SIGNED)
    assert recipients(batches) == []
    assert recipients(batches, "m.room_key.withheld") == [("@ben:hs", "DEVICE")]
    strict = ada.encrypt("statement", Audience.SIGNED)
    open_ = ada.say("help", users, Audience.ALL)
    assert session_of(strict) != session_of(open_)
    assert ben.hear(open_) == "help"
    with pytest.raises(MissingKey):
        ben.read(strict)


def test_withheld_is_said_once_for_each_session():
    ada, ben = pair(signed=False)
    ada.share([ben.user])
    assert ada.share([ben.user]) == []
    ada.now += 604_800_000
    assert recipients(ada.share([ben.user]), "m.room_key.withheld") == [("@ben:hs", "DEVICE")]


def test_a_device_signed_later_gets_the_key_from_then():
    ada, ben = pair(signed=False)
    before = ada.say("before", [ben.user])
    ben.sign()
    ada.follow(ben)
    after = ada.say("after", [ben.user])
    assert session_of(before) == session_of(after)
    assert ben.hear(after) == "after"
    with pytest.raises(MissingKey):
        ben.read(before)


def test_a_newcomer_reads_from_the_present_on():
    ada, ben = pair()
    cy = Party(ada.server, "@cy:hs")
    before = ada.say("before", [ben.user])
    ada.follow(cy)
    after = ada.say("after", [ben.user, cy.user])
    assert session_of(before) == session_of(after)
    assert ben.hear(after) == "after"
    assert cy.hear(after) == "after"
    with pytest.raises(MissingKey):
        cy.read(before)


def test_a_new_session_when_a_member_leaves():
    ada, ben = pair()
    cy = Party(ada.server, "@cy:hs")
    ada.follow(cy)
    before = ada.say("before", [ben.user, cy.user])
    after = ada.say("after", [ben.user])
    assert session_of(before) != session_of(after)
    assert ben.hear(after) == "after"
    cy.sync()
    with pytest.raises(MissingKey):
        cy.read(after)


def test_a_new_session_when_a_device_goes_or_loses_its_signature():
    ada, ben = pair()
    first = ada.say("1", [ben.user])
    phone = Party(ada.server, "@ben:hs", "PHONE", signed=False)
    ada.follow(ben)
    second = ada.say("2", [ben.user], Audience.ALL)
    del ada.server.devices["@ben:hs"]["PHONE"]
    ada.follow(ben)
    third = ada.say("3", [ben.user], Audience.ALL)
    assert session_of(second) != session_of(third)
    signatures = ada.server.devices["@ben:hs"]["DEVICE"]["signatures"]["@ben:hs"]
    for name in [name for name in signatures if name != "ed25519:DEVICE"]:
        del signatures[name]
    ada.follow(ben)
    fourth = ada.say("4", [ben.user])
    assert session_of(first) != session_of(fourth)
    phone.sync()
    with pytest.raises(MissingKey):
        phone.read(third)


def test_a_new_session_after_so_many_messages():
    ada, ben = pair()
    rotation = Rotation(messages=3)
    events = [ada.say("x", [ben.user], rotation=rotation) for _ in range(4)]
    sessions = [session_of(event) for event in events]
    assert len(set(sessions[:3])) == 1
    assert sessions[3] not in sessions[:3]


def test_a_new_session_after_a_time():
    ada, ben = pair()
    rotation = Rotation(age_ms=HOUR)
    first = ada.say("x", [ben.user], rotation=rotation)
    ada.now += HOUR - 1
    assert session_of(ada.say("x", [ben.user], rotation=rotation)) == session_of(first)
    ada.now += 1
    assert session_of(ada.say("x", [ben.user], rotation=rotation)) != session_of(first)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, Rotation()),
        ({"rotation_period_msgs": "7", "rotation_period_ms": -1}, Rotation()),
        ({"rotation_period_msgs": True, "rotation_period_ms": True}, Rotation()),
        ({"rotation_period_msgs": 7, "rotation_period_ms": 5}, Rotation(7, HOUR)),
        ({"rotation_period_msgs": 10**9}, Rotation(10_000)),
    ],
)
def test_rotation_is_read_from_the_rooms_state(content, expected):
    assert Rotation.of(content) == expected


def test_a_device_without_keys_blocks_nobody_and_is_tried_again():
    ada, ben = pair()
    cy = Party(ada.server, "@cy:hs")
    ada.follow(cy)
    place = (ben.user, "DEVICE")
    kept = ada.server.one_time.pop(place), ada.server.fallback.pop(place)
    event = ada.say("hello", [ben.user, cy.user])
    assert cy.hear(event) == "hello"
    assert ada.prepare([ben.user, cy.user]).claims == ()  # not twice in one sending
    ada.now += 2_000
    assert ada.prepare([ben.user, cy.user]).claims
    ada.say("again", [ben.user, cy.user])
    ada.now += 2_000
    assert ada.prepare([ben.user, cy.user]).claims == ()  # nor with every message
    ada.now += 20_000
    ada.server.one_time[place], ada.server.fallback[place] = kept
    assert ben.hear(ada.say("third", [ben.user, cy.user])) == "third"
    assert not [key for key in ada.records if key[0] == "keyless"]


def test_our_own_user_gets_no_key():
    ada, ben = pair()
    Party(ada.server, "@ada:hs", "PLANTED", signed=False)
    ada.follow(ada)
    batches = ada.share([ada.user, ben.user], Audience.ALL)
    assert recipients(batches) == [("@ben:hs", "DEVICE")]


def test_outdated_lists_are_named_first():
    ada, ben = pair()
    assert ada.prepare([ada.user, ben.user, "@cy:hs"]).outdated == {"@cy:hs"}


def test_batches_are_of_digestible_size():
    server = Server()
    ada = Party(server, "@ada:hs")
    others = [Party(server, f"@m{number}:hs") for number in range(130)]
    ada.follow(*others)
    batches = ada.share([party.user for party in others])
    counts = [sum(map(len, batch.messages.values())) for batch in batches]
    assert sum(counts) == 130
    assert len(batches) > 1
    assert max(counts) <= 100
    assert max(len(repr(batch.messages)) for batch in batches) < 256 * 1024


def test_a_fallback_key_serves_many():
    ada, ben = pair()
    cy = Party(ada.server, "@cy:hs")
    cy.follow(ben)
    ada.server.one_time[(ben.user, "DEVICE")].clear()
    one, two = ada.say("ada", [ben.user]), cy.say("cy", [ben.user])
    ben.sync()
    assert ben.read(one).content["body"] == "ada"
    assert ben.read(two).content["body"] == "cy"


def test_a_one_time_key_with_a_wrong_signature_is_refused():
    ada, ben = pair()
    mallory = Party(ada.server, "@mallory:hs")
    ada.server.one_time[(ben.user, "DEVICE")] = ada.server.one_time[(mallory.user, "DEVICE")]
    sharing = ada.prepare([ben.user])
    assert ada.claim_for(*sharing.claims) == []
    assert not [key for key in ada.records if key[0] == "peer" and key[2]]
    ada.now += 2_000
    ada.server.one_time[(ben.user, "DEVICE")] = {}  # so that the fallback key is given
    assert ben.hear(ada.say("hello", [ben.user])) == "hello"


def test_encrypt_needs_a_session():
    ada, _ben = pair()
    with pytest.raises(NoOutboundSession):
        ada.encrypt("x")


def test_a_wrong_need_is_found():
    ada, ben = pair()
    need = crypto.need_account(ada.machine)
    with ada.vault(need) as vault, pytest.raises(NotLoaded):
        crypto.prepare_sharing(ada.machine, vault, ROOM, Audience.ALL, [ben.user], ada.now)


def test_a_lifeline_needs_no_vault_and_its_indexes_are_never_used_again():
    ada, ben = pair()
    users = [ada.user, ben.user]
    ada.share(users, Audience.ALL)
    with ada.vault(crypto.need_encrypt(ada.machine, ROOM, Audience.ALL)) as vault:
        line = crypto.reserve(ada.machine, vault, ROOM, Audience.ALL, 3)
    content = {"msgtype": "m.text", "body": "help"}
    helps = [ada.event(line.encrypt("m.room.message", content)) for _ in range(3)]
    with pytest.raises(LifelineSpent):
        line.encrypt("m.room.message", content)
    usual = ada.say("later", users, Audience.ALL)  # as after a restart: from the records
    ben.sync()
    assert [ben.read(event).index for event in helps] == [0, 1, 2]
    assert ben.read(usual).index == 3
    assert line.session_id == session_of(usual)


def test_a_newcomer_can_read_the_lifeline():
    ada, ben = pair()
    ada.say("before", [ben.user], Audience.ALL)
    with ada.vault(crypto.need_encrypt(ada.machine, ROOM, Audience.ALL)) as vault:
        line = crypto.reserve(ada.machine, vault, ROOM, Audience.ALL, 16)
    phone = Party(ada.server, "@ben:hs", "PHONE", signed=False)
    ada.follow(ben)
    ada.share([ben.user], Audience.ALL)
    event = ada.event(line.encrypt("m.room.message", {"msgtype": "m.text", "body": "help"}))
    assert phone.hear(event) == "help"


def test_after_a_restore_no_index_is_used_again():
    ada, ben = pair()
    before = ada.say("before", [ben.user])
    with ada.vault(crypto.need_forget_outbound(ROOM)) as vault:
        crypto.forget_outbound(vault, ROOM)
    after = ada.say("after", [ben.user])
    assert session_of(before) != session_of(after)
    assert [ben.hear(event) for event in (before, after)] == ["before", "after"]
