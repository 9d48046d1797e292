"""The page about cases says what the code does, and its picture is drawn from the code."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

from appservice.domain.cases import holding, rungs
from appservice.domain.cases.case import Level, Stage
from appservice.domain.cases.ending import KEPT_FOR
from appservice.domain.cases.names import LEVELS, RESULTS, STAGES, TRACKS
from appservice.domain.cases.table import MOVES
from appservice.domain.state import House
from appservice.texts import load
from scripts.draw_cases import BY, PICTURE, before, drawn, spoken
from tests.architecture.test_docs import ROOT, read, section
from tests.property.fifteen import ALL

PAGE = read("docs/cases.md")
LADDERS = ("red", "amber", "danger", "green", "conduct")
STEPS = ("duty", "again", "all", "lead", "operator")


def rows(title: str, page: str = PAGE) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    lines = [line for line in section(page, title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def said(span: timedelta) -> str:
    """Write a span as the page does."""
    minutes = span // timedelta(minutes=1)
    if not minutes:
        return "at once"
    return f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} hours"


def test_the_picture_is_drawn_from_the_table_as_it_is() -> None:
    assert PICTURE.read_text("utf-8") == drawn(), "run `python -m scripts.draw_cases`"


def test_the_picture_is_read_in_light_and_dark_and_by_who_cannot_see_it() -> None:
    root = ET.parse(PICTURE).getroot()
    light, _, dark = root.find("{*}style").text.partition("@media (prefers-color-scheme: dark)")
    for name in {one.get("class") for one in root.iter() if one.get("class")}:
        assert f".{name} " in light
        assert f".{name} " in dark
    told = root.find("{*}desc").text
    assert all(spoken(move.act) in told for move in MOVES)


def test_the_glossary_has_the_words_of_the_keeper() -> None:
    glossary, sentences = read("docs/glossary.md"), load().sentences["en"]
    for names in (TRACKS, LEVELS, STAGES, RESULTS):
        for text in names.values():
            assert sentences[text.key] in glossary, text.key


def test_every_stage_stands_in_the_table_of_stages() -> None:
    assert [name for name, _ in rows("## Stages")] == [spoken(stage) for stage in Stage]


def test_the_table_of_acts_is_the_one_of_the_code() -> None:
    known = [[spoken(m.act), before(m), BY[m.by], spoken(m.after)] for m in MOVES]
    assert rows("## Who may do what") == known


def test_the_times_of_the_ladder_are_those_of_the_code() -> None:
    known = []
    for ladder in LADDERS:
        times = {rung.name: said(rung.after) for rung in getattr(rungs, ladder.upper())}
        known.append([ladder, *(times.get(step, "") for step in STEPS)])
    assert rows("## When somebody is asked") == known


def test_the_guide_tells_facilitators_the_same_times() -> None:
    guide = read("docs/facilitators.md")
    told = rows("### When somebody raises something", guide)
    assert [[name.split(",")[0], *times] for name, *times in told] == [
        row for row in rows("## When somebody is asked") if row[0] != "danger"
    ]
    back = {level.value: said(after) for level, after in holding._LEVELS.items()}
    back["conduct"] = said(holding._CONDUCT)
    cells = {name.split(",")[0]: rest for name, *rest in rows("### Cases", guide)}
    assert {name: cells[name][0] for name in back} == back


def test_the_times_of_who_does_nothing_and_of_what_is_kept_are_those_of_the_code() -> None:
    red, amber, green = (
        said(holding._LEVELS[one]) for one in (Level.RED, Level.AMBER, Level.GREEN)
    )
    conduct = said(holding._CONDUCT)
    told = f"{red} in red, {amber} in amber or without a level, {green} in green"
    assert f"{told}, {conduct} in conduct" in PAGE
    kept = section(PAGE, "## What is kept, and for how long")
    assert f"{House.keep_cases.days} days after the close" in kept
    assert f"{KEPT_FOR.days} days after the erasure" in kept


def test_each_of_the_fifteen_has_its_check_and_every_test_that_is_named_exists() -> None:
    told = rows("## What must never happen")
    assert [int(number) for number, *_ in told] == list(range(1, 16))
    assert [int(never.__name__.split("_")[1]) for never in ALL] == list(range(1, 16))
    for name in re.findall(r"`(tests/[^`]+)`", PAGE):
        assert (ROOT / name).exists(), name
