"""What of the rows may be said on a day: what a person confirmed within a year, in pairs."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.types import Text
from appservice.helplines.confirming import confirmed
from appservice.helplines.live import Helplines
from appservice.helplines.rows import Emergency, Helpline
from appservice.helplines.sheets import Sheet, read_sheet, read_sheets
from appservice.helplines.showing import numbers
from tests.helplines.test_sheets import PAGE, ROW, TODAY
from tests.support.helplines import confirm_all
from tests.support.story import words


def emergency(days: int | None = 0) -> Emergency:
    on = None if days is None else TODAY - timedelta(days=days)
    return Emergency(number="999", verified_on=on, verified_by="Ada")


def line(number: str, days: int | None = 0, **more: object) -> Helpline:
    on = None if days is None else TODAY - timedelta(days=days)
    return Helpline.model_validate(ROW | {"number": number, "verified_on": on} | more)


def shown(*lines: Helpline, first: Emergency | None = None) -> list[str]:
    sheet = Sheet("GB", Path("gb.yaml"), first or emergency(), lines)
    return [words().say(text, "en") for text in numbers({"GB": sheet}, TODAY)["GB"].shown]


@pytest.mark.parametrize(
    ("days", "is_shown", "is_ageing"),
    [
        (0, True, False),
        (180, True, False),
        (181, True, True),
        (365, True, True),
        (366, False, False),
    ],
)
def test_a_number_ages_and_is_not_shown_for_ever(days, is_shown, is_ageing):
    sheet = Sheet("GB", Path("gb.yaml"), emergency(), (line("116 123", days),))
    found = numbers({"GB": sheet}, TODAY)["GB"]
    assert len(found.shown) == 2 + is_shown
    assert found.are_confirmed == is_shown
    assert found.ageing == (("Line 116 123",) if is_ageing else ())
    assert found.waiting == (() if is_shown else ("Line 116 123",))


def test_at_most_two_helplines_and_the_day_on_which_somebody_looked():
    said = shown(line("1", 3), line("2", None), line("3", 9), line("4"), first=emergency(2))
    assert said[0] == "In danger right now: 999"
    assert [text[:7] for text in said[1:3]] == ["Line: 1", "Line: 3"]
    assert said[3:] == [f"Someone looked at these numbers on {TODAY - timedelta(days=9)}."]


def test_an_emergency_number_that_nobody_confirmed_is_said_in_words():
    said = shown(line("1"), first=emergency(None))
    assert "999" not in " ".join(said)
    assert "emergency number of your country" in said[0]
    assert shown(line("1", None), first=emergency(400)) == []


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from(["", "a", "b"])), max_size=6)
)
def test_of_a_pair_both_are_shown_or_neither(made):
    counts: dict[str, int] = {}
    rows = []
    for place, (is_confirmed, is_young, wish) in enumerate(made):
        counts[wish] = counts.get(wish, 0) + 1
        pair = wish if counts[wish] <= 2 else ""
        whom = "youth" if is_young else "everyone"
        rows.append(line(f"{place}00", 0 if is_confirmed else None, pair=pair, for_whom=whom))
    whole = {p for p in "ab" if sum(row.pair == p for row in rows) == 2}
    rows = [row for row in rows if row.pair in ("", *whole)]
    found = numbers({"GB": Sheet("GB", Path("gb.yaml"), emergency(), tuple(rows))}, TODAY)["GB"]
    for texts, most in ((found.shown, 4), (found.youth, 3)):
        assert len(texts) <= most
        said = {str(words().say(text, "en")) for text in texts}
        for pair in whole:
            both = [
                any(f": {row.number} " in text for text in said)
                for row in rows
                if row.pair == pair
            ]
            assert both in ([True, True], [False, False])
            of_pair = [row for row in rows if row.pair == pair]
            assert not any(both) or all(row.verified_on == TODAY for row in of_pair)


def test_a_pair_goes_before_one_that_has_no_room_any_more():
    pair = (line("2", pair="p"), line("3", pair="p", for_whom="youth"))
    assert [text[:7] for text in shown(line("1"), *pair, line("4"))[1:3]] == ["Line: 1", "Line: 4"]
    assert [text[:7] for text in shown(*pair, line("4"))[1:3]] == ["Line: 2", "Line: 3"]


@pytest.mark.parametrize(
    ("more", "en", "de"),
    [
        (
            {"hours": "24/7", "cost": "free"},
            "Line: 9 (24/7, free of charge, English)",
            "24/7, kostenlos",
        ),
        (
            {"hours": "Mo-Sa 14:00-20:00, Su 10:00-12:00", "zone": "Europe/Berlin"},
            "Line: 9 (Mon to Sat 14:00-20:00, Sun 10:00-12:00, clocks of Europe/Berlin, English)",
            "Mo bis Sa 14:00-20:00, So 10:00-12:00, Uhrzeit von Europe/Berlin",
        ),
        (
            {"method": ["text"], "send": "HOME"},
            "Line: text HOME to 9 (English)",
            "SMS mit HOME an 9",
        ),
        ({"method": ["call", "text"]}, "Line: call or text 9 (English)", "Anruf oder SMS an 9"),
        ({"method": ["chat"], "number": None}, f"Line: chat at {PAGE} (English)", "Chat auf"),
        ({"languages": ["de", "fr"]}, "Line: 9 (Deutsch, français)", "Deutsch, français"),
        ({"cost": "usual"}, "Line: 9 (costs what a call or text costs, English)", "kostet wie"),
    ],
)
def test_how_a_row_reads(more, en, de):
    values = {"number": "9"} | more
    number = values.pop("number")
    row = Helpline.model_validate(ROW | {"number": number} | values)
    found = numbers({"GB": Sheet("GB", Path("gb.yaml"), emergency(), (row,))}, TODAY)["GB"]
    assert words().say(found.shown[1], "en") == en
    assert de in words().say(found.shown[1], "de")


def test_confirming_writes_who_looked_when_and_takes_back_what_is_wrong(tmp_path):
    sheet = read_sheets(TODAY)["DE"]
    path = confirmed(sheet, tmp_path / "own", sheet.rows[:2], "Ada", TODAY)
    after = read_sheet(path, TODAY)
    assert [row.verified_by for row in after.rows] == ["Ada", "Ada", "", ""]
    assert not after.faults
    later = confirmed(after, tmp_path / "own", after.rows[1:], "Ben", TODAY + timedelta(days=1))
    rows = read_sheet(later, TODAY + timedelta(days=1)).rows
    assert [row.verified_by for row in rows] == ["", "Ben", "Ben", "Ben"]
    assert [row.label for row in rows] == [row.label for row in sheet.rows]
    assert [file.name for file in (tmp_path / "own").iterdir()] == ["de.yaml"]


class _Days:
    """A clock that stands on a day."""

    def __init__(self, day: date) -> None:
        self.day = day

    def now(self) -> object:
        return type("Moment", (), {"date": lambda _: self.day})()


def test_what_changes_in_the_files_or_by_the_day_is_taken_in(tmp_path):
    own, clock = tmp_path / "own", _Days(TODAY)
    live = Helplines(own, clock)
    assert not live["GB"].shown
    confirm_all(own, TODAY)
    assert not live["GB"].shown, "only when it is looked at"
    live.refresh()
    assert live["GB"].shown[0] == Text("helpline-emergency", {"number": "999"})
    (own / "gb.yaml").write_text("{")
    live.refresh()
    assert not live["GB"].shown
    assert live["DE"].shown
    clock.day = TODAY + timedelta(days=366)
    live.refresh()
    assert not live["DE"].shown
    assert len(live) == len({*live})
