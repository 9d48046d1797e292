"""A changed identity is told once, and only the very one that was confirmed is pinned."""

import pytest
import pytest_asyncio

from appservice import crypto
from appservice.clock import SystemClock
from appservice.domain.effects import AcceptIdentity
from appservice.domain.events import (
    DeviceTrusted,
    IdentityAccepted,
    IdentityChanged,
    IdentityConfirmed,
)
from appservice.domain.types import UserId
from appservice.matrix import identities
from appservice.matrix.device_lists import DeviceLists
from appservice.ports import Performed
from tests.matrix.conftest import Place
from tests.support.memory_store import MemoryStore
from tests.support.stub_member import StubMember


class Colleague:
    """A person with Olm keys, and what the add-on knows of them."""

    def __init__(self, place: Place, mira: StubMember) -> None:
        self.place = place
        self.mira = mira
        self.user = UserId(mira.user_id)
        self.lists = DeviceLists(place.client, place.store, SystemClock())

    @property
    def published(self) -> str:
        (key,) = self.place.server.users[self.user].identity["master_key"]["keys"].values()
        return str(key)

    async def told(self) -> list[object]:
        """Ask for the device list, and return what was news."""
        before = len(self.place.store.inbox)
        await self.lists.refresh([self.user], even_if_fresh=True)
        return [arrival.body for arrival in self.place.store.inbox[before:]]

    async def changed(self) -> bool:
        async with self.place.store.begin() as work:
            vault = await work.vault(crypto.need_devices([self.user]))
        return crypto.identity_changed(vault, self.user)


@pytest_asyncio.fixture
async def known(on_stub: Place) -> Colleague:
    mira = await StubMember.login(on_stub.server, "mira")
    await mira.stop()
    found = Colleague(on_stub, mira)
    assert await found.told() == [DeviceTrusted(found.user)]
    return found


async def test_a_change_is_told_once_in_the_persons_lane(known: Colleague) -> None:
    await known.mira.reset_identity()
    assert await known.told() == [IdentityChanged(known.user, known.published)]
    assert known.place.store.inbox[-1].lane == f"person {known.user}"
    assert await known.told() == []
    await known.mira.reset_identity()
    assert await known.told() == [IdentityChanged(known.user, known.published)]
    assert len({arrival.id for arrival in known.place.store.inbox}) == 3


async def test_what_the_operator_confirmed_comes_after_the_change(known: Colleague) -> None:
    await known.mira.reset_identity()
    await known.told()
    change = known.place.store.inbox[-1]
    confirmed = identities.confirmed(known.user, known.published, SystemClock().now())
    assert confirmed.body == IdentityConfirmed(known.user, known.published)
    assert confirmed.lane == change.lane
    assert confirmed.id != change.id


async def test_accepting_pins_and_a_repeat_changes_nothing(known: Colleague) -> None:
    await known.mira.reset_identity()
    await known.told()
    assert await known.changed()
    by = UserId("@jonas:circle.test")
    accept = AcceptIdentity(known.user, known.published, by)
    done = Performed(happened=(IdentityAccepted(known.user, known.published, by),))
    assert await known.place.perform(accept) == done
    assert not await known.changed()
    kept = dict(known.place.store.keys)
    assert await known.place.perform(accept) == done
    assert known.place.store.keys == kept
    assert await known.told() == []


async def test_a_word_for_one_identity_does_not_cover_the_next(known: Colleague) -> None:
    await known.mira.reset_identity()
    await known.told()
    confirmed = known.published
    await known.mira.reset_identity()
    await known.told()
    for key in (confirmed, "", "x"):
        assert await known.place.perform(AcceptIdentity(known.user, key)) == Performed()
    stranger = AcceptIdentity(UserId("@nobody:circle.test"), confirmed)
    assert await known.place.perform(stranger) == Performed()
    assert await known.changed()


@pytest.mark.parametrize("lost", ["master_key", "self_signing_key"])
async def test_an_identity_that_is_gone_leaves_no_signed_device(
    known: Colleague, lost: str
) -> None:
    assert await known.lists.has_signed_device(known.user)
    del known.place.server.users[known.user].identity[lost]
    assert await known.told() == []
    assert not await known.lists.has_signed_device(known.user)
    gone = AcceptIdentity(known.user, "")
    assert await known.place.perform(gone) == Performed()


async def test_a_reset_that_stopped_half_way_leaves_no_signed_device(known: Colleague) -> None:
    user = known.place.server.users[known.user]
    old = user.identity["self_signing_key"]
    await known.mira.reset_identity(sign_device=False)
    new, user.identity["self_signing_key"] = user.identity["self_signing_key"], old
    assert await known.told() == []  # the new master key vouches for nothing yet
    assert not await known.lists.has_signed_device(known.user)
    user.identity["self_signing_key"] = new
    assert await known.told() == [IdentityChanged(known.user, known.published)]
    assert not await known.lists.has_signed_device(known.user)
    assert await known.changed()


async def test_the_operator_vouches_for_a_master_key_and_for_no_device() -> None:
    store = MemoryStore()
    keys = {"ed25519:PHONE": "of-the-phone", "ed25519:master": "master"}
    await identities.vouch(store, SystemClock(), "@mira:hs", keys)  # type: ignore[arg-type]
    (arrival,) = store.inbox
    assert arrival.body == IdentityConfirmed(UserId("@mira:hs"), "master")
