"""Devices and members come and go: who can read what, with three independent libraries."""

import pytest

from appservice.crypto import Trust
from appservice.domain.types import Audience
from tests.e2e.talk import Talk
from tests.support.client_api import MemberError
from tests.support.keeper_device import KeeperDevice
from tests.support.library import ELEMENT, MAUTRIX, NIO, Library

pytestmark = [pytest.mark.synapse, pytest.mark.interop]
# only Element listens to m.room_key.withheld; for the others the key is missing
REFUSED = {
    ELEMENT: "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE",
    NIO: "NO_KEY",
    MAUTRIX: "SessionNotFound",
}


async def test_device_that_is_added_reads_from_then_on(
    keeper: KeeperDevice, library: Library
) -> None:
    phone = await library.enter("ada")
    talk = await Talk.begin(keeper, library, phone)
    await talk.says("before", phone)
    laptop = await library.add_device(phone)
    await keeper.pump.fetch()
    await talk.says("for both", phone, laptop)
    await talk.tells(laptop, "from the laptop")
    await talk.tells(phone, "from the telephone")


async def test_device_that_nobody_signed_reads_what_is_for_all(
    keeper: KeeperDevice, library: Library
) -> None:
    phone = await library.enter("ada")
    talk = await Talk.begin(keeper, library, phone)
    tablet = await library.add_device(phone, signed=False)
    secret = await talk.says("for Ada only", phone)
    line = await tablet.wait_for(
        talk.room, lambda line: line.event_id == secret and line.failure == REFUSED[library.name]
    )
    await talk.cannot_read(tablet, line.event_id)
    await keeper.send(talk.room, "how to verify a device", to=Audience.ALL)
    await talk.hears(phone, "how to verify a device")
    await talk.hears(tablet, "how to verify a device")

    if library.name == ELEMENT:  # it refuses by itself to speak from such a device
        with pytest.raises(MemberError):
            await tablet.send(talk.room, "from the tablet")
    else:
        read = await keeper.read(talk.room, await tablet.send(talk.room, "from the tablet"))
        assert (read.content["body"], read.trust) == ("from the tablet", Trust())


async def test_device_that_is_removed_cannot_read_what_comes_later(
    keeper: KeeperDevice, library: Library
) -> None:
    phone = await library.enter("ada")
    laptop = await library.add_device(phone)
    talk = await Talk.begin(keeper, library, phone)
    early = await talk.says("for both", phone, laptop)
    await laptop.call("POST", "/logout", {})
    await keeper.pump.fetch()
    late = await talk.says("for the telephone", phone)
    await talk.cannot_read(laptop, late)
    assert await talk.session_of(early) != await talk.session_of(late)
    await talk.tells(phone, "the laptop is gone")


async def test_member_who_leaves_cannot_read_what_comes_later(
    keeper: KeeperDevice, library: Library
) -> None:
    ada, ben = await library.enter("ada"), await library.enter("ben")
    talk = await Talk.begin(keeper, library, ada, ben)
    await talk.says("for both", ada, ben)
    await talk.tells(ben, "I have to go")
    await ben.leave(talk.room)
    await keeper.look(talk.room)
    await talk.cannot_read(ben, await talk.says("for Ada", ada))
    await talk.tells(ada, "Ben is gone")


async def test_member_who_joins_cannot_read_what_was_before(
    keeper: KeeperDevice, library: Library
) -> None:
    ada, ben = await library.enter("ada"), await library.enter("ben")
    talk = await Talk.begin(keeper, library, ada)
    early = await talk.says("for Ada", ada)
    await talk.tells(ada, "we are alone")
    await talk.invite(ben)
    late = await talk.says("for both", ada, ben)
    await talk.cannot_read(ben, early)
    # it is one session: Ben has its key from where he came
    assert await talk.session_of(early) == await talk.session_of(late)
    await talk.tells(ben, "here I am")


async def test_member_who_comes_back_with_another_device(
    keeper: KeeperDevice, library: Library
) -> None:
    phone = await library.enter("ada")
    talk = await Talk.begin(keeper, library, phone)
    await talk.says("with the telephone", phone)
    await talk.tells(phone, "I have to go")
    await phone.leave(talk.room)
    await keeper.look(talk.room)
    away = await talk.says("nobody is here")
    laptop = await library.add_device(phone)
    await phone.call("POST", "/logout", {})

    await talk.invite(laptop)
    late = await talk.says("with the laptop", laptop)
    await talk.tells(laptop, "I am back")
    await talk.cannot_read(phone, away, late)
    await talk.cannot_read(laptop, away)
