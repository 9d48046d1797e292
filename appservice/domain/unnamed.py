"""Takes somebody's name out of a record that is about others too, wherever in it that stands."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from appservice.domain.types import UserId

T = TypeVar("T")


def unnamed(record: T, user: UserId) -> T:
    """Return the same without this name: gone from lists, empty where it stands alone."""
    without: T = _without(record, user)
    return without


def _without(value: Any, user: UserId) -> Any:
    if isinstance(value, str):
        return UserId("") if value == user else value
    if isinstance(value, tuple):
        return tuple(_without(one, user) for one in value if one != user)
    if isinstance(value, Mapping):
        return {key: _without(one, user) for key, one in value.items() if key != user}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: _without(getattr(value, one.name), user) for one in fields(value)}
        )
    return value
