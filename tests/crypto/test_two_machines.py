"""Two people's machines on a bad network: whatever is lost, repeated or set back, it heals.

A model says beside each step who was really given which key; then every device must read exactly
what it was given, each ciphertext once, and after healing everything that is said.
"""

import contextlib
import copy
from collections import defaultdict, deque

import pytest
import vodozemac
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from appservice import crypto
from appservice.crypto import MissingKey, Replayed, RoomKeyReceived, Rotation, Wedged
from tests.crypto.flaky import USERS, beginning, bodies, bodies_in, mend
from tests.crypto.mutations import NEW_EXAMPLES, calm
from tests.crypto.world import HOUR, ROOM, Party

LOOKED_AT = 6  # newest messages, after each step; all of them at the end
HEALED_AFTER = 3  # rounds of an hour, in each of which everybody says something
DEVICES = 4  # at most
REMEMBERED = 12  # steps, for backups
WHICH = st.integers(0, DEVICES - 1)


class TwoPeople(RuleBasedStateMachine):
    """Ada and Ben, each with one device or more; one clock for all."""

    def __init__(self):
        super().__init__()
        self.server, self.devices = copy.deepcopy(beginning())
        self.said = []  # (user, event, session id, index)
        self.spent = {}  # (session id, index) → ciphertext
        self.in_key = {}  # Olm ciphertext → (session id, index from which its key reads)
        self.given = {}  # device → session id → that index
        self.past = {}  # device → (records, given) after each of the last steps
        self.now = self.devices[0].now
        for device in self.devices:
            self.watch(device)
        self.they_talk()

    def watch(self, device):
        self.given[device] = {}
        self.past[device] = deque([(dict(device.records), {})], REMEMBERED)

    def one(self, which):
        return self.devices[which % len(self.devices)]

    def others(self, device):
        return [other for other in self.devices if other.user != device.user]

    def inbox(self, device):
        place = (device.user, device.machine.device_id)
        return self.server.inbox.setdefault(place, [])

    def pass_time(self, ms=1_000):
        self.now += ms
        for device in self.devices:
            device.now = self.now

    # -- talking

    @rule(which=WHICH, often=st.sampled_from([1, 4]))
    def says_something(self, which, often=4):
        """`often`: messages until the next key, so that keys are on their way all the time."""
        self.pass_time()
        device = self.one(which)
        batches = device.share(USERS, rotation=Rotation(messages=often))
        event = device.encrypt(f"word {len(self.said)}")
        ciphertext = event["content"]["ciphertext"]
        session_id = event["content"]["session_id"]
        index = vodozemac.MegolmMessage.from_base64(ciphertext).message_index()
        assert self.spent.setdefault((session_id, index), ciphertext) == ciphertext
        self.said.append((device.user, event, session_id, index))
        for body in bodies(batches):
            self.in_key[body] = (session_id, index)

    @rule()
    def they_talk(self):
        """With so many turns of each Olm ratchet that nothing of before fits any more."""
        for _ in range(3):
            for which in range(len(self.devices)):
                self.says_something(which, often=1)
                for device in self.others(self.one(which)):
                    self.hears_all(device)

    @rule(which=WHICH)
    def crashes_before_it_wrote_anything_down(self, which):
        """What was not saved was not sent either."""
        device, sent = self.one(which), copy.deepcopy(self.server.inbox)
        records = dict(device.records)
        device.share(USERS)
        device.encrypt("never sent")
        device.records, self.server.inbox = records, sent

    # -- what the network does to to-device messages

    @rule(which=WHICH, data=st.data())
    def hears_in_any_order(self, which, data):
        device = self.one(which)
        events = data.draw(st.permutations(self.inbox(device)))
        self.inbox(device).clear()
        self.hears(device, events)

    @rule(which=WHICH)
    def crashes_while_it_hears_and_hears_again(self, which):
        device = self.one(which)
        records = dict(device.records)
        device.receive(self.inbox(device))
        device.records = records
        self.hears(device, self.inbox(device))
        self.hears(device, self.inbox(device))
        self.inbox(device).clear()

    @precondition(lambda self: any(self.server.inbox.values()))
    @rule(which=WHICH, number=st.integers(0, 5))
    def a_message_is_lost(self, which, number):
        events = self.inbox(self.one(which))
        if events:
            del events[number % len(events)]

    @rule()
    def an_answer_with_keys_will_be_lost(self):
        self.server.losing = True

    @rule(which=WHICH)
    def begins_sessions_although_there_are_some(self, which):
        device = self.one(which)
        claim = {"one_time_keys": defaultdict(dict)}
        for other in self.others(device):
            claim["one_time_keys"][other.user][other.machine.device_id] = "signed_curve25519"
        device.claim_for(claim)

    def hears(self, device, events):
        """As the adapter does it: take in, remember, mend what cannot be read."""
        reports = device.receive(events)
        for event, report in zip(events, reports, strict=True):
            if isinstance(report, RoomKeyReceived):
                session_id, index = self.in_key[next(bodies_in(event["content"]))]
                assert report.session_id == session_id
                before = self.given[device].get(session_id, index)
                self.given[device][session_id] = min(index, before)
        wedged = {(r.sender, r.sender_key) for r in reports if isinstance(r, Wedged)}
        mend(device, sorted(wedged))

    # -- what happens to the machines

    @rule(hours=st.sampled_from([1, 24, 24 * 8]))
    def time_passes(self, hours):
        self.pass_time(hours * HOUR)

    @precondition(lambda self: len(self.devices) < DEVICES)
    @rule(which=WHICH)
    def somebody_adds_a_device(self, which):
        first = next(d for d in self.devices if d.user == self.one(which).user)
        with first.vault(crypto.need_identity(first.machine)) as vault:
            spelt = crypto.create_identity(first.machine, vault).recovery_key
        device = Party(self.server, first.user, f"PHONE{len(self.devices)}", signed=False)
        with device.vault(crypto.need_identity(device.machine)) as vault:
            crypto.restore_identity(device.machine, vault, spelt)
            signatures = crypto.sign_own_device(device.machine, vault)
        self.server.signatures_upload(signatures)
        self.devices.append(device)
        self.watch(device)
        self.pass_time(0)

    @rule()
    def everybody_learns_who_is_there(self):
        for device in self.devices:
            device.follow(*USERS)
            place = device.machine.device_id
            device.upload(self.server.counts(device.user, place), ["signed_curve25519"])

    @rule(which=WHICH, back=st.integers(1, REMEMBERED))
    def is_set_back(self, which, back):
        """A backup of some steps ago is put in place, which the add-on notices."""
        device = self.one(which)
        past = self.past[device]
        device.records, self.given[device] = map(dict, past[-min(back, len(past))])
        with device.vault(crypto.need_forget_outbound(ROOM)) as vault:
            crypto.forget_outbound(vault, ROOM)

    @rule(which=WHICH)
    def is_set_back_to_before_its_last_word(self, which):
        self.says_something(which)
        self.backups_are_made()
        self.says_something(which)
        self.is_set_back(which, back=1)
        self.says_something(which)

    # -- what must hold

    @invariant()
    def each_reads_what_it_was_given_and_nothing_twice(self, newest=LOOKED_AT):
        for device in self.devices:
            for user, event, session_id, index in self.said[-newest:]:
                if user == device.user:
                    continue
                if index >= self.given[device].get(session_id, index + 1):
                    assert self.read(device, event)
                    with pytest.raises(Replayed):
                        device.read({**event, "event_id": "$another"})
                else:
                    assert not self.read(device, event)

    @invariant()
    def backups_are_made(self):
        for device, past in self.past.items():
            past.append((dict(device.records), dict(self.given[device])))

    def read(self, device, event):
        with contextlib.suppress(MissingKey):
            return device.read(event).content["body"] == self.words(event)
        return False

    def words(self, event):
        events = [one for _, one, _, _ in self.said]
        return f"word {events.index(event)}"

    def teardown(self):
        """After all that: everybody says something each hour, and soon all is read."""
        self.server.losing = False
        for _ in range(HEALED_AFTER):
            self.round()
        assert self.round()
        self.each_reads_what_it_was_given_and_nothing_twice(newest=len(self.said))

    def round(self):
        """Everybody speaks, hears and mends; tell whether everything was read by all."""
        self.pass_time(HOUR)
        self.everybody_learns_who_is_there()
        since = len(self.said)
        for which in range(len(self.devices)):
            self.says_something(which)
        for device in self.devices:
            self.hears_all(device)
        unread = [
            (device, event)
            for device in self.devices
            for user, event, _, _ in self.said[since:]
            if user != device.user and not self.read(device, event)
        ]
        for (
            device,
            event,
        ) in unread:  # a key that a backup does not know is asked for in no other way
            mend(device, [(event["sender"], event["content"]["sender_key"])])
        for device in self.devices:
            self.hears_all(device)
        return not unread

    def hears_all(self, device):
        events = list(self.inbox(device))
        self.inbox(device).clear()
        self.hears(device, events)


def test_it_heals():
    many = {"max_examples": 1_000, "stateful_step_count": 40}
    few = {"max_examples": 25, "stateful_step_count": 20}
    run_state_machine_as_test(
        TwoPeople, settings=settings(calm, **(many if NEW_EXAMPLES else few))
    )
