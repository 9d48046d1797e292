"""When people want to meet, read from plain words: one reading, several, or why there is none.

`every tue 19:00 for 75m`, `first monday of the month 18:30`, `tue 12 may at 7pm`, `12.5. 18:30`,
`jeden zweiten donnerstag um 19 uhr`, each with `until 30 june` or `6 times`, a zone and a place.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import product

from appservice.domain.meetings import date_words, place_words, rule_words, time_words
from appservice.domain.meetings.date_words import Days, Meant
from appservice.domain.meetings.meeting import Place
from appservice.domain.meetings.recurrence import instant, wall_time
from appservice.domain.meetings.rules import counted, day_end, first_date, from_typed, until
from appservice.domain.meetings.vocabulary import Found, Vocabulary, tokens
from appservice.domain.turn import Turn
from appservice.domain.types import Text, Words
from appservice.domain.zones import named, nearest

SHORTEST, LONGEST = 5, 720  # minutes
MOST_READINGS = 8
_NOON = 12


@dataclass(frozen=True)
class Hearing:
    """What is known when words about time are read: the language, the moment, the zone."""

    words: Words
    language: str
    now: datetime  # aware
    zone: str  # that is meant where none is named
    zones: frozenset[str]  # all that are known

    @classmethod
    def of(cls, turn: Turn, zone: str) -> "Hearing":
        """Hear what somebody says now, as times in a zone."""
        return cls(turn.state.words, turn.language, turn.now, zone, turn.state.house.known.zones)

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.words, self.language)


@dataclass(frozen=True)
class Said:
    """What was said about a time, before it is put together; empty is what was left unsaid."""

    rules: tuple[str, ...] = ()
    days: Days = ()
    clocks: tuple[time, ...] = ()
    half: str = ""  # am | pm
    minutes: int | None = None
    until: Meant = ()
    count: int | None = None
    zone: str | None = None
    place: Place | None = None
    host: str | None = None
    typed: str | None = None  # an RRULE


@dataclass(frozen=True)
class Wish:
    """One reading: when to meet. What was left unsaid is None."""

    start: datetime  # wall time in `zone`
    zone: str
    rule: str
    minutes: int | None = None
    place: Place | None = None
    host: str | None = None


def read(text: str, hearing: Hearing) -> tuple[Wish, ...] | Text:
    """Return every reading of a text, of which at least one; or one sentence why it has none."""
    said = heard(text, hearing)
    return said if isinstance(said, Text) else _wishes(said, hearing)


def heard(text: str, hearing: Hearing) -> Said | Text:
    """Return what was said about a time; a Text says which word was not understood."""
    cut = place_words.cut(text, hearing.vocabulary)
    pieces = tokens(cut.rest)
    if pieces is None:
        return Text("when-too-long")
    said = Said(place=cut.place, host=cut.host, typed=cut.rule)
    index = 0
    while index < len(pieces):
        found = _next(pieces, index, hearing, said)
        if isinstance(found, Text):
            return found
        said, index = found.value, found.end
    if said.zone is None and hearing.zone not in hearing.zones:
        return Text("zone-unknown")
    return said


def times(said: Said) -> tuple[time, ...]:
    """Return the times of day that may be meant."""
    halves = {"am": lambda one: one.hour < _NOON, "pm": lambda one: one.hour >= _NOON}
    fitting = tuple(filter(halves.get(said.half), said.clocks)) if said.half else said.clocks
    return fitting or said.clocks


def today(hearing: Hearing, said: Said | None = None) -> date:
    """Return the day that it is in the zone that is meant."""
    zone = said.zone if said is not None and said.zone is not None else hearing.zone
    return wall_time(hearing.now, zone).date()


def pick(meant: Meant, clock: time, zone: str, now: datetime) -> datetime | None:
    """Return the first wall time of these days that is not over; None: all are."""
    walls = (datetime.combine(day, clock) for day in meant)
    return next((wall for wall in walls if instant(wall, zone) > now), None)


def _wishes(said: Said, hearing: Hearing) -> tuple[Wish, ...] | Text:
    if not said.clocks:
        return Text("when-no-time")
    typed = from_typed(said.typed, said.zone or hearing.zone) if said.typed is not None else None
    if isinstance(typed, Text):
        return typed
    rules = (typed,) if typed is not None else said.rules
    if not rules and (said.until or said.count is not None):
        rules = ("FREQ=WEEKLY",)  # who names an end means more than one
    if not rules and not said.days:
        return Text("when-no-day")
    made = [
        _wish(said, hearing, rule, meant, clock)
        for rule, meant, clock in product(rules or ("",), said.days or ((),), times(said))
    ]
    wishes = tuple(dict.fromkeys(one for one in made if isinstance(one, Wish)))
    faults = [one for one in made if isinstance(one, Text)]
    return wishes[:MOST_READINGS] if wishes else faults[0]


def _wish(said: Said, hearing: Hearing, rule: str, meant: Meant, clock: time) -> Wish | Text:
    zone, now = said.zone or hearing.zone, hearing.now
    if rule == "FREQ=WEEKLY" and not meant:
        return Text("when-which-day")
    start = pick(meant, clock, zone, now) if meant else wall_time(now, zone)
    if start is None:
        return Text("when-past")
    if rule:
        series = _series(said, rule, start, clock)
        if isinstance(series, Text):
            return series
        start, rule = series
    return Wish(start, zone, rule, said.minutes, said.place, said.host)


def _series(said: Said, rule: str, earliest: datetime, clock: time) -> tuple[datetime, str] | Text:
    """Return the first date of a series, and its rule with the end that was said."""
    start = first_date(rule, earliest, clock)
    if start is None:
        return Text("rule-never")
    last = next((day for day in said.until if day >= start.date()), None)
    if said.until and last is None:
        return Text("when-until-early")
    if last is not None:
        return start, until(rule, day_end(last))
    return start, counted(rule, said.count) if said.count is not None else rule


def _next(pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said) -> Found[Said] | Text:
    """Read on from here: the first of our readers that knows what stands here takes it."""
    for reader in _READERS:
        found = reader(pieces, index, hearing, said)
        if found is not None:
            return found
    if hearing.vocabulary.has("filler", pieces, index):
        return Found(said, index + 1)
    return Text("when-unread", {"word": pieces[index]})


def _length(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    if (both := time_words.span(pieces, index)) is not None:
        clocks, minutes = both.value
        return Found(replace(said, clocks=clocks, minutes=minutes), both.end)
    found = time_words.length(pieces, index, hearing.vocabulary)
    if found is None:
        return None
    if not SHORTEST <= found.value <= LONGEST:
        return Text("when-length", {"least": SHORTEST, "most": LONGEST // 60})
    return Found(replace(said, minutes=found.value), found.end)


def _count(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    joined = pieces[index].removesuffix("x")
    if joined != pieces[index] and joined.isdecimal():
        return _counted(said, int(joined), index + 1)
    number = hearing.vocabulary.number(pieces, index)
    if number is None or not hearing.vocabulary.has("times", pieces, index + 1):
        return None
    return _counted(said, number, index + 2)


def _counted(said: Said, count: int, end: int) -> Found[Said] | Text:
    return Found(replace(said, count=count), end) if count else Text("rule-never")


def _rule(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    found = rule_words.rules(pieces, index, hearing.vocabulary)
    if found is None or isinstance(found, Text):
        return found
    return None if said.rules else Found(replace(said, rules=found.value), found.end)


def _until(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    after = hearing.vocabulary.past("until", pieces, index)
    if after in (index, len(pieces)):
        return None
    found = (
        date_words.days(
            pieces,
            hearing.vocabulary.past("the", pieces, after),
            hearing.vocabulary,
            today(hearing, said),
        )
        if after < len(pieces)
        else None
    )
    if found is None or isinstance(found, Text):
        return found
    return Found(replace(said, until=found.value[0]), found.end)


def _days(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    if said.days:
        return None
    found = date_words.days(pieces, index, hearing.vocabulary, today(hearing, said))
    if found is None or isinstance(found, Text):
        return found
    half = "pm" if hearing.vocabulary.has("tonight", pieces, index) else said.half
    return Found(replace(said, days=found.value, half=half), found.end)


def _clock(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    found = None if said.clocks else time_words.clock(pieces, index, hearing.vocabulary)
    return None if found is None else Found(replace(said, clocks=found.value), found.end)


def _half(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    for half in ("am", "pm"):
        if hearing.vocabulary.has(f"daypart-{half}", pieces, index):
            return Found(replace(said, half=half), index + 1)
    return None


def _place(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    kind = place_words.kind(pieces, index, hearing.vocabulary)
    if kind is None or said.place is not None:
        return None
    return Found(replace(said, place=Place(kind)), index + 1)


def _zone(
    pieces: tuple[str, ...], index: int, hearing: Hearing, said: Said
) -> Found[Said] | Text | None:
    """Read a zone by its name, or by its city in up to three words; none is ever guessed."""
    if said.zone is not None:
        return None
    for end in range(min(index + 3, len(pieces)), index, -1):
        zone = named(" ".join(pieces[index:end]), hearing.zones)
        if zone is not None:
            return Found(replace(said, zone=zone), end)
    word = pieces[index]
    if "/" not in word or any(sign.isdigit() for sign in word):
        return None
    near = ", ".join(nearest(word, hearing.zones))
    return Text("zone-nearest", {"zones": near}) if near else Text("zone-unknown")


_Reader = Callable[[tuple[str, ...], int, Hearing, Said], "Found[Said] | Text | None"]
_READERS: tuple[_Reader, ...] = (
    _length,
    _count,
    _rule,
    _until,
    _days,
    _half,
    _clock,
    _place,
    _zone,
)
