"""The fifteen of research/domain.md, 4.7, each as what holds after whatever has been done."""

import re
from collections.abc import Iterator

from appservice.domain.cases.case import Case, Concern, Stage
from appservice.domain.cases.clock import timer
from appservice.domain.cases.ending import KEPT_FOR
from appservice.domain.cases.rungs import is_red, ladder, name
from appservice.domain.conduct.standing import Standing
from appservice.domain.duty.who import is_away, is_off
from appservice.domain.effects import Page, Remove
from appservice.domain.paging.addresses import OPERATOR
from appservice.domain.records import Care, PauseReason
from appservice.domain.types import RoomId, RoomKind
from appservice.store.codec import EFFECTS, EVENTS, RECORDS, dumps
from tests.domain.case_story import GROUP, TEAM
from tests.property.worst_night import (
    BOARD,
    CANARY,
    CIRCLE,
    MEMBERS,
    TEAM_OF,
    Night,
    callable_today,
    numbers_in,
)
from tests.support.story import KEEPER, STEWARD, Heard

PROMISE = re.compile(r"notified|informed|been told|alerted|has it now", re.IGNORECASE)
OF_CARE = ("flag_", "case_", "wishes")

EVERYBODY = (*MEMBERS, *TEAM_OF)


class Fifteen:
    """What was so before an act, and what must not have come of it."""

    story: Night
    twin: Night  # the very same, but nobody writes a frightening word
    what: (
        str  # "flag" | "says" | "case" | "word" | "drill" | "own" | "prompt" | "clock" | "settled"
    )
    actor: str  # who did it; empty: the clock
    text: str = ""  # the newest words of a member or a facilitator

    def remember(self, what: str, actor: str) -> None:
        """Keep how things are before an act."""
        story = self.story
        for one in (story, self.twin):
            for kept in (one.heard, one.effects, one.opened):
                kept.clear()
        self.what, self.actor, self.before = what, actor, story.cases()
        self.team = story.team()
        self.concerns = {one.number: one for one in story.all(Concern)}
        self.cared = {care.user: care for care in story.all(Care)}
        self.steps = {m: self.standing(m) for m in EVERYBODY}
        self.paused = {m: self.is_paused(m) for m in EVERYBODY}

    def look(self) -> None:
        """Look at all fifteen."""
        self.team |= self.story.team()
        self.members = {*MEMBERS} - self.team
        for never in ALL:
            never(self)

    # -- what must never happen, by its number

    def never_1_a_flag_is_seen_in_the_room_or_by_whom_it_is_about(self):
        for one in self.story.heard:
            of_case = one.message.case or one.message.kind.startswith(OF_CARE)
            assert one.room not in (CIRCLE, BOARD) or not of_case, one.body
            case = self.case_of(one)
            if case is not None:
                readers = self.story.readers(one.room) - {KEEPER, STEWARD}
                readers -= {case.reporter, self.actor}
                assert readers <= self.team, one.body
                assert not readers & {*case.named}, one.body

    def never_2_somebody_hears_something_because_they_were_flagged(self):
        if self.what not in ("flag", "case"):
            return
        for user in self.members - {self.actor}:
            for one in self.heard_by(user):
                case = self.case_of(one)
                assert case is not None, one.body
                assert case.reporter == user, one.body

    def never_3_care_leads_to_a_sanction(self):
        for user in self.still_cared():
            assert {*self.standing(user)} <= {*self.steps[user]}
            assert self.paused.get(user) or not self.is_paused(user)

    def never_4_somebody_was_told_that_others_know_before_one_has_it(self):
        unclaimed = [
            case.name
            for case in self.story.cases().values()
            if "claimed" not in {line.code for line in case.log}
        ]
        for user in self.members:
            for one in self.heard_by(user):
                if one.message.case in unclaimed:
                    assert not PROMISE.search(one.body), one.body

    def never_5_somebody_outside_is_contacted(self):
        for page in self.story.done(Page):
            person = self.story.person(page.user)
            own = person.pages if person is not None and page.user in self.team else ()
            assert page.way == OPERATOR or (page.way, page.address) in own

    def never_6_somebody_is_taken_out_in_red(self):
        for user, care in self.still_cared().items():
            gone = [e for e in self.story.done(Remove) if e.user == user and CIRCLE in e.rooms]
            assert not (care.red and gone)
            banned = self.what == "settled" and (CIRCLE, user) in self.story.banned
            assert not (care.red and banned), "a ban that nobody has lifted"

    def never_7_something_is_dropped(self):
        known = {one.number for kind in (Case, Concern) for one in self.story.all(kind)}
        lost = {*self.before, *self.concerns} - known
        assert all(self.story.now >= self.concerns[n].erased + KEPT_FOR for n in lost)
        for case in self.story.cases().values():
            rungs = ladder(self.story.group(), case)
            if case.stage is Stage.RECEIVED and name(case, rungs[-1]) not in case.done:
                assert timer(GROUP, case.number) in self.story.timers

    def never_8_words_leave_what_is_encrypted(self):
        story = self.story
        kept = [RECORDS.plain(record) for record in story.records.values()]
        kept += [EVENTS.plain(event) for _, event in story.timers.values()]
        kept += [EFFECTS.plain(effect) for effect in story.effects]
        assert CANARY not in dumps(kept).decode()
        assert CANARY not in repr((*story.records, *story.timers, story.entries))
        assert not [one for one in story.heard if CANARY in one.body]

    def never_9_words_are_shown_to_who_did_not_claim(self):
        for one in self.story.opened:
            case, side = one.case, one.group.side.get(one.quote.room)
            who = {case.owner}
            if side is not None:
                assert (side.what, side.number) == (RoomKind.CASE, case.number)
                assert "shared" in {line.code for line in case.log}
                who |= {case.second}
            assert one.readers <= who, (one.readers, who)
            assert one.readers <= {*case.shown}
        for number, case in self.story.cases().items():
            was = self.before.get(number)
            if case.owner is not None and (was is None or was.owner != case.owner):
                assert case.owner == self.actor, "nobody has a case but by their own word"

    def never_10_a_dead_or_foreign_number_is_shown(self):
        asked = self.text.partition(" ")[2] if self.what == "own" else ""
        for user in (*MEMBERS, *TEAM_OF):
            person = self.story.person(user)
            country = "FR" if asked == "france" else (person and person.country) or "GB"
            good = callable_today(self.story, country)
            for one in self.heard_by(user):
                shown = {n for line in one.message.lines for n in numbers_in(line)}
                assert shown <= good, one.body

    def never_11_words_are_judged_by_a_machine(self):
        for what in ("records", "timers", "effects", "heard", "entries", "rooms", "room_state"):
            alike = getattr(self.story, what) == getattr(self.twin, what)
            assert alike, f"words have changed {what}"
        for number, case in self.story.cases().items():
            was = self.before.get(number)
            if self.what in ("flag", "says") and was is None:
                assert self.what == "flag"
                assert case.level is None
            if was is not None and was.level is not case.level:
                assert self.actor in self.team

    def never_12_something_unasked_comes_in_red_or_after_a_death(self):
        for user, care in self.still_cared().items():
            kinds = {one.message.kind for one in self.heard_by(user)}
            died = care.mourned and user in self.mourned()
            in_red = care.red and self.what == "prompt"
            assert not (kinds and (died or in_red)), kinds

    def never_13_who_is_off_is_asked_without_need(self):
        group, now = self.story.group(), self.story.now
        for page in self.story.done(Page):
            person = self.story.person(page.user)
            if page.way == OPERATOR or page.drill:
                continue
            assert not is_away(person, now)
            assert not is_off(person, now) or is_red(group, self.case(page.number))

    def never_14_a_drill_reaches_a_member(self):
        if self.what == "drill":
            allowed = {*self.places_of_team(), self.story.chat(self.actor)}
            assert {one.room for one in self.story.heard} <= allowed
        for one in self.story.heard:
            if "drill" in (one.message.kind, *one.message.parts):
                assert one.room in self.places_of_team(), one.body
        for page in self.story.done(Page):
            assert page.user in self.team or page.way == OPERATOR

    def never_15_two_write_to_the_same_person_and_do_not_know(self):
        for number, case in self.story.cases().items():
            was = self.before.get(number)
            if was is None or contacts(case) == contacts(was) or not case.is_open:
                continue
            others = [
                one
                for one in self.before.values()
                if one.number != number and one.is_open and contacts(one)
                if one.owner not in (None, self.actor) and set(one.named) & set(was.named)
            ]
            assert not others or self.text.endswith(" anyway")

    def case_of(self, heard: Heard) -> Case | None:
        return self.case(int((heard.message.case or "C-0")[2:]))

    def case(self, number: int) -> Case | None:
        return self.story.cases().get(number)

    def places_of_team(self) -> set[RoomId | None]:
        return {self.story.chat(user) for user in self.team} | {TEAM}

    def mourned(self) -> set[str]:
        return {care.user for care in self.story.all(Care) if care.mourned}

    def standing(self, user: str) -> list[int]:
        known = self.story.records.get(("standing", f"{user} {GROUP}"))
        return [one.number for one in known.measures] if isinstance(known, Standing) else []

    def is_paused(self, user: str) -> bool:
        pauses = [one for consent in self.story.consents(user) for one in consent.pauses]
        return PauseReason.CONDUCT in pauses or PauseReason.RULES in pauses

    def heard_by(self, user: str) -> Iterator[Heard]:
        chat = self.story.chat(user)
        return (one for one in self.story.heard if one.room == chat)

    def still_cared(self) -> dict[str, Care]:
        now = {care.user for care in self.story.all(Care)}
        return {u: c for u, c in self.cared.items() if u in now and u != self.actor}


def contacts(case: Case) -> int:
    return sum(line.code == "contact" for line in case.log)


ALL = tuple(value for key, value in vars(Fifteen).items() if key.startswith("never_"))
