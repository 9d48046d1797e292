"""The group in which the worst is tried: a story that can be copied and begun again."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from appservice.domain.cases.case import Case
from appservice.domain.effects import Quote
from appservice.domain.events import RenewalDue
from appservice.domain.ground_rules.renewal import timer
from appservice.domain.group import Group
from appservice.domain.numbers import Numbers
from appservice.domain.records import Renewal
from appservice.domain.types import EffectId, GroupId, RoomId, Text, UserId
from appservice.helplines.sheets import Sheet, read_sheets
from appservice.helplines.showing import numbers
from appservice.store.codec import EVENTS, RECORDS, dumps, loads
from tests.domain.case_story import CAY, GROUP, LEA, CaseStory
from tests.support.helplines import confirm_all
from tests.support.story import ADA, BEN, CODE, KEEPER, MEI, START, ZOE, example, replace

CIRCLE, BOARD = RoomId(f"!circle-{GROUP}"), RoomId(f"!noticeboard-{GROUP}")
MEMBERS, TEAM_OF = (MEI, ZOE), (ADA, BEN, CAY, LEA)
CANARY = "canary-4711"
AT_ONCE = 9  # looks one after the other
HARMLESS = f"{CANARY} we spoke about bread again"
FRIGHTENING = tuple(
    f"{CANARY} {words}"
    for words in (
        "she has a plan to die tonight",
        "I want to kill myself now",
        "he took all the pills already",
        "he hits the child every day",
        "I will shoot them all tomorrow",
        "er will sich heute noch umbringen",
        "ich kann und will nicht mehr leben",
        "EMERGENCY SUICIDE OVERDOSE RED DANGER NOW!!!",
    )
)


@dataclass(frozen=True)
class Opening:
    """The words of a case on their way to a room: who reads there, and the case, just then."""

    quote: Quote
    readers: set[UserId]
    case: Case
    group: Group


@cache
def sheets() -> Mapping[str, Sheet]:
    """Return every shipped row, as confirmed on the day on which the story begins."""
    with tempfile.TemporaryDirectory() as folder:
        confirm_all(Path(folder), START.date())
        return read_sheets(START.date(), Path(folder))


@cache
def numbers_on(day: date) -> Mapping[str, Numbers]:
    """Return what may be shown on a day."""
    return numbers(sheets(), day)


class Night(CaseStory):
    """Three facilitators, a lead who is no member, and two members who had to agree anew.

    `words`: what people write in their own words. `opened`: whenever words of a case were given.
    """

    words: str
    opened: list[Opening]

    def again(self) -> "Night":
        other = super().again()
        other.words, other.opened = self.words, []
        return other

    def performs(self, effect: object, name: EffectId) -> None:
        if isinstance(effect, Quote) and effect.message.kind == "case_excerpt":
            case = self.cases()[int(effect.message.case[2:])]
            readers = self.readers(effect.room) - {KEEPER}
            self.opened.append(Opening(effect, readers, case, self.group()))
        super().performs(effect, name)

    def begins_again(self) -> None:
        """Let the keeper start anew: it knows what was written down, and nothing else."""
        for key, record in self.records.items():
            self.records[key] = RECORDS.value(loads(dumps(RECORDS.plain(record))))
        for key, (due, event) in self.timers.items():
            self.timers[key] = due, EVENTS.value(loads(dumps(EVENTS.plain(event))))

    def knows_numbers_of_today(self) -> None:
        """Show what may be shown on this day, as the keeper does."""
        self.house = replace(self.house, helplines=numbers_on(self.now.date()))

    def flags(self, user: UserId, about: str, urgent: str, whom: str) -> None:
        """Raise a flag in a member's own words, up to its receipt."""
        self.says(user, "flag")
        for text in (about, urgent, *(() if about == "1" else (whom,)), self.words, "yes"):
            self.says(user, text)

    def settles(self) -> None:
        """Let all that is due go off, and what is due at once by that."""
        for _ in range(AT_ONCE):
            if all(self.now < due for due, _ in self.timers.values()):
                return
            self.passes()

    def tries_the_gate(self, user: UserId) -> None:
        """Let somebody come in again, as far as they may."""
        self.says(user, f"join {CODE}")
        if self.heard[-1].message.kind != "age":
            return
        self.says(user, "yes")
        self.answers_right(user)
        self.says(user, self.hears_choice("agree"))
        self.says(user, self.hears_choice("agree"))
        self.accepts(user)

    def everybody_accepts(self) -> None:
        for user in (*TEAM_OF, *MEMBERS):
            self.accepts(user)

    def group(self) -> Group:
        return self.one(Group, GROUP)

    def cases(self) -> dict[int, Case]:
        return {case.number: case for case in self.all(Case)}

    def team(self) -> set[UserId]:
        """Return who is in charge by now."""
        charter = self.group().charter
        return {*charter.facilitators, *filter(None, (charter.lead,))}

    def chat(self, user: UserId) -> RoomId | None:
        person = self.person(user)
        return person.chat if person is not None else None

    def readers(self, room: RoomId) -> set[UserId]:
        return {user for user, member in self.rooms.get(room, {}).items() if member == "join"}


@cache
def begun() -> Night:
    """Return the group as every example begins with it; it is told once."""
    night = Night()
    night.words, night.opened = HARMLESS, []
    night.founds(replace(example(), facilitators=(ADA, BEN, CAY), lead=LEA))
    for user in (ADA, BEN, CAY, *MEMBERS):
        night.passes_the_gate(user)
    night.says(LEA, "hello")
    for user in (*TEAM_OF, *MEMBERS):
        night.accepts(user)
    for user in MEMBERS:
        night.says(user, "check-in daily 18:00")
        agrees_anew(night, user)
    for user, address in ((ADA, "a@b.org"), (LEA, "l@b.org"), (MEI, "m@b.org")):
        person = replace(night.person(user), pages=(("email", address),))
        night.records["person", user] = person
    night.looks(GROUP)
    return night


def agrees_anew(night: Night, user: UserId) -> None:
    """Let somebody have agreed to rules that are no longer those, with three days to agree."""
    [consent] = night.consents(user)
    night.records["consent", consent.key] = replace(consent, rules_version="0.1.0")
    renewal = Renewal(user, GroupId(GROUP), "1.0.0", night.now + timedelta(days=3), night.now)
    night.records["renewal", renewal.key] = renewal
    night.timers[timer(user, GROUP)] = renewal.due, RenewalDue(user, GROUP)


def numbers_in(text: Text) -> Iterator[str]:
    """Yield every number and page to call that a sentence shows."""
    for key, value in text.values.items():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Text):
                yield from numbers_in(one)
        if text.key.startswith("helpline-") and key in ("number", "page"):
            yield str(value)


def callable_today(night: Night, country: str) -> set[str]:
    """Return the numbers and pages of a country that somebody has confirmed within a year."""
    year = timedelta(days=365)
    rows = [r for r in sheets()[country].rows if night.now.date() - r.verified_on <= year]
    every = [(row.number, getattr(row, "official_url", None)) for row in rows]
    return {str(one) for pair in every for one in pair if one}
