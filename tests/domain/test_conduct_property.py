"""Whatever facilitators do, in any order: no step alone that needs two, and none over care."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from appservice.domain.conduct.motion import SHOWN_FOR, WAITS
from appservice.domain.conduct.standing import Measure, Rung, is_next
from appservice.domain.records import PauseReason
from tests.domain.conduct_story import (
    CIRCLE,
    LEA,
    WORDS,
    cares,
    later,
    power,
    settles,
    standing,
    told,
    waiting,
)
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Story

FACILITATORS, MEMBERS = st.sampled_from([ADA, BEN]), st.sampled_from([MEI, ZOE])
SELDOM = st.sampled_from([False, False, False, True])
DAY = timedelta(days=1)
_READY: list[Story] = []


def ready() -> Story:
    """Return a story in which everybody has come in; that is told once."""
    if not _READY:
        _READY.append(told())
    return _READY[0].again()


class Conduct(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.story = ready()
        self.known: dict[str, tuple[Measure, ...]] = {MEI: (), ZOE: ()}
        self.removed: list[Measure] = []
        self.cared: set[str] = set()

    @rule(
        by=FACILITATORS,
        user=MEMBERS,
        word=st.sampled_from(sorted(set(WORDS.values()))),
        more=st.sampled_from(["", " serious", " 3 days"]),
    )
    def asks(self, by: str, user: str, word: str, more: str) -> None:
        self.story.says(by, f"{word} {user}{more} rule 3")
        self._look()

    @rule(
        by=FACILITATORS,
        user=MEMBERS,
        word=st.sampled_from(["!warn", "!pause", "!remove", "!remove"]),
        second=st.sampled_from([None, LEA]),
        case=SELDOM,
    )
    def leaves_steps_out(
        self, by: str, user: str, word: str, second: str | None, *, case: bool
    ) -> None:
        self.asks(by, user, word, " serious")
        self._says_yes(by, user, second, case=case)

    @rule(by=FACILITATORS, user=MEMBERS, second=st.sampled_from([None, LEA]), case=SELDOM)
    def takes_the_next_step(self, by: str, user: str, second: str | None, *, case: bool) -> None:
        highest = standing(self.story, user).highest(self.story.now)
        reached = -1 if highest is None else list(Rung).index(highest)
        self.asks(by, user, WORDS[list(Rung)[min(reached + 1, 5)]], "")
        self._says_yes(by, user, second, case=case)

    def _says_yes(self, by: str, user: str, second: str | None, *, case: bool) -> None:
        self._each(by, "!yes")
        if second is not None:
            self._each(second, "!second")
        if case and user not in self.cared:
            self._case(user)
        self.time_passes({"seconds": 11})

    @rule(span=st.sampled_from([{"seconds": 11}, {"hours": 2}, {"days": 1}, {"days": 31}]))
    def time_passes(self, span: dict[str, int]) -> None:
        later(self.story, **span)
        self._look()

    @rule(
        by=FACILITATORS,
        user=MEMBERS,
        what=st.sampled_from(["!undo", "!unpause", "!let-in", "words", "case", "cases", "leave"]),
    )
    def something_else(self, by: str, user: str, what: str) -> None:
        match what:
            case "words":
                self._each(by, "!yes")
                self._each(LEA, "!second")
            case "case":
                self._case(user)
            case "cases":
                for one in tuple(self.cared):
                    self._case(one)
            case "leave" if self.story.consents(user):
                self.story.says(user, "leave")
            case "leave":
                self._comes_back(user)
            case _:
                self.story.says(by, f"{what} {user}" if what != "!undo" else what)

    def _case(self, user: str) -> None:
        """Let a care case that names somebody begin, or end."""
        self._look()
        self.cared ^= {user}
        if user in self.cared:
            cares(self.story, user)
        else:
            del self.story.records["care", user]

    def _comes_back(self, user: str) -> None:
        self.story.says(user, f"join {CODE}")
        if self.story.heard[-1].message.kind == "age":
            self.story.passes_the_gate(user)
            settles(self.story)

    def _each(self, by: str, word: str) -> None:
        for motion in waiting(self.story):
            self.story.says(by, f"{word} {motion.number}")

    def _look(self) -> None:
        """Look at every step that was taken since."""
        settles(self.story)
        for user in (MEI, ZOE):
            measures = standing(self.story, user).measures
            old = [one.number for one in self.known[user]]
            for new in (one for one in measures if one.number not in old):
                self._taken(user, new)
                self.known[user] = (*self.known[user], new)
            self.known[user] = measures

    def _taken(self, user: str, new: Measure) -> None:
        before = [one for one in self.known[user] if one.counts(new.at)]
        highest = max((one.rung for one in before), key=list(Rung).index, default=None)
        assert user not in self.cared
        assert new.rule == 3
        assert new.second != new.by
        if not is_next(new.rung, highest):
            assert new.skipped
            assert new.second
        if new.rung is Rung.REMOVAL:
            if any(new.at - one.at < DAY for one in self.removed):
                assert new.second
            self.removed.append(new)
            assert not self.story.consents(user)

    @invariant()
    def every_pause_has_an_end_and_a_step_that_gave_it(self) -> None:
        for user in (MEI, ZOE):
            paused = [c for c in self.story.consents(user) if c.pauses]
            pause = standing(self.story, user).pause
            for consent in paused:
                assert consent.pauses == (PauseReason.CONDUCT,)
                assert pause is not None
                assert pause.until is not None
                assert pause.until > self.story.now
            assert power(self.story, user) == (-1 if paused else 0)

    @invariant()
    def nothing_waits_for_ever_and_nobody_is_out_without_a_step(self) -> None:
        now = self.story.now
        assert all(one.asked > now - SHOWN_FOR - WAITS - DAY for one in waiting(self.story))
        assert all(u in self.story.rooms[CIRCLE] for u in (ADA, BEN))


TestConduct = Conduct.TestCase
TestConduct.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
