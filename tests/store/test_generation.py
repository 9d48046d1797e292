"""The generation: an older database is noticed until all is done that this asks for."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from appservice.crypto import Audience, Need, records
from appservice.errors import StorageError
from appservice.store import (
    Generation,
    SetBack,
    count_generation,
    end_restore,
    migrate,
)

SESSION = records.outbound("!room:hs", Audience.SIGNED)
PEER = records.peer("@ada:hs")
NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
NEED = Need(items=frozenset({SESSION, PEER}))


@pytest.fixture
def generation(tmp_path):
    return Generation(tmp_path / "generation")


async def test_ordinary_starts_are_no_restore(store, generation):
    assert [await count_generation(store, generation, NOW) for _ in range(3)] == [None] * 3
    assert generation.number() == 3


@pytest.fixture
async def set_back(sqlite_file, open_store, generation):
    """A store whose database was copied, used once more, and put back; it has one session."""
    url = f"sqlite:///{sqlite_file}"
    await migrate(url)
    store = await open_store(url)
    await count_generation(store, generation, NOW)
    async with store.begin() as work:
        vault = await work.vault(NEED)
        vault.put(SESSION, b"ratchet")
        vault.put(PEER, b"list")
        await work.save(vault)
    await store.close()
    backup = shutil.copy(sqlite_file, sqlite_file.with_suffix(".backup"))
    store = await open_store(url)
    await count_generation(store, generation, NOW)
    await store.close()
    shutil.copy(backup, sqlite_file)
    return await open_store(url)


async def test_a_restored_database_is_noticed_until_all_is_done_that_it_asks_for(
    set_back, generation
):
    later = NOW + timedelta(hours=1)
    found = [await count_generation(set_back, generation, later) for _ in range(3)]
    assert found == [SetBack(number=3, since=NOW)] * 3
    await end_restore(set_back)
    assert [await count_generation(set_back, generation, NOW) for _ in range(3)] == [None] * 3


async def test_a_restored_ratchet_is_gone_as_soon_as_it_is_noticed(set_back, generation):
    await count_generation(set_back, generation, NOW)
    async with set_back.begin() as work:
        vault = await work.vault(NEED)
    assert vault.get(SESSION) is None
    assert vault.get(PEER) == b"list"


async def test_another_instance_hears_of_it_too(set_back, generation, tmp_path):
    others = Generation(tmp_path / "elsewhere")
    assert await count_generation(set_back, generation, NOW)
    assert await count_generation(set_back, others, NOW)
    await end_restore(set_back)
    assert not await count_generation(set_back, others, NOW)


async def test_a_crash_between_database_and_file_is_no_restore(store, generation):
    await count_generation(store, generation, NOW)
    generation.path.write_text("0")
    assert not await count_generation(store, generation, NOW)


async def test_a_second_instance_with_its_own_file_is_no_restore(store, generation, tmp_path):
    for _ in range(3):
        await count_generation(store, generation, NOW)
    assert not await count_generation(store, Generation(tmp_path / "elsewhere"), NOW)


def test_a_file_is_replaced_in_one_step(generation):
    assert generation.number() == 0
    generation.keep(41)
    generation.keep(7)
    assert generation.number() == 7
    assert generation.restored(6)
    assert not generation.restored(7)
    assert [path.name for path in generation.path.parent.iterdir()] == ["generation"]


def test_a_disk_that_refuses_is_a_storage_error(tmp_path):
    with pytest.raises(StorageError):
        Generation(tmp_path / "none" / "generation").keep(1)
    with pytest.raises(StorageError):
        Generation(tmp_path).number()
    (tmp_path / "broken").write_bytes(b"\xff")
    assert Generation(tmp_path / "broken").number() == 0
