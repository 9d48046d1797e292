"""never_11, wherever people write: frightening words do what harmless ones do, and nothing else.

What may keep a member's words keeps them word for word; all else must be equal: every record,
timer and effect, and whoever hears something of it, then and in the days that follow.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.store.codec import EFFECTS, EVENTS, RECORDS, dumps
from tests.property.worst_night import FRIGHTENING, HARMLESS, Night, begun
from tests.support.story import ADA, BEN, MEI, Heard

LATER = "later"
WORDS = "WORDS"  # what somebody writes in their own words
Said = tuple[str, str]
STRANGER = "@sam:example.org"


def _by(user: str, *texts: str) -> tuple[Said, ...]:
    return tuple((user, text) for text in texts)


FLAG = _by(MEI, "flag", "2", "no", "1", WORDS)
PLACES: dict[str, tuple[tuple[Said, ...], str]] = {
    "to the keeper": (_by(MEI, WORDS), "program"),
    "of a stranger": (_by(STRANGER, WORDS), "program"),
    "of a facilitator": (_by(ADA, WORDS), "program"),
    "behind the word flag": (_by(MEI, f"flag {WORDS}"), "flag_track"),
    "about themselves": (_by(MEI, "flag", "1", "no", "1", WORDS, "yes"), "flag_receipt"),
    "about behaviour": (_by(MEI, "flag", "3", "no", "1", WORDS, "yes"), "flag_receipt"),
    "for the lead": (_by(MEI, "flag", "2", "no", "2", WORDS, "yes"), "flag_receipt"),
    "in a flag": ((*FLAG, (MEI, "yes")), "flag_receipt"),
    "at the first question": (_by(MEI, "flag", WORDS), "flag_track"),
    "at the preview": ((*FLAG, (MEI, WORDS), (MEI, "yes")), "flag_receipt"),
    "in a flag that is stopped": ((*FLAG, (MEI, "stop")), "notice"),
    "in a second flag": ((*FLAG, (MEI, "yes"), *FLAG, (MEI, "yes")), "flag_receipt"),
    "on the shelf": (_by(MEI, f"suggest {WORDS} | https://www.example.org/1"), "notice"),
    "as a topic": (_by(MEI, f"topic {WORDS}"), "notice"),
    "without a name": (_by(MEI, f"question {WORDS}", "yes"), "question_pending"),
    "as feedback": (_by(MEI, f"feedback {WORDS}", "yes"), "notice"),
    "in an appeal": (
        (
            *_by(ADA, f"!warn {MEI} serious rule 3", "!yes 1"),
            *_by(BEN, "!second 1", LATER, LATER),
            *_by(MEI, "appeal", WORDS, WORDS, WORDS),
        ),
        "appeal",
    ),
    "about a case": (
        ((*FLAG, (MEI, "yes"), *_by(ADA, "!take 1", f"!case 1 why {WORDS}"))),
        "refusal",
    ),
    "of another facilitator": (_by(BEN, f"!did {WORDS}"), "notice"),
}


def tell(place: str, words: str) -> tuple[Night, list[Heard]]:
    """Tell the dialogue of a place in these words; the night by then, and the last answers."""
    night, said = begun().again(), []
    for user, text in PLACES[place][0]:
        if text == LATER:
            night.now += timedelta(seconds=11)
            night.settles()
        else:
            said = night.says(user, text.replace(WORDS, words))
    return night, said


@given(place=st.sampled_from(sorted(PLACES)), words=st.sampled_from(FRIGHTENING))
@settings(max_examples=40, deadline=None)
def test_frightening_words_do_what_harmless_ones_do(place, words):
    night, said = tell(place, words)
    twin, _ = tell(place, HARMLESS)
    assert said[-1].message.kind == PLACES[place][1], said[-1].body
    for span in (timedelta(0), timedelta(hours=5), timedelta(days=3)):
        for one in (night, twin):
            one.now += span
            one.settles()
        assert list(without(words, night)) == list(without(HARMLESS, twin))


def without(words: str, night: Night) -> Iterator[str]:
    """Yield all that is kept, due, done and heard, where what was written is only that."""
    kept = sorted(night.records.items(), key=str)
    yield from (f"{key} {_plain(RECORDS.plain(record), words)}" for key, record in kept)
    for key, (due, event) in sorted(night.timers.items()):
        yield f"{key} {due} {_plain(EVENTS.plain(event), words)}"
    yield from (_plain(EFFECTS.plain(effect), words) for effect in night.effects)
    yield from (f"{one.room} {one.body}".replace(words, WORDS) for one in night.heard)


def _plain(value: object, words: str) -> str:
    return dumps(value).decode().replace(json.dumps(words)[1:-1], WORDS)
