"""Every fault that `circlekeeper check` can find is found, and named with its mend."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from appservice import crypto
from appservice.clock import SystemClock
from appservice.domain.group import Group
from appservice.domain.records import Consent, Grace
from appservice.domain.types import RoomId, RoomKind, UserId
from appservice.matrix.client import Client
from appservice.matrix.doctor import Doctor
from appservice.matrix.findings import Check
from tests.matrix.conftest import Place, charter, place, registration
from tests.support.agreed import agreed
from tests.support.ports import reserve_port
from tests.support.stub_homeserver import StubHomeserver

NOW = datetime(2026, 11, 1, tzinfo=UTC)


async def examine(place: Place, *, running: bool = False, **changes: Any) -> dict[str, Check]:
    checks = await place.doctor(**changes).examine(running=running)
    assert all(check.detail and (check.mend or check.status == "ok") for check in checks)
    return {check.name: check for check in checks}


@pytest.fixture
async def group(anywhere: Place) -> Group:
    """A whole group with one member who consented and came in."""
    ada = await anywhere.person("ada")
    given = charter(ada.user_id)
    rooms = {
        what: await anywhere.rooms.make_room(anywhere.group, what, given)
        for what in (RoomKind.CIRCLE, RoomKind.NOTICEBOARD, RoomKind.FACILITATORS)
    }
    group = Group(anywhere.group, "open", given, NOW, rooms)
    async with anywhere.store.begin() as work:
        await work.put(group)
        await work.put(agreed(UserId(ada.user_id), anywhere.group, NOW))
    await anywhere.client.invite(rooms[RoomKind.CIRCLE], ada.user_id, user=anywhere.house.steward)
    return group


@pytest.fixture
async def listening(stub: StubHomeserver) -> AsyncIterator[list[str]]:
    """Our own listener at the address of the registration; the answers' status is `[0]`."""
    seen: list[Any] = [200]

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({}, status=seen[0])

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = int(stub.pusher.url.rpartition(":")[2])
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield seen
    await runner.cleanup()


async def test_all_is_well(anywhere: Place, group: Group) -> None:
    checks = await examine(anywhere)
    assert {check.status for name, check in checks.items() if name != "transactions"} == {"ok"}
    assert len([name for name in checks if name.startswith("room ")]) == 3
    assert checks["transactions"].status == "warn"  # nobody listens, and nobody should


async def test_nobody_answers(on_stub: Place) -> None:
    await on_stub.server.stop()
    checks = await examine(on_stub)
    assert {name: check.status for name, check in checks.items()} == {
        "homeserver": "fail",
        "token": "fail",
    }


async def test_wrong_token(anywhere: Place) -> None:
    async with Client(anywhere.server.url, "another", anywhere.house.keeper) as client:
        doctor = Doctor(
            client,
            anywhere.store,
            SystemClock(),
            anywhere.house,
            anywhere.machine,
            anywhere.registration,
        )
        checks = {check.name: check for check in await doctor.examine(running=True)}
    assert checks["homeserver"].status == "ok"
    assert checks["token"].status == "fail"
    assert "token" in checks["token"].detail
    assert "transactions" not in checks


async def test_old_homeserver(on_stub: Place) -> None:
    versions = {"versions": ["r0.6.1", "v1.1", "v1.6"]}
    on_stub.server.core.versions = versions["versions"]
    assert (await examine(on_stub))["homeserver"].status == "fail"


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, "ok"), (20, "warn"), (-20, "warn"), (90, "fail"), (-90, "fail")]
)
async def test_clocks(on_stub: Place, seconds: int, status: str) -> None:
    class Skewed(SystemClock):
        def now(self) -> datetime:
            return super().now() + timedelta(seconds=seconds)

    doctor = on_stub.doctor()
    doctor._clock = Skewed()
    checks = {check.name: check for check in await doctor.examine(running=False)}
    assert checks["clocks"].status == status


async def test_other_registration_is_loaded(anywhere: Place) -> None:
    checks = await examine(anywhere, sender_localpart="_another")
    assert checks["registration"].status == "fail"


@pytest.mark.parametrize(
    "namespaces",
    [
        {},
        {"users": [], "aliases": []},
        {"users": "x"},
        {"users": [{"exclusive": False, "regex": ".*"}], "aliases": [{"regex": "#.*"}]},
        {"users": [{"exclusive": True, "regex": "["}]},
    ],
)
async def test_namespaces_that_do_not_claim_our_names(on_stub: Place, namespaces: Any) -> None:
    assert (await examine(on_stub, namespaces=namespaces))["namespaces"].status == "fail"


async def test_transactions_arrive(on_stub: Place, listening: list[Any]) -> None:
    assert (await examine(on_stub, running=True))["transactions"].status == "ok"
    listening[0] = 403
    checks = await examine(on_stub, running=True)
    assert checks["transactions"].status == "fail"
    assert "hs_token" in checks["transactions"].mend


async def test_homeserver_does_not_reach_us(anywhere: Place) -> None:
    checks = await examine(anywhere, running=True)
    assert checks["transactions"].status == "fail"
    assert anywhere.registration["url"] in checks["transactions"].detail
    assert "--public-url" in checks["transactions"].mend


async def test_other_id(anywhere: Place) -> None:
    assert (await examine(anywhere, id="another"))["transactions"].status == "fail"


async def test_before_the_first_run(stub: StubHomeserver) -> None:
    made = place(stub, registration(reserve_port()), "12")
    async with made.client:
        checks = await examine(made)
    for user in (made.house.keeper, made.house.steward):
        assert checks[f"name {user}"].status == "warn"
    assert "fail" not in {check.status for check in checks.values()}


async def test_homeserver_that_forgot_us(on_stub: Place) -> None:
    del on_stub.server.users[on_stub.house.steward]
    checks = await examine(on_stub)
    assert checks[f"name {on_stub.house.steward}"].status == "fail"


async def test_second_device_of_the_keeper(anywhere: Place) -> None:
    await anywhere.client.put_device("SECOND", "x", user=anywhere.house.keeper)
    checks = await examine(anywhere)
    assert checks["keeper"].status == "fail"
    assert "not ours" in checks["keeper"].detail


async def test_unsigned_device_of_the_keeper(on_stub: Place) -> None:
    (device,) = on_stub.server.users[on_stub.house.keeper].devices.values()
    signatures = device.keys["signatures"][on_stub.house.keeper]
    device.keys["signatures"] = {
        on_stub.house.keeper: {"ed25519:KEEPER": signatures["ed25519:KEEPER"]}
    }
    assert "without signature" in (await examine(on_stub))["keeper"].detail


async def test_replaced_identity_of_the_keeper(anywhere: Place) -> None:
    upload, _ = crypto.throwaway_identity(anywhere.house.keeper)
    await anywhere.client.device_signing_upload(upload, user=anywhere.house.keeper)
    checks = await anywhere.doctor().examine(running=False)
    details = [check.detail for check in checks if check.name == "keeper"]
    assert "has an identity that is not ours" in details


async def test_planted_device_of_the_steward(anywhere: Place) -> None:
    await anywhere.client.put_device("PLANTED", "x", user=anywhere.house.steward)
    checks = await examine(anywhere)
    assert checks["steward"].status == "fail"
    assert "PLANTED" in checks["steward"].detail


async def test_replaced_identity_of_the_steward(anywhere: Place) -> None:
    upload, _ = crypto.throwaway_identity(anywhere.house.steward)
    await anywhere.client.device_signing_upload(upload, user=anywhere.house.steward)
    checks = await examine(anywhere)
    assert "not ours" in checks["steward"].detail


async def test_lost_identity_of_the_steward(on_stub: Place) -> None:
    on_stub.server.users[on_stub.house.steward].identity.clear()
    assert (await examine(on_stub))["steward"].detail == "has no identity"


@pytest.mark.parametrize(
    ("kind", "content", "word"),
    [
        ("m.room.join_rules", {"join_rule": "public"}, "joins differ"),
        ("m.room.history_visibility", {"history_visibility": "shared"}, "history differs"),
        ("m.room.guest_access", {"guest_access": "can_join"}, "guests differ"),
        ("m.room.topic", {"topic": "grief"}, "topic differs"),
    ],
)
async def test_changed_state(
    anywhere: Place, group: Group, kind: str, content: dict[str, Any], word: str
) -> None:
    circle = group.rooms[RoomKind.CIRCLE]
    await anywhere.client.send_state(circle, kind, content, user=anywhere.house.steward)
    check = (await examine(anywhere))["room Willow circle"]
    assert check.status == "fail"
    assert word in check.detail


async def test_changed_powers(anywhere: Place, group: Group) -> None:
    circle, steward = group.rooms[RoomKind.CIRCLE], anywhere.house.steward
    powers = await anywhere.client.state_event(circle, "m.room.power_levels", user=steward)
    powers["users"]["@eve:circle.test"] = 99
    await anywhere.client.send_state(circle, "m.room.power_levels", powers, user=steward)
    assert "powers differ" in (await examine(anywhere))["room Willow circle"].detail


async def test_listed_room(anywhere: Place, group: Group) -> None:
    circle, steward = group.rooms[RoomKind.CIRCLE], anywhere.house.steward
    path = f"/_matrix/client/v3/directory/list/room/{circle}"
    await anywhere.client.call("PUT", path, {"visibility": "public"}, user=steward)
    assert "listed" in (await examine(anywhere))["room Willow circle"].detail


async def test_stranger_in_a_room(anywhere: Place, group: Group) -> None:
    eve = await anywhere.person("eve")
    await anywhere.client.invite(
        group.rooms[RoomKind.CIRCLE], eve.user_id, user=anywhere.house.steward
    )
    check = (await examine(anywhere))["room Willow circle"]
    assert "1 in it without consent" in check.detail
    assert eve.user_id not in check.detail
    async with anywhere.store.begin() as work:
        await work.put(Grace(UserId(eve.user_id), anywhere.group, NOW))
    assert (await examine(anywhere))["room Willow circle"].status == "ok"


async def test_withdrawn_consent_counts_for_nothing(anywhere: Place, group: Group) -> None:
    async with anywhere.store.begin() as work:
        (given,) = await work.all(Consent)
        await work.put(replace(given, withdrawn=NOW))
    assert "without consent" in (await examine(anywhere))["room Willow circle"].detail


async def test_keeper_in_a_circle(anywhere: Place, group: Group) -> None:
    circle, keeper = group.rooms[RoomKind.CIRCLE], anywhere.house.keeper
    await anywhere.client.invite(circle, keeper, user=anywhere.house.steward)
    assert "the keeper is in it" in (await examine(anywhere))["room Willow circle"].detail


async def test_keeper_not_where_it_should_be(anywhere: Place, group: Group) -> None:
    board = group.rooms[RoomKind.NOTICEBOARD]
    await anywhere.client.leave(board, user=anywhere.house.keeper)
    assert "keeper is not in it" in (await examine(anywhere))["room Willow noticeboard"].detail


async def test_steward_not_in_a_room(anywhere: Place, group: Group) -> None:
    circle = group.rooms[RoomKind.CIRCLE]
    await anywhere.client.leave(circle, user=anywhere.house.steward)
    checks = await examine(anywhere)
    assert "steward is not in it" in checks["room Willow circle"].detail
    assert checks["room Willow noticeboard"].status == "ok"


async def test_room_without_encryption(on_stub: Place) -> None:
    plain = await on_stub.client.create_room(
        {"preset": "private_chat"}, user=on_stub.house.steward
    )
    group = Group(on_stub.group, "open", charter(), NOW, {RoomKind.CIRCLE: RoomId(plain)})
    async with on_stub.store.begin() as work:
        await work.put(group)
    assert "encryption differs" in (await examine(on_stub))["room Willow circle"].detail


async def test_closed_groups_are_not_looked_at(on_stub: Place) -> None:
    group = Group(on_stub.group, "closed", charter(), NOW, {RoomKind.CIRCLE: RoomId("!a:b")})
    async with on_stub.store.begin() as work:
        await work.put(group)
    assert not [name for name in await examine(on_stub) if name.startswith("room")]


async def test_a_failing_homeserver_is_a_finding(on_stub: Place) -> None:
    on_stub.server.refuse = lambda touch: (
        web.json_response({}, status=500) if touch.path.endswith("keys/query") else None
    )
    checks = await examine(on_stub)
    assert (checks["keeper"].status, checks["steward"].status) == ("fail", "fail")
