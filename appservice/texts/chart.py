"""Draws how many stand for each of several things, for dark screens and for light ones."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _ROW, _MARGIN = 640, 76, 28  # pixels
_BAR, _ROUND = 26, 6
_SIZE = 24  # of the letters
_PAPER, _INK, _QUIET, _FULL, _BEST = "#ffffff", "#1b1b1f", "#e4e7ec", "#4a6fa5", "#1f4b99"
_Box = tuple[float, float, float, float]


def drawn(bars: Sequence[tuple[str, int]]) -> tuple[bytes, dict[str, int]]:
    """Return a PNG on white paper, and its size; the best are darker.

    Each bar has its number, from 1, and its label where the built-in letters can write all labels;
    else the text beside the picture tells what the numbers stand for.
    """
    font = ImageFont.load_default(_SIZE)
    height = _ROW * len(bars) + 2 * _MARGIN
    image = Image.new("RGB", (_WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(image)
    best = max((count for _, count in bars), default=0)
    labelled = all(label.isascii() for label, _ in bars)
    for index, (label, count) in enumerate(bars):
        top = _MARGIN + index * _ROW
        name = f"{index + 1}  {label}" if labelled else f"{index + 1}"
        number = str(count)
        room = _WIDTH - 3 * _MARGIN - draw.textlength(number, font)
        draw.text((_MARGIN, top), _fitted(draw, font, name, room), _INK, font)
        draw.text((_WIDTH - _MARGIN, top), number, _INK, font, anchor="ra")
        draw.rounded_rectangle(_bar(top, 1), _ROUND, _QUIET)
        if count:
            colour = _BEST if count == best else _FULL
            draw.rounded_rectangle(_bar(top, count / best), _ROUND, colour)
    octets = io.BytesIO()
    image.save(octets, "PNG", optimize=True)
    return octets.getvalue(), {"w": _WIDTH, "h": height}


def _bar(top: int, share: float) -> _Box:
    longest = _WIDTH - 2 * _MARGIN
    begin = top + _SIZE + 10
    return (_MARGIN, begin, _MARGIN + max(2 * _ROUND, longest * share), begin + _BAR)


def _fitted(
    draw: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    text: str,
    room: float,
) -> str:
    """Return as much of a text as there is room for."""
    if draw.textlength(text, font) <= room:
        return text
    kept = next(
        n for n in range(len(text), -1, -1) if draw.textlength(f"{text[:n]}...", font) <= room
    )
    return f"{text[:kept].rstrip()}..."
