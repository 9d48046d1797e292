"""The group in which the worst is tried: a story that can be copied and begun again."""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

from appservice.domain.cases.case import Case
from appservice.domain.events import RenewalDue
from appservice.domain.ground_rules.renewal import timer
from appservice.domain.group import Group
from appservice.domain.records import Renewal
from appservice.domain.types import GroupId, RoomId, Text, UserId
from appservice.helplines.sheets import Sheet, read_sheets
from appservice.helplines.showing import numbers
from appservice.store.codec import EVENTS, RECORDS, dumps, loads
from tests.domain.case_story import CAY, GROUP, LEA, CaseStory
from tests.support.helplines import confirm_all
from tests.support.story import ADA, BEN, MEI, START, ZOE, example, replace

CIRCLE, BOARD = RoomId(f"!circle-{GROUP}"), RoomId(f"!noticeboard-{GROUP}")
MEMBERS, TEAM_OF = (MEI, ZOE), (ADA, BEN, CAY, LEA)
CANARY = "canary-4711"
SCARY, HARMLESS = f"{CANARY} she has a plan to die tonight", f"{CANARY} we spoke about bread"


@cache
def sheets() -> Mapping[str, Sheet]:
    """Return every shipped row, as confirmed on the day on which the story begins."""
    with tempfile.TemporaryDirectory() as folder:
        confirm_all(Path(folder), START.date())
        return read_sheets(START.date(), Path(folder))


class Night(CaseStory):
    """Three facilitators, a lead who is no member, and two members who had to agree anew."""

    def begins_again(self) -> None:
        """Let the keeper start anew: it knows what was written down, and nothing else."""
        for key, record in self.records.items():
            self.records[key] = RECORDS.value(loads(dumps(RECORDS.plain(record))))
        for key, (due, event) in self.timers.items():
            self.timers[key] = due, EVENTS.value(loads(dumps(EVENTS.plain(event))))

    def knows_numbers_of_today(self) -> None:
        """Show what may be shown on this day, as the keeper does."""
        self.house = replace(self.house, helplines=numbers(sheets(), self.now.date()))

    def flags(self, user: UserId, about: str, urgent: str, whom: str, words: str) -> None:
        """Raise a flag in a member's own words, up to its receipt."""
        self.says(user, "flag")
        for text in (about, urgent, *(() if about == "1" else (whom,)), words, "yes"):
            self.says(user, text)

    def group(self) -> Group:
        return self.one(Group, GROUP)

    def cases(self) -> dict[int, Case]:
        return {case.number: case for case in self.all(Case)}

    def chat(self, user: UserId) -> RoomId | None:
        person = self.person(user)
        return person.chat if person is not None else None

    def readers(self, room: RoomId) -> set[UserId]:
        return {user for user, member in self.rooms.get(room, {}).items() if member == "join"}


@cache
def begun() -> Night:
    """Return the group as every example begins with it; it is told once."""
    night = Night()
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
