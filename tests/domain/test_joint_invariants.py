"""Whatever happens: nobody is in a joint session without a consent to it, nor the keeper ever."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from appservice.domain.effects import Admit
from appservice.domain.events import GroupDue
from appservice.domain.group import Group
from appservice.domain.records import Consent
from appservice.domain.types import Matter
from tests.domain.test_joint_sessions import ASK, BIRCH, BIRCH_TEAM, EVA, TEAM, WILLOW, two_groups
from tests.support.story import ADA, BEN, KEEPER, MEI, START, STEWARD, ZOE, Story

USERS = st.sampled_from([ADA, BEN, EVA, MEI, ZOE])
TEXTS = st.sampled_from(
    [
        *("joint", "no", "yes", "leave", "leave willow", "leave Willow + Birch", "pause 2 weeks"),
        *("return", "forget me", "withdraw rules", "I want to meet Birch", "continue", "stop"),
        *("!joint cancel", "!resign", "!close willow", "!quiet birch", "!wake birch", "my data"),
    ]
)


class Watched(Story):
    """A story in which every invitation is compared with the consents of that moment."""

    def performs(self, effect, name):
        if isinstance(effect, Admit):
            agreed = {c.group for c in self.consents(effect.user)}
            assert effect.group in agreed
        return super().performs(effect, name)


class Anything(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.story = two_groups(Watched(now=START))

    @rule(who=st.sampled_from([(ADA, TEAM), (EVA, TEAM)]))
    def they_ask(self, who):
        user, room = who
        self.story.says(user, ASK, room=room)
        self.story.passes(seconds=1)

    @rule(who=st.sampled_from([(BEN, BIRCH_TEAM), (ZOE, BIRCH_TEAM), (ADA, TEAM)]))
    def they_agree(self, who):
        user, room = who
        self.story.says(user, "!joint yes", room=room)
        self.story.passes(minutes=11)

    @rule(user=USERS)
    def somebody_writes_the_sentence(self, user):
        self.story.says(user, "joint")
        asked = self.story.heard[-1].message
        if {choice.id for choice in asked.choices} >= {"agree", "no"}:
            self.story.says(user, self.story.hears_choice("agree"))
            self.story.accepts(user)

    @rule(user=USERS, text=TEXTS)
    def somebody_writes(self, user, text):
        self.story.says(user, text)

    @rule(user=USERS)
    def an_admin_puts_somebody_in(self, user):
        for room in self._rooms():
            self.story.rooms[room][user] = "join"
            self.story.rooms[room][KEEPER] = "join"

    @rule(hours=st.sampled_from([1, 30, 100, 300]))
    def time_passes(self, hours):
        self.story.passes(hours=hours)

    @invariant()
    def nobody_is_inside_without_a_consent_and_a_place_in_a_group(self):
        story = self.story
        story.passes(seconds=1)  # what is to be looked at at once
        for group in self._sessions():
            if group.rooms and group.stage != "closed":
                story.looks(group.id)
            consents = [c for c in story.all(Consent) if not c.withdrawn]
            agreed = {c.user for c in consents if c.group == group.id}
            members = {c.user for c in consents if c.group in (WILLOW, BIRCH) and not c.pauses}
            assert agreed <= members
            inside = {u for room in group.rooms.values() for u in story.rooms[room]} - {STEWARD}
            assert inside <= agreed
            assert KEEPER not in inside
            if group.stage == "closed":
                assert not agreed

    @invariant()
    def looking_once_more_changes_nothing(self):
        self.story.passes(seconds=1)
        for group in (one for one in self._sessions() if one.stage != "closed"):
            before = dict(self.story.records)
            self.story.happens(GroupDue(group.id, Matter.JOINT))
            assert before == self.story.records

    def _sessions(self) -> list[Group]:
        return [group for group in self.story.all(Group) if group.session is not None]

    def _rooms(self) -> list[str]:
        return [room for group in self._sessions() for room in group.rooms.values()]


Anything.TestCase.settings = settings(max_examples=10, stateful_step_count=12, deadline=None)
TestAnything = Anything.TestCase
