"""Draws docs/cases.svg: each stage of a case and where every act leads, from the one table."""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from appservice.domain.cases.case import Stage
from appservice.domain.cases.table import HELD, MOVES, Act, By, Move

PICTURE = Path(__file__).parents[1] / "docs" / "cases.svg"
WIDTH, ROW, TOP = 920, 34, 76
BOX = 168  # width of a stage
_STYLE = """
    .card { fill: #ffffff; stroke: #c9ced6 }
    .stage { fill: #e3f3e8; stroke: #2c7a4b }
    .name { font-size: 15px; font-weight: bold; fill: #1d232b }
    .act { font-size: 14px; fill: #2d3540 }
    .by { font-size: 13px; fill: #4b5563 }
    .way { stroke: #4b5563; fill: none }
    .tip { fill: #4b5563 }
    @media (prefers-color-scheme: dark) {
      .card { fill: #14181d; stroke: #3a424d }
      .stage { fill: #12301f; stroke: #57b27b }
      .name { fill: #f2f4f7 }
      .act { fill: #d9dee5 }
      .by { fill: #a9b3bf }
      .way { stroke: #a9b3bf }
      .tip { fill: #a9b3bf }
    }
"""
BY = {
    By.ANYBODY: "who may see it",
    By.OWNER: "who has it",
    By.CLOCK: "the clock",
    By.MEMBER: "whom it is about",
}


def spoken(one: Stage | Act) -> str:
    """Return the name of a stage or an act in words."""
    return one.value.replace("_", " ")


def before(move: Move) -> str:
    """Say from which stages a move goes; those in which somebody has a case count as one."""
    held = set(HELD) <= set(move.before)
    rest = [spoken(stage) for stage in move.before if not held or stage not in HELD]
    return " or ".join([*rest, *(["held"] if held else [])])


def drawn() -> str:
    """Return the picture: a line for each move, and one that says what is held."""
    height = TOP + ROW * len(MOVES) + 60
    rows = "\n".join(line for place, move in enumerate(MOVES) for line in _row(place, move))
    held = escape("held: " + ", ".join(map(spoken, HELD)))
    said = "; ".join(
        f"{before(m)}, {spoken(m.act)} by {BY[m.by]}: {spoken(m.after)}" for m in MOVES
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" \
height="{height}" role="img" aria-labelledby="title desc" \
font-family="DejaVu Sans, Verdana, Helvetica, Arial, sans-serif">
  <title id="title">The stages of a case</title>
  <desc id="desc">{escape(said)}.</desc>
  <style>{_STYLE}  </style>
  <rect class="card" x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="16"/>
  <text class="by" x="40" y="46">a case that is</text>
  <text class="by" x="330" y="46">act, and by whom</text>
  <text class="by" x="700" y="46">becomes</text>
{rows}
  <text class="by" x="40" y="{height - 28}">{held}</text>
</svg>
"""


def _row(place: int, move: Move) -> Iterator[str]:
    top = TOP + place * ROW
    middle = top + 8
    yield _stage(40, top - 12, before(move))
    yield f'  <path class="way" d="M{40 + BOX + 8} {middle} H680" stroke-dasharray="2 4"/>'
    yield f'  <path class="tip" d="M680 {middle - 5} l10 5 l-10 5 z"/>'
    yield f'  <rect class="card" x="318" y="{top - 10}" width="290" height="26" rx="8"/>'
    yield (
        f'  <text class="act" x="330" y="{top + 8}">{spoken(move.act)}'
        f'<tspan class="by" dx="8">{BY[move.by]}</tspan></text>'
    )
    yield _stage(700, top - 12, spoken(move.after))


def _stage(left: int, top: int, name: str) -> str:
    box = f'<rect class="stage" x="{left}" y="{top}" width="{BOX}" height="28" rx="8"/>'
    return f'  {box}<text class="name" x="{left + 12}" y="{top + 19}">{name}</text>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
