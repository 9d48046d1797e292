"""`help` shows a member the hours in which somebody is on duty, on their own clocks, no names."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.duty.hours import these_days
from appservice.domain.duty.rota import Rota, Slot
from appservice.domain.duty.staffed import is_staffed
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import instant
from appservice.domain.types import Assurance, Audience
from tests.domain.ladder_story import TOM, Watch
from tests.support.story import ADA, BEN, MEI, START, ZOE, example, replace

ZONES = ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu", "UTC")


@pytest.fixture
def story() -> Watch:
    story = Watch.begins()
    story.says(ADA, f"!rota add mon tue 18:00-22:00 {BEN}")
    story.says(ADA, f"!rota add fri 22-2 {ADA}")
    return story


def test_the_numbers_come_first_and_the_hours_below(story):
    first, second = story.says(MEI, "help")
    assert first.message.audience is Audience.ALL
    assert "on duty" not in first.body
    assert second.message.audience is Audience.SIGNED
    assert second.body.split("\n") == [
        "Willow: hours in which somebody is on duty, by the clocks of Europe/Berlin:",
        "- Monday, 18:00 to 22:00",
        "- Tuesday, 18:00 to 22:00",
        "- Friday, 22:00 to 02:00",
        "At other times, perhaps nobody sees what you write.",
    ]
    assert not {ADA, BEN} & set(second.body.split())


def test_they_are_on_the_clocks_of_who_asks(story):
    story.says(MEI, "zone Pacific/Auckland")
    body = story.says(MEI, "help")[1].body
    assert "by the clocks of Pacific/Auckland" in body
    assert "- Tuesday, 06:00 to 10:00" in body
    assert "- Saturday, 10:00 to 14:00" in body


def test_in_german(story):
    story.says(MEI, "language de")
    assert "- Freitag, 22:00 bis 02:00" in story.says(MEI, "hilfe")[1].body


def test_they_are_for_members_on_devices_that_are_surely_theirs(story):
    for assurance in (Assurance.UNSIGNED, Assurance.PLAIN):
        assert len(story.says(MEI, "help", assurance=assurance)) == 1
    story.opens_chat(ZOE, "new")
    story.says(ZOE, "leave")
    assert len(story.says(ZOE, "help")) == 1
    assert len(story.says(MEI, "help FR")) == 1


def test_without_a_rota_nothing_is_said_of_hours(story):
    story.keeps(rota=Rota())
    assert len(story.says(MEI, "help")) == 1


def test_in_hours_in_which_everybody_is_off_that_is_said_too(story):
    nobody = "None of your facilitators is on duty now"
    story.until(datetime(2026, 11, 23, 19, tzinfo=ZoneInfo("Europe/Berlin")))
    assert nobody not in story.says(MEI, "help")[1].body
    for user in (ADA, BEN, TOM):
        story.says(user, "!off")
    body = story.says(MEI, "help")[1].body
    assert body.index("- Tuesday, 18:00 to 22:00") < body.index(nobody)
    story.says(TOM, "!on")
    assert nobody not in story.says(MEI, "help")[1].body


SLOTS = st.lists(
    st.builds(
        Slot,
        st.integers(0, 6),
        st.builds(time, st.integers(0, 23), st.sampled_from((0, 30))),
        st.builds(time, st.integers(0, 23), st.sampled_from((0, 30))),
        st.sampled_from(ZONES),
        st.just((ADA,)),
    ),
    min_size=1,
    max_size=8,
)


@given(SLOTS, st.sampled_from(ZONES), st.integers(0, 6))
def test_each_hour_that_is_shown_is_one_of_the_group(slots, zone, later):
    charter = replace(example(), facilitators=(ADA, BEN), zone="Europe/Berlin")
    group = Group("g", "open", charter, START, rota=Rota(tuple(slots)))
    now = START + timedelta(days=later)
    card = these_days(group, now, zone)
    assert card is not None
    lines = [line.values for line in card.values["lines"] if line.key == "hours-line"]
    shown = [(int(one["day"].key[-1]), time.fromisoformat(str(one["begins"]))) for one in lines]
    assert shown
    assert [day for day, _ in shown] == sorted(day for day, _ in shown)
    today = now.astimezone(ZoneInfo(zone)).date()
    for day, begins in shown:
        on = today + timedelta(days=(day - today.weekday()) % 7)
        assert is_staffed(group, instant(datetime.combine(on, begins), zone))
