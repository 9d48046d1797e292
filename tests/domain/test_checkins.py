"""Check-ins told as stories: asked at one's own time, answered in private, counted, and gone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appservice.domain.asked import of_poll
from appservice.domain.cases.case import Case
from appservice.domain.checkins.records import CheckIn, CheckIns
from appservice.domain.events import GroupDue, PromptDue
from appservice.domain.group import Group
from appservice.domain.types import Matter, Prompt, RoomKind, UserId
from tests.support.story import ADA, BEN, CODE, MEI, START, Story, example, replace

GROUP = f"group-{CODE}"
TEAM, BOARD = f"!facilitators-{GROUP}", f"!noticeboard-{GROUP}"
CHAT = "!chat-mei"
BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 29, 18, 0, tzinfo=BERLIN)


def told(**charter) -> Story:
    story = Story()
    values = {"facilitators": (ADA, BEN), "zone": "Europe/Berlin", **charter}
    story.founds(replace(example(), **values))
    story.lets_in(ADA, BEN, MEI)
    return story


@pytest.fixture
def story() -> Story:
    return told()


def asked(heard: list) -> list:
    return [one for one in heard if one.is_poll]


def members(story: Story, count: int) -> list[UserId]:
    users = [UserId(f"@m{n:02}:example.org") for n in range(count)]
    for user in users:
        story.lets_in(user)
        story.says(user, "check-in on")
    return users


def results(heard: list) -> list:
    return [one for one in heard if one.message.kind == "result"]


def test_nobody_is_asked_who_did_not_wish_it(story):
    assert not asked(story.until(SUNDAY + timedelta(days=30)))
    assert not story.all(CheckIn)


def test_it_comes_weekly_on_sunday_at_six_on_the_members_own_clock(story):
    said = story.says(MEI, "check-in on")[0].body
    assert "29 November 2026, 18:00 (Berlin" in said
    assert not asked(story.until(SUNDAY - timedelta(seconds=1)))
    heard = story.until(SUNDAY)
    assert [one.message.kind for one in heard] == ["checkin", "checkin"]
    assert [one.is_poll for one in heard] == [True, False]
    assert "Reply 1 to 5, or skip" in heard[1].body
    assert len(asked(story.until(SUNDAY + timedelta(days=21, minutes=1)))) == 3


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("check-in weekly sunday 18:00", (0, 168)),
        ("check-in every two weeks on sunday at 6 pm", (0, 336)),
        ("check in daily at 18:00", (0, 24)),
        ("Check-ins on, every week, sundays 6pm", (0, 168)),
        ("check-in every day at 6:00 p.m", None),
        ("check-in monday 18:00", (24, 192)),
        ("checkin jede zweite Woche sonntags um 18 Uhr", (0, 336)),
        ("check-in täglich 18.00", (0, 24)),
    ],
)
def test_times_are_read_in_both_languages(story, words, hours):
    if not words.isascii() or "Uhr" in words:
        story.says(MEI, "language de")
    story.now = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
    story.says(MEI, words)
    if hours is None:
        hours = (0, 24)
    for wanted in hours:
        moment = SUNDAY + timedelta(hours=wanted)
        assert not asked(story.until(moment - timedelta(minutes=1))), wanted
        assert len(asked(story.until(moment))) == 1, wanted


@pytest.mark.parametrize(
    "words",
    [
        "check-in on someday",
        "check-in sunday 25:00",
        "check-in sunday monday 18:00",
        "check-in daily weekly",
        "check-in 13 pm",
        "check-in whenever",
        "check-in snooze",
        "check-in off maybe",
    ],
)
def test_what_cannot_be_read_meets_one_sentence_and_changes_nothing(story, words):
    story.says(MEI, "check-in weekly sunday 18:00")
    before = story.all(CheckIn)
    heard = story.says(MEI, words)
    assert [one.message.kind for one in heard] == ["not_understood"]
    assert story.all(CheckIn) == before


def test_an_ordinary_sentence_is_no_command(story):
    assert story.says(MEI, "check in with my mother was hard")[0].message.kind == "program"
    assert not story.all(CheckIn)


def test_the_hour_stays_when_clocks_change_and_when_somebody_moves(story):
    story.now = datetime(2027, 3, 20, 12, 0, tzinfo=UTC)
    story.says(MEI, "check-in on")
    for day in (21, 28):
        moment = datetime(2027, 3, day, 18, 0, tzinfo=BERLIN)
        assert not asked(story.until(moment - timedelta(minutes=1)))
        assert len(asked(story.until(moment))) == 1
    person = replace(story.person(MEI), zone="America/New_York")
    story.records["person", MEI] = person
    moment = datetime(2027, 4, 4, 18, 0, tzinfo=ZoneInfo("America/New_York"))
    assert not asked(story.until(moment - timedelta(minutes=1)))
    assert len(asked(story.until(moment))) == 1


def test_a_late_one_comes_within_twelve_hours_and_to_who_is_awake(story):
    story.says(MEI, "check-in sunday 12:00")
    story.now = datetime(2026, 11, 29, 19, 0, tzinfo=BERLIN)  # nothing ran since noon
    heard = len(story.heard)
    story.passes(minutes=1)
    assert len(asked(story.heard[heard:])) == 1
    story.now = datetime(2026, 12, 6, 12, 0, tzinfo=BERLIN) + timedelta(hours=12)
    assert not asked(story.until(story.now + timedelta(days=6)))
    story.now = datetime(2026, 12, 13, 22, 0, tzinfo=BERLIN)  # ten hours late, at night
    assert not asked(story.until(datetime(2026, 12, 20, 11, 59, tzinfo=BERLIN)))


def test_never_two_after_days_of_downtime(story):
    story.says(MEI, "check-in daily 18:00")
    story.now = SUNDAY + timedelta(days=5, hours=1)
    heard = len(story.heard)
    story.passes(minutes=1)
    story.happens(PromptDue(MEI, GROUP, Prompt.CHECKIN))
    assert len(asked(story.heard[heard:])) == 1


def test_a_clock_that_goes_back_asks_nothing_twice(story):
    story.says(MEI, "check-in on")
    story.until(SUNDAY + timedelta(minutes=1))
    story.now = SUNDAY - timedelta(hours=2)
    story.happens(PromptDue(MEI, GROUP, Prompt.CHECKIN))
    assert not asked(story.until(SUNDAY + timedelta(hours=5)))


def test_their_own_hour_counts_also_at_night_but_a_late_one_does_not_wake_them(story):
    said = story.says(MEI, "check-in sunday 23:00")[0].body
    assert "quiet hours" in said
    assert len(asked(story.until(SUNDAY + timedelta(hours=5)))) == 1
    story.now = SUNDAY + timedelta(days=7, hours=6)  # an hour late
    assert not asked(story.until(SUNDAY + timedelta(days=7, hours=13, minutes=59)))
    assert len(asked(story.until(SUNDAY + timedelta(days=7, hours=14)))) == 1  # 8:00, nine late


@pytest.mark.parametrize(
    "peace",
    ["pause 2 weeks", "leave", "check-in off", "stop check-ins", "check-in snooze 2 weeks"],
)
def test_who_is_away_is_left_in_peace(story, peace):
    story.says(MEI, "check-in on")
    story.says(MEI, peace)
    if story.heard[-1].message.choices:
        story.says(MEI, "yes")
    assert not asked(story.until(SUNDAY + timedelta(days=7)))


def test_who_snoozes_or_pauses_is_asked_again_afterwards(story):
    story.says(MEI, "check-in on")
    story.says(MEI, "check-in snooze 1 week")
    assert not asked(story.until(SUNDAY + timedelta(hours=1)))
    assert len(asked(story.until(SUNDAY + timedelta(days=7)))) == 1


def test_who_wants_nothing_unasked_gets_nothing(story):
    story.says(MEI, "check-in on")
    story.records["person", MEI] = replace(story.person(MEI), prompts_off=True)
    assert not asked(story.until(SUNDAY + timedelta(days=1)))


def test_daily_check_ins_keep_to_the_weeks_number(story):
    assert "at most 5 times a week" in story.says(MEI, "check-in daily 18:00")[0].body
    heard = asked(story.until(story.now + timedelta(days=7)))
    assert len(heard) == 4  # the fifth is kept for the nearest meeting


def test_a_vote_by_button_and_one_by_number_are_counted_and_met_with_one_question(story):
    story.says(MEI, "check-in on")
    story.until(SUNDAY)
    answer = story.votes(MEI, "sun")[0].message
    assert [choice.id for choice in answer.choices] == ["yes", "no"]
    assert story.one(CheckIns, GROUP).answers[MEI].choice == "sun"
    assert story.votes(MEI, "rain") == []
    assert story.one(CheckIns, GROUP).answers[MEI].choice == "rain"
    assert story.votes(MEI) == []
    assert not story.one(CheckIns, GROUP).answers


@pytest.mark.parametrize(
    ("form", "text", "choice"),
    [
        ("", "5", "storm"),
        ("", "Fog", "fog"),
        ("0 to 10", "7", "7"),
        ("0 to 10", "0", "0"),
        ("0 to 10", "10", "10"),
        ("word", "2", "calm"),
        ("group", "2", "2"),
    ],
)
def test_a_number_means_what_it_says(story, form, text, choice):
    story.says(ADA, "!checkin question How was it? | good | so-so")
    story.says(ADA, "!checkin weather")
    story.says(MEI, f"check-in on {form}".strip())
    heard = story.until(SUNDAY)
    if form == "0 to 10":
        assert "\n10\n" in heard[-1].body
        assert len(heard[0].message.choices) == 12
        assert "from 0 to 10" in story.says(MEI, "11")[0].body
    story.says(MEI, text)
    assert story.one(CheckIns, GROUP).answers[MEI].choice == choice


@pytest.mark.parametrize("way", ["skip", "button"])
def test_skip_is_silent_and_counts_nothing(story, way):
    story.says(MEI, "check-in on")
    story.until(SUNDAY)
    assert (story.says(MEI, "skip") if way == "skip" else story.votes(MEI, "skip")) == []
    assert CheckIns.kind not in {kind for kind, _ in story.records}


@pytest.mark.parametrize(("answer", "named"), [("yes", [(MEI,)]), ("no", [])])
def test_only_a_yes_is_a_wish_and_nothing_of_the_answer_goes_with_it(story, answer, named):
    story.says(MEI, "check-in on")
    story.until(SUNDAY)
    story.votes(MEI, "storm")
    heard = story.says(MEI, answer)
    assert CHAT in [one.room for one in heard]
    assert not any("storm" in one.body.casefold() for one in heard)
    assert [case.named for case in story.all(Case)] == named
    assert not any(case.excerpt for case in story.all(Case))


def closing(story: Story) -> datetime:
    return story.one(CheckIns, GROUP).closes


@pytest.mark.parametrize(("count", "shown"), [(4, 0), (5, 1)])
def test_totals_are_told_from_five_on_and_every_answer_is_discarded(story, count, shown):
    story.says(ADA, "!checkin board on")
    users = members(story, 6)
    story.until(SUNDAY)
    for user in users[:count]:
        story.votes(user, "sun" if user != users[0] else "storm")
    assert closing(story) == datetime(2026, 12, 1, 12, 0, tzinfo=BERLIN)
    heard = results(story.until(closing(story)))
    assert [one.room for one in heard] == [TEAM, BOARD] * shown
    assert len({one.body for one in heard}) == shown
    if shown:
        assert "5 people answered.\nWhat came most often: Sun" in heard[0].body
        assert "Storm" not in heard[0].body
    kept = story.one(CheckIns, GROUP)
    assert (kept.answers, kept.closes) == ({}, None)
    assert not results(story.until(story.now + timedelta(days=3)))


def test_an_answer_that_was_counted_cannot_be_counted_again(story):
    users = members(story, 5)
    story.until(SUNDAY)
    for user in users:
        story.votes(user, "sun")
    assert len(results(story.until(closing(story)))) == 1
    assert [one.body for one in story.votes(users[0], "rain")] == [
        "This vote is over. Your answer was not counted."
    ]
    assert not story.one(CheckIns, GROUP).answers


def test_who_has_not_answered_yet_may_do_so_after_a_count(story):
    users = members(story, 6)
    story.until(SUNDAY)
    for user in users[:5]:
        story.votes(user, "sun")
    story.until(closing(story))
    story.votes(users[5], "rain")
    assert list(story.one(CheckIns, GROUP).answers) == [users[5]]


def test_each_form_is_counted_by_itself(story):
    users = members(story, 9)
    for user in users[:4]:
        story.says(user, "check-in 0 to 10")
    story.until(SUNDAY)
    for user in users:
        story.votes(user, "8" if user in users[:4] else "sun")
    body = results(story.until(closing(story)))[0].body
    assert "5 people answered" in body
    assert "7-10" not in body


def test_who_leaves_or_stops_takes_their_answer_along(story):
    users = members(story, 6)
    story.until(SUNDAY)
    for user in users:
        story.votes(user, "sun")
    story.says(users[0], "leave")
    story.says(users[1], "check-in off")
    assert set(story.one(CheckIns, GROUP).answers) == set(users[2:])
    assert not results(story.until(closing(story)))


def test_after_a_red_case_totals_wait_for_a_calm_day(story):
    users = members(story, 5)
    story.until(SUNDAY)
    for user in users:
        story.votes(user, "sun")
    closes = closing(story)
    red = closes - timedelta(hours=1)
    story.records["group", GROUP] = replace(story.one(Group, GROUP), red=red)
    assert not results(story.until(red + timedelta(hours=23, minutes=59)))
    assert len(results(story.until(red + timedelta(hours=24)))) == 1


def test_while_posts_rest_totals_are_for_facilitators_only_and_answers_go_as_ever(story):
    story.says(ADA, "!checkin board on")
    users = members(story, 5)
    story.until(SUNDAY)
    for user in users:
        story.votes(user, "sun")
    rest = closing(story) + timedelta(days=7)
    story.records["group", GROUP] = replace(story.one(Group, GROUP), posts_rest=rest)
    [told] = results(story.until(closing(story)))
    assert told.room == story.one(Group, GROUP).rooms[RoomKind.FACILITATORS]
    assert not story.one(CheckIns, GROUP).answers


def test_after_a_restore_what_may_have_been_told_is_not_told_again(story):
    users = members(story, 5)
    story.until(SUNDAY)
    for user in users:
        story.votes(user, "sun")
    story.now, story.restored = closing(story), True
    assert not results(story.happens(GroupDue(GROUP, Matter.CHECKINS)))
    assert not story.one(CheckIns, GROUP).answers


def test_a_new_question_of_the_group_is_not_answered_by_answers_to_the_old_one(story):
    story.says(ADA, "!checkin question How was it? | good | so-so | hard")
    users = members(story, 6)
    polls = asked(story.until(SUNDAY))
    assert "How was it?" in polls[0].body
    for user in users[:5]:
        story.votes(user, "1")
    story.says(ADA, "!checkin question Did you sleep? | well | badly")
    assert "over" in story.votes(users[5], "1")[0].body
    assert not results(story.until(closing(story)))


@pytest.mark.parametrize(
    "words",
    [
        "!checkin question",
        "!checkin question How?",
        "!checkin question How? | one",
        "!checkin question How? | one | ",
        "!checkin question | one | two",
        "!checkin question How? | one | ONE",
        "!checkin question How? | one | skip",
        f"!checkin question How? | one | {'x' * 61}",
        f"!checkin question {'x' * 201} | one | two",
        "!checkin question How? |" + "|".join(f"a{n}" for n in range(11)),
        "!checkin group",
        "!checkin board",
        "!checkin board maybe",
        "!checkin weather please",
        "!checkin what",
    ],
)
def test_bad_input_of_facilitators_meets_one_sentence(story, words):
    heard = story.says(ADA, words)
    assert [one.message.kind for one in heard] == ["refusal"]
    assert not story.all(CheckIns)


def test_a_small_group_has_no_noticeboard_and_totals_go_to_facilitators_only():
    story = told(size="small")
    assert story.says(ADA, "!checkin board on")[0].message.kind == "refusal"
    users = members(story, 5)
    story.until(SUNDAY)
    for user in users:
        story.votes(user, "sun")
    rooms = {one.room for one in results(story.until(closing(story)))}
    assert rooms == {"!chat-ada", "!chat-ben"}


def test_in_two_groups_each_is_wished_for_and_ended_by_name(story):
    story.founds(replace(example(), name="Birch"), code="BIRCH-2222")
    story.passes_the_gate(MEI, "BIRCH-2222")
    story.says(MEI, "check-in on willow")
    assert [one.group for one in story.all(CheckIn)] == [GROUP]
    story.says(MEI, "check-in monday 9:00")
    assert [one.group for one in story.all(CheckIn)] == [GROUP]
    story.says(MEI, "check-in on birch")
    story.says(MEI, "check-in off willow")
    assert [one.group for one in story.all(CheckIn)] == ["group-BIRCH-2222"]
    body = story.says(MEI, "check-in")[0].body
    assert "Willow: check-ins are off" in body
    assert "Birch: I ask" in body


def test_the_question_is_closed_with_the_wish(story):
    story.says(MEI, "check-in on")
    poll = asked(story.until(SUNDAY))[0]
    story.says(MEI, "stop check-ins")
    assert of_poll(story.person(MEI).asked, poll.id).answered


CHOICES = st.sampled_from(["sun", "clouds", "fog", "rain", "storm", "skip", ""])
STEPS = st.lists(st.tuples(st.integers(0, 11), CHOICES, st.integers(0, 60)), max_size=40)


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_no_two_publications_share_an_answer_and_none_is_of_fewer_than_five(steps):
    """Whoever answers, changes their mind, skips or takes it back, at whatever time."""
    story = told()
    users = members(story, 12)
    story.until(SUNDAY)
    published: list[dict] = []
    for who, choice, hours in steps:
        before = story.records.get((CheckIns.kind, GROUP))
        heard = story.until(story.now + timedelta(hours=hours))
        after = story.records.get((CheckIns.kind, GROUP))
        if results(heard):
            assert not after.answers or after.closes != before.closes
            published.append(dict(before.answers))
        user = users[who]
        chat = story.person(user).chat
        if any(one.is_poll and one.room == chat for one in story.heard):
            story.votes(user, *([choice] if choice else []))
    assert all(len(answers) >= 5 for answers in published)


def test_the_timer_of_who_has_left_finds_nobody(story):
    story.says(MEI, "check-in on")
    story.says(MEI, "leave")
    assert story.happens(PromptDue(MEI, GROUP, Prompt.CHECKIN)) == []
    assert story.now == START
