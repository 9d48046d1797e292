"""Scripted members read each other, whichever client they use, and Element sees who is signed."""

import asyncio

import pytest

from tests.support.client_api import MemberError


@pytest.fixture
async def ada(synapse_server, new_user, element):
    account = await new_user(synapse_server, "ada")
    return await element.login(synapse_server.url, account.user_id, account.password)


async def test_two_strict_elements_talk_and_see_no_shield(synapse_server, new_user, element, ada):
    account = await new_user(synapse_server, "bob")
    bob = await element.login(synapse_server.url, account.user_id, account.password)
    room = await ada.create_chat(bob.user_id)
    assert await bob.wait_for_invite(sender=ada.user_id) == room
    await bob.join(room)
    await ada.wait_for_member(room, bob.user_id)

    hello = await bob.send(room, "hello from Bob")
    line = await ada.wait_for_text(room, "hello from Bob")
    assert (line.event_id, line.sender, line.encrypted) == (hello, bob.user_id, True)
    assert (line.shield, line.failure) == ("NONE", None)
    await ada.send_raw(room, "m.room.message", {"body": "x", "org.circlekeeper": {"kind": "help"}})
    assert (await bob.wait_for(room, lambda line: line.kind == "help")).content["body"] == "x"

    [device] = await ada.devices_of(bob.user_id)
    assert (device.device_id, device.signed_by_owner) == (bob.device_id, True)
    assert not (await ada.verification_status(bob.user_id)).needs_user_approval


async def test_what_was_said_before_an_invitation_was_taken_stays_in_order(
    synapse_server, new_user, element, ada
):
    account = await new_user(synapse_server, "bob")
    bob = await element.login(synapse_server.url, account.user_id, account.password)
    room = await ada.create_chat(bob.user_id)
    await bob.join(room)
    await ada.wait_for_member(room, bob.user_id)
    said = [await ada.send(room, f"line {number}") for number in range(5)]
    await bob.wait_for_text(room, "line 4")
    assert [line.event_id for line in bob.timeline(room) if line.body.startswith("line")] == said


async def test_nio_and_strict_element_read_each_other(synapse_server, new_user, nio_login, ada):
    bob = await nio_login(synapse_server, await new_user(synapse_server, "bob"))
    room = await bob.create_chat(ada.user_id, preset="trusted_private_chat")
    await ada.join(room)
    await bob.wait_for_member(room, ada.user_id)
    await bob.send(room, "from nio")
    assert (await ada.wait_for_text(room, "from nio")).shield == "NONE"
    poll = await ada.send(room, "from Element")
    assert (await bob.wait_for_text(room, "from Element")).encrypted

    vote = await bob.vote(room, poll, "2", naming="stable")
    assert (await ada.wait_for(room, lambda line: line.event_id == vote)).content[
        "m.selections"
    ] == ["2"]
    edit = await bob.edit(room, poll, "other words")
    seen = await ada.wait_for(room, lambda line: line.event_id == edit)
    assert seen.content["m.new_content"]["body"] == "other words"
    picture = await ada.send_image(room)
    seen = await bob.wait_for(room, lambda line: line.event_id == picture and line.readable)
    assert seen.content["file"]["v"] == "v2"


async def test_an_unsigned_device_gets_no_key_from_a_strict_element(
    synapse_server, new_user, nio_login, ada
):
    account = await new_user(synapse_server, "bob")
    bob = await nio_login(synapse_server, account, cross_sign=False)
    room = await ada.create_chat(bob.user_id)
    await bob.join(room)
    await ada.wait_for_member(room, bob.user_id)

    secret = await ada.send(room, "for signed devices")
    assert not (await bob.wait_for(room, lambda line: line.event_id == secret)).readable
    await bob.send(room, "from an unsigned device")
    line = await ada.wait_for(room, lambda line: line.sender == bob.user_id and line.failure)
    assert line.failure == "UNSIGNED_SENDER_DEVICE"

    await ada.set_isolation("all")
    await ada.send(room, "for all devices")
    await bob.wait_for_text(room, "for all devices")
    assert not (await bob.wait_for(room, lambda line: line.event_id == secret)).readable


async def test_a_second_device_counts_once_the_first_has_verified_it(
    synapse_server, new_user, element, ada
):
    account = await new_user(synapse_server, "bob")
    login = (synapse_server.url, account.user_id, account.password)
    first = await element.login(*login)
    second = await element.login(*login, cross_sign=False, device_id="SECOND")
    room = await ada.create_chat(first.user_id)
    await first.join(room)
    await ada.wait_for_member(room, first.user_id)
    assert await _signed(ada, first.user_id) == {first.device_id: True, "SECOND": False}

    await second.verify_by(first)
    await ada.wait_for_device(first.user_id, "SECOND", signed=True)
    await ada.send(room, "for both")
    await second.wait_for_text(room, "for both")
    await second.send(room, "from the second")
    assert (await ada.wait_for_text(room, "from the second")).shield == "NONE"


async def _signed(client, user_id):
    return {x.device_id: x.signed_by_owner for x in await client.devices_of(user_id)}


async def test_a_reset_identity_asks_for_approval(synapse_server, new_user, element, ada):
    account = await new_user(synapse_server, "bob")
    bob = await element.login(synapse_server.url, account.user_id, account.password)
    room = await ada.create_chat(bob.user_id)
    await bob.join(room)
    await ada.wait_for_member(room, bob.user_id)
    await bob.send(room, "before")
    await ada.wait_for_text(room, "before")

    await bob.reset_identity(account.password)
    await bob.send(room, "after")
    await ada.wait_for_text(room, "after")
    assert (await ada.verification_status(bob.user_id)).needs_user_approval
    await ada.approve_identity(bob.user_id)
    assert not (await ada.verification_status(bob.user_id)).needs_user_approval


async def test_a_refusal_carries_the_code_of_the_homeserver(synapse_server, new_user, ada):
    bob = await new_user(synapse_server, "bob")
    room = await ada.create_room({"power_level_content_override": {"invite": 100}})
    await ada.set_state(room, "m.room.power_levels", await ada.state(room, "m.room.power_levels"))
    with pytest.raises(MemberError) as refusal:
        await ada.state(room, "m.room.topic")
    assert refusal.value.errcode == "M_NOT_FOUND"
    with pytest.raises(MemberError) as refusal:
        await ada.send("!nowhere", "lost")
    assert refusal.value.errcode == "M_FORBIDDEN"
    await ada.invite(room, bob.user_id)
    assert (await ada.members(room))[bob.user_id] == "invite"
    await ada.leave(room)
    await ada.logout()


async def test_members_go_on_when_the_homeserver_was_killed(make_synapse, element, nio_login):
    server = make_synapse()
    await server.start()
    account = await server.register_user("ada")
    ada = await element.login(server.url, account.user_id, account.password)
    bob = await nio_login(server, await server.register_user("bob"))
    room = await ada.create_chat(bob.user_id)
    await bob.join(room)
    await ada.wait_for_member(room, bob.user_id)
    await bob.send(room, "before")
    await ada.wait_for_text(room, "before")

    await server.kill()
    await server.start()

    await ada.send(room, "after, from Ada")
    await bob.wait_for_text(room, "after, from Ada")
    await bob.send(room, "after, from Bob")
    await ada.wait_for_text(room, "after, from Bob")


async def test_waiting_for_a_client_that_has_ended_says_so(element, ada):
    room = await ada.create_room({})
    waiting = asyncio.create_task(ada.wait_for_text(room, "never said", timeout=30))
    await asyncio.sleep(0)
    await element.stop()
    with pytest.raises(AssertionError, match="has ended"):
        await waiting
