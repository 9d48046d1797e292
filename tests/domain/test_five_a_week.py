"""Three weeks of two small groups with everything on: at most five unasked messages in any seven
days, and none at night or to whoever does not want them.

Safety, word that a time does not hold any more, and what belongs to a meeting that goes on or to
somebody's own hand are not counted; a reminder may come at night to who has said that they come.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.domain.events import Event, PromptDue, TipDue
from appservice.domain.group import Group
from appservice.domain.prompts import MOST, awake_at, wants_any, zone_of
from appservice.domain.types import Prompt, Size, Text, UserId
from tests.support.at_meetings import runs
from tests.support.story import ADA, BEN, CODE, MEI, ZOE, Heard, Story, example, replace

LOU = UserId("@lou:example.org")
USERS, WEEK = (ADA, BEN, MEI, ZOE, LOU), timedelta(days=7)
NAMES = {"Willow": CODE, "Birch": "BIRCH-2222"}
MUST_KNOW = {"meeting-moved", "meeting-cancelled", "meeting-ended"}
ENDED = {"poll-ended", "poll-ended-stopped"}
FREE = {"meeting_close"}
AT_FIRST = (
    "!meeting {} every tue 19:00 for 75m",
    "!meeting {} every fri 8:30 for 30m",
    "!poll {} What shall we read? | A novel | Poems",
    "!times {} 2026-12-25 19:00, 2026-12-26 18:30 for 60m",
    "!theme {} rotate weekly on thursday 9:00",
    "!did {} We begin more slowly now.",
)
LEADS = st.sampled_from(
    (
        "!poll {} Tea? | Green | Black | for 1 day",
        "!poll {} close",
        "!meeting {} cancel next",
        "!meeting {} move next to tomorrow 18:30",
        "!meeting {} place 1 https://meet.example.org/x",
        "!theme {} next",
        "!theme {} use 3",
        "!did {} post",
        "!times {} close",
        "!grow {}",
    )
)
SAYS = st.sampled_from(
    (
        *("check-in daily 8:00", "check-in snooze 2 weeks", "digest on", "digest daily 9:00"),
        *("reminders 7d 24h 1h 10m", "coming", "coming no", "allow missed", "buddy on"),
        *("buddy volunteer", "off", "on", "snooze 1 week", "pause 1 week", "return"),
        *("leave Willow", "forget me", "yes", "1", "2", "quiet hours 13 to 15"),
        *("zone Australia/Lord_Howe", "language de", "stop", "skip", "polls"),
    )
)
STEPS = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(st.sampled_from((ADA, BEN)), LEADS),
            st.tuples(st.sampled_from(USERS), SAYS),
        ),
        st.sampled_from(sorted(NAMES)),
        st.integers(0, 40),
    ),
    max_size=20,
)


@dataclass
class Watched(Story):
    """A story that looks at every message which comes unasked."""

    unasked: dict[str, list[datetime]] = field(default_factory=dict)

    def happens(self, event: Event, cause=None) -> list[Heard]:
        if not isinstance(event, (PromptDue, TipDue)):
            return super().happens(event, cause)
        person = self.person(event.user)
        welcome = any(c.group == event.group and not c.pauses for c in self.consents(event.user))
        heard = super().happens(event, cause)
        said = [one for one in heard if not ENDED & set(keys(one.message.lines))]
        if not said:
            return heard
        words = {key for one in said for key in keys(one.message.lines)}
        must_know = bool(words & MUST_KNOW)
        assert person is not None
        assert welcome, said[0].body
        assert must_know or wants_any(person, self.now), said[0].body
        zone = zone_of(person, self.one(Group, event.group))
        is_awake = awake_at(person, zone, self.now) == self.now
        may_be_late = must_know or "reminder-coming" in words
        in_meeting = isinstance(event, PromptDue) and event.what is Prompt.MEETING
        assert is_awake or may_be_late or in_meeting, said[0].body
        if not (must_know or in_meeting or FREE & {one.message.kind for one in said}):
            self.unasked.setdefault(event.user, []).append(self.now)
        return heard


def keys(lines: tuple[Text, ...]) -> Iterator[str]:
    for line in lines:
        yield line.key
        inner = line.values.get("lines") if line.values else None
        if isinstance(inner, tuple):
            yield from keys(inner)


def two_groups() -> Watched:
    story = Watched()
    for name, code in NAMES.items():
        charter = replace(example(), name=name, size=Size.SMALL, facilitators=(ADA, BEN))
        story.founds(charter, code=code)
        for user in USERS:
            story.passes_the_gate(user, code, tips=True)
            story.accepts(user)
        for text in AT_FIRST:
            story.says(ADA, text.format(name))
            story.says(ADA, "yes")
    for user in USERS:
        for text in ("check-in daily 10:00", "digest on", "allow missed"):
            story.says(user, text)
    return story


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_in_any_seven_days_at_most_five_come_unasked_and_none_unwanted(steps):
    story = two_groups()
    end = story.now.replace(tzinfo=None) + 3 * WEEK
    for (user, text), name, hours in steps:
        story.says(user, text.format(name))
        if text.startswith("!") or text == "forget me":
            story.says(user, "yes")
        runs(story, min(end, story.now.replace(tzinfo=None) + timedelta(hours=hours)))
    runs(story, end)
    assert story.unasked
    for user, moments in story.unasked.items():
        for begin in moments:
            week = [at for at in moments if begin <= at < begin + WEEK]
            assert len(week) <= MOST, (user, week)
