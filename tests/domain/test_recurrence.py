"""Series against dateutil and zoneinfo, over 2024 to 2040, in zones that do odd things."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule, tz
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.meetings.clock_change import next_change, oddity, told
from appservice.domain.meetings.meeting import Meeting, Moved
from appservice.domain.meetings.recurrence import between, instant, occurrence, wall_time
from appservice.domain.types import GroupId

ZONES = (
    "Australia/Lord_Howe",  # sets its clocks by half an hour
    "Africa/Casablanca",  # sets them twice more, for Ramadan
    "Pacific/Apia",
    "Asia/Kathmandu",  # +05:45
    "America/New_York",
    "Europe/London",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Pacific/Auckland",
    "Asia/Tehran",
)
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)
TIMES = ((0, 30), (1, 45), (2, 15), (19, 0))  # clocks are set around them
DAY = timedelta(days=1)


def series(zone: str, start: datetime, rule: str, minutes: int = 60, **more) -> Meeting:
    return Meeting(GroupId("g"), 1, start, zone, minutes, rule, **more)


def by_dateutil(zone: str, start: datetime, rule: str) -> list[datetime]:
    """Return the starts in UTC as dateutil computes them, with its own time zones."""
    place = tz.gettz(zone)
    walls = rrule.rrulestr(f"DTSTART:{start:%Y%m%dT%H%M%S}\nRRULE:{rule}")
    found = []
    for wall in walls.between(start - DAY, datetime(2042, 1, 1)):
        exact = tz.resolve_imaginary(wall.replace(tzinfo=place, fold=0))
        found.append(exact.astimezone(UTC))
    return sorted(one for one in found if BEGIN < one < END)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "rule",
    ["FREQ=WEEKLY;BYDAY=SU,TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "FREQ=MONTHLY;BYDAY=-1SU"],
)
def test_every_occurrence_is_where_dateutil_has_it(zone, rule):
    for hour, minute in ((1, 30), (2, 15), (19, 0)):
        start = datetime(2024, 1, 7, hour, minute)
        found = [one.starts for one in between(series(zone, start, rule), BEGIN, END)]
        assert found == by_dateutil(zone, start, rule)
        assert len(found) > 190


@pytest.mark.parametrize("zone", ZONES)
def test_daily_meetings_at_the_hours_when_clocks_change(zone):
    """Every gap and fold of seventeen years is met, and each wall time is read once."""
    odd = set()
    for hour, minute in TIMES:
        start = datetime(2024, 1, 1, hour, minute)
        meeting = series(zone, start, "FREQ=DAILY")
        found = between(meeting, BEGIN, END)
        assert all(one.starts < other.starts for one, other in pairwise(found))
        assert len({one.was for one in found}) == len(found)
        for one in found:
            shown = wall_time(one.starts, zone)
            kind = oddity(one.was, zone)
            odd |= {kind} - {None}
            if kind == "gap":  # by as much later as the clocks skip
                before = one.was.replace(tzinfo=ZoneInfo(zone), fold=0).utcoffset()
                after = one.starts.astimezone(ZoneInfo(zone)).utcoffset()
                assert shown - one.was == after - before > timedelta()
            else:
                assert shown == one.was
            if kind == "fold":  # an hour or half an hour later clocks show it again
                later = one.was.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
                assert later > one.starts
                assert wall_time(later, zone) == one.was
    changes = zone not in ("Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo", "Asia/Tehran")
    assert odd == ({"gap", "fold"} if changes else set())


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/Berlin", "2027-03-28 02:30", "2027-03-28 01:30"),  # skipped: 03:30
        ("Europe/Berlin", "2027-10-31 02:30", "2027-10-31 00:30"),  # twice: the first
        ("America/New_York", "2027-03-14 02:30", "2027-03-14 07:30"),
        ("America/New_York", "2027-11-07 01:30", "2027-11-07 05:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),  # half an hour
        ("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03 14:45"),
        ("Pacific/Apia", "2011-12-30 19:00", "2011-12-31 05:00"),  # a day that never was
        ("Asia/Kathmandu", "2027-05-12 19:00", "2027-05-12 13:15"),
        ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30"),  # Ramadan begins: twice
    ],
)
def test_single_wall_times(zone, wall, utc):
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert instant(datetime.fromisoformat(wall), zone) == moment


moments = st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))
rules = st.sampled_from(
    (
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=300",
        "FREQ=MONTHLY;BYDAY=2WE;UNTIL=20331231T235959",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "",
    )
)


@st.composite
def meetings(draw) -> Meeting:
    """Series with cancelled and moved dates among their own."""
    start = draw(moments).replace(tzinfo=None, second=0, microsecond=0)
    meeting = series(
        draw(st.sampled_from(ZONES)), start, draw(rules), draw(st.sampled_from((5, 75, 720)))
    )
    near = between(meeting, BEGIN, instant(start, meeting.zone) + timedelta(days=60))
    walls = [one.was for one in near]
    cancelled = tuple(draw(st.lists(st.sampled_from(walls), unique=True))) if walls else ()
    rest = [wall for wall in walls if wall not in cancelled]
    moved = draw(st.lists(st.sampled_from(rest), unique=True, max_size=3)) if rest else ()
    by = st.integers(-60 * 24 * 20, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))
    return series(
        meeting.zone,
        start,
        meeting.rule,
        meeting.minutes,
        cancelled=cancelled,
        moved=tuple(Moved(was, was + draw(by)) for was in moved),
    )


@given(meetings(), st.data())
def test_any_cut_of_the_time_line_gives_each_occurrence_once(meeting, data):
    """A window has all that end after its begin and start before its end, wherever it is cut."""
    origin = instant(meeting.start, meeting.zone)
    first, last = origin - timedelta(days=41), origin + timedelta(days=141)
    whole = between(meeting, first, last)
    assert len({one.was for one in whole}) == len(whole)
    edges = [moment for one in whole[:40] for moment in (one.starts, one.ends)] or [origin]
    near = st.builds(
        lambda edge, minutes: edge + timedelta(minutes=minutes),
        st.sampled_from(edges),
        st.sampled_from((-1, 0, 1, 60)),
    )
    cuts = sorted(data.draw(st.lists(near, min_size=1, max_size=4)))
    for low, high in pairwise((first, *cuts, last)):
        wanted = [one for one in whole if one.ends > low and one.starts < high]
        assert list(between(meeting, low, high)) == wanted


@given(meetings())
def test_cancelled_ones_are_gone_and_moved_ones_elsewhere(meeting):
    until = instant(meeting.start, meeting.zone) + timedelta(days=120)
    found = {one.was: one for one in between(meeting, BEGIN - 40 * DAY, until)}
    assert not found.keys() & set(meeting.cancelled)
    for move in meeting.moved:
        one = found[move.was]
        assert one.starts == instant(move.to, meeting.zone)
        assert one.planned == move.to
        assert one.ends - one.starts == timedelta(minutes=meeting.minutes)


@pytest.mark.parametrize("zone", ZONES)
def test_the_next_change_of_clocks_is_where_offsets_change(zone):
    here, after = ZoneInfo(zone), BEGIN
    while (change := next_change(zone, after)) is not None and change.at < END:
        before, then = (
            (change.at + by).astimezone(here).utcoffset() for by in (-DAY / 1440, 0 * DAY)
        )
        assert then - before == change.by != timedelta()
        hours = (after + n * DAY / 24 for n in range(int((change.at - after) / (DAY / 24))))
        assert {moment.astimezone(here).utcoffset() for moment in hours} <= {before}
        after = change.at
    assert change is None or change.at >= END


def test_clocks_of_a_member_that_change_on_another_day():
    """London on 28 March 2027; New York on 14 March: for two weeks it is an hour later there."""
    meeting = series("Europe/London", datetime(2027, 3, 2, 19), "FREQ=WEEKLY")
    keys = {}
    for day in (2, 9, 16, 23, 30):
        one = occurrence(meeting, datetime(2027, 3, day, 19))
        text = told(one, "America/New_York")
        keys[day] = (text.key, text.values["clock"], text.values["before"]) if text else None
    assert keys == {
        2: None,  # the first one
        9: None,
        16: ("clocks-later", "15:00", "14:00"),
        23: None,
        30: ("clocks-earlier", "14:00", "15:00"),
    }
    assert told(occurrence(meeting, datetime(2027, 3, 30, 19)), "Europe/London") is None
    moved = series(
        "Europe/London",
        meeting.start,
        meeting.rule,
        moved=(Moved(datetime(2027, 3, 16, 19), datetime(2027, 3, 17, 10)),),
    )
    assert told(occurrence(moved, datetime(2027, 3, 16, 19)), "America/New_York") is None


def test_skipped_and_doubled_times_are_told_on_any_clocks():
    meeting = series("Europe/Berlin", datetime(2027, 3, 21, 2, 30), "FREQ=WEEKLY")
    for day, key in (
        (datetime(2027, 3, 28, 2, 30), "gap"),
        (datetime(2027, 10, 31, 2, 30), "fold"),
    ):
        for zone in ("Europe/Berlin", "Asia/Kathmandu"):
            assert told(occurrence(meeting, day), zone).key == f"clocks-{key}"
    assert told(occurrence(meeting, datetime(2027, 4, 4, 2, 30)), "Europe/Berlin") is None
