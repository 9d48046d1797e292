"""Vaults and facts: what was saved is loaded again, by owner or by item, in few questions."""

from sqlalchemy import event

from appservice.crypto import Need

ADA, BEN = ("devices", "@ada:x"), ("devices", "@ben:x")


def owned(vault, owner):
    return {item: vault.get((*owner, item)) for item in vault.owned(*owner)}


async def load(store, *owners, items=()):
    async with store.begin() as work:
        return await work.vault(Need(frozenset(owners), frozenset(items)))


async def save(store, **changes):
    async with store.begin() as work:
        vault = await work.vault(Need(frozenset({ADA, BEN})))
        for name, value in changes.items():
            key = (*ADA, name)
            if value is None:
                vault.delete(key)
            else:
                vault.put(key, value)
        vault.put((*BEN, "D1"), b"ben")
        await work.save(vault)


async def test_records_are_loaded_by_owner_and_by_item(store):
    await save(store, D1=b"one", D2=bytes(range(256)), D3=b"")
    vault = await load(store, ADA, items=[(*BEN, "D1"), (*BEN, "D2"), (*ADA, "D1")])
    assert owned(vault, ADA) == {"D1": b"one", "D2": bytes(range(256)), "D3": b""}
    assert vault.get((*BEN, "D1")) == b"ben"
    assert vault.get((*BEN, "D2")) is None
    assert vault.changes() == {}


async def test_changed_and_deleted_records_are_saved(store):
    await save(store, D1=b"one", D2=b"two")
    await save(store, D1=None, D2=b"three", D9=None)
    assert owned(await load(store, ADA), ADA) == {"D2": b"three"}


async def test_whole_kinds_are_forgotten(store):
    kinds = [("a", "x", "1"), ("a", "y", "2"), ("b", "x", "1"), ("c", "x", "1")]
    need = Need(items=frozenset(kinds))
    async with store.begin() as work:
        vault = await work.vault(need)
        for key in kinds:
            vault.put(key, b"value")
        await work.save(vault)
    async with store.begin() as work:
        await work.forget({"a", "b", "never there"})
    vault = await load(store, items=kinds)
    assert [key for key in kinds if vault.get(key)] == [("c", "x", "1")]


async def test_the_same_item_of_another_kind_or_owner_is_another_record(store):
    keys = [("a", "bc", "d"), ("a", "b", "cd"), ("ab", "c", "d")]
    async with store.begin() as work:
        vault = await work.vault(Need(items=frozenset(keys)))
        for key in keys:
            vault.put(key, "".join(key).encode() + key[0].encode())
        await work.save(vault)
    for key in keys:
        vault = await load(store, key[:2])
        assert owned(vault, key[:2]) == {key[2]: "".join(key).encode() + key[0].encode()}


async def test_a_thousand_owners_are_loaded_with_few_statements(store):
    owners = [("devices", f"@member{n}:x") for n in range(1200)]
    async with store.begin() as work:
        vault = await work.vault(Need(frozenset(owners)))
        for owner in owners:
            vault.put((*owner, "DEV"), owner[1].encode())
        await work.save(vault)
    statements = []
    engine = store._engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    vault = await load(store, *owners)
    assert all(owned(vault, owner) == {"DEV": owner[1].encode()} for owner in owners)
    assert len([text for text in statements if "FROM crypto" in text]) == 3


async def test_facts_are_kept_by_name(store):
    async with store.begin() as work:
        assert await work.fact("since") is None
        await work.keep_fact("since", b"s1")
        await work.keep_fact("since", b"s2")
        await work.keep_fact("other", b"")
    async with store.begin() as work:
        assert await work.fact("since") == b"s2"
        assert await work.fact("other") == b""
