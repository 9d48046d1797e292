"""A result as a picture: its size is told, it is read on dark and light, and it is small."""

import io

import pytest
from PIL import Image

from appservice.texts.chart import drawn


def pixels(bars) -> Image.Image:
    octets, size = drawn(bars)
    image = Image.open(io.BytesIO(octets))
    assert image.size == (size["w"], size["h"])
    assert len(octets) < 20_000
    return image


def bar_length(image: Image.Image, index: int) -> int:
    """How many pixels of a bar are filled."""
    y = 28 + index * 76 + 24 + 10 + 13
    row = [image.getpixel((x, y)) for x in range(image.width)]
    return sum(max(pixel) < 200 for pixel in row)


def test_bars_are_as_long_as_their_counts() -> None:
    image = pixels([("A", 4), ("B", 2), ("C", 0)])
    longest, half, none = (bar_length(image, index) for index in range(3))
    assert longest in {584, 585}
    assert abs(half - longest / 2) <= 2
    assert none == 0


def test_it_stands_on_paper_of_its_own_with_dark_letters() -> None:
    image = pixels([("A", 1), ("B", 1)])
    assert image.mode == "RGB"  # nothing shines through
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert min(min(image.getpixel((x, 40))) for x in range(28, 80)) < 60


@pytest.mark.parametrize("label", ["Bücher", "詩", "🙂", "x" * 80, "", "\ud800"])
def test_any_label_can_be_drawn(label) -> None:
    pixels([(label, 1)] * 10)


def test_where_letters_are_lacking_only_numbers_are_drawn() -> None:
    assert drawn([("Bücher", 1), ("B", 1)]) == drawn([("Höhe", 1), ("C", 1)])
    assert drawn([("Poems", 1), ("B", 1)]) != drawn([("Novel", 1), ("C", 1)])


def test_the_same_result_is_the_same_file() -> None:
    assert drawn([("A", 1), ("B", 5)]) == drawn([("A", 1), ("B", 5)])
