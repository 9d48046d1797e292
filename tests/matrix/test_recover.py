"""The database is lost: who has the recovery key is still the keeper, and nobody else."""

from collections.abc import Mapping
from typing import Any

import pytest

from appservice import crypto
from appservice.domain.events import ChatInspected
from appservice.errors import ConfigurationError
from appservice.matrix.own_device import own_device, replace_device
from appservice.matrix.own_secrets import find_secrets
from tests.matrix.conftest import SECRET, Place, place, registration
from tests.support.cross_signing import Identity
from tests.support.memory_store import MemoryStore
from tests.support.ports import reserve_port
from tests.support.stub_homeserver import StubHomeserver

OTHER = b"o" * 32


async def shown(on: Place) -> Mapping[str, Any]:
    """The identities that everybody sees."""
    both = {on.house.keeper: [], on.house.steward: []}
    answer = await on.client.keys_query({"device_keys": both})
    return {name: answer[name] for name in ("master_keys", "self_signing_keys")}


async def statuses(on: Place) -> dict[str, str]:
    return {c.name: c.status for c in await on.doctor().examine(running=False)}


async def test_both_names_come_back_with_the_recovery_key_alone(anywhere: Place) -> None:
    before = await shown(anywhere)
    async with anywhere.with_device("NEW") as again:
        for _ in range(2):
            await again.set_up()
        assert await shown(again) == before
        assert await again.client.devices(user=again.house.keeper) == ["NEW"]
        found = await statuses(again)
        names = [f"name {user}" for user in (again.house.keeper, again.house.steward)]
        assert {found[name] for name in ("keeper", "steward", *names)} == {"ok"}


async def test_before_it_is_brought_back_check_says_how(anywhere: Place) -> None:
    async with anywhere.with_device("NEW") as again:
        checks = {c.name: c for c in await again.doctor().examine(running=False)}
    assert "recovery.key" in checks[f"name {anywhere.house.keeper}"].mend


async def test_another_recovery_key_is_refused(anywhere: Place) -> None:
    before = await shown(anywhere)
    async with anywhere.with_device("NEW") as again:
        with pytest.raises(ConfigurationError, match=r"recovery\.key does not fit"):
            await again.set_up(OTHER)
        assert await shown(again) == before
        assert await again.client.devices(user=again.house.keeper) == ["KEEPER"]
        assert again.store.keys == {}


async def test_another_recovery_key_is_refused_beside_the_database(on_stub: Place) -> None:
    with pytest.raises(ConfigurationError, match="recovery key"):
        await on_stub.set_up(OTHER)
    await on_stub.set_up()


async def test_a_steward_with_a_device_is_refused(on_stub: Place) -> None:
    await on_stub.client.put_device("PLANTED", "x", user=on_stub.house.steward)
    async with on_stub.with_device("NEW") as again:
        with pytest.raises(ConfigurationError, match=f"{on_stub.house.steward} has a device"):
            await again.set_up()


async def test_a_steward_that_had_no_identity_yet_gets_one(on_stub: Place) -> None:
    on_stub.server.users[on_stub.house.steward].identity.clear()
    async with on_stub.with_device("NEW") as again:
        await again.set_up()
        assert (await statuses(again))["steward"] == "ok"


async def test_a_device_that_we_never_signed_stays_for_everybody_to_see(on_stub: Place) -> None:
    await on_stub.client.put_device("PLANTED", "x", user=on_stub.house.keeper)
    async with on_stub.with_device("NEW") as again:
        await again.set_up()
        assert set(await again.client.devices(user=again.house.keeper)) == {"NEW", "PLANTED"}
        assert (await statuses(again))["keeper"] == "fail"


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_crash_at_every_touch_ends_in_the_same_keys(when: str) -> None:
    number, crashed = 0, True
    while crashed:
        number += 1
        async with StubHomeserver() as stub:
            stub.load(registration(reserve_port()))
            stub.pusher.hold()
            made = place(stub, registration(reserve_port()), "12")
            async with made.client, made.with_device("NEW") as again:
                await made.set_up()
                before, begin = await shown(made), len(stub.touches)
                crashed = await again.set_up_with_crash(when, begin + number)
                await again.set_up()
                assert await shown(again) == before
                assert set(stub.users[again.house.keeper].devices) == {"NEW"}
                found = await statuses(again)
                assert "fail" not in found.values(), found
    assert number > 12


# -- private chats


async def test_private_chats_are_taken_up_again(on_stub: Place) -> None:
    stub, keeper = on_stub.server, on_stub.house.keeper
    ada, ben = [(await on_stub.person(name)).user_id for name in ("ada", "ben")]
    chat = stub.create_chat(ada, keeper)
    board = stub.create_chat(ada, keeper)
    plain = stub.create_chat(ada, keeper, encrypted=False)
    empty = stub.create_chat(ada, keeper)
    ours = stub.create_chat(on_stub.house.steward, keeper)
    for room in (chat, board, plain, empty, ours):
        stub.join(room.room_id, keeper)
    stub.invite(board.room_id, ada, ben)
    stub.join(board.room_id, ben)
    stub.leave(empty.room_id, ada)
    async with on_stub.with_device("NEW") as again:
        for _ in range(2):
            await again.set_up()
        (arrival,) = again.store.inbox
    assert isinstance(arrival.body, ChatInspected)
    assert (arrival.body.room, arrival.body.user) == (chat.room_id, ada)
    assert arrival.lane == f"room {chat.room_id}"


# -- secret storage


def seed(key: Any) -> str:
    return crypto.fields.encode64(key.private_bytes_raw())


async def test_secret_storage_holds_the_published_identity(anywhere: Place) -> None:
    keeper = anywhere.house.keeper
    found = await find_secrets(anywhere.client, keeper, SECRET)
    assert set(found) == set(crypto.SECRETS.values())
    assert await find_secrets(anywhere.client, keeper, OTHER) == {}
    async with anywhere.store.begin() as work:
        vault = await work.vault(crypto.need_identity(anywhere.machine))
    assert found == crypto.identity_secrets(anywhere.machine, vault)
    for name in found:
        content = await anywhere.client.account_data(name, user=keeper)
        assert not any(secret in str(content) for secret in found.values())


async def test_secret_storage_that_was_lost_or_damaged_is_mended(on_stub: Place) -> None:
    data = on_stub.server.users[on_stub.house.keeper].account_data
    whole = await find_secrets(on_stub.client, on_stub.house.keeper, SECRET)
    for name in list(data):
        for content in ({}, {"key": 3}, {"encrypted": {"x": {}}}):
            data[name] = content
            await on_stub.set_up()
            assert await find_secrets(on_stub.client, on_stub.house.keeper, SECRET) == whole
    assert len(whole) == 3


async def test_without_secret_storage_the_recovery_key_is_enough(on_stub: Place) -> None:
    on_stub.server.users[on_stub.house.keeper].account_data.clear()
    before = await shown(on_stub)
    async with on_stub.with_device("NEW") as again:
        await again.set_up()
        assert await shown(again) == before


async def test_an_identity_made_elsewhere_comes_back_from_secret_storage(on_stub: Place) -> None:
    keeper = on_stub.house.keeper
    made = Identity.new(keeper)
    await on_stub.client.device_signing_upload(made.upload(), user=keeper)
    before = await shown(on_stub)
    data = on_stub.server.users[keeper].account_data
    data["m.secret_storage.default_key"] = {"key": "theirs"}
    data["m.secret_storage.key.theirs"] = crypto.describe_key(SECRET)
    for usage, name in crypto.SECRETS.items():
        data[name] = crypto.seal_secret(SECRET, "theirs", name, seed(getattr(made, usage)))
    stored = dict(data)
    async with on_stub.with_device("NEW") as again:
        for _ in range(2):
            await again.set_up()
        assert await shown(again) == before
        assert data == stored
        checks = {c.name: c for c in await again.doctor().examine(running=False)}
    # the first installation's device was signed by the identity that this one replaced
    assert "not ours" in checks["keeper"].detail


# -- another device


async def test_the_device_is_replaced_without_a_change_of_the_identity(anywhere: Place) -> None:
    before = await shown(anywhere)
    device = await replace_device(anywhere.store)
    async with anywhere.with_device(device, anywhere.store) as again:
        await again.set_up()
        assert await shown(again) == before
        assert await again.client.devices(user=again.house.keeper) == [device]
        assert (await statuses(again))["keeper"] == "ok"


async def test_a_database_has_one_device_until_it_is_replaced() -> None:
    store = MemoryStore()
    first = await own_device(store)
    assert await own_device(store) == first
    second = await replace_device(store)
    assert await own_device(store) == second != first
    assert await own_device(MemoryStore()) not in {first, second}
