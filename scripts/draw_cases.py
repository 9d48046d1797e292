"""Draws docs/cases.svg: each stage of a case and where every act leads, from the one table."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from xml.sax.saxutils import escape

from appservice.domain.cases.case import Stage
from appservice.domain.cases.table import HELD, MOVES, Act, By, Move

PICTURE = Path(__file__).parents[1] / "docs" / "cases.svg"
WIDTH, ROW, TOP = 440, 54, 60  # narrow, so that it can be read on a phone
LEFT, RIGHT = 16, 296  # where the stages before and after begin
BOX, TALL = 128, 42  # width and height of a stage
MIDDLE = (LEFT + BOX + RIGHT) // 2
LINE = 52  # letters in a line below the picture
_STYLE = """
    .card { fill: #ffffff; stroke: #c9ced6 }
    .stage { fill: #e3f3e8; stroke: #2c7a4b }
    .name { font-size: 15px; font-weight: bold; fill: #1d232b }
    .act { font-size: 15px; fill: #2d3540 }
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
    rows = "\n".join(line for place, move in enumerate(MOVES) for line in _row(place, move))
    foot = TOP + ROW * len(MOVES) + 26
    kept = wrap("held: " + ", ".join(map(spoken, HELD)), LINE)
    held = "\n".join(_text("by", LEFT, foot + 20 * n, line) for n, line in enumerate(kept))
    height = foot + 20 * len(kept)
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
{_text("by", LEFT, 40, "a case that is")}
{_text("by", MIDDLE, 40, "act, and by whom", "middle")}
{_text("by", RIGHT, 40, "becomes")}
{rows}
{held}
</svg>
"""


def _row(place: int, move: Move) -> Iterator[str]:
    """Draw a move: a stage, an arrow with the act above it and who does it below, a stage."""
    middle = TOP + place * ROW + TALL // 2
    begins, ends = LEFT + BOX + 4, RIGHT - 14
    yield _stage(LEFT, middle, before(move))
    yield _text("act", MIDDLE, middle - 8, spoken(move.act), "middle")
    yield f'  <path class="way" d="M{begins} {middle} H{ends}" stroke-dasharray="2 4"/>'
    yield f'  <path class="tip" d="M{ends} {middle - 5} l10 5 l-10 5 z"/>'
    yield _text("by", MIDDLE, middle + 17, BY[move.by], "middle")
    yield _stage(RIGHT, middle, spoken(move.after))


def _stage(left: int, middle: int, name: str) -> str:
    """Draw a stage around this height; two of them stand in two lines."""
    top, size = middle - TALL // 2, f'width="{BOX}" height="{TALL}"'
    box = f'  <rect class="stage" x="{left}" y="{top}" {size} rx="8"/>'
    lines = name.replace(" or ", " or\n").splitlines()
    first = middle + 5 - 9 * (len(lines) - 1)
    told = (_text("name", left + 10, first + 18 * n, line) for n, line in enumerate(lines))
    return "\n".join([box, *told])


def _text(kind: str, left: int, base: int, words: str, anchor: str = "start") -> str:
    where = f'x="{left}" y="{base}" text-anchor="{anchor}"'
    return f'  <text class="{kind}" {where}>{escape(words)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
