"""Valid JSON with a few things changed at any depth, and the values that break parsers most.

Purely random JSON rarely gets past the first check. What is nearly right gets much further.
"""

import copy
import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

NEW_EXAMPLES = bool(os.environ.get("CIRCLEKEEPER_NEW_EXAMPLES"))
calm = settings(
    max_examples=3_000 if NEW_EXAMPLES else 120,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)

DEEP = 400  # levels; far more than anybody sends, and still less than json.loads takes


def nested(levels: int, inner: Any = None) -> Any:
    value = inner
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


atoms = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 0.0, 1.0, 2**31, 2**53, -(2**63), 10**4000),
        *(1e308, float("nan"), float("inf")),
        *("", " ", "=", "\x00", "\ud800", "\udfff@a:b", "日本語", "A" * 43, "x" * 70_000),
        *("@a:hs", "!room", "$event"),
    ]
)
heaps = st.one_of(  # made anew each time, since they may be changed further
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: {"\ud800": [[]], "": {}}),
    st.builds(nested, st.just(DEEP)),
    st.builds(lambda: [0] * 3_000),
    st.builds(lambda: {str(number): {} for number in range(1_000)}),
)
rubbish = st.recursive(
    atoms | heaps | st.text() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, valid: Any, most: int = 3) -> Any:
    """`valid` with one to `most` changes: replaced, removed, moved, doubled, spoilt, renamed."""
    root = [copy.deepcopy(valid)]
    donors = [holder[key] for holder, key in places([valid])]
    for _ in range(draw(st.integers(1, most))):
        holder, key = draw(st.sampled_from(places(root)))
        change = draw(st.sampled_from(_CHANGES))
        change(draw, holder, key, donors)
        if not root:
            return None
    return root[0]


def places(root: Any) -> list[tuple[Any, Any]]:
    """All (holder, key or index) below root, the outer ones first."""
    found: list[tuple[Any, Any]] = []
    waiting = [root]
    while waiting and len(found) < 500:
        holder = waiting.pop(0)
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in list(keys)[:50]:
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])
    return found


def _replace(draw: st.DrawFn, holder: Any, key: Any, donors: list[Any]) -> None:
    holder[key] = draw(rubbish)


def _remove(draw: st.DrawFn, holder: Any, key: Any, donors: list[Any]) -> None:
    del holder[key]


def _graft(draw: st.DrawFn, holder: Any, key: Any, donors: list[Any]) -> None:
    """Put something here that is right at another place."""
    holder[key] = copy.deepcopy(draw(st.sampled_from(donors)))


def _swap(draw: st.DrawFn, holder: Any, key: Any, donors: list[Any]) -> None:
    other = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
    holder[key], holder[other] = holder[other], holder[key]


def _double(draw: st.DrawFn, holder: Any, key: Any, donors: list[Any]) -> None:
    if isinstance(holder, dict):
        holder[draw(st.sampled_from([f"{key}2", key.upper(), "", "\ud800", f"{key} "]))] = holder[
            key
        ]
    else:
        holder.extend([holder[key]] * draw(st.integers(1, 50)))


def _rename(draw: st.DrawFn, holder: Any, key: Any, donors: list[Any]) -> None:
    if isinstance(holder, dict):
        holder[draw(st.text(max_size=3) | st.sampled_from(["@a:hs", "A" * 43]))] = holder.pop(key)


def _spoil(draw: st.DrawFn, holder: Any, key: Any, donors: list[Any]) -> None:
    """Change a little of the value itself: a character, the type, the length, the wrapping."""
    value = holder[key]
    if isinstance(value, str) and value:
        at = draw(st.integers(0, len(value) - 1))
        there = draw(st.sampled_from(["", "A", "_", "=", "\n", "\ud800", "é", value]))
        holder[key] = value[:at] + there + value[at + 1 :]
    elif isinstance(value, int):
        holder[key] = draw(st.sampled_from([float(value), str(value), -value, value + 1, [value]]))
    else:
        holder[key] = draw(st.sampled_from([[value], {"a": value}, str(value)]))


_CHANGES = [_replace, _remove, _graft, _swap, _double, _rename, _spoil]
