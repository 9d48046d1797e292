"""Signatures under a draft: each covers exactly what members will read, and nothing else."""

import hashlib
from dataclasses import replace

from appservice.domain import founding
from appservice.domain.charter import Charter
from appservice.domain.drafting.fields import open_fields
from appservice.domain.drafting.questions import QUESTIONS
from appservice.domain.group import Group
from appservice.domain.helplines import numbers_of
from appservice.domain.membership import facilitating, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import House, State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn
from appservice.domain.types import Text, UserId


def digest(charter: Charter) -> str:
    """Return the SHA-256 of all that a charter says, its rules and crisis plan too, in hex."""
    return hashlib.sha256(repr(charter).encode(errors="surrogatepass")).hexdigest()


def signed_by(group: Group) -> tuple[UserId, ...]:
    """Return who signed the draft as it is now."""
    return group.signed if group.signed_digest == digest(group.charter) else ()


def signatures(state: State, group: Group) -> int:
    """Count who signed what is there now, facilitates, and has a consent that counts now."""
    return len(set(facilitating(state, group)) & set(signed_by(group)))


def signed(group: Group, user: UserId) -> Group:
    """Add a signature; those under other words are gone with it."""
    names = tuple(dict.fromkeys((*signed_by(group), user)))
    return replace(group, signed=names, signed_digest=digest(group.charter))


def faults(group: Group, house: House) -> tuple[Text, ...]:
    """Return what keeps a draft from being signed, the next thing to do first.

    Its visible name was looked at when it was founded.
    """
    if left := open_fields(group.charter, house):
        return (Text("draft-open-field", {"label": QUESTIONS[left[0]].label, "count": len(left)}),)
    return founding.faults(group.charter, house.known, force_name=True)


def faults_to_open(group: Group, house: House) -> tuple[Text, ...]:
    """Return what keeps a draft from being opened: nobody opens without numbers to call."""
    if found := faults(group, house):
        return found
    return without_numbers(group, house)


def without_numbers(group: Group, house: House) -> tuple[Text, ...]:
    """Return which numbers of the group's country a person has still to look at, and how."""
    country = group.charter.country
    numbers = numbers_of(house, country)
    if numbers.are_confirmed:
        return ()
    if not numbers.waiting:
        return (Text("draft-no-helplines", {"country": country}),)
    rows = ", ".join(numbers.waiting)
    return (Text("numbers-to-confirm", {"country": country, "rows": rows}),)


def changed(turn: Turn, before: Group, after: Group) -> Outcome:
    """Keep a draft that somebody changed; the others are told if their names do not count."""
    return Outcome(puts=(after,)) + signatures_void(turn, before, after)


def signatures_void(turn: Turn, before: Group, after: Group) -> Outcome:
    """Tell the other facilitators that what they signed has changed; it voids by itself."""
    if not signed_by(before) or signed_by(after):
        return NOTHING
    told = Text("signatures-void", {"group": after.charter.name})
    return notices(places_of_facilitators(turn.state, after, but=turn.user), after, told)
