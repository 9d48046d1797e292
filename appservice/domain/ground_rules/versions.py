"""Version numbers of ground rules (major.minor.patch), and which of them a consent covers."""

from collections.abc import Iterable
from enum import StrEnum

from appservice.domain.charter import Rules
from appservice.domain.group import Group
from appservice.domain.records import Consent, Version
from appservice.domain.state import State


class Weight(StrEnum):
    """How much a change of the rules weighs."""

    PATCH = "patch"  # a slip of the pen: told on the noticeboard
    MINOR = "minor"  # clearer words for the same thing: told to everybody
    MAJOR = "major"  # another duty, use of data, audience or limit: everybody is asked


def next_number(current: str, published: Iterable[Version], weight: Weight) -> str:
    """Return the number after `current`; a major one is above every number there ever was."""
    major, minor, patch = _parts(current)
    match weight:
        case Weight.PATCH:
            return f"{major}.{minor}.{patch + 1}"
        case Weight.MINOR:
            return f"{major}.{minor + 1}.0"
        case Weight.MAJOR:
            highest = max(major_of(number) for number in (current, *(v.number for v in published)))
            return f"{highest + 1}.0.0"


def major_of(number: str) -> int:
    return _parts(number)[0]


def covers(consent: Consent, group: Group) -> bool:
    """Say whether somebody has agreed to the rules as they are, or as they are meant to be.

    Within one major version a consent holds. While a change is suspended both sides of it hold.
    """
    agreed = {major_of(number) for number in (consent.rules_version, *consent.agreed)}
    wanted = {major_of(group.charter.rules[0].version)}
    if group.change is not None and group.change.suspended:
        wanted.add(major_of(group.change.version))
    return bool(agreed & wanted)


def texts_of(state: State, group: Group, number: str) -> tuple[Rules, ...] | None:
    """Return the texts of a version, as far as it is known here."""
    found = _version(state, group, number)
    return found.rules if found is not None else None


def why_of(state: State, group: Group) -> str:
    """Return why the rules are as they are, in the words of whoever published them."""
    found = _version(state, group, group.charter.rules[0].version)
    if found is not None:
        return found.why
    return group.change.why if group.change is not None else ""


def _version(state: State, group: Group, number: str) -> Version | None:
    of_group = (v for v in state.versions if (v.group, v.number) == (group.id, number))
    return next(of_group, None)


def _parts(number: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in number.split("."))
    return major, minor, patch
