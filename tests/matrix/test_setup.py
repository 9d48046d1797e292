"""Our two users are set up once, safely over crashes, and never in somebody's place."""

import pytest

from appservice import crypto
from appservice.errors import ConfigurationError, PermanentError
from appservice.matrix.setup import KEEPER_NAME, STEWARD_NAME, published_steward_key
from tests.matrix.conftest import Place, place, registration
from tests.support.ports import reserve_port
from tests.support.stub_homeserver import StubHomeserver


async def test_everybody_sees_a_signed_keeper_and_a_steward_without_device(
    anywhere: Place,
) -> None:
    keeper, steward = anywhere.house.keeper, anywhere.house.steward
    answer = await anywhere.client.keys_query({"device_keys": {keeper: [], steward: []}})
    assert set(answer["device_keys"].get(keeper, {})) == {"KEEPER"}
    assert answer["device_keys"].get(steward, {}) == {}
    assert {keeper, steward} <= set(answer["master_keys"])
    assert {keeper, steward} <= set(answer["self_signing_keys"])

    async with anywhere.store.begin() as work:
        vault = await work.vault(crypto.need_identity(anywhere.machine))
    assert crypto.verify_own(anywhere.machine, vault, answer) == []
    (master,) = answer["master_keys"][steward]["keys"].values()
    assert master == await published_steward_key(anywhere.store, steward)
    assert await anywhere.client.devices(user=steward) == []
    assert await anywhere.client.display_name(keeper, user=keeper) == KEEPER_NAME
    assert await anywhere.client.display_name(steward, user=steward) == STEWARD_NAME


async def test_second_time_only_looks(on_stub: Place) -> None:
    asked: list[tuple[str, str]] = []
    on_stub.server.before = lambda touch: asked.append((touch.method, touch.path))
    await on_stub.set_up()
    assert [path for method, path in asked if method == "PUT"] == []
    assert all("query" in path for method, path in asked if method == "POST")


async def test_no_device_is_ever_named_for_the_steward(stub: StubHomeserver) -> None:
    made = place(stub, registration(reserve_port()), "12")
    async with made.client:
        await made.set_up()
    steward = made.house.steward
    assert stub.users[steward].devices == {}
    touched = [touch.path for touch in stub.touches if touch.user == steward]
    assert not any("/devices" in path and "PUT" in path for path in touched)
    assert not any(path.endswith("/login") for path in touched)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_crash_at_every_touch_ends_in_the_same_keys(when: str) -> None:
    number, crashed = 0, True
    while crashed:
        number += 1
        async with StubHomeserver() as stub:
            stub.load(registration(reserve_port()))
            stub.pusher.hold()
            made = place(stub, registration(reserve_port()), "12")
            async with made.client:
                crashed = await made.set_up_with_crash(when, number)
                kept = await published_steward_key(made.store, made.house.steward)
                await made.set_up()
                checks = await made.doctor().examine(running=False)
            assert [check for check in checks if check.status == "fail"] == []
            assert kept in {None, await published_steward_key(made.store, made.house.steward)}
            (device,) = stub.users[made.house.keeper].devices.values()
            assert device.counts()["signed_curve25519"] == 25
    assert number > 12


@pytest.mark.parametrize("name", ["keeper", "steward"])
async def test_a_name_of_a_person_is_refused(stub: StubHomeserver, name: str) -> None:
    made = place(stub, registration(reserve_port()), "12")
    await stub.register_user(f"{name}{made.number}")
    async with made.client:
        for _ in range(2):
            with pytest.raises(ConfigurationError, match="belongs to somebody"):
                await made.set_up()
        checks = {c.name: c for c in await made.doctor().examine(running=False)}
        user = made.house.keeper if name == "keeper" else made.house.steward
        assert checks[f"name {user}"].status == "fail"
    assert stub.users[user].identity == {}


async def test_an_intent_that_the_homeserver_refused_counts_for_nothing(
    stub: StubHomeserver,
) -> None:
    """Our registration is loaded without our names; a person takes one; then it is mended."""
    made = place(stub, registration(reserve_port()), "12")
    loaded, stub.core.namespaces = stub.core.namespaces, []
    async with made.client:
        with pytest.raises(PermanentError, match="M_EXCLUSIVE"):
            await made.set_up()
        await stub.register_user(f"keeper{made.number}")
        stub.core.namespaces = loaded
        with pytest.raises(ConfigurationError, match="belongs to somebody"):
            await made.set_up()


async def test_the_recovery_secret_alone_gives_the_same_identity(on_stub: Place) -> None:
    before = dict(on_stub.server.users[on_stub.house.keeper].identity)
    on_stub.store.keys.clear()
    on_stub.server.users[on_stub.house.keeper].devices.clear()
    on_stub.server.users[on_stub.house.keeper].identity.clear()
    await on_stub.set_up()
    assert {
        name: key["keys"]
        for name, key in on_stub.server.users[on_stub.house.keeper].identity.items()
    } == {name: key["keys"] for name, key in before.items()}


async def test_a_lost_device_is_published_again_with_the_same_keys(on_stub: Place) -> None:
    user = on_stub.server.users[on_stub.house.keeper]
    before = user.devices.pop("KEEPER").keys["keys"]
    await on_stub.set_up()
    assert user.devices["KEEPER"].keys["keys"] == before
    checks = {c.name: c.status for c in await on_stub.doctor().examine(running=False)}
    assert checks["keeper"] == "ok"


async def test_a_replaced_identity_is_left_as_a_mark(on_stub: Place) -> None:
    upload, _ = crypto.throwaway_identity(on_stub.house.keeper)
    await on_stub.client.device_signing_upload(upload, user=on_stub.house.keeper)
    await on_stub.set_up()
    assert (
        on_stub.server.users[on_stub.house.keeper].identity["master_key"]["keys"]
        == (upload["master_key"]["keys"])
    )
    checks = {c.name: c for c in await on_stub.doctor().examine(running=False)}
    assert checks["keeper"].status == "fail"
