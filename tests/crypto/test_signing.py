"""Canonical JSON and signatures, with the examples of the specification's appendices."""

import json

import pytest
from canonicaljson import encode_canonical_json
from hypothesis import given
from hypothesis import strategies as st

from appservice.crypto import BadSignature, NotCanonical, canonical_json, sign_json, verify_json
from appservice.crypto.fields import decode64
from appservice.crypto.signatures import public_of, seed_signer

SPEC_SEED = decode64("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1")
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{}", "{}"),
        ('{"one": 1, "two": "Two"}', '{"one":1,"two":"Two"}'),
        ('{"b": "2", "a": "1"}', '{"a":"1","b":"2"}'),
        (
            (
                '{"auth": {"success": true, "mxid": "@john.doe:example.com", "profile": '
                '{"display_name": "John Doe", "three_pids": [{"medium": "email", "address": '
                '"john.doe@example.org"}, {"medium": "msisdn", "address": "123456789"}]}}}'
            ),
            (
                '{"auth":{"mxid":"@john.doe:example.com","profile":{"display_name":"John Doe",'
                '"three_pids":[{"address":"john.doe@example.org","medium":"email"},{"address":'
                '"123456789","medium":"msisdn"}]},"success":true}}'
            ),
        ),
        ('{"a": "日本語"}', '{"a":"日本語"}'),
        ('{"本": 2, "日": 1}', '{"日":1,"本":2}'),
        ('{"a": "\\u65E5"}', '{"a":"日"}'),
        ('{"a": null}', '{"a":null}'),
        ('{"a": -0, "b": 10000000000}', '{"a":0,"b":10000000000}'),
    ],
)
def test_the_examples_of_the_specification(value, expected):
    assert canonical_json(json.loads(value)) == expected.encode()


def test_a_whole_number_that_was_written_as_a_fraction():
    """The specification writes 1e10 as 10000000000; nobody signs it so, and we refuse it."""
    with pytest.raises(NotCanonical):
        canonical_json(json.loads('{"b": 1e10}'))


@given(values)
def test_it_agrees_with_the_reference_implementation(value):
    assert canonical_json(value) == encode_canonical_json(value)


@pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), {1: 2}, "\ud800", b"x", {"a": {1, 2}}])
def test_what_has_no_canonical_form(value):
    with pytest.raises(NotCanonical):
        canonical_json({"value": value})


def test_a_bottomless_value():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical):
        canonical_json(value)


@pytest.mark.parametrize(
    ("value", "signature"),
    [
        (
            {},
            "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ",
        ),
        (
            {"one": 1, "two": "Two"},
            "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw",
        ),
    ],
)
def test_the_signatures_of_the_specification(value, signature):
    signed = sign_json(value, "domain", "1", seed_signer(SPEC_SEED))
    assert signed["signatures"] == {"domain": {"ed25519:1": signature}}
    verify_json(signed, "domain", "1", public_of(SPEC_SEED))


def test_unsigned_parts_and_other_signatures_do_not_matter():
    signed = sign_json({"a": 1}, "domain", "1", seed_signer(SPEC_SEED))
    both = sign_json({**signed, "unsigned": {"age": 1}}, "other", "2", seed_signer(b"s" * 32))
    verify_json(both, "domain", "1", public_of(SPEC_SEED))
    verify_json(both, "other", "2", public_of(b"s" * 32))
    assert "other" not in signed["signatures"]


@pytest.mark.parametrize(
    "change",
    [
        {"a": 2},
        {"signatures": {}},
        {"signatures": {"domain": {"ed25519:1": "AAAA"}}},
        {"signatures": {"domain": {"ed25519:1": "?"}}},
        {"signatures": {"domain": []}},
    ],
)
def test_wrong_signatures(change):
    signed = sign_json({"a": 1}, "domain", "1", seed_signer(SPEC_SEED))
    with pytest.raises(BadSignature):
        verify_json({**signed, **change}, "domain", "1", public_of(SPEC_SEED))


def test_another_key():
    signed = sign_json({"a": 1}, "domain", "1", seed_signer(SPEC_SEED))
    for key in (public_of(b"s" * 32), "short", "?"):
        with pytest.raises(BadSignature):
            verify_json(signed, "domain", "1", key)
