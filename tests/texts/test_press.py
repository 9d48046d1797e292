"""A join code as a picture and as a card, which begins with what a newcomer lacks."""

import io
import re
from dataclasses import replace

import pytest
import segno

from appservice.domain.effects import HandOut, JoinCode, MeetingsFile, Message, Shape
from appservice.domain.types import RoomId, Text
from appservice.texts.press import Press
from tests.support.story import house, words
from tests.texts.test_calendar import SERIES, calendars
from tests.web.test_help_page import Outline

TOKEN = "tok3n-for-new"


def press(**settings: object) -> Press:
    return Press(words(), replace(house(), **settings), calendars())


def hand_out(shape: Shape, language: str = "en", group: str = "Willow") -> HandOut:
    lines = (Text("invite-card", {"code": "WILLOW-7Q4K"}),)
    message = Message("notice", lines, language, ("notice",), group=group)
    return HandOut(RoomId("!r"), message, JoinCode("WILLOW-7Q4K", shape, "GB"))


def test_a_picture_is_a_png_of_the_size_that_it_says() -> None:
    printed = press().printed(hand_out(Shape.PICTURE))
    assert printed.octets.startswith(b"\x89PNG")
    width, height = (int.from_bytes(printed.octets[at : at + 4], "big") for at in (16, 20))
    assert printed.size == {"w": width, "h": height}
    assert (printed.mimetype, printed.name) == ("image/png", "code.png")


def test_a_picture_leads_to_the_keeper_or_to_the_groups_page() -> None:
    chat, page = press(), press(group_pages="https://help.example.org")
    drawn = [one.printed(hand_out(Shape.PICTURE)).octets for one in (chat, page, page)]
    assert drawn[0] != drawn[1] == drawn[2]


def test_a_picture_of_a_name_with_other_letters_is_an_address_that_every_telephone_reads() -> None:
    sheet = JoinCode("GRÜN-7Q4K", Shape.PICTURE, "GB")
    effect = replace(hand_out(Shape.PICTURE), sheet=sheet)
    printed = press(group_pages="https://help.example.org").printed(effect)
    expected = segno.make_qr("https://help.example.org/g/GR%C3%9CN-7Q4K", error="m")
    octets = io.BytesIO()
    expected.save(octets, kind="png", scale=8, border=4)
    assert printed.octets == octets.getvalue()


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_card_begins_with_an_account_and_needs_nothing_else(language: str) -> None:
    card = press(registration_token=TOKEN).printed(hand_out(Shape.CARD, language)).octets.decode()
    text = " ".join(Outline(re.sub(r"<(path)([^>]*)/>", r"<\1\2></\1>", card)).text)
    order = [text.index(part) for part in (TOKEN, "Element X", "@keeper:example.org", "999")]
    assert order == sorted(order)
    assert "join WILLOW-7Q4K" in text
    assert f'lang="{language}"' in card
    assert "<svg" in card
    assert "@media print" in card
    assert not re.search(r"<script|src=|href=|url\(|@import", card)


def test_a_card_without_a_token_says_whom_to_ask_and_escapes_names() -> None:
    card = press().printed(hand_out(Shape.CARD, group="<b>Oak</b>")).octets.decode()
    assert "the person who gave you this card" in card
    assert "<b>Oak" not in card


def test_meetings_are_a_file_whose_name_tells_nothing() -> None:
    effect = replace(hand_out(Shape.CARD, "de"), sheet=MeetingsFile((SERIES,)))
    printed = press().printed(effect)
    assert (printed.name, printed.mimetype) == ("calendar.ics", "text/calendar")
    assert b"SUMMARY:Treffen" in printed.octets
    assert b"VALARM" not in printed.octets
    with_alarm = replace(effect, sheet=MeetingsFile((SERIES,), alarm=True))
    assert b"VALARM" in press().printed(with_alarm).octets
