"""Whatever becomes of the ground rules: nobody is paused, taken out or made to agree unasked."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from appservice.domain.effects import Remove
from appservice.domain.events import RenewalDue
from appservice.domain.ground_rules.versions import covers
from appservice.domain.group import Group
from appservice.domain.records import Care, Consent, Grace, Renewal
from appservice.domain.types import GroupId, RoomKind, UserId
from tests.support.story import CODE, KEEPER, STEWARD, Story, example

NAMES = ("ada", "ben", "mei", "zoe", "ivo", "lea", "max", "noa", "tom")
USERS = tuple(UserId(f"@{name}:example.org") for name in NAMES)
FACILITATORS = USERS[:2]
GROUP = GroupId(f"group-{CODE}")
PRESENT = frozenset({"join", "invite", "knock"})
LOOKS_AFTER_RESTORE = 2
people = st.sampled_from(USERS)


@cache
def _begun() -> Story:
    """A group of eight, and one who is not in it yet."""
    story = Story()
    story.founds(replace(example(), facilitators=FACILITATORS, rules=example().rules[:1]))
    story.lets_in(*USERS[:-1])
    return story


class RuleVersions(RuleBasedStateMachine):
    """Facilitators change rules, members answer or do not, days pass, backups come back."""

    @initialize()
    def begin(self) -> None:
        self.story = _begun().again()
        self.backup: tuple[dict, dict] | None = None

    # -- what facilitators do

    @rule(
        by=st.sampled_from(FACILITATORS),
        number=st.integers(7, 14),
        how=st.sampled_from(
            ["major", "major", "major", "urgent", "minor", "major from 2027-01-31"]
        ),
    )
    def publish(self, by: UserId, number: int, how: str) -> None:
        self.story.says(by, f"!rules propose {number}. Title: Words {self.story.causes}.")
        self.story.says(by, "!rules why So that it is better.")
        self.story.says(by, f"!rules publish {how}")

    @rule(by=st.sampled_from(FACILITATORS), word=st.sampled_from(["undo", "resume", "ratify"]))
    def decide(self, by: UserId, word: str) -> None:
        self.story.says(by, f"!rules {word}")

    # -- what members do

    @rule(user=people)
    def agree(self, user: UserId) -> None:
        self._says(user, "I agree to the rules")

    @rule(user=people, text=st.sampled_from(["concerned", "yes", "1", "continue", "rules", "hm"]))
    def say(self, user: UserId, text: str) -> None:
        before = self._agreed()
        self._says(user, text)
        assert before == self._agreed(), "somebody agreed without the sentence"

    @rule(count=st.integers(2, 4))
    def several_are_concerned(self, count: int) -> None:
        for user in USERS[2 : 2 + count]:
            self.say(user, "concerned")

    @rule(user=people)
    def leave(self, user: UserId) -> None:
        self._says(user, "leave")

    @rule(user=people)
    def join(self, user: UserId) -> None:
        if not self.story.consents(user):
            self.story.says(user, f"join {CODE}")
            if self.story.heard[-1].message.kind == "age":
                self.story.says(user, "yes")
                self.story.answers_right(user)
                self.story.says(user, self.story.hears_choice("agree"))
                self.story.says(user, self.story.hears_choice("agree"))
        self.story.accepts(user)

    @rule(user=people)
    def loses_the_chat(self, user: UserId) -> None:
        person = self.story.person(user)
        if person is not None:
            self.story.records["person", user] = replace(person, chat=None, greeted=False)

    # -- what happens to them

    @rule(user=people, opens=st.booleans())
    def care(self, user: UserId, *, opens: bool) -> None:
        self.story.records.pop(("care", user), None)
        if opens:
            self.story.records["care", user] = Care(user, self.story.now)

    @rule(days=st.sampled_from([1, 6, 15, 15, 31, 31]))
    def days_pass(self, days: int) -> None:
        for _ in range(days):
            self.clock_jumps(1)

    @rule(days=st.sampled_from([7, 14, 30, 400]))
    def clock_jumps(self, days: int) -> None:
        cared = self._cared_for()
        before = self._agreed()
        muted = set(self._group().muted)
        done = len(self.story.effects)
        self.story.passes(days=days)
        assert self._agreed().items() <= before.items(), "somebody agreed by silence"
        self._removes_nobody_in_care(done)
        assert not cared & (set(self._group().muted) - muted), "a machine paused somebody in care"

    @rule(user=people)
    def timer_comes_again(self, user: UserId) -> None:
        self.story.happens(RenewalDue(user, GROUP))

    @rule(user=people)
    def forced_join(self, user: UserId) -> None:
        for room in self._group().rooms.values():
            self.story.rooms[room][user] = "join"

    @rule()
    def copy_database(self) -> None:
        self.backup = dict(self.story.records), dict(self.story.timers)

    @rule()
    def restore(self) -> None:
        if self.backup is None:
            return
        (records, timers), self.backup = self.backup, None
        self.story.records, self.story.timers = dict(records), dict(timers)
        self.story.restored = True
        for _ in range(LOOKS_AFTER_RESTORE):
            self.story.looks(GROUP)
        self.story.restored = False

    # -- what must hold

    @invariant()
    def nobody_is_in_without_a_consent_that_counts(self) -> None:
        story, group = self.story, self._look()
        consents = {c.user: c for c in story.all(Consent) if c.withdrawn is None}
        spared = {g.user for g in story.all(Grace)} | self._cared_for()
        asked = {r.user for r in story.all(Renewal)}
        for room in group.rooms.values():
            here = {u for u, how in story.rooms[room].items() if how in PRESENT}
            for user in here - {STEWARD, KEEPER} - spared:
                assert user in consents, f"{user} in {room}"
                assert covers(consents[user], group) or user in asked, f"{user} was not asked"

    @invariant()
    def nobody_paused_can_send_and_nobody_else_is_silent(self) -> None:
        group = self._look()
        paused = {c.user for c in self.story.all(Consent) if c.pauses}
        assert set(group.muted) == paused
        for room in group.rooms.values():
            users = self.story.room_state[room]["m.room.power_levels"]["users"]
            assert {user for user, power in users.items() if power < 0} == paused

    @invariant()
    def who_is_paused_knows_until_when(self) -> None:
        renewals = {r.user: r for r in self.story.all(Renewal)}
        for consent in self.story.all(Consent):
            if consent.pauses:
                assert renewals[consent.user].paused
                assert renewals[consent.user].ends is not None
        for renewal in renewals.values():
            assert renewal.due - self.story.now < timedelta(days=3650)

    # -- how it works

    def _says(self, user: UserId, text: str) -> None:
        if self.story.person(user) is not None:
            self.story.says(user, text)

    def _group(self) -> Group:
        return self.story.one(Group, GROUP)

    def _look(self) -> Group:
        """Let the reconciler look, as it does whenever somebody comes or goes."""
        done = len(self.story.effects)
        self.story.looks(GROUP)
        self._removes_nobody_in_care(done)
        return self._group()

    def _removes_nobody_in_care(self, done: int) -> None:
        team = self._group().rooms[RoomKind.FACILITATORS]
        removes = [e for e in self.story.effects[done:] if isinstance(e, Remove)]
        removed = {e.user for e in removes if set(e.rooms) - {team}}
        assert not self._cared_for() & removed, "a machine took out whom a care case names"

    def _agreed(self) -> dict[UserId, str]:
        consents = self.story.all(Consent)
        return {c.user: c.rules_version for c in consents if c.withdrawn is None}

    def _cared_for(self) -> set[UserId]:
        return {care.user for care in self.story.all(Care)}


RuleVersions.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestRuleVersions = RuleVersions.TestCase
