"""Lost databases and new devices, as Element sees them: it is the same keeper all the same."""

import asyncio
import json
import secrets

import pytest

from appservice import crypto
from tests.e2e.conftest import Enter
from tests.support.client_api import MemberError
from tests.support.element import Device, Element, ElementClient
from tests.support.installation import Installation
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
LOST = ("circlekeeper.db", "circlekeeper.db-wal", "circlekeeper.db-shm")


async def lose_the_database(house: Installation) -> None:
    await house.stop()
    for name in LOST:
        (house.folder / name).unlink(missing_ok=True)


async def the_same_keeper(member: ElementClient, keeper: str, before: Device) -> None:
    """Another device of the same identity: nobody is asked to approve anything."""
    status = await member.verification_status(keeper)
    assert status.has_identity
    assert status.known
    assert not status.needs_user_approval
    (device,) = await member.devices_of(keeper)
    assert device.signed_by_owner
    assert device.device_id != before.device_id
    assert device.ed25519 != before.ed25519


async def is_helped(walker: Walker) -> None:
    answer = await walker.ask("help", "help")
    assert answer.encrypted
    assert answer.shield == "NONE"


async def test_after_the_database_is_lost_members_meet_the_same_keeper(
    house: Installation, enter: Enter
) -> None:
    ada = await Walker.meet(await enter("ada"), house.keeper)
    await is_helped(ada)
    (before,) = await ada.member.devices_of(house.keeper)

    await lose_the_database(house)
    recovery = house.folder / "recovery.key"
    right = recovery.read_text()
    recovery.write_text(crypto.encode_recovery_key(secrets.token_bytes(32)))
    house.launch()
    assert await asyncio.to_thread(house._process.wait, 60) == 1
    assert "the recovery key in recovery.key does not fit it" in house.log.read_text()
    assert "Traceback" not in house.log.read_text()

    recovery.write_text(right)
    await house.run()
    await the_same_keeper(ada.member, house.keeper, before)
    await is_helped(ada)  # in the chat that the lost database knew
    await is_helped(await Walker.meet(await enter("ben"), house.keeper))
    checks = {
        one["name"]: one["status"] for one in json.loads(await house.command("check", "--json"))
    }
    assert (checks["keeper"], checks["steward"]) == ("ok", "ok")


async def test_the_operator_replaces_the_device(house: Installation, enter: Enter) -> None:
    ada = await Walker.meet(await enter("ada"), house.keeper)
    await is_helped(ada)
    (before,) = await ada.member.devices_of(house.keeper)
    await house.command("replace-device", code=1)

    await house.stop()
    await ada.say("help")  # its key goes to the device that is about to be replaced
    await house.command("replace-device")
    await house.run()
    assert (await ada.hear("help")).shield == "NONE"
    await the_same_keeper(ada.member, house.keeper, before)
    await is_helped(ada)


async def test_element_opens_the_secret_storage_with_the_recovery_key(
    house: Installation, element: Element
) -> None:
    kept = {}
    for kind in ("m.secret_storage.default_key", *crypto.SECRETS.values()):
        path = f"/user/{house.keeper}/account_data/{kind}"
        kept[kind] = await house.as_service("GET", path, house.keeper)
    described = f"m.secret_storage.key.{kept['m.secret_storage.default_key']['key']}"
    path = f"/user/{house.keeper}/account_data/{described}"
    kept[described] = await house.as_service("GET", path, house.keeper)

    key = (house.folder / "recovery.key").read_text().splitlines()[-1]
    opened = await element.open_secrets(key, kept)
    identity = await house.as_service(
        "POST", "/keys/query", house.keeper, {"device_keys": {house.keeper: []}}
    )
    for usage, name in crypto.SECRETS.items():
        seed = crypto.fields.decode64(opened[name])
        (public,) = identity[f"{usage}_keys"][house.keeper]["keys"].values()
        assert crypto.signatures.public_of(seed) == public

    with pytest.raises(MemberError):
        await element.open_secrets(crypto.encode_recovery_key(secrets.token_bytes(32)), kept)
