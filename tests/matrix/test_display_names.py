"""A display name is looked at for its form alone, and only the form leaves the edge."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.types import NameTells, RoomId
from appservice.matrix.display_names import tells
from tests.matrix.conftest import Place

ADA = "@ada:circle.test"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("anna.schmidt@mail.example", NameTells.EMAIL),
        ("Anna (anna@mail.example.org)", NameTells.EMAIL),
        ("+49 176 1234567", NameTells.PHONE),
        ("0176/1234567", NameTells.PHONE),
        ("call (0176) 123 45 67", NameTells.PHONE),
        ("555-123-4567", NameTells.PHONE),
        ("Anna Schmidt", NameTells.FULL),
        ("  Anna   Maria Schmidt ", NameTells.FULL),
        ("Jean-Luc O'Neil", NameTells.FULL),
        ("Ludwig van Beethoven", NameTells.FULL),
        ("Müller Ägidius", NameTells.FULL),
        ("Willow", NameTells.NOTHING),
        ("willow tree", NameTells.NOTHING),
        ("Anna S.", NameTells.NOTHING),
        ("Anna S", NameTells.NOTHING),
        ("A B", NameTells.NOTHING),
        ("THE BIRD", NameTells.NOTHING),
        ("Willow 7", NameTells.NOTHING),
        ("Willow 2026-11-23", NameTells.NOTHING),
        ("Willow 24/7", NameTells.NOTHING),
        ("@anna:example.org", NameTells.NOTHING),
        ("Anna @ home", NameTells.NOTHING),
        ("One Two Three Four Five", NameTells.NOTHING),
        ("Sky \N{CLOUD}", NameTells.NOTHING),
        ("王 小明", NameTells.NOTHING),
        ("", NameTells.NOTHING),
        (None, NameTells.NOTHING),
        (7, NameTells.NOTHING),
        (["Anna Schmidt"], NameTells.NOTHING),
    ],
)
def test_what_a_name_looks_like(name: Any, what: NameTells) -> None:
    assert tells(name) is what


@given(st.text())
def test_any_text_is_read_without_an_accident(name: str) -> None:
    assert tells(name) in NameTells


def test_a_long_name_takes_no_longer() -> None:
    assert tells("a" * 10_000 + "@" + "b." * 10_000) is NameTells.NOTHING


async def test_the_keeper_sees_it_in_the_chat_and_tells_only_the_form(on_stub: Place) -> None:
    stub = on_stub.server
    await stub.register_user("ada")
    keeper = on_stub.house.keeper
    stub.users[ADA].name = "Ada Canary"
    room = RoomId(stub.create_chat(ADA, keeper).room_id)
    stub.join(room, keeper)
    seen = await on_stub.inspector.inspect_chat(room)
    assert seen.name_tells is NameTells.FULL
    assert "Canary" not in repr(seen)
