"""Whatever happens: nobody is let in without a consent, and nobody stays without one."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from appservice.domain.decide import decide
from appservice.domain.events import ApplicationExpired, DeviceTrusted, GraceEnded, MessageSaid
from appservice.domain.outcome import applied
from appservice.domain.records import Consent, Grace
from appservice.domain.types import Assurance, CauseId, EventId, Form
from tests.support.story import ADA, BEN, CODE, KEEPER, MEI, STEWARD, ZOE, Story, example, replace

USERS = st.sampled_from([ADA, BEN, MEI, ZOE])
CODES = (CODE, "BIRCH-2222")
TEXTS = st.sampled_from(
    [
        *(f"join {code}" for code in CODES),
        *("yes", "no", "1", "2", "3", "I agree to the rules", "I consent", "continue", "stop"),
        *("leave", "leave willow", "help", "contact", "language de", "Ich willige ein", "hello"),
        *("pause 2 weeks", "pause", "return", "all", "stop tips"),
        *(f"!underage {user}" for user in (ADA, MEI)),
        *("Ich stimme den Regeln zu", "I do not consent", "!sign", "!open", "groups"),
        *("forget me", "withdraw data", "allow newcomer", "redact my messages", "my data"),
        *(f"!confirm {user}" for user in (ADA, BEN)),
        *("!draft birch", "ok", "!quiet willow", "!wake willow", "!close willow", "!close birch"),
    ]
)


class Anything(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.story = Story()
        self.groups = [
            self.story.founds(code=CODES[0]),
            self.story.founds(replace(example(), name="Birch"), code=CODES[1], is_open=False),
        ]

    @rule(user=USERS, text=TEXTS, assurance=st.sampled_from(list(Assurance)))
    def somebody_writes(self, user, text, assurance):
        self.story.says(user, text, assurance=assurance)

    @rule(user=USERS, text=TEXTS)
    def somebody_writes_from_a_good_device(self, user, text):
        self.story.says(user, text)

    @rule(user=USERS)
    def somebody_has_a_new_identity(self, user):
        self.story.resets_identity(user)

    @rule(user=USERS, code=st.sampled_from(CODES))
    def somebody_passes(self, user, code):
        if not self.story.consents(user) and not self.story.timers:
            self.story.says(user, f"join {code}")
            if self.story.heard[-1].message.kind == "age":
                self.story.says(user, "yes")
                self.story.answers_right(user)
                self.story.says(user, "I agree to the rules")
                self.story.says(user, "I consent")

    @rule(user=USERS, form=st.sampled_from(list(Form)))
    def somebody_sends_anything(self, user, form):
        self.story.says(user, "", form=form)

    @rule(user=USERS)
    def the_homeserver_tells(self, user):
        self.story.happens(DeviceTrusted(user))
        for group in self.groups:
            self.story.happens(ApplicationExpired(user, group))
            self.story.happens(GraceEnded(user, group))

    @rule(user=USERS, which=st.sampled_from([0, 1]), how=st.sampled_from(["join", "invite"]))
    def an_admin_puts_somebody_in(self, user, which, how):
        for room in self.story.records["group", self.groups[which]].rooms.values():
            self.story.rooms[room][user] = how

    @rule(which=st.sampled_from([0, 1]))
    def somebody_leaves_a_room(self, which):
        for room in self.story.records["group", self.groups[which]].rooms.values():
            self.story.rooms[room].pop(MEI, None)

    @rule(restored=st.booleans())
    def a_restore(self, restored):
        self.story.restored = restored

    @rule(hours=st.sampled_from([1, 30, 200, 400]))
    def time_passes(self, hours):
        self.story.passes(hours=hours)

    @rule(user=USERS, text=TEXTS)
    def what_is_held_in_memory_answers_as_what_is_written(self, user, text):
        story, person = self.story, self.story.person(user)
        if person is None or person.chat is None:
            return
        said, asked = (
            MessageSaid(person.chat, user, EventId(what), what, Form.TEXT, Assurance.SIGNED)
            for what in (text, "help")
        )
        records = dict(story.records)
        state = story.state(said)
        outcome = decide(state, said, CauseId("said"), story.now)
        story.writes(outcome)
        held, written = (
            decide(what, asked, CauseId("asked"), story.now)
            for what in (applied(state, outcome), story.state(asked))
        )
        story.records = records
        assert held == written

    @invariant()
    def invitations_follow_consents(self):
        gave = {consent.user for consent in self.story.all(Consent)}
        assert self.story.admitted() <= gave

    @invariant()
    def nobody_stays_without_a_consent(self):
        story = self.story
        for group in self.groups:
            story.looks(group)
            spared = {grace.user for grace in story.all(Grace) if grace.group == group}
            agreed = {c.user for c in story.all(Consent) if c.group == group and not c.withdrawn}
            for room in story.records["group", group].rooms.values():
                present = set(story.rooms[room]) - {STEWARD, KEEPER}
                assert present <= agreed | spared
            circle = story.records["group", group].rooms["circle"]
            assert KEEPER not in story.rooms[circle]

    @invariant()
    def whoever_is_paused_cannot_send_and_nobody_else(self):
        for group in self.groups:
            known = self.story.records["group", group]
            consents = [c for c in self.story.all(Consent) if c.group == group]
            paused = {c.user for c in consents if c.pauses}
            assert not any(c.pauses for c in consents if c.withdrawn)
            powers = self.story.room_state[known.rooms["circle"]]["m.room.power_levels"]
            assert set(known.muted) == {u for u, n in powers["users"].items() if n < 0} == paused

    @invariant()
    def every_open_question_can_be_answered(self):
        for heard in self.story.heard[-3:]:
            ids = [choice.id for choice in heard.message.choices]
            assert len(ids) == len(set(ids))


Anything.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestAnything = Anything.TestCase
