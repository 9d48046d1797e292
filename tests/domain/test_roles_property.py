"""Whatever the order of words, answers, comings and goings: power follows the charter alone."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from appservice.domain.charter import GroupRole
from appservice.domain.effects import Admit, Remove
from appservice.domain.events import Admitted, OfferExpired, RoleOrdered
from appservice.domain.group import Group
from appservice.domain.membership import facilitators
from appservice.domain.types import RoomKind, Size
from tests.support.story import ADA, BEN, CODE, KEEPER, MEI, STEWARD, ZOE, Story, example

USERS = (ADA, BEN, MEI, ZOE)
WHO = st.sampled_from(USERS)
WORDS = ("!role {} facilitator", "!role {} greeter", "!role {} lead", "!role {} none")
WORDS += ("!role confirm {}", "!handover {}", "!handover lead {}", "!revoke {}")
OWN = ("yes", "no", "1", "stop", "continue", "leave", "!resign", "!resign lead", "!off", "!on")
OWN += ("!resign facilitator", f"join {CODE}")


class AnyOrder(RuleBasedStateMachine):
    """One group of each size in turn; the lead is a member."""

    size = Size.STANDARD

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        charter = replace(example(), size=self.size, lead=ZOE)
        self.group = self.story.founds(charter)
        self.granted = {*charter.facilitators, ZOE}  # who said yes to more power, or was there
        self.backup = None
        self.lost_by_handover = False
        for user in USERS:
            self.story.passes_the_gate(user)
            self.story.accepts(user)
        self.looks()

    # -- what happens

    @rule(user=WHO, whom=WHO, words=st.sampled_from(WORDS))
    def somebody_says_a_word_about(self, user, whom, words):
        self.says(user, words.format(whom))

    @rule(user=WHO, words=st.sampled_from(OWN))
    def somebody_says(self, user, words):
        self.says(user, words)

    @rule(giver=WHO, second=WHO, whom=WHO, role=st.sampled_from(["facilitator", "lead"]))
    def somebody_is_made_something(self, giver, second, whom, role):
        self.says(giver, f"!role {whom} {role}")
        self.says(second, f"!role confirm {whom}")
        self.says(whom, "yes")

    @rule(giver=WHO, whom=WHO)
    def a_place_is_handed_over(self, giver, whom):
        before = self.named()
        self.says(giver, f"!handover {whom}")
        self.says(whom, "yes")
        self.lost_by_handover |= bool(before) and not self.named()

    @rule(one=WHO, other=WHO, whom=WHO)
    def two_revoke(self, one, other, whom):
        self.says(one, f"!revoke {whom}")
        self.says(other, f"!revoke {whom}")

    @rule(other=WHO, whom=WHO)
    def the_lead_and_another_revoke(self, other, whom):
        if lead := self.record().charter.lead:
            self.two_revoke(lead, other, whom)

    @rule(whom=WHO, role=st.sampled_from([None, *GroupRole]))
    def the_operator_says(self, whom, role):
        self.story.happens(RoleOrdered(self.group, whom, role))

    @rule(user=WHO)
    def somebody_leaves_the_team_room(self, user):
        if room := self.rooms().get(RoomKind.FACILITATORS):
            self.story.leaves(user, room)
            self.looks()

    @rule(user=WHO)
    def somebody_comes_back(self, user):
        if not self.story.consents(user):
            self.story.says(user, "stop")
            self.story.says(user, f"join {CODE}")
            if self.story.heard[-1].message.kind == "age":
                self.story.says(user, "yes")
                self.story.answers_right(user)
                self.story.says(user, "I agree to the rules")
                self.story.says(user, "I consent")

    @rule(user=WHO)
    def invitations_do_not_arrive(self, user):
        self.story.blocked ^= {user}

    @rule(user=WHO)
    def invitations_are_told_again(self, user):
        self.story.happens(Admitted(user, self.group))
        self.story.happens(OfferExpired(user, self.group))

    @rule(hours=st.sampled_from([1, 25, 170, -30]))
    def the_clock_jumps(self, hours):
        self.story.passes(hours=hours)

    @rule()
    def a_backup(self):
        self.backup = dict(self.story.records), dict(self.story.timers)

    @precondition(lambda self: self.backup)
    @rule()
    def a_restore(self):
        records, timers = self.backup
        self.story.records, self.story.timers = dict(records), dict(timers)
        self.story.restored = True
        self.looks()
        self.story.restored = False

    @rule()
    def looks(self):
        self.story.accepts(ADA)
        self.story.looks(self.group)

    # -- what always holds

    @invariant()
    def power_is_for_those_whom_the_charter_names(self):
        named = set(facilitators(self.record().charter))
        state = self.story.room_state[self.rooms()[RoomKind.CIRCLE]]
        powers = state["m.room.power_levels"]["users"]
        strong = {user for user, level in powers.items() if level >= 50}
        assert strong == named

    @invariant()
    def who_is_in_has_a_consent_and_in_the_team_room_a_role(self):
        self.story.looks(self.group)
        agreed = {user for user in USERS if self.story.consents(user)}
        for what, room in self.rooms().items():
            present = set(self.story.rooms[room]) - {STEWARD, KEEPER}
            graced = {key[1] for key in self.story.records if key[0] == "grace"}
            spared = {key.split()[0] for key in graced}
            assert present <= agreed | spared
            if what is RoomKind.FACILITATORS:
                assert present - spared <= set(facilitators(self.record().charter))

    @invariant()
    def nobody_has_what_they_never_said_yes_to(self):
        charter = self.record().charter
        assert {*charter.facilitators, charter.lead} - {None} <= self.granted

    @invariant()
    def no_handover_leaves_nobody(self):
        assert not self.lost_by_handover

    @invariant()
    def nobody_is_let_into_the_team_room_without_a_role(self):
        room = self.rooms().get(RoomKind.FACILITATORS)
        for effect in self.story.effects:
            if isinstance(effect, Admit) and room in effect.rooms:
                assert effect.user in self.granted
        removed = [e for e in self.story.effects if isinstance(e, Remove)]
        assert all(effect.user not in (KEEPER, STEWARD) for effect in removed)
        self.story.effects.clear()

    # -- how it works

    def says(self, user, text):
        """Say it; a yes to an offer of power is kept, and nothing else gives power."""
        offers = {o.user: o for o in self.record().team.offers}
        before = self.named() | {self.record().charter.lead}
        self.story.says(user, text)
        after = self.named() | {self.record().charter.lead}
        for new in after - before - {None}:
            offer = offers[new]
            assert new == user
            assert text in ("yes", "1")
            assert not offer.waits_for_second
            assert self.story.now < offer.expires
            self.granted.add(new)

    def named(self):
        return set(self.record().charter.facilitators)

    def record(self) -> Group:
        return self.story.one(Group, self.group)

    def rooms(self):
        return self.record().rooms


class AnyOrderInASmallGroup(AnyOrder):
    size = Size.SMALL


for machine in (AnyOrder, AnyOrderInASmallGroup):
    machine.TestCase.settings = settings(
        max_examples=100, stateful_step_count=40, deadline=timedelta(seconds=5)
    )
TestAnyOrder = AnyOrder.TestCase
TestAnyOrderInASmallGroup = AnyOrderInASmallGroup.TestCase
