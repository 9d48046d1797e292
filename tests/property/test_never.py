"""What must never happen: research/domain.md, 4.7, its fifteen sentences by their numbers.

Members flag, facilitators (one of them named in a case) handle and sanction, pages fail, clocks
jump, the keeper is away and begins again, somebody dies, leaves, is forgotten, the operator does
what operators do. All of it happens twice: to a group where people write frightening words, and to
its twin, where they write about bread. What the properties of tests/domain prove in more depth
stands beside each number in docs/cases.md.
"""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from appservice.domain.charter import GroupRole
from appservice.domain.conduct.motion import Motions
from appservice.domain.events import (
    CaseDue,
    CloseAsked,
    ErasureAsked,
    MessageUnreadable,
    PageFailed,
    PromptDue,
    RenewalDue,
    RoleOrdered,
)
from appservice.domain.types import EventId, Prompt
from tests.domain.case_story import CAY, GROUP, LEA
from tests.domain.test_handling_property import WORDS
from tests.property.fifteen import Fifteen
from tests.property.worst_night import (
    CIRCLE,
    FRIGHTENING,
    HARMLESS,
    MEMBERS,
    TEAM_OF,
    Night,
    begun,
)
from tests.support.story import ADA, BEN, MEI, ZOE

SANCTIONS = (
    *(
        "!warn {m} serious rule 3",
        "!pause {m} serious 3 days rule 3",
        "!remove {m} serious rule 3",
    ),
    *("!redact-all {m} --since 2d", "!underage {m}"),
)
TEAM_WORDS = ("!off", "!on", "!away", "!test-page", "!drill", "!quiet 30m", "!red-paging on")
OWN_WORDS = ("help", "help france", "my flags", "my data", "off", "leave", "forget me", "stop")
WHO = st.sampled_from(MEMBERS)
ADA_OR_BEN = st.sampled_from((ADA, BEN))
TEAMMATE = st.sampled_from(TEAM_OF)
ROLES = (None, None, *GroupRole)
WRITTEN = st.sampled_from(FRIGHTENING)
DEADLINES = 4  # reminder, last word, pause, end
NUMBER = st.integers(1, 3)
SPANS = st.sampled_from((0.1, 0.3, 3, 20, 24 * 3, 24 * 35, 24 * 400))  # hours


class Never(RuleBasedStateMachine, Fifteen):
    """Everything that people do on the worst night; after each act all fifteen are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.story, self.twin = begun().again(), begun().again()
        self.acts("nothing", "", lambda _: None)

    # -- what happens

    @rule(
        user=st.sampled_from((*MEMBERS, ADA)),
        about=st.sampled_from("123"),
        urgent=st.sampled_from(("yes", "no")),
        whom=st.sampled_from("1123"),
        words=WRITTEN,
    )
    def somebody_flags(self, user, about, urgent, whom, words):
        self.story.words = words
        self.acts("flag", user, lambda story: story.flags(user, about, urgent, whom))

    @rule(user=st.sampled_from((*MEMBERS, ADA, LEA)), words=WRITTEN)
    def somebody_says_something(self, user, words):
        self.story.words = words
        self.acts("says", user, lambda story: story.says(user, story.words))

    @rule(user=WHO)
    def what_is_forwarded_cannot_be_read(self, user):
        self.acts("flag", user, lambda story: self._cannot_be_read(story, user))

    def _cannot_be_read(self, story, user):
        for text in ("flag", "2", "no", "1"):
            story.says(user, text)
        chat, before = story.chat(user), len(story.heard)
        story.happens(MessageUnreadable(chat, user, EventId(f"$lost-{story.causes}")))
        assert [one.room for one in story.heard[before:]] == [chat], "7: says nothing of it"
        for text in (story.words, "yes"):
            story.says(user, text)

    @rule(by=TEAMMATE, owner=st.booleans(), words=st.sampled_from(WORDS), n=NUMBER)
    def a_case_is_handled(self, by, owner, words, n):
        self.says(self.owner(n) or by if owner else by, words.format(n=n), "case")

    @rule(by=TEAMMATE, n=NUMBER, word=st.sampled_from(("take {n}", "case {n} level red")))
    def it_is_taken_and_turns_red(self, by, n, word):
        self.says(by, f"!take {n}", "case")
        self.says(by, f"!{word.format(n=n)}", "case")

    @rule(
        by=TEAMMATE,
        n=NUMBER,
        word=st.sampled_from(("about", "contact", "contact", "second", "handover")),
        whom=st.sampled_from((*MEMBERS, BEN)),
        anyway=st.booleans(),
    )
    def somebody_is_named_or_written_to(self, by, n, word, whom, anyway):
        user = self.owner(n) or by
        self.says(user, f"!case {n} about {whom}", "case")
        self.says(user, f"!case {n} {word} {whom}" + " anyway" * anyway, "case")

    @rule(by=ADA_OR_BEN, word=st.sampled_from(SANCTIONS), user=WHO, cared=st.booleans())
    def somebody_is_sanctioned(self, by, word, user, cared):
        if cared:
            self.somebody_flags(user, "1", "no", "1", HARMLESS)
        self.says(by, word.format(m=user))
        for motion in self.motions():
            self.says(by, f"!yes {motion.number}")
            self.says(TEAM_OF[-1], f"!second {motion.number}")
        self.passes(seconds=11)

    @rule(by=ADA_OR_BEN, user=WHO, other=TEAMMATE)
    def somebody_is_banned_in_an_app(self, by, user, other):
        if self.story.rooms[CIRCLE].get(user) != "join":
            return
        self.acts("nothing", "", lambda story: story.bans(by, user, CIRCLE))
        self.acts("ban", "", lambda story: story.looks(GROUP))
        self.passes(seconds=1)
        self.says(other, f"!confirm-ban {user} rule 3")
        self.passes(seconds=11)

    @rule(by=TEAMMATE, word=st.sampled_from(TEAM_WORDS))
    def the_team_does_something(self, by, word):
        self.says(by, word, "drill" if word in ("!test-page", "!drill") else "team")

    @rule(by=ADA_OR_BEN, end=st.booleans(), user=WHO)
    def somebody_has_died(self, by, end, user):
        self.says(by, f"!postvention {'end ' * end}{user}")

    @rule(user=WHO, word=st.sampled_from(OWN_WORDS))
    def a_member_says_a_word(self, user, word):
        self.says(user, word, "own")
        self.says(user, "yes", "own")

    @rule(user=st.sampled_from((*MEMBERS, ADA, CAY)))
    def somebody_comes_back(self, user):
        if not self.story.consents(user):
            self.acts("own", user, lambda story: story.tries_the_gate(user))

    @rule(user=st.sampled_from((*MEMBERS, *TEAM_OF)), role=st.sampled_from(ROLES))
    def the_operator_gives_and_takes_roles(self, user, role):
        self.acts("operator", "", lambda story: story.happens(RoleOrdered(GROUP, user, role)))
        self.says(user, "yes", "own")

    @rule(user=st.sampled_from((*MEMBERS, *TEAM_OF)), other=WHO, hours=SPANS)
    def the_operator_forgets_somebody(self, user, other, hours):
        self.on_a_copy(ErasureAsked(user), other, hours)

    @rule(days=st.sampled_from((0, 30)), other=WHO, hours=SPANS)
    def the_operator_closes_the_group(self, days, other, hours):
        self.on_a_copy(CloseAsked(GROUP, self.story.now + timedelta(days=days)), other, hours)

    def on_a_copy(self, event, other, hours):
        """Let something happen after which there is little to see, and then as if it had not."""
        kept = self.story, self.twin
        self.story, self.twin = (story.again() for story in kept)
        self.acts("operator", "", lambda story: story.happens(event))
        self.passes(seconds=1)
        self.somebody_flags(other, "2", "no", "1", HARMLESS)
        self.passes(hours=hours)
        self.rooms_are_looked_at()
        self.passes(hours=hours)
        self.story, self.twin = kept

    @rule(user=WHO)
    def prompts_are_due(self, user):
        self.all_is_due(user, PromptDue, "prompt")
        loss = PromptDue(user, GROUP, Prompt.LOSS)
        self.acts("prompt", "", lambda story: story.happens(loss))

    @rule(user=WHO)
    def deadlines_of_the_rules_are_over(self, user):
        for _ in range(DEADLINES):
            self.all_is_due(user, RenewalDue, "clock")

    @rule(user=WHO, by=ADA_OR_BEN, what=st.sampled_from(("prompts", "rules")))
    def it_turns_red_and_much_is_due(self, user, by, what):
        self.somebody_flags(user, "1", "no", "1", HARMLESS)
        n = max(self.story.cases(), default=0)
        self.says(by, f"!take {n}", "case")
        self.says(by, f"!case {n} level red", "case")
        due = {"prompts": self.prompts_are_due, "rules": self.deadlines_of_the_rules_are_over}
        due[what](user)

    @rule(user=WHO)
    def two_have_cases_about_the_same_person(self, user):
        for by, reporter in ((ADA, MEI), (BEN, ZOE)):
            self.somebody_flags(reporter, "2", "no", "1", HARMLESS)
            n = max(self.story.cases(), default=0)
            for word in (f"!take {n}", f"!case {n} about {user}", f"!case {n} contact"):
                self.says(by, word, "case")

    @rule(user=WHO)
    def it_waits_while_somebody_is_off(self, user):
        self.says(ADA, "!off")
        self.somebody_flags(user, "2", "no", "1", HARMLESS)
        self.passes(hours=30)

    @rule(hours=SPANS)
    def time_passes(self, hours):
        self.passes(hours=hours)

    @rule(hours=SPANS)
    def the_keeper_is_away_and_begins_again(self, hours):
        self.moves(timedelta(hours=hours))
        self.acts("nothing", "", Night.begins_again)
        self.passes(seconds=1)

    @rule(hours=SPANS, n=NUMBER)
    def the_clock_jumps_back(self, hours, n):
        self.moves(-timedelta(hours=hours))
        self.acts("clock", "", lambda story: story.happens(CaseDue(GROUP, n)))
        self.moves(timedelta(hours=hours))

    @rule(n=NUMBER, user=TEAMMATE, rung=st.sampled_from(("duty", "again", "all", "lead")))
    def a_page_fails(self, n, user, rung):
        failed = PageFailed(GROUP, n, user, f"{self.case(n).waits if self.case(n) else 0} {rung}")
        self.acts("clock", "", lambda story: story.happens(failed))

    @rule()
    def rooms_are_looked_at(self):
        self.acts("nothing", "", Night.everybody_accepts)
        self.acts("clock", "", lambda story: story.looks(GROUP))

    # -- how

    def says(self, user, text, what="word"):
        self.text = text
        self.acts(what, user, lambda story: story.says(user, text))

    def passes(self, **span):
        self.moves(timedelta(**span))
        self.acts("settled", "", Night.settles)

    def all_is_due(self, user, kind, what):
        """Let the moments come, one by one, at which something is due about somebody."""
        timers = self.story.timers
        due = {k: at for k, (at, e) in timers.items() if isinstance(e, kind) and e.user == user}
        for key in sorted(due, key=due.__getitem__):
            self.moves(max(timedelta(0), due[key] - self.story.now))
            self.acts(what, "", lambda story, key=key: story.happens(story.timers.pop(key)[1]))

    def moves(self, span: timedelta) -> None:
        for story in (self.story, self.twin):
            story.now += span

    def acts(self, what: str, actor: str, act: Callable[[Night], object]) -> None:
        """Let something happen, to the twin too, and look at all fifteen."""
        self.remember(what, actor)
        for story in (self.story, self.twin):
            story.knows_numbers_of_today()
            act(story)
        self.look()

    def owner(self, n: int) -> str | None:
        case = self.case(n)
        return case.owner if case is not None else None

    def motions(self) -> tuple:
        kept = self.story.records.get(("motions", GROUP))
        return kept.waiting if isinstance(kept, Motions) else ()


TestNever = Never.TestCase
TestNever.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, derandomize=True
)
