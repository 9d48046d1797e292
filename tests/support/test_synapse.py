"""The Synapse of the tests starts, forgets nothing when it is killed, and freezes."""

import asyncio

import pytest

from tests.support.ports import reserve_port
from tests.support.synapse import SynapseError


async def test_a_killed_synapse_comes_back_with_its_rooms(make_synapse):
    server = make_synapse(room_version="11")
    await server.start()
    ada = await server.register_user("ada")
    token = await server.login(ada)
    status, room = await server.request(
        "POST", "/_matrix/client/v3/createRoom", token=token, body={}
    )
    assert status == 200
    pid, url = server.pid, server.url

    await server.kill()
    await server.start()

    assert (server.url, server.pid != pid) == (url, True)
    _, joined = await server.request("GET", "/_matrix/client/v3/joined_rooms", token=token)
    assert joined["joined_rooms"] == [room["room_id"]]
    path = f"/_matrix/client/v3/rooms/{room['room_id']}/state/m.room.create/"
    _, create = await server.request("GET", path, token=token)
    assert create["room_version"] == "11"


async def test_a_name_is_registered_once(synapse_server, new_user):
    ada = await new_user(synapse_server, "ada")
    name = ada.user_id.removeprefix("@").partition(":")[0]
    with pytest.raises(SynapseError):
        await synapse_server.register_user(name)
    assert ada.password not in repr(ada)


async def test_a_frozen_synapse_answers_after_thawing(synapse_server):
    synapse_server.freeze()
    asking = asyncio.create_task(synapse_server.request("GET", "/_matrix/client/versions"))
    done, _ = await asyncio.wait([asking], timeout=0.5)
    synapse_server.thaw()
    assert not done
    status, _ = await asking
    assert status == 200


async def test_an_administrator_may_put_people_into_rooms(synapse_server, new_user, nio_login):
    ada = await nio_login(synapse_server, await new_user(synapse_server, "ada"))
    bob = await nio_login(synapse_server, await new_user(synapse_server, "bob"))
    room = await ada.create_room({"preset": "private_chat"})
    await ada.invite(room, await _admin_id(synapse_server))
    await _join_admin(synapse_server, room)
    await synapse_server.join_by_admin(room, bob.user_id)
    await bob.wait_until(lambda: room in bob.rooms())


async def _admin_id(server):
    path = "/_matrix/client/v3/account/whoami"
    _, answer = await server.request("GET", path, token=await server.admin_token())
    return answer["user_id"]


async def _join_admin(server, room):
    path = f"/_matrix/client/v3/join/{room}"
    status, _ = await server.request("POST", path, token=await server.admin_token(), body={})
    assert status == 200


async def test_an_application_service_is_loaded(make_synapse):
    server = make_synapse()
    registration = server.folder / "registration.yaml"
    server.folder.mkdir(parents=True)
    registration.write_text(_REGISTRATION.format(port=reserve_port()))
    server.add_appservice(registration)
    await server.start()
    body = {"type": "m.login.application_service", "username": "keeper", "inhibit_login": True}
    path = "/_matrix/client/v3/register"
    status, answer = await server.request("POST", path, token="as-secret", body=body)
    assert (status, answer["user_id"]) == (200, f"@keeper:{server.server_name}")


_REGISTRATION = """\
id: circlekeeper
url: http://127.0.0.1:{port}
as_token: as-secret
hs_token: hs-secret
sender_localpart: _circlekeeper
rate_limited: false
io.element.msc4190: true
namespaces:
  users:
    - exclusive: true
      regex: "@(keeper|steward):circle\\\\.test"
"""
