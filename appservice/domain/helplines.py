"""Which numbers help now: by the member's country, else their one group's, else none."""

from collections.abc import Iterable

from appservice.domain.charter import PROFESSIONALS
from appservice.domain.group import Group
from appservice.domain.numbers import Numbers
from appservice.domain.person import Person
from appservice.domain.state import House
from appservice.domain.types import Text

LETTERS = 2  # of a country: ISO 3166 alpha-2
_ALIASES = {"UK": "GB"}


def country_code(text: str, house: House) -> str | None:
    """Return the country that `text` names, by two letters or by its name; None if it names none.

    Of letters in lower case only countries that we have numbers for count, so that a plea is not
    taken for a country.
    """
    word = " ".join(text.split())
    if len(word) != LETTERS:
        return house.countries.get(word.casefold())
    if not word.isascii() or not word.isalpha():
        return None
    code = _ALIASES.get(word.upper(), word.upper())
    return code if word.isupper() or code in house.helplines else None


def country_of(person: Person | None, groups: Iterable[Group]) -> str | None:
    """Return the country whose numbers somebody needs; None if nobody has told."""
    if person is not None and person.country is not None:
        return person.country
    countries = [group.charter.country for group in groups]
    return countries[0] if len(countries) == 1 else None


def lines_for(house: House, country: str | None) -> tuple[Text, ...]:
    """Return the emergency line first, then at most two helplines; never none."""
    return numbers_of(house, country).shown or (Text("helpline-unknown"),)


def youth_lines(house: House, country: str | None) -> tuple[Text, ...]:
    """Return who listens to young people there, where that is known."""
    return numbers_of(house, country).youth


def near(group: Group) -> Text | None:
    """Return whom near them the members of a group may turn to, if its crisis plan says so."""
    words = dict(group.charter.crisis_plan).get(PROFESSIONALS, "")
    values = {"group": group.charter.name, "words": words}
    return Text("professionals-near", values) if words else None


def numbers_of(house: House, country: str | None) -> Numbers:
    """Return what is known of a country's numbers; nothing, where nobody has told the country."""
    return house.helplines.get(country or "") or Numbers()
