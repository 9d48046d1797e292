"""The fields of a charter and of its crisis plan: read as words, and written after a look."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from appservice.domain.charter import Charter
from appservice.domain.dates import day_in
from appservice.domain.drafting.questions import PLACE
from appservice.domain.founding import WORDS, YOUNGEST, is_filled, plan_of
from appservice.domain.helplines import country_code
from appservice.domain.state import House
from appservice.domain.types import Text, Words

LONGEST_TITLE = 60  # letters
LONGEST = 400  # letters
OLDEST = 99  # years


def read(charter: Charter, name: str) -> str:
    """Return what a field says now; empty where nothing does."""
    if name in (*WORDS, *PLACE, "minimum_age"):
        return str(getattr(charter, name))
    return dict(charter.crisis_plan).get(name, "")


def is_good(charter: Charter, name: str, house: House) -> bool:
    """Say whether a field says something that can stay."""
    words = read(charter, name)
    if name == "review":
        return day_in(words) is not None
    known: Mapping[str, frozenset[str]] = {
        "zone": house.known.zones,
        "language": house.known.languages,
        "country": house.known.countries,
    }
    return words in known[name] if name in known else is_filled(words)


def open_fields(charter: Charter, house: House) -> tuple[str, ...]:
    """Return the fields that still keep a group from opening, in the order of the questions."""
    needed = (*WORDS, *PLACE, *plan_of(charter.size))
    return tuple(name for name in needed if not is_good(charter, name, house))


def write(charter: Charter, name: str, said: str, house: House, words: Words) -> Charter | Text:
    """Return the charter with a field as somebody said it, or why it cannot be so."""
    said = " ".join(said.split())
    if not is_filled(said):
        return Text("draft-still-blank")
    if (special := _SPECIAL.get(name)) is not None:
        return special(charter, said, house, words)
    longest = LONGEST_TITLE if name == "title" else LONGEST
    if len(said) > longest:
        return Text("draft-too-long", {"letters": longest})
    if name in WORDS:
        written: dict[str, Any] = {name: said}
        return replace(charter, **written)
    plan = {**dict(charter.crisis_plan), name: said}
    return replace(charter, crisis_plan=tuple(plan.items()))


def _zone(charter: Charter, said: str, house: House, _: Words) -> Charter | Text:
    wanted = said.replace(" ", "_").casefold()
    found = next((zone for zone in house.known.zones if zone.casefold() == wanted), None)
    return Text("draft-zone-unknown") if found is None else replace(charter, zone=found)


def _language(charter: Charter, said: str, house: House, words: Words) -> Charter | Text:
    wanted = said.strip(".").casefold()
    for tag in sorted(house.known.languages):
        names = (words.synonyms(f"language-{tag}", other) for other in words.languages())
        if wanted == tag or any(wanted in named for named in names):
            own_first = sorted(charter.rules, key=lambda rules: rules.language != tag)
            return replace(charter, language=tag, rules=tuple(own_first))
    return Text("draft-language-unknown", {"languages": ", ".join(words.languages())})


def _country(charter: Charter, said: str, house: House, _: Words) -> Charter | Text:
    code = country_code(said.upper(), house)
    if code is None or code not in house.known.countries:
        return Text("draft-country-unknown")
    return replace(charter, country=code)


def _age(charter: Charter, said: str, _house: House, _: Words) -> Charter | Text:
    digits = said.strip(" .+")
    if not digits.isdecimal() or not YOUNGEST <= int(digits) <= OLDEST:
        return Text("draft-age-form", {"least": YOUNGEST, "most": OLDEST})
    return replace(charter, minimum_age=int(digits))


def _review(charter: Charter, said: str, _house: House, _: Words) -> Charter | Text:
    if (day := day_in(said)) is None:
        return Text("plan-review-form")
    plan = {**dict(charter.crisis_plan), "review": f"{day:%Y-%m-%d}"}
    return replace(charter, crisis_plan=tuple(plan.items()))


_SPECIAL: Mapping[str, Callable[[Charter, str, House, Words], Charter | Text]] = {
    "zone": _zone,
    "language": _language,
    "country": _country,
    "minimum_age": _age,
    "review": _review,
}
