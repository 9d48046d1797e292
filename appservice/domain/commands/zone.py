"""zone Europe/Berlin: tells you times on your own clocks."""

from dataclasses import replace

from appservice.domain.outcome import Outcome
from appservice.domain.prompts import zone_of
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Moment, Text
from appservice.domain.zones import named, nearest

LONGEST = 3  # words of a city's name


def zone(turn: Turn, rest: str) -> Outcome | None:
    """Keep a zone or forget it; alone it tells which one counts."""
    if len(rest.split()) > LONGEST:
        return None
    if not rest:
        return turn.answer(notice(_told(turn)))
    if rest.casefold() in _forgetting(turn):
        kept = replace(turn, person=replace(turn.person, zone=None))
        return kept.answer(notice(Text("zone-forgotten"), _told(kept)))
    known = turn.state.house.known.zones
    found = named(rest, known)
    if found is None:
        near = ", ".join(nearest(rest, known))
        line = Text("zone-nearest", {"zones": near}) if near else Text("zone-unknown")
        return turn.answer(Reply("not_understood", (line,)))
    kept = replace(turn, person=replace(turn.person, zone=found))
    return kept.answer(notice(Text("zone-kept", {"now": Moment(turn.now, found)})))


def _told(turn: Turn) -> Text:
    """Say which zone counts, and where it comes from."""
    person = turn.person
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    counts = zone_of(person, groups[0] if groups else None)
    key = "zone-is-profile" if person.profile_zone else "zone-is-group"
    key = "zone-is-own" if person.zone else key
    return Text(key, {"zone": counts, "now": Moment(turn.now, counts)})


def _forgetting(turn: Turn) -> frozenset[str]:
    words = turn.state.words
    return words.synonyms("zone-none", turn.language) | words.synonyms("zone-none", "en")
