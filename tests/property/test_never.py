"""What must never happen: research/domain.md, 4.7, its fifteen sentences by their numbers.

Members flag, facilitators (one of them named in a case) handle and sanction, pages fail, clocks
jump, the keeper is away and begins again, somebody dies, leaves, is forgotten. What the properties
of tests/domain prove in more depth stands beside each number in docs/cases.md.
"""

import re
from collections.abc import Callable
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from appservice.domain.cases.case import Case
from appservice.domain.conduct.motion import Motions
from appservice.domain.events import CaseDue, MessageUnreadable, PageFailed, PromptDue
from appservice.domain.types import EventId, Prompt
from tests.domain.case_story import GROUP
from tests.domain.test_handling_property import WORDS
from tests.property.fifteen import Fifteen
from tests.property.worst_night import (
    HARMLESS,
    MEMBERS,
    SCARY,
    TEAM_OF,
    begun,
)
from tests.support.story import ADA, BEN, MEI, ZOE

PROMISE = re.compile(r"notified|informed|been told|alerted|has it now", re.IGNORECASE)
OF_CARE = ("flag_", "case_", "wishes")
SANCTIONS = ("!warn {m} rule 3", "!pause {m} serious 3 days rule 3", "!remove {m} serious rule 3")
TEAM_WORDS = ("!off", "!on", "!away", "!test-page", "!drill", "!quiet 30m", "!red-paging on")
OWN_WORDS = ("help", "help france", "my flags", "my data", "off", "leave", "forget me", "stop")
WHO = st.sampled_from(MEMBERS)
TEAMMATE = st.sampled_from(TEAM_OF)
NUMBER = st.integers(1, 3)
SPANS = st.sampled_from((0.1, 0.3, 3, 20, 24 * 3, 24 * 35, 24 * 400))  # hours


class Never(RuleBasedStateMachine, Fifteen):
    """Everything that people do on the worst night; after each act all fifteen are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.story = begun().again()
        self.text = ""
        self.acts("nothing", "", lambda: None)

    # -- what happens

    @rule(
        user=st.sampled_from((*MEMBERS, ADA)),
        about=st.sampled_from("123"),
        urgent=st.sampled_from(("yes", "no")),
        whom=st.sampled_from("1123"),
    )
    def somebody_flags(self, user, about, urgent, whom):
        twin = self.story.again()
        twin.knows_numbers_of_today()
        twin.flags(user, about, urgent, whom, HARMLESS)
        self.acts("flag", user, lambda: self.story.flags(user, about, urgent, whom, SCARY))
        assert twin.records == self.story.records, "11: words have changed what is done"

    @rule(user=WHO)
    def somebody_says_something(self, user):
        twin = self.story.again()
        twin.knows_numbers_of_today()
        twin.says(user, HARMLESS)
        self.acts("says", user, lambda: self.story.says(user, SCARY))
        assert twin.records == self.story.records, "11: words have changed what is done"

    @rule(user=WHO)
    def what_is_forwarded_cannot_be_read(self, user):
        self.acts("flag", user, lambda: self._cannot_be_read(user))

    def _cannot_be_read(self, user):
        for text in ("flag", "2", "no", "1"):
            self.story.says(user, text)
        chat, before = self.story.chat(user), len(self.story.heard)
        self.story.happens(MessageUnreadable(chat, user, EventId(f"$lost-{self.story.causes}")))
        assert [one.room for one in self.story.heard[before:]] == [chat], "7: says nothing of it"
        for text in (SCARY, "yes"):
            self.story.says(user, text)

    @rule(by=TEAMMATE, owner=st.booleans(), words=st.sampled_from(WORDS), n=NUMBER)
    def a_case_is_handled(self, by, owner, words, n):
        self.says(self.owner(n) or by if owner else by, words.format(n=n))

    @rule(by=TEAMMATE, n=NUMBER, word=st.sampled_from(("take {n}", "case {n} level red")))
    def it_is_taken_and_turns_red(self, by, n, word):
        self.says(by, f"!take {n}")
        self.says(by, f"!{word.format(n=n)}")

    @rule(
        by=TEAMMATE,
        n=NUMBER,
        word=st.sampled_from(("about", "contact", "contact", "second", "handover")),
        whom=st.sampled_from((*MEMBERS, BEN)),
        anyway=st.booleans(),
    )
    def somebody_is_named_or_written_to(self, by, n, word, whom, anyway):
        user = self.owner(n) or by
        self.says(user, f"!case {n} about {whom}")
        self.says(user, f"!case {n} {word} {whom}" + " anyway" * anyway)

    @rule(by=st.sampled_from((ADA, BEN)), word=st.sampled_from(SANCTIONS), user=WHO)
    def somebody_is_sanctioned(self, by, word, user):
        self.says(by, word.format(m=user))
        for motion in self.motions():
            self.says(by, f"!yes {motion.number}")
            self.says(TEAM_OF[-1], f"!second {motion.number}")
        self.passes(seconds=11)

    @rule(by=TEAMMATE, word=st.sampled_from(TEAM_WORDS))
    def the_team_does_something(self, by, word):
        self.says(by, word, "drill" if word in ("!test-page", "!drill") else "team")

    @rule(by=st.sampled_from((ADA, BEN)), end=st.booleans(), user=WHO)
    def somebody_has_died(self, by, end, user):
        self.says(by, f"!postvention {'end ' * end}{user}")

    @rule(user=WHO, word=st.sampled_from(OWN_WORDS))
    def a_member_says_a_word(self, user, word):
        self.says(user, word, "own")
        self.says(user, "yes", "own")

    @rule(user=WHO)
    def prompts_are_due(self, user):
        timers = self.story.timers
        due = {
            k: at for k, (at, e) in timers.items() if isinstance(e, PromptDue) and e.user == user
        }
        for key in sorted(due, key=due.__getitem__):
            self.story.now = max(self.story.now, due[key])
            _, event = timers.pop(key)
            self.acts("prompt", "", lambda event=event: self.story.happens(event))
        self.acts("prompt", "", lambda: self.story.happens(PromptDue(user, GROUP, Prompt.LOSS)))

    @rule(user=WHO, by=st.sampled_from((ADA, BEN)))
    def it_turns_red_and_prompts_are_due(self, user, by):
        self.somebody_flags(user, "1", "no", "1")
        n = max(self.story.cases(), default=0)
        self.says(by, f"!take {n}")
        self.says(by, f"!case {n} level red")
        self.prompts_are_due(user)

    @rule(user=WHO)
    def two_have_cases_about_the_same_person(self, user):
        for by, reporter in ((ADA, MEI), (BEN, ZOE)):
            self.somebody_flags(reporter, "2", "no", "1")
            n = max(self.story.cases(), default=0)
            for word in (f"!take {n}", f"!case {n} about {user}", f"!case {n} contact"):
                self.says(by, word)

    @rule(user=WHO)
    def it_waits_while_somebody_is_off(self, user):
        self.says(ADA, "!off")
        self.somebody_flags(user, "2", "no", "1")
        self.passes(hours=30)

    @rule(hours=SPANS)
    def time_passes(self, hours):
        self.passes(hours=hours)

    @rule(hours=SPANS)
    def the_keeper_is_away_and_begins_again(self, hours):
        self.story.now += timedelta(hours=hours)
        self.story.begins_again()
        self.passes(seconds=1)

    @rule(hours=SPANS, n=NUMBER)
    def the_clock_jumps_back(self, hours, n):
        self.story.now -= timedelta(hours=hours)
        self.acts("clock", "", lambda: self.story.happens(CaseDue(GROUP, n)))
        self.story.now += timedelta(hours=hours)

    @rule(n=NUMBER, user=TEAMMATE, rung=st.sampled_from(("duty", "again", "all", "lead")))
    def a_page_fails(self, n, user, rung):
        failed = PageFailed(GROUP, n, user, f"{self.case(n).waits if self.case(n) else 0} {rung}")
        self.acts("clock", "", lambda: self.story.happens(failed))

    @rule()
    def rooms_are_looked_at(self):
        for user in (*TEAM_OF, *MEMBERS):
            self.story.accepts(user)
        self.acts("clock", "", lambda: self.story.looks(GROUP))

    # -- how

    def says(self, user, text, what="word"):
        self.text = text
        self.acts(what, user, lambda: self.story.says(user, text))

    def passes(self, **span):
        self.story.now += timedelta(**span)
        self.acts("clock", "", self.story.passes)

    def acts(self, what: str, actor: str, act: Callable[[], object]) -> None:
        self.story.knows_numbers_of_today()
        self.remember(what, actor)
        act()
        self.look()

    def case(self, n: int) -> Case | None:
        return self.story.cases().get(n)

    def owner(self, n: int) -> str | None:
        case = self.case(n)
        return case.owner if case is not None else None

    def motions(self) -> tuple:
        kept = self.story.records.get(("motions", GROUP))
        return kept.waiting if isinstance(kept, Motions) else ()


TestNever = Never.TestCase
TestNever.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
