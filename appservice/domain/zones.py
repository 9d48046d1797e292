"""Time zones as people name them: `Europe/Berlin`, `berlin`, `new york`; never an offset."""

from collections.abc import Iterable
from difflib import get_close_matches

OFFERED = 3
_NEAR = 0.7  # of 1: the same
_NOT_PLACES = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


def named(text: str, zones: frozenset[str]) -> str | None:
    """Return the zone that a text names in full or by its city; None: it names none.

    `zones`: every IANA name that is known.
    """
    wanted = _folded(text)
    full = {_folded(zone): zone for zone in _offered(zones)}
    return full.get(wanted) or _cities(zones).get(wanted)


def nearest(text: str, zones: frozenset[str]) -> tuple[str, ...]:
    """Return the zones that a misspelt name is nearest to, the nearest first, if any is near."""
    cities = _cities(zones)
    full = {_folded(zone): zone for zone in _offered(zones)}
    wanted = _folded(text)
    close = get_close_matches(wanted, full, OFFERED, _NEAR)
    near = [full[one] for one in close]
    close = get_close_matches(wanted.rpartition("/")[2], cities, OFFERED, _NEAR)
    by_city = [cities[one] for one in close]
    first = (*by_city, *near) if "/" not in wanted else (*near, *by_city)
    return tuple(dict.fromkeys(first))[:OFFERED]


def _offered(zones: Iterable[str]) -> list[str]:
    """Return the names that are places, and UTC; older names of the same place count too."""
    places = (zone for zone in zones if "/" in zone and not zone.startswith(_NOT_PLACES))
    return sorted([*places, "UTC"])


def _cities(zones: Iterable[str]) -> dict[str, str]:
    return {_folded(zone.rpartition("/")[2]): zone for zone in reversed(_offered(zones))}


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
