"""Whatever happens, and however clocks run: rungs come in order and once, and ask only who may be.

Named after what must never happen (research/domain.md, 4.7): 4, 7, 12, 13 and 14.
"""

from dataclasses import replace
from datetime import time, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from appservice.domain.cases.case import About, Case, For, Level, Stage
from appservice.domain.cases.clock import timer
from appservice.domain.cases.rungs import is_red, ladder, name
from appservice.domain.duty.rota import Probe, Rota, Slot
from appservice.domain.duty.who import is_away, is_off
from appservice.domain.effects import Page, Say
from appservice.domain.events import CaseDue, PageFailed
from appservice.domain.person import OffDuty
from appservice.domain.types import Size
from tests.domain.ladder_story import GROUP, LEA, ROOM, TOM, Watch
from tests.support.story import ADA, BEN, MEI, ZOE

ORDER = ("duty", "again", "all", "lead", "operator")
ALERTS = ("case_new", "case_ladder")
KINDS = {*ALERTS, "case_claimed", "flag_update", "drill", "duty"}
MEMBERS = (MEI, ZOE)
CARERS = st.sampled_from([ADA, BEN, TOM, LEA])
SPANS = st.sampled_from([0.5, 3, 5, 20, 60, 120, 250, 600, 1500, 5000, 40000])  # minutes
LEVELS = st.sampled_from([None, *Level])


@cache
def begun(size: Size) -> Watch:
    return Watch.begins(size)


class AnyNight(RuleBasedStateMachine):
    """A group with every kind of case, in which people come, rest, fail and are not reached."""

    size = Size.STANDARD

    def __init__(self) -> None:
        super().__init__()
        self.story = begun(self.size).again()
        self.team = self.story.group().charter.facilitators
        for user in (BEN, MEI):  # a member's address is nobody's to use
            person = self.story.person(user)
            self.story.records["person", user] = replace(person, pages=(("ntfy", user),))
        self.seen = 0

    # -- what happens

    @rule(
        about=st.sampled_from(About),
        user=st.sampled_from([MEI, ZOE, ADA]),
        urgent=st.booleans(),
        visible=st.sampled_from(For),
    )
    def somebody_raises_something(self, about, user, urgent, visible):
        if len(self.story.all(Case)) < 3:
            self.story.raises(about, user, urgent=urgent, visible=visible)

    @rule(user=CARERS, which=st.integers(0, 2))
    def somebody_takes_it(self, user, which):
        case = self.one(which, Stage.RECEIVED)
        if case is not None and user not in case.named:
            self.story.claims(case.number, user)

    @rule(which=st.integers(0, 2), level=LEVELS)
    def somebody_gives_it_back(self, which, level):
        case = self.one(which, Stage.CLAIMED)
        if case is not None:
            self.story.changes(case.number, level=level)
            self.story.releases(case.number)

    @rule(which=st.integers(0, 2), user=st.sampled_from([ADA, BEN, MEI]))
    def it_turns_out_whom_it_is_about(self, which, user):
        case = self.one(which, Stage.RECEIVED)
        if case is not None:
            self.story.changes(case.number, named=(*case.named, user))

    @rule(minutes=SPANS)
    def time_passes(self, minutes):
        self.story.passes(minutes=minutes)

    @rule(minutes=SPANS)
    def the_clock_jumps_back(self, minutes):
        self.story.now -= timedelta(minutes=minutes)
        self.story.passes()

    @rule(minutes=SPANS)
    def everything_stands_still(self, minutes):
        self.story.now += timedelta(minutes=minutes)

    @rule(which=st.integers(0, 2))
    def the_timer_goes_off_again(self, which):
        self.story.happens(CaseDue(GROUP, which + 1))

    @rule(
        which=st.integers(0, 2), user=CARERS, rung=st.sampled_from(ORDER), waits=st.integers(0, 2)
    )
    def somebody_is_not_reached(self, which, user, rung, waits):
        self.story.happens(PageFailed(GROUP, which + 1, user, f"{waits} {rung}"))

    @rule(user=CARERS, away=st.booleans(), minutes=st.one_of(st.none(), SPANS))
    def somebody_rests(self, user, away, minutes):
        until = self.story.now + timedelta(minutes=minutes) if minutes else None
        off = OffDuty(self.story.now, until, away)
        self.puts(user, off)

    @rule(user=CARERS, other=CARERS)
    def it_turns_red_while_some_are_gone(self, user, other):
        self.puts(user, OffDuty(self.story.now, None, away=True))
        self.puts(other, OffDuty(self.story.now, None))
        case = self.one(0, Stage.RECEIVED)
        if case is not None:
            self.story.changes(case.number, level=Level.RED)

    @rule(user=CARERS)
    def somebody_is_back(self, user):
        self.puts(user, None)

    @rule(day=st.integers(0, 6), begins=st.integers(0, 23), user=st.sampled_from([ADA, BEN]))
    def hours_are_planned(self, day, begins, user):
        if self.size is not Size.SMALL:
            zone = "Europe/Berlin"
            slot = Slot(day, time(begins), time((begins + 5) % 24), zone, (user,))
            self.story.keeps(rota=Rota((*self.story.group().rota.slots[-3:], slot)))

    @rule(on=st.booleans())
    def a_promise_is_given_or_taken_back(self, on):
        now = self.story.now
        known = tuple(Probe(user, now, now, now) for user in (ADA, BEN))
        self.story.keeps(red_paging=now if on else None, tested=known)

    @rule()
    def there_is_a_drill(self):
        self.story.says(ADA, "!test-page")

    # -- what always holds

    @invariant()
    def rungs_come_in_order_and_once(self):
        for case in self.story.all(Case):
            for wait in range(case.waits + 1):
                names = [one.partition(" ")[2] for one in case.done if one.startswith(f"{wait} ")]
                places = [ORDER.index(one) for one in names]
                assert places == sorted(set(places)), case.done

    @invariant()
    def nothing_that_waits_is_dropped(self):
        group = self.story.group()
        for case in self.story.all(Case):
            rungs = ladder(group, case)
            waits = case.stage is Stage.RECEIVED and name(case, rungs[-1]) not in case.done
            assert timer(GROUP, case.number) in self.story.timers or not waits

    @invariant()
    def only_who_may_be_is_asked(self):
        new, self.seen = self.story.effects[self.seen :], len(self.story.effects)
        for effect in new:
            match effect:
                case Say(room=room, message=message) if message.kind in ALERTS:
                    self.may_hear(room, self.of(message), effect)
                case Say(room=room, message=message) if message.kind == "drill":
                    assert self.who(room) not in MEMBERS
                case Page(user=user, drill=False, way=way) if way != "operator":
                    self.may_be_asked(user, self.story.case(effect.number))
                case Page(drill=True):
                    assert effect.user in (*self.team, LEA)
                case Say(message=message) if message.kind == "flag_update":
                    assert "notified" not in str(message)

    # -- how

    def may_hear(self, room, case, effect):
        if room == ROOM:
            assert case.visible is not For.LEAD
            assert not set(case.named) & set(self.team)
        else:
            self.may_be_asked(self.who(room), case)
            assert effect.unheard is not None

    def may_be_asked(self, user, case):
        """Never-list 13 and 14, and whom a case names or who raised it."""
        person, now = self.story.person(user), self.story.now
        assert user in (*self.team, LEA)
        assert user not in case.named
        assert user != case.reporter
        assert {For.FACILITATORS: True, For.LEAD: user == LEA, For.BUT_LEAD: user != LEA}[
            case.visible
        ]
        assert not is_away(person, now)
        assert not is_off(person, now) or is_red(self.story.group(), case)

    def of(self, message) -> Case:
        named = next(line.values["case"] for line in message.lines if "waits" in line.key)
        return self.story.case(int(named.values["case"].removeprefix("C-")))

    def who(self, room):
        every = (*self.team, LEA, *MEMBERS)
        return next((user for user in every if self.story.chat(user) == room), None)

    def one(self, which, stage) -> Case | None:
        cases = [case for case in self.story.all(Case) if case.stage is stage]
        return cases[which % len(cases)] if cases else None

    def puts(self, user, off):
        person = self.story.person(user)
        if person is not None:
            self.story.records["person", user] = replace(person, off=off)


class AnyNightInASmallGroup(AnyNight):
    """The same without a facilitators' room, and so without hours."""

    size = Size.SMALL


@given(
    off=st.sets(CARERS),
    staffed=st.booleans(),
    faults=st.lists(st.tuples(st.integers(0, 20), st.sampled_from(ORDER)), max_size=5),
)
@settings(max_examples=30, deadline=None)
def test_red_that_nobody_answers_reaches_everybody_whatever_rests_and_fails(off, staffed, faults):
    """Who is off is asked last, and is not left out for good where the ladder climbs early."""
    story = begun(Size.STANDARD).again()
    now, asked = story.now, set()
    for user in off:
        story.records["person", user] = replace(story.person(user), off=OffDuty(now, None))
    slot = Slot(0 if staffed else 3, time(0), time(0), "Europe/Berlin", (ADA, BEN))
    known = tuple(Probe(user, now, now, now) for user in (ADA, BEN))
    story.keeps(rota=Rota((slot,)), red_paging=now, tested=known)
    story.raises(urgent=True)
    for minute in range(21):
        for _, rung in (one for one in faults if one[0] == minute):
            story.happens(PageFailed(GROUP, 1, ADA, f"0 {rung}"))
        asked |= story.asked()
        story.passes(minutes=1)
    assert asked == {ADA, BEN, TOM, LEA}
    assert len(story.operator()) == 1


TestAnyNight = AnyNight.TestCase
TestAnyNightInASmallGroup = AnyNightInASmallGroup.TestCase
TestAnyNight.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestAnyNightInASmallGroup.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None
)
