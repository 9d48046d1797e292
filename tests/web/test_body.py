"""Bodies that would break the parser, or whoever walks through an event later."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.web.body import NotJsonError, events_of

GOOD = {"event_id": "$1", "content": {"body": 'a "quoted", [bracketed] {text}\\'}}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def bodies(bad: str) -> list[bytes]:
    good = json.dumps(GOOD)
    return [
        f'{{"events": [{good}, {bad}, {good}]}}'.encode(),
        f'{{"x": [1, {{"events": [9]}}], "events":[{bad},{good},{good}], "z": {{}}}}'.encode(),
        f'{{"events" : [ {good} ,\n{good} , {bad} ] , "a": "b"}}'.encode(),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        '{"content": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"content": ' + '{"a":' * 200 + "1" + "}" * 200 + "}",
        '{"content": {"n": ' + "9" * 5000 + "}}",
        '{"content": {"body": "\\ud800"}}',
    ],
    ids=["overflows the parser", "nests too deep", "long number", "half a character"],
)
def test_one_bad_event_does_not_keep_back_the_others(bad):
    for body in bodies(bad):
        events = events_of(body)
        assert [event for event in events if event == GOOD] == [GOOD, GOOD]
        (other,) = [event for event in events if event != GOOD]
        assert isinstance(other, str)


def test_a_body_that_only_nests_is_no_event():
    assert events_of(b"[" * 100_000 + b"]" * 100_000) == []


def test_names_that_only_sound_like_events_are_not_cut():
    long = "9" * 5000
    body = f'{{"not_events": [{long}], "deep": {{"events": [1]}}, "events": []}}'
    assert events_of(body.encode()) == []


@given(st.lists(json_values))
def test_whatever_comes_in_json_comes_out(events):
    assert events_of(json.dumps({"events": events}).encode()) == events


@given(st.binary(max_size=60))
def test_bytes_are_events_or_no_json(body):
    try:
        json.loads(body.decode())
    except ValueError:
        with pytest.raises(NotJsonError):
            events_of(body)
    else:
        assert isinstance(events_of(body), list)
