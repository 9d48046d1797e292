"""Records: found by key, person and group; never overwritten unseen."""

from dataclasses import replace

import pytest

from appservice.domain.application import Application, Code
from appservice.domain.person import Person
from appservice.domain.records import Consent, Mark
from appservice.errors import StorageError
from tests.store.conftest import NOON

ADA, BEN = Person("@ada:x", chat="!chat"), Person("@ben:x")


def consent(user, group):
    return Consent(user, group, NOON, "en", "1.0.0", "h", "I agree", "$1", "I consent", "$2", 18)


async def test_a_record_is_kept_replaced_and_dropped(store):
    async with store.begin() as work:
        assert await work.get(Person, ADA.key) is None
        await work.put(ADA)
        await work.put(BEN)
    async with store.begin() as work:
        assert await work.get(Person, ADA.key) == ADA
        await work.put(replace(ADA, language="de"))
        await work.put(replace(ADA, language="fr"))
        assert await work.all(Person) == [replace(ADA, language="fr"), BEN]
        await work.drop(ADA)
        await work.drop(ADA)
        assert await work.get(Person, ADA.key) is None
        await work.put(ADA)
    async with store.begin() as work:
        await work.put(replace(ADA, language="it"))  # without having read it
    async with store.begin() as work:
        assert await work.get(Person, ADA.key) == replace(ADA, language="it")


async def test_records_are_found_by_person_and_by_group(store):
    consents = [consent(user, group) for user in ("@a", "@b") for group in ("g", "h")]
    async with store.begin() as work:
        for one in (
            *consents,
            Application("@a", "g", 1, "en", NOON, NOON),
            Mark("device A", NOON),
        ):
            await work.put(one)
        await work.put(Code("WILLOW-7Q4K", "g", NOON))
    async with store.begin() as work:
        assert await work.of_person(Consent, "@a") == consents[:2]
        assert await work.of_group(Consent, "h") == consents[1::2]
        assert await work.of_group(Code, "g") == [Code("WILLOW-7Q4K", "g", NOON)]
        assert await work.of_person(Code, "@a") == []
        assert await work.all(Consent) == consents
        assert await work.of_group(Mark, "house") == [Mark("device A", NOON)]


async def test_records_of_several_kinds_are_found_at_once(store):
    mine, theirs = consent("@a", "g"), consent("@b", "h")
    on_the_way = Application("@b", "g", 1, "en", NOON, NOON)
    async with store.begin() as work:
        for one in (mine, theirs, on_the_way, Code("OAK", "g", NOON), ADA, BEN):
            await work.put(one)
    async with store.begin() as work:
        kinds = [Consent, Application]
        assert await work.find(kinds, users=["@a"]) == [mine]
        assert {*await work.find(kinds, groups=["g"])} == {mine, on_the_way}
        both = await work.find(kinds, users=["@a"], groups=["h", "none"])
        assert {*both} == {mine, theirs}
        assert await work.find(kinds) == []
        many = [f"@{number}:x" for number in range(600)]  # more than one list holds
        assert await work.several(Person, [*many, ADA.key, BEN.key, ADA.key]) == [ADA, BEN]
        await work.put(Person("@7:x"))  # known to be missing
        await work.drop(mine)
    async with store.begin() as work:
        assert await work.get(Person, "@7:x") == Person("@7:x")
        assert await work.find(kinds, users=["@a"]) == []


@pytest.mark.parametrize("change", ["put", "drop"])
async def test_what_changed_elsewhere_is_not_overwritten(postgres_store_pair, change):
    one, other = postgres_store_pair
    async with one.begin() as work:
        await work.put(ADA)
    with pytest.raises(StorageError):  # noqa: PT012
        async with one.begin() as mine:
            await mine.get(Person, ADA.key)
            async with other.begin() as theirs:
                await theirs.get(Person, ADA.key)
                await theirs.put(replace(ADA, language="de"))
            await getattr(mine, change)(ADA)
    async with one.begin() as work:
        assert await work.get(Person, ADA.key) == replace(ADA, language="de")


async def test_what_was_made_elsewhere_is_not_overwritten(postgres_store_pair):
    one, other = postgres_store_pair
    with pytest.raises(StorageError):  # noqa: PT012
        async with one.begin() as mine:
            assert await mine.get(Person, ADA.key) is None
            async with other.begin() as theirs:
                await theirs.put(replace(ADA, language="de"))
            await mine.put(ADA)
    async with one.begin() as work:
        assert await work.get(Person, ADA.key) == replace(ADA, language="de")
