"""Whatever is said in whatever order: the table holds, and whoever is named hears nothing."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from appservice.domain.cases.case import About, Case, Level, Stage
from appservice.domain.cases.seeing import may_see
from appservice.domain.cases.table import MOVES
from appservice.domain.events import CaseDue, GroupDue
from appservice.domain.group import Group
from appservice.domain.prompts import is_in_red
from appservice.domain.records import Care
from appservice.domain.types import Matter, RoomKind
from tests.domain.case_story import CAY, GROUP, LEA, TEAM, CaseStory, told
from tests.support.story import ADA, BEN, KEEPER, MEI, ZOE

TEAM_OF = (ADA, BEN, CAY, LEA)
MEMBERS = (MEI, ZOE)
WORDS = (
    *("!take {n}", "!take {n} over", "!join {n}", "!confirm {n}", "!case {n}", "!cases"),
    *("!case {n} level red", "!case {n} level amber", "!case {n} level green"),
    *("!case {n} watch", "!case {n} follow-up", "!case {n} contact", "!case {n} contact anyway"),
    *("!case {n} escalate", "!case {n} alone", "!case {n} why so it was", "!case {n} release"),
    *("!case {n} handover services", "!case {n} confirm", "!case {n} unconfirmed"),
    *("!case {n} close looked-after", "!case {n} debrief", "!case {n} care", "!case {n} conduct"),
    *("!case {n} share", "!case {n} no-follow-up", "!off", "!on"),
)
ABOUT = ("about", "about not", "contact", "second", "handover")
PAIRS = {(before, move.after) for move in MOVES for before in move.before}
NUMBER = st.integers(1, 3)
WHERE = st.sampled_from(("chat", "team", "case"))
BY = st.sampled_from(("owner", "owner", "owner", *TEAM_OF))
WISHES = ("level green", "close looked-after", "escalate", "handover @cay:example.org")


class Handling(RuleBasedStateMachine):
    """Three facilitators and a lead handle what two members raise."""

    def __init__(self) -> None:
        super().__init__()
        self.story: CaseStory = told()
        self.quoted = self.heard = 0
        self.before: dict[int, Case] = {}
        self.actor = ""
        self.story.raises(MEI, About.ME)
        self.story.raises(ZOE, About.OTHER)
        for owner, word in ((ADA, "!take 1"), (BEN, "!take 2"), (BEN, f"!case 2 about {MEI}")):
            self.story.says(owner, word)

    @rule(user=st.sampled_from(MEMBERS), about=st.sampled_from(list(About)))
    def a_member_raises_something(self, user, about):
        if len(self.story.all(Case)) < 3:
            self.acts("", lambda: self.story.raises(user, about))

    @rule(by=BY, words=st.sampled_from(WORDS), n=NUMBER, where=WHERE)
    def somebody_says(self, by, words, n, where):
        self.says(self.owner(n) or ADA if by == "owner" else by, words.format(n=n), where, n)

    @rule(
        by=BY,
        word=st.sampled_from(ABOUT),
        whom=st.sampled_from((*TEAM_OF, *MEMBERS)),
        n=NUMBER,
        where=WHERE,
    )
    def somebody_says_a_word_about(self, by, word, whom, n, where):
        user = self.owner(n) or ADA if by == "owner" else by
        self.says(user, f"!case {n} {word} {whom}", where, n)

    @rule(n=NUMBER, wish=st.sampled_from(WISHES), other=st.sampled_from(TEAM_OF), where=WHERE)
    def two_agree(self, n, wish, other, where):
        self.says(self.owner(n) or ADA, f"!case {n} level red", where, n)
        self.says(self.owner(n) or ADA, f"!case {n} {wish}", where, n)
        self.says(self.owner(n) or ADA, f"!confirm {n}", where, n)
        self.says(other, f"!confirm {n}", where, n)

    @rule(where=WHERE)
    def one_case_asks_for_two_rooms(self, where):
        for member in (MEI, ZOE):
            self.says(self.owner(2) or BEN, f"!case 2 contact {member} anyway", where, 2)

    @rule(user=st.sampled_from(TEAM_OF), word=st.sampled_from(("!case 2", "!take 2 over")))
    def one_of_the_team_is_named(self, user, word):
        self.says(self.owner(2) or BEN, f"!case 2 about {user}", "team", 2)
        self.says(user, word, "chat", 2)

    def owner(self, n):
        case = self.story.records.get(("case", f"{GROUP} {n}"))
        return case.owner if case is not None else None

    @rule(hours=st.sampled_from((0.1, 1, 5, 30, 24 * 9, 24 * 35)))
    def time_passes(self, hours):
        self.acts("", lambda: self.story.passes(hours=hours))

    @rule(hours=st.sampled_from((1, 30)), n=NUMBER)
    def the_clock_jumps_back(self, hours, n):
        self.story.now -= timedelta(hours=hours)
        self.acts("", lambda: self.story.happens(CaseDue(GROUP, n)))
        self.story.now += timedelta(hours=hours)

    @rule()
    def rooms_are_looked_at(self):
        for user in (*TEAM_OF, *MEMBERS):
            self.story.accepts(user)
        self.acts("", lambda: self.story.looks(GROUP))

    def says(self, user, text, where, n):
        case_room = self.story.room_of(n, RoomKind.CASE)
        rooms = {"chat": None, "team": TEAM, "case": case_room}
        room = rooms[where]
        if room is not None and user not in self.story.rooms[room]:
            room = None
        self.acts(user, lambda: self.story.says(user, text, **({"room": room} if room else {})))

    def acts(self, user, act):
        self.actor = user
        self.before = {case.number: case for case in self.story.all(Case)}
        self.quoted, self.heard = len(self.story.quotes()), len(self.story.heard)
        act()
        for holds in self.ALWAYS:
            holds(self)

    # -- what holds, after each word

    def cases(self) -> list[Case]:
        return self.story.all(Case)

    def stages_follow_the_table(self):
        for case in self.cases():
            was = self.before.get(case.number)
            if was is not None and was.stage is not case.stage:
                steps = {(was.stage, case.stage)}
                through = {(was.stage, Stage.RECEIVED), (Stage.RECEIVED, case.stage)}
                assert steps <= PAIRS or through <= PAIRS, (was.stage, case.stage)
            assert (case.owner is not None) == (case.stage is not Stage.RECEIVED)

    def words_go_to_who_has_it_and_to_the_two_in_its_room(self):
        for quote in self.story.quotes()[self.quoted :]:
            case = self.story.case(int(quote.message.case.removeprefix("C-")))
            rooms = {self.story.person(case.owner).chat, self.story.room_of(case.number, "case")}
            assert quote.room in rooms
            assert {case.owner} <= set(case.shown)

    def nobody_looks_after_a_case_that_names_them(self):
        state = self.story.state(GroupDue(GROUP, Matter.QUIET))
        for case in self.cases():
            for user in filter(None, (case.owner, case.second)):
                assert may_see(state, state.groups[GROUP], case, user)

    def who_is_named_reads_nothing_of_it(self):
        rooms = {**self.story.rooms}
        for case in self.cases():
            was = self.before.get(case.number)
            hidden = set(case.named) - {case.reporter}
            hidden -= {self.actor} if was is not None and was.owner == self.actor else set()
            for heard in self.story.heard[self.heard :]:
                inside = rooms.get(heard.room, {})
                if heard.message.case == case.name:
                    assert not hidden & inside.keys(), heard.body

    def red_ends_by_the_word_of_two(self):
        for case in self.cases():
            was = self.before.get(case.number)
            if was is None or was.level is not Level.RED or was.track is not case.track:
                continue
            if case.level is not Level.RED or (was.is_open and not case.is_open):
                assert was.wanted is not None
                assert self.actor not in ("", was.wanted.by)

    def outside_is_asked_by_two_or_with_a_word_why(self):
        for case in self.cases():
            was = self.before.get(case.number)
            if was is None or was.stage is Stage.ESCALATED or case.stage is not Stage.ESCALATED:
                continue
            assert was.wanted is not None
            alone = "alone" in [line.code for line in case.log]
            assert alone or self.actor != was.wanted.by

    def care_is_as_open_cases_say(self):
        open_ones = [case for case in self.cases() if case.is_open and case.track == "care"]
        named = {user for case in open_ones for user in case.named}
        red = {user for case in open_ones if case.level is Level.RED for user in case.named}
        assert {care.user for care in self.story.all(Care)} == named
        state = self.story.state(GroupDue(GROUP, Matter.QUIET))
        assert {user for user in named if is_in_red(state, user)} == red

    def the_keeper_is_in_no_room_for_two(self):
        for room, side in self.story.one(Group, GROUP).side.items():
            if side.what is RoomKind.CONTACT:
                assert KEEPER not in self.story.rooms[room]
                assert len(side.users) == 2

    def what_is_open_is_never_forgotten(self):
        for case in self.cases():
            if not case.is_open or case.stage is Stage.CLAIMED:
                assert f"case {GROUP} {case.number}" in self.story.timers

    ALWAYS = (
        stages_follow_the_table,
        words_go_to_who_has_it_and_to_the_two_in_its_room,
        nobody_looks_after_a_case_that_names_them,
        who_is_named_reads_nothing_of_it,
        red_ends_by_the_word_of_two,
        outside_is_asked_by_two_or_with_a_word_why,
        care_is_as_open_cases_say,
        the_keeper_is_in_no_room_for_two,
        what_is_open_is_never_forgotten,
    )


Handling.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestHandling = Handling.TestCase
