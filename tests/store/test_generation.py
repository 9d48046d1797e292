"""The generation: an older database is noticed at the first start after it, then never."""

import shutil

import pytest

from appservice.errors import StorageError
from appservice.store import Generation, begin_generation, migrate


@pytest.fixture
def generation(tmp_path):
    return Generation(tmp_path / "generation")


async def test_ordinary_starts_are_no_restore(store, generation):
    assert [await begin_generation(store, generation) for _ in range(3)] == [False] * 3
    assert generation.number() == 3


async def test_a_restored_database_is_noticed_once(sqlite_file, open_store, generation):
    url = f"sqlite:///{sqlite_file}"
    await migrate(url)
    store = await open_store(url)
    await begin_generation(store, generation)
    await store.close()
    backup = shutil.copy(sqlite_file, sqlite_file.with_suffix(".backup"))
    store = await open_store(url)
    await begin_generation(store, generation)
    await store.close()
    shutil.copy(backup, sqlite_file)
    store = await open_store(url)
    assert [await begin_generation(store, generation) for _ in range(3)] == [True, False, False]


async def test_a_crash_between_database_and_file_is_no_restore(store, generation):
    await begin_generation(store, generation)
    generation.path.write_text("0")
    assert not await begin_generation(store, generation)


async def test_a_second_instance_with_its_own_file_is_no_restore(store, generation, tmp_path):
    for _ in range(3):
        await begin_generation(store, generation)
    assert not await begin_generation(store, Generation(tmp_path / "elsewhere"))


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
