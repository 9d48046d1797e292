"""What a rule answers: what to keep, drop and write down, and effects to carry out, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from appservice.domain.application import Application
from appservice.domain.effects import Effect
from appservice.domain.entries import Entry, Erasure, Oblivion
from appservice.domain.group import Group
from appservice.domain.person import Person
from appservice.domain.records import Consent, Grace, Record, Renewal, Room
from appservice.domain.state import State


@dataclass(frozen=True)
class Outcome:
    """Everything in it is written down in one transaction with the end of the event's row."""

    puts: tuple[Record, ...] = ()
    drops: tuple[Record, ...] = ()
    effects: tuple[Effect, ...] = ()
    entries: tuple[Entry, ...] = ()  # for the record of consents
    erasures: tuple[Erasure, ...] = ()  # of words in that record, after the entries
    oblivions: tuple[Oblivion, ...] = ()  # last of all

    def __add__(self, other: "Outcome") -> "Outcome":
        """Do the one, then the other."""
        return replace(
            self,
            puts=self.puts + other.puts,
            drops=self.drops + other.drops,
            effects=self.effects + other.effects,
            entries=self.entries + other.entries,
            erasures=self.erasures + other.erasures,
            oblivions=self.oblivions + other.oblivions,
        )


NOTHING = Outcome()


def applied(state: State, outcome: Outcome) -> State:
    """Return what would be known of this chat's person if it were loaded after the outcome."""
    known = {(record.kind, record.key): record for record in _records(state)}
    for record in outcome.drops:
        known.pop((record.kind, record.key), None)
    known |= {(record.kind, record.key): record for record in outcome.puts}
    now = list(known.values())
    room = state.room.room if state.room else None
    user = state.person.user if state.person else state.room.user if state.room else None
    return replace(
        state,
        person=next((r for r in now if isinstance(r, Person) and r.user == user), None),
        room=next((r for r in now if isinstance(r, Room) and r.room == room), None),
        groups={r.id: r for r in now if isinstance(r, Group)},
        applications=tuple(r for r in now if isinstance(r, Application)),
        consents=tuple(r for r in now if isinstance(r, Consent)),
        graces=tuple(r for r in now if isinstance(r, Grace)),
        renewals=tuple(r for r in now if isinstance(r, Renewal)),
    )


def with_groups(state: State, outcome: Outcome) -> State:
    """Return what was known, but each group as the outcome keeps it."""
    kept = {put.id: put for put in outcome.puts if isinstance(put, Group)}
    return replace(state, groups={**state.groups, **kept})


def _records(state: State) -> Iterator[Record]:
    if state.person is not None:
        yield state.person
    if state.room is not None:
        yield state.room
    yield from state.groups.values()
    yield from state.applications
    yield from state.consents
    yield from state.graces
    yield from state.renewals
