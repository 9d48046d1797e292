"""Values of the domain survive the way to bytes and back, and so do those of older versions."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appservice.domain.effects import Effect, TellOperator, Wake
from appservice.domain.events import ApplicationExpired, Event, GraceEnded
from appservice.domain.person import Person
from appservice.domain.records import Record
from appservice.domain.types import Text
from appservice.errors import PermanentError
from appservice.ports import Prepared
from appservice.store.codec import EFFECTS, EVENTS, PREPARED, RECORDS, dumps, loads
from appservice.store.columns import pack, ticks, unpack
from tests.store.conftest import NOON

words = st.text(st.characters(), max_size=20)  # lone surrogates among them
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
texts = st.recursive(
    st.builds(Text, words, st.dictionaries(words, words | st.integers(), max_size=3)),
    lambda inner: st.builds(
        Text, words, st.dictionaries(words, words | inner | st.lists(inner).map(tuple), max_size=2)
    ),
    max_leaves=4,
)
moments = st.datetimes(timezones=st.just(UTC))


def some_of(kind):
    """A short tuple: hypothesis' own are long and slow."""
    first, *rest = get_args(kind)
    if rest == [...]:
        return st.lists(st.from_type(first), max_size=2).map(tuple)
    return st.tuples(st.from_type(first), *map(st.from_type, rest))


st.register_type_strategy(str, words)
st.register_type_strategy(Text, texts)
st.register_type_strategy(object, json_values)
st.register_type_strategy(
    Mapping,
    lambda kind: st.dictionaries(*map(st.from_type, get_args(kind)), max_size=3),
)
st.register_type_strategy(tuple, some_of)
st.register_type_strategy(datetime, moments)


def comes_back(codec, value):
    found = codec.value(loads(dumps(codec.plain(value))))
    assert found == value
    assert type(found) is type(value)
    return found


@pytest.mark.parametrize("kind", get_args(Record), ids=lambda kind: kind.__name__)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_records_come_back(kind, data):
    record = data.draw(st.from_type(kind))
    assert comes_back(RECORDS, record).key == record.key


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_events_come_back(kind, data):
    comes_back(EVENTS, data.draw(st.from_type(kind)))


@pytest.mark.parametrize("kind", get_args(Effect), ids=lambda kind: kind.__name__)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_effects_come_back(kind, data):
    comes_back(EFFECTS, data.draw(st.from_type(kind)))


@given(words, words, st.dictionaries(words, json_values, max_size=3))
def test_prepared_messages_come_back(kind, fingerprint, content):
    comes_back(PREPARED, Prepared(((kind, content),), kind, content, fingerprint))


def test_a_number_and_its_digits_stay_different():
    found = comes_back(EFFECTS, TellOperator(Text("k", {"a": 1, "b": "1", "c": (), "d": ""})))
    values = found.text.values
    assert [type(values[name]) for name in "abcd"] == [int, str, tuple, str]


def test_a_field_that_was_added_takes_its_default_and_one_that_went_is_ignored():
    plain = RECORDS.plain(Person("@ada:x", language="de"))
    del plain["greeted"]
    assert RECORDS.value({**plain, "gone": 1}) == Person("@ada:x", language="de")


@pytest.mark.parametrize(
    "plain",
    [
        {"": "Unknown"},
        {"": "Person"},
        {"": "Person", "user": 7},
        {"": "Person", "user": "@a", "asked": None},
        {"": ["Person"]},
        {"user": "@a"},
        {"": "KeeperInvited", "room": "!r", "inviter": "@a"},
        ["Person"],
        None,
        {},
    ],
    ids=str,
)
def test_what_nobody_wrote_is_refused(plain):
    with pytest.raises(PermanentError) as caught:
        RECORDS.value(plain)
    assert caught.value.__suppress_context__


def test_events_with_the_same_fields_are_told_apart_wherever_they_stand():
    for event in (ApplicationExpired("@a", "g"), GraceEnded("@a", "g")):
        comes_back(EFFECTS, Wake("key", NOON, event))


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_packed_bytes_come_back(parts):
    assert unpack(pack(*parts)) == parts


@given(moments)
def test_ticks_are_exact(moment):
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert epoch + timedelta(microseconds=ticks(moment)) == moment
    east = moment if moment.year > 9998 else moment.astimezone(timezone(timedelta(hours=5)))
    assert ticks(east) == ticks(moment)


def test_json_is_ascii():
    assert json.loads(dumps({"a": "\ud800é"})) == {"a": "\ud800é"}
    assert dumps("é").isascii()
