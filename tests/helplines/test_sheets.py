"""Helpline files: rows as they are dialled, every fault with its reason, and the rest works."""

from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from appservice.helplines.countries import by_name, codes
from appservice.helplines.rows import Helpline
from appservice.helplines.sheets import SHIPPED, read_sheet, read_sheets
from appservice.helplines.showing import numbers

TODAY = date(2026, 11, 23)
PAGE = "https://line.example"
ROW = {
    "name": "Line",
    "number": "116 123",
    "method": "call",
    "languages": ["en"],
    "official_url": PAGE,
    "source": f"{PAGE}/contact",
    "verified_on": TODAY,
    "verified_by": "Ada",
}
LOOKED = {"verified_on": TODAY, "verified_by": "Ada"}


def sheet_of(folder, *rows, name="gb", **more):
    content = {"country": name.upper(), "emergency": {"number": "999", **LOOKED}, "lines": [*rows]}
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content | more))
    return read_sheet(path, TODAY)


def test_the_shipped_rows_are_faultless_as_dialled_and_none_of_them_is_shown():
    sheets = read_sheets(TODAY)
    assert {path.stem.upper() for path in SHIPPED.glob("*.yaml")} == set(sheets)
    rows = [row for sheet in sheets.values() for row in sheet.rows]
    assert not [fault for sheet in sheets.values() for fault in sheet.faults]
    assert all(row.verified_on is None for row in rows)
    assert "116 123" in [line.number for line in sheets["GB"].lines]
    assert "988" in [line.number for line in sheets["US"].lines]
    assert sheets["AU"].emergency.number == "000"
    of_all = numbers(sheets, TODAY)
    assert not any(one.shown or one.youth or one.are_confirmed for one in of_all.values())
    assert all(len(of_all[c].waiting) == len(sheet.rows) for c, sheet in sheets.items())


def test_a_wrong_row_is_left_out_with_its_reason_and_the_rest_works(tmp_path):
    sheet = sheet_of(tmp_path, ROW, ROW | {"number": "+44116123"}, ROW | {"number": "85258"})
    assert [line.number for line in sheet.lines] == ["116 123", "85258"]
    assert [str(fault) for fault in sheet.faults] == [
        f"{sheet.path}: row 2: number: write it as it is dialled there, not as from abroad"
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"number": "0044116123123"}, "not as from abroad"),
        ({"number": 988}, "in quotes"),
        ({"number": "text SHOUT to 85258"}, "digits only"),
        ({"number": None}, "what is dialled"),
        ({"method": "fax"}, "method"),
        ({"method": []}, "method"),
        ({"send": "HOME"}, "only a text"),
        ({"hours": "mornings"}, "write 24/7"),
        ({"hours": "Mo-Fr 09:00-17:00"}, "on whose clocks"),
        ({"hours": "Mo-Fr 09:00-17:00", "zone": "Berlin"}, "as Europe/Berlin"),
        ({"cost": "cheap"}, "cost"),
        ({"languages": []}, "languages"),
        ({"languages": ["gibberish"]}, "as en"),
        ({"for_whom": "me"}, "for_whom"),
        ({"dialable_from": ["IE"]}, "not reached from GB"),
        ({"dialable_from": ["EU"]}, "not reached from GB"),
        ({"source": "https://list.example/all"}, "own page"),
        ({"official_url": "http://line.example"}, "https"),
        ({"verified_on": TODAY + timedelta(days=2)}, "has not come"),
        ({"verified_by": ""}, "who looked"),
        ({"pair": "half"}, "two good rows"),
        ({"phone": "1"}, "phone"),
    ],
)
def test_what_a_row_may_not_be(tmp_path, change, why):
    sheet = sheet_of(tmp_path, ROW | {"number": "85258"}, ROW | change)
    assert [line.number for line in sheet.lines] == ["85258"]
    (fault,) = sheet.faults
    assert why in str(fault)


def test_the_same_number_stands_there_once(tmp_path):
    twice = ROW | {"name": "Other", "number": "116-123"}
    by_text = ROW | {"method": ["text"]}
    sheet = sheet_of(tmp_path, ROW, twice, by_text)
    assert sheet.lines == tuple(Helpline.model_validate(row) for row in (ROW, by_text))
    assert "already" in str(sheet.faults[0])


@pytest.mark.parametrize(
    ("name", "more", "why"),
    [
        ("eu", {}, "not the same in all"),
        ("uk", {}, "write GB"),
        ("gb", {"country": "DE"}, "file's name"),
        ("gb", {"country": None}, "two letters"),
        ("gb", {"lines": "none"}, "write country"),
    ],
)
def test_a_file_of_no_or_another_country_is_not_read(tmp_path, name, more, why):
    sheet = sheet_of(tmp_path, ROW, name=name, **more)
    assert (sheet.rows, len(sheet.faults)) == ((), 1)
    assert why in str(sheet.faults[0])


def test_a_wrong_emergency_number_takes_nothing_else_with_it(tmp_path):
    sheet = sheet_of(tmp_path, ROW, emergency={"number": "+999"}, more="x")
    assert [row.label for row in sheet.rows] == ["Line 116 123"]
    assert [fault.where for fault in sheet.faults] == ["more", "emergency"]
    found = numbers({"GB": sheet}, TODAY)["GB"]
    assert len(found.shown) == 3
    assert found.waiting == ("emergency number",), "no group opens without one"
    assert sheet_of(tmp_path, emergency="112").emergency.number == "112"


def test_the_operators_file_wins_even_where_it_is_broken(tmp_path):
    sheet_of(tmp_path, ROW)
    assert [row.label for row in read_sheets(TODAY, tmp_path)["GB"].lines] == ["Line 116 123"]
    for broken in ("{", "- just\n- a list\n", "", "country: \xff"):
        (tmp_path / "gb.yaml").write_bytes(broken.encode("latin-1"))
        sheets = read_sheets(TODAY, tmp_path)
        assert not sheets["GB"].rows
        assert len(sheets["GB"].faults) == 1
        assert sheets["US"].rows
    assert read_sheets(TODAY, tmp_path / "missing")["GB"].rows


VALUES = st.one_of(
    st.none(), st.integers(), st.text("0123 +/ab", max_size=9), st.lists(st.just("en"))
)


@given(st.dictionaries(st.sampled_from([*ROW, "pair", "hours", "zone", "x"]), VALUES))
def test_whatever_stands_in_a_row_it_is_refused_or_as_dialled(change):
    try:
        row = Helpline.model_validate(ROW | change)
    except ValidationError:
        return
    assert row.number is None or row.number[0].isdigit()


def test_countries_by_their_names():
    names = by_name(("en", "de"))
    for name, code in (("france", "FR"), ("frankreich", "FR"), ("new zealand", "NZ")):
        assert names[name] == code
    assert names["england"] == names["united kingdom"] == "GB"
    assert not {"EU", "UN", "ZZ", "XA"} & codes()
    assert {*names.values()} <= codes()
