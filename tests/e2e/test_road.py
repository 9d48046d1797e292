"""The whole road with Element's crypto: consent, the circle, and the promise as clients see it."""

import pytest

from appservice import crypto
from tests.e2e.conftest import Enter, EnterMautrix, EnterNio
from tests.support.client_api import MemberError
from tests.support.element import ElementClient
from tests.support.installation import Installation
from tests.support.walker import Walker

pytestmark = [pytest.mark.synapse, pytest.mark.interop]


async def found(house: Installation, name: str = "WILLOW") -> dict:
    names = [f"@{user}:{house.synapse.server_name}" for user in ("mira", "jonas")]
    return await house.new_group(name, *names)


async def walk_in(house: Installation, member, group: dict) -> Walker:
    walker = await Walker.meet(member, house.keeper)
    await walker.join(group["code"])
    await member.join(group["rooms"]["circle"])
    return walker


async def test_members_join_by_consent_and_read_each_other(
    house: Installation, enter: Enter, enter_nio: EnterNio, enter_mautrix: EnterMautrix
) -> None:
    group = await found(house)
    circle = group["rooms"]["circle"]
    ada, ben, stranger = await enter("ada"), await enter_nio("ben"), await enter("eve")
    cleo = await enter_mautrix("cleo")
    ada_walker = await walk_in(house, ada, group)
    await walk_in(house, ben, group)
    cleo_walker = await walk_in(house, cleo, group)

    await ada.send(circle, "I am new here")
    assert (await ben.wait_for_text(circle, "I am new here")).encrypted
    assert (await cleo.wait_for_text(circle, "I am new here")).encrypted
    await ben.send(circle, "Welcome, Ada")
    assert (await ada.wait_for_text(circle, "Welcome, Ada")).shield == "NONE"

    # the keeper's own messages are from a device that its owner has signed
    assert {line.shield for line in ada_walker.heard} == {"NONE"}
    assert {line.shield for line in cleo_walker.heard} == {"CROSS_SIGNED_TOFU"}
    assert all(line.encrypted for line in ada_walker.heard)
    # nobody of the add-on can be given a key of the circle
    assert await ada.devices_of(house.steward) == []
    assert (await ada.verification_status(house.steward)).has_identity
    assert house.keeper not in await ada.members(circle)
    # every entry is a consent
    with pytest.raises(MemberError, match="M_FORBIDDEN"):
        await stranger.join(circle)
    with pytest.raises(MemberError, match="M_FORBIDDEN"):
        await ada.invite(circle, stranger.user_id)


async def test_gate_keeps_to_its_seven_messages(house: Installation, enter: Enter) -> None:
    group = await found(house)
    ada = await Walker.meet(await enter("ada"), house.keeper)
    await ada.join(group["code"])

    steps = [line.keeper["step"] for line in ada.heard]
    assert list(dict.fromkeys(steps)) == [f"{n}/7" for n in range(1, 8)]
    assert ada.heard[0].keeper["parts"] == ["program", "charter", "privacy_card", "age"]
    assert ada.heard[-1].keeper["parts"] == ["receipt", "options", "invited"]
    assert len({line.keeper["cause"] for line in ada.heard}) == len(ada.heard)
    assert await ada.member.wait_for_invite(sender=house.steward)


class Spy:
    """What somebody with our token could do: give the steward a device with keys, and listen."""

    def __init__(self, house: Installation) -> None:
        self.house = house
        self.since: dict[str, str] = {}

    async def plant(self) -> None:
        house, steward = self.house, self.house.steward
        await house.as_service("PUT", "/devices/SPY", steward, {})
        machine = crypto.Machine(steward, "SPY", bytes(32))
        vault = crypto.Vault({}, crypto.need_account(machine))
        crypto.create_account(machine, vault)
        body = crypto.keys_upload_body(machine, vault, {}, [], 0)
        await house.as_service("POST", "/keys/upload", steward, body, device_id="SPY")

    async def receives(self) -> list[dict]:
        """To-device messages that have come since the last time."""
        answer = await self.house.as_service(
            "GET", "/sync", self.house.steward, device_id="SPY", timeout="0", **self.since
        )
        self.since = {"since": answer["next_batch"]}
        return answer.get("to_device", {}).get("events", [])


async def says_and_is_heard(speaker: ElementClient, other, circle: str, text: str) -> None:
    await speaker.discard_session(circle)
    await speaker.send(circle, text)
    await other.wait_for_text(circle, text)


async def test_device_planted_on_the_steward_gets_no_key_and_the_group_is_told(
    house: Installation, enter: Enter
) -> None:
    group = await found(house)
    circle = group["rooms"]["circle"]
    ada = await walk_in(house, await enter("ada"), group)
    mira = await walk_in(house, await enter("mira"), group)

    spy = Spy(house)
    await spy.plant()
    told = await ada.hear("notice", timeout=60)
    assert told.encrypted
    await mira.hear("notice", timeout=10)

    await ada.member.wait_for_device(house.steward, "SPY", signed=False)
    await says_and_is_heard(ada.member, mira.member, circle, "for signed devices only")
    events = await spy.receives()
    assert [event["type"] for event in events] == ["m.room_key.withheld"]
    assert events[0]["content"]["code"] == "m.unverified"

    await ada.member.set_isolation("all")
    await says_and_is_heard(ada.member, mira.member, circle, "for all devices")
    assert "m.room.encrypted" in [event["type"] for event in await spy.receives()]
