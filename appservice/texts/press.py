"""Prints what is handed out: join codes, bars of how many, meetings for a calendar."""

import io
from dataclasses import dataclass
from urllib.parse import quote

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from appservice.domain.effects import Chart, HandOut, JoinCode, MeetingsFile, Message, Shape
from appservice.domain.helplines import lines_for
from appservice.domain.state import House
from appservice.domain.types import Text, Words
from appservice.ports import Calendars, CalendarStyle, Printed
from appservice.texts import chart

_SCALE, _BORDER = 8, 4  # pixels for each module of the picture, modules of white around it
_CORRECTION = "m"  # 15 % of it may be dirty or torn
_PAGES = Environment(
    loader=PackageLoader("appservice.texts"),
    autoescape=True,
    trim_blocks=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True)
class Press:
    """Implements `appservice.ports.Printer`."""

    words: Words
    house: House
    calendars: Calendars

    def printed(self, effect: HandOut) -> Printed:
        """Return the file; no name tells what it is about."""
        match effect.sheet:
            case Chart(bars=bars):
                octets, size = chart.drawn(bars)
                return Printed(octets, "result.png", "image/png", size)
            case MeetingsFile() as sheet:
                return self._meetings(sheet, effect.message.language)
            case JoinCode(shape=Shape.PICTURE) as code:
                return self._picture(code)
            case JoinCode() as code:
                return self._card(code, effect.message)

    def _meetings(self, sheet: MeetingsFile, language: str) -> Printed:
        style = CalendarStyle(language, place=sheet.place, alarm=sheet.alarm)
        octets = self.calendars.text(sheet.meetings, style)
        return Printed(octets, "calendar.ics", "text/calendar", {})

    def _picture(self, code: JoinCode) -> Printed:
        drawn = self._drawn(code)
        octets = io.BytesIO()
        drawn.save(octets, kind="png", scale=_SCALE, border=_BORDER)
        width, height = drawn.symbol_size(scale=_SCALE, border=_BORDER)
        size = {"w": int(width), "h": int(height)}
        return Printed(octets.getvalue(), "code.png", "image/png", size)

    def _card(self, code: JoinCode, message: Message) -> Printed:
        language = message.language
        drawn = self._drawn(code).svg_inline(scale=4, border=_BORDER, svgclass=None)
        helplines = lines_for(self.house, code.country)
        page = _PAGES.get_template("card.html").render(
            say=lambda key, **values: self.words.say(Text(key, values), language),
            language=language,
            group=message.group,
            code=code.code,
            keeper=self.house.keeper,
            server=self.house.keeper.partition(":")[2],
            token=self.house.registration_token,
            picture=drawn,
            helplines=[self.words.say(line, language) for line in helplines],
        )
        return Printed(page.encode(), "card.html", "text/html", {})

    def _drawn(self, code: JoinCode) -> segno.QRCode:
        """Draw the address that a telephone opens: the group's page, else a chat with the keeper.

        Source: https://spec.matrix.org/latest/appendices/#matrixto-navigation
        """
        address = f"https://matrix.to/#/{self.house.keeper}"
        if self.house.group_pages is not None:
            address = f"{self.house.group_pages}/g/{quote(code.code)}"
        return segno.make_qr(address, error=_CORRECTION)
