"""What all of a case stands on: its number, its clock, whom it names, its rooms, its table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from appservice.domain.cases import clock, program, side_rooms
from appservice.domain.cases.case import About, Case, Noted, Result, Stage, Track
from appservice.domain.cases.opening import Raised, opened
from appservice.domain.cases.steps import At, Step, Taken
from appservice.domain.cases.table import MOVES, Act, By, moved
from appservice.domain.events import CaseDue, GroupDue
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.records import Care
from appservice.domain.turn import Turn, nowhere
from appservice.domain.types import CauseId, Matter, RoomKind
from tests.support.story import ADA, BEN, CODE, KEEPER, MEI, ZOE, Story, example

GROUP = f"group-{CODE}"
DAY = timedelta(days=1)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.founds(replace(example(), facilitators=(ADA, BEN)))
    story.lets_in(ADA, BEN, MEI, ZOE)
    return story


def turn_of(story: Story, user: str = MEI) -> Turn:
    """Stand where somebody raises something; the commands that do so are told elsewhere."""
    state = story.state(CaseDue(GROUP, 0))
    here = nowhere(state, CauseId(f"turn-{len(story.effects)}"), story.now, "en")
    return replace(here, person=state.people[user])


def applies(story: Story, outcome: Outcome) -> None:
    story.writes(outcome)
    for index, effect in enumerate(outcome.effects):
        story.performs(effect, f"effect-{story.causes}-{index}")


def raises(story: Story, about: About = About.ME, user: str = MEI) -> Case:
    turn = turn_of(story, user)
    case, out = opened(turn, turn.groups[GROUP], Raised(about))
    applies(story, out)
    return story.one(Case, f"{GROUP} {case.number}")


def changes(story: Story, case: Case, **values: object) -> Case:
    turn = turn_of(story)
    known = turn.state.case(GROUP, case.number)
    applies(story, clock.kept(turn, turn.groups[GROUP], known, replace(known, **values)))
    return story.one(Case, f"{GROUP} {case.number}")


@dataclass
class Part:
    """A part of a case's program that writes down what was done, and when."""

    times: tuple[timedelta, ...] = (timedelta(0), timedelta(hours=2), DAY)

    def __call__(self, at: At) -> Iterable[Step]:
        for index, after in enumerate(self.times):
            yield Step(f"told {at.case.waits} {index}", at.case.since + after, self._told)

    def _told(self, at: At) -> Taken:
        noted = (*at.case.log, Noted(at.case.done[-1], at.here.now))
        return Taken(replace(at.case, log=noted), NOTHING)


@pytest.fixture
def part(monkeypatch) -> Part:
    part = Part()
    monkeypatch.setattr(program, "PARTS", (part,))
    return part


def told(case: Case) -> list[tuple[str, datetime]]:
    return [(noted.code, noted.at) for noted in case.log if noted.code.startswith("told")]


def test_cases_are_numbered_through_the_whole_house(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    assert raises(story).name == "C-1"
    turn = turn_of(story)
    other = replace(turn.groups[GROUP], id="group-BIRCH-2222")
    case, out = opened(turn, other, Raised(About.OTHER))
    applies(story, out)
    assert case.name == "C-2"
    assert raises(story).name == "C-3"


def test_who_raises_it_about_themselves_is_named_and_nobody_else_is(story):
    assert raises(story, About.OTHER).named == ()
    assert raises(story, About.BEHAVIOUR).track is Track.CONDUCT
    assert not story.all(Care)
    case = raises(story)
    assert (case.track, case.named) == (Track.CARE, (MEI,))
    assert [care.user for care in story.all(Care)] == [MEI]


def test_care_ends_with_the_last_open_case_that_names_somebody(story):
    first, second = raises(story), raises(story, About.OTHER, ZOE)
    changes(story, second, named=(MEI, ZOE))
    assert {care.user: care.cases for care in story.all(Care)} == {MEI: (1, 2), ZOE: (2,)}
    since = story.one(Care, MEI).since
    story.passes(hours=1)
    changes(story, first, closed=story.now, result=Result.LOOKED_AFTER)
    assert {care.user: care.cases for care in story.all(Care)} == {MEI: (2,), ZOE: (2,)}
    assert story.one(Care, MEI).since == since
    changes(story, second, named=(ZOE,))
    assert [care.user for care in story.all(Care)] == [ZOE]


def test_a_conduct_case_protects_nobody_from_its_own_consequences(story):
    changes(story, raises(story, About.BEHAVIOUR, ZOE), named=(MEI,))
    assert not story.all(Care)


def test_each_step_is_taken_once_at_its_time(story, part):
    begin = story.now
    case = raises(story)
    assert told(case) == [("told 0 0", begin)]
    story.passes(hours=1)
    assert told(story.one(Case, case.key)) == [("told 0 0", begin)]
    story.passes(hours=1)
    story.passes(hours=30)
    assert told(story.one(Case, case.key)) == [
        ("told 0 0", begin),
        ("told 0 1", begin + timedelta(hours=2)),
        ("told 0 2", begin + timedelta(hours=32)),
    ]
    assert clock.timer(GROUP, case.number) not in story.timers
    assert story.happens(CaseDue(GROUP, case.number)) == []
    assert len(told(story.one(Case, case.key))) == 3


def test_after_days_of_downtime_nothing_is_left_out(story, part):
    case = raises(story)
    story.now += 9 * DAY
    story.passes()
    assert [code for code, _ in told(story.one(Case, case.key))] == [
        "told 0 0",
        "told 0 1",
        "told 0 2",
    ]


def test_a_clock_that_jumps_back_repeats_nothing(story, part):
    case = raises(story)
    story.passes(hours=3)
    story.now -= timedelta(hours=3)
    story.happens(CaseDue(GROUP, case.number))
    assert len(told(story.one(Case, case.key))) == 2


def test_what_is_released_begins_anew(story, part):
    case = raises(story)
    story.passes(hours=3)
    case = changes(story, case, waits=1, since=story.now)
    assert [code for code, _ in told(case)] == ["told 0 0", "told 0 1", "told 1 0"]


def test_the_table_leads_from_every_stage_to_the_end():
    reached = {Stage.RECEIVED}
    for _ in Stage:
        reached |= {move.after for move in MOVES if set(move.before) & reached}
    assert reached == set(Stage)
    for stage in set(Stage) - {Stage.ERASED}:
        assert any(stage in move.before for move in MOVES)
    assert not any(Stage.ERASED in move.before for move in MOVES)
    assert moved(Stage.RECEIVED, Act.CLAIM, By.ANYBODY) is Stage.CLAIMED
    assert moved(Stage.CLAIMED, Act.CLAIM, By.ANYBODY) is None
    assert moved(Stage.CLOSED, Act.ERASE, By.OWNER) is None


def room_for(story: Story, case: Case, what: RoomKind, *users: str) -> str:
    group = story.one(Group, GROUP)
    applies(story, side_rooms.convened(group, case, what, users))
    return side_rooms.room_of(story.one(Group, GROUP), case, what)


def test_a_room_of_a_case_holds_those_it_is_for_and_nobody_else(story):
    case = raises(story)
    contact = room_for(story, case, RoomKind.CONTACT, MEI, ADA)
    assert {user for user in story.rooms[contact] if user in (MEI, ADA)} == {MEI, ADA}
    assert KEEPER not in story.rooms[contact]
    story.accepts(MEI)
    story.accepts(ADA)
    story.rooms[contact] |= {ZOE: "join", KEEPER: "join"}
    story.looks(GROUP)
    assert {MEI, ADA} <= story.rooms[contact].keys()
    assert not {ZOE, KEEPER} & story.rooms[contact].keys()
    assert story.rooms[f"!circle-{GROUP}"][ZOE] == "join"


def test_who_is_paused_can_write_in_a_contact_room(story):
    case = raises(story)
    contact = room_for(story, case, RoomKind.CONTACT, MEI, ADA)
    story.says(MEI, "pause 2 weeks")
    before = dict(story.room_state[contact]["m.room.power_levels"])
    story.looks(GROUP)
    assert story.room_state[contact]["m.room.power_levels"] == before
    assert MEI not in before["users"]


def test_the_keeper_is_in_a_case_room_and_a_second_call_finds_the_same(story):
    case = raises(story)
    first = room_for(story, case, RoomKind.CASE, ADA)
    assert story.rooms[first][KEEPER] == "join"
    assert room_for(story, case, RoomKind.CASE, ADA, BEN) == first
    assert story.one(Group, GROUP).side[first].users == (ADA, BEN)


def test_the_rooms_of_a_case_go_with_it(story):
    case = raises(story)
    rooms = {room_for(story, case, kind, ADA) for kind in (RoomKind.CASE, RoomKind.CONTACT)}
    applies(story, side_rooms.ended(story.one(Group, GROUP), case))
    assert not any(story.rooms[room] for room in rooms)
    assert not story.one(Group, GROUP).side
    assert not [room for room in rooms if ("room", room) in story.records]


def test_a_room_that_is_made_after_the_case_closed_is_emptied(story):
    case = raises(story)
    changes(story, case, closed=story.now, result=Result.STOPPED)
    assert room_for(story, case, RoomKind.CASE, ADA) is None
    assert not story.one(Group, GROUP).side


def test_cases_are_not_guessed_at_where_they_were_not_loaded(story):
    raises(story)
    state = story.state(GroupDue(GROUP, Matter.QUIET))
    assert state.case(GROUP, 1) is not None
    with pytest.raises(LookupError):
        replace(state, cases=None).case(GROUP, 1)
