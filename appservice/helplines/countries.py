"""Countries by their names in every language that we speak, as people write them."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale

_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # of CLDR's territories
_ALSO = {
    "america": "US",
    "amerika": "US",
    "britain": "GB",
    "england": "GB",
    "great britain": "GB",
    "großbritannien": "GB",
    "grossbritannien": "GB",
    "holland": "NL",
    "nordirland": "GB",
    "northern ireland": "GB",
    "oesterreich": "AT",
    "schottland": "GB",
    "scotland": "GB",
    "the netherlands": "NL",
    "the united states": "US",
    "the usa": "US",
    "united states of america": "US",
    "usa": "US",
    "wales": "GB",
}


@cache
def codes() -> frozenset[str]:
    """Return every country by its two letters (ISO 3166 alpha-2)."""
    listed = (str(code) for code in Locale("en").territories)
    return frozenset(c for c in listed if re.fullmatch("[A-Z]{2}", c) and c not in _NO_COUNTRIES)


def by_name(languages: Iterable[str]) -> Mapping[str, str]:
    """Return name -> two letters, names folded, in each of these languages."""
    real = codes()
    return _ALSO | {
        str(name).casefold(): str(code)
        for language in languages
        for code, name in Locale.parse(language, sep="-").territories.items()
        if code in real
    }
