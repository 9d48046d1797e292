"""Values of the domain as JSON and back: exact, and readable by later versions."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    Generic,
    NewType,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from appservice.domain.charter import Rules
from appservice.domain.effects import Effect
from appservice.domain.entries import Entry
from appservice.domain.events import Event
from appservice.domain.records import Record
from appservice.errors import PermanentError
from appservice.ports import Prepared

T = TypeVar("T")
Reader = Callable[[Any], Any]

_NAME = ""
"""The key under which a dataclass's name stands among its fields, which are never nameless."""


class Codec(Generic[T]):
    """Turns the members of a union of dataclasses into JSON, every dataclass under its name.

    Names tell apart what has the same fields. A field that a stored value lacks takes its default;
    a field unknown by now is ignored.
    """

    def __init__(self, classes: Iterable[type[Any]]) -> None:
        self._read = _any_of(tuple(classes))

    def plain(self, value: T) -> Any:
        """Return what JSON can hold."""
        return _plain(value)

    def value(self, plain: Any) -> T:
        """Raises PermanentError for what no version of ours up to this one has written."""
        try:
            return cast("T", self._read(plain))
        except (KeyError, TypeError, ValueError):
            raise PermanentError(
                "a stored value is not of a kind that this version reads"
            ) from None


def dumps(plain: Any) -> bytes:
    """JSON in ASCII, since the outside may send text that UTF-8 cannot hold (lone surrogates)."""
    return json.dumps(plain, separators=(",", ":")).encode("ascii")


def loads(data: bytes) -> Any:
    """Read what `dumps` wrote."""
    return json.loads(data)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {_plain(key): _plain(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {_NAME: type(value).__name__, **held}
    return value


def _exactly(kind: type[Any]) -> Reader:
    def read(plain: Any) -> Any:
        if type(plain) is not kind:
            raise TypeError
        return plain

    return read


def _as_it_is(plain: Any) -> Any:
    return plain


_SIMPLE: dict[Any, Reader] = {
    **{kind: _exactly(kind) for kind in (str, int, bool, float, NoneType)},
    **dict.fromkeys((object, Any), _as_it_is),
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
}


@cache
def _reader(kind: Any) -> Reader:
    """Return what reads a value of this type; raises TypeError for a type it does not know."""
    if isinstance(kind, NewType):
        return _reader(kind.__supertype__)
    if get_origin(kind) is not None:
        return _reader_of_many(get_origin(kind), get_args(kind))
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    return cast("Reader", kind) if issubclass(kind, Enum) else _any_of((kind,))


def _reader_of_many(origin: Any, inner: tuple[Any, ...]) -> Reader:
    if origin in (Union, UnionType):
        return _any_of(inner)
    if origin is tuple:
        return _tuple_of(inner)
    if issubclass(origin, Mapping):
        return _mapping_of(*inner)
    raise TypeError(f"no way to read {origin}")


def _any_of(kinds: tuple[Any, ...]) -> Reader:
    """Read a dataclass by its name, anything else by the first type that takes it."""
    named = {kind.__name__: kind for kind in kinds if _is_named(kind)}
    others = [_reader(kind) for kind in kinds if not _is_named(kind)]

    def read(plain: Any) -> Any:
        if isinstance(plain, dict) and plain.get(_NAME) in named:
            return _dataclass(named[plain[_NAME]], plain)
        for other in others:
            try:
                return other(plain)
            except (KeyError, TypeError, ValueError):
                continue
        raise TypeError

    return read


def _is_named(kind: Any) -> bool:
    return is_dataclass(kind)


def _tuple_of(inner: tuple[Any, ...]) -> Reader:
    if inner[1:] == (...,):
        read = _reader(inner[0])
        return lambda plain: tuple(read(one) for one in _list(plain))
    readers = [_reader(kind) for kind in inner]
    return lambda plain: tuple(read(one) for read, one in zip(readers, _list(plain), strict=True))


def _mapping_of(key: Any, value: Any) -> Reader:
    read_key, read_value = _reader(key), _reader(value)
    return lambda plain: {read_key(name): read_value(one) for name, one in _dict(plain).items()}


def _dataclass(kind: Any, plain: dict[str, Any]) -> Any:
    readers = _fields(kind)
    if kind is Rules and "rules" not in plain:  # until 2026-11 they stood in two lists
        plain = {**plain, "rules": _in_order(*plain["core"], *plain["others"])}
    return kind(**{name: read(plain[name]) for name, read in readers.items() if name in plain})


def _in_order(*rules: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(rules, key=lambda rule: int(rule["number"]))


@cache
def _fields(kind: Any) -> dict[str, Reader]:
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind)}


def _list(plain: Any) -> list[Any]:
    if not isinstance(plain, list):
        raise TypeError
    return plain


def _dict(plain: Any) -> dict[str, Any]:
    if not isinstance(plain, dict):
        raise TypeError
    return plain


# at the end, since making them takes what stands above
EVENTS = Codec[Event](get_args(Event))
EFFECTS = Codec[Effect](get_args(Effect))
RECORDS = Codec[Record](get_args(Record))
ENTRIES = Codec[Entry]((Entry,))
PREPARED = Codec[Prepared]((Prepared,))
