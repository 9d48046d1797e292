"""What a row of a helpline file may say; each row is checked by itself.

Numbers stand as they are dialled in their country, never in international form: short numbers
such as 988 and 116 123 have none.
"""

import re
from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_DIALLED = re.compile(r"\d[\d ().-]*(?: / \d[\d ().-]*)*")
_ABROAD = re.compile(r"00[1-9]\d{6}")
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_TIME = r"(?:[01]\d|2[0-4]):[0-5]\d"
_SPAN = rf"{_DAY}(?:-{_DAY})? {_TIME}-{_TIME}"
_HOURS = re.compile(rf"24/7|{_SPAN}(?:, {_SPAN})*")
DAY_AND_NIGHT = "24/7"
LONGEST_PAGE = 60  # letters, where members read it: an answer is short


def _written(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("write it in quotes, as text")  # noqa: TRY004 - pydantic wants it so
    return value


def _dialled(value: str) -> str:
    if value.startswith("+") or _ABROAD.match(re.sub(r"\D", "", value)):
        raise ValueError("write it as it is dialled there, not as from abroad")
    if not _DIALLED.fullmatch(value):
        raise ValueError("write digits only; words that are sent stand in `send`")
    return value


def _hours(value: str) -> str:
    if value and not _HOURS.fullmatch(value):
        raise ValueError("write 24/7, or hours as Mo-Fr 09:00-17:00, Sa 10:00-14:00")
    return value


def _zone(value: str) -> str:
    try:
        _ = ZoneInfo(value) if value else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("write a zone's name, as Europe/Berlin") from None
    return value


def _page(value: str) -> str:
    address = urlsplit(value)
    if address.scheme != "https" or not address.hostname:
        raise ValueError("write a page's https address")
    return value


def _language(value: str) -> str:
    try:
        Locale.parse(value, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("write a language's letters, as en") from None
    return value


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Words = Annotated[str, BeforeValidator(_written), Field(min_length=1, max_length=40)]
_Number = Annotated[_Words, AfterValidator(_dialled)]
_Page = Annotated[str, AfterValidator(_page), Field(max_length=200)]
_Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
Method = Literal["call", "text", "chat"]


class Row(BaseModel):
    """A number, where it was read, and who looked at that page last."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    verified_on: date | None = None  # None: nobody has looked for us yet, and it is not shown
    verified_by: str = Field("", max_length=60)

    @property
    def label(self) -> str:
        """Return how people of the house name it to each other."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _by_somebody(self) -> Self:
        if self.verified_on is not None and not self.verified_by:
            raise ValueError("verified_by: write who looked at it")
        return self


class Emergency(Row):
    """The emergency number of a country; where two stand, the one or the other may be called."""

    number: _Number
    source: _Page | None = None

    @property
    def label(self) -> str:
        return f"emergency number {self.number}"


class Helpline(Row):
    """People who listen, and how they are reached."""

    name: _Words
    number: _Number | None = None  # None: only by chat, at `official_url`
    method: Annotated[tuple[Method, ...], BeforeValidator(_several), Field(min_length=1)]
    send: str = Field("", max_length=20)  # what to write in a text: "HOME"
    dialable_from: Annotated[tuple[_Country, ...], BeforeValidator(_several)] = ()
    hours: Annotated[str, AfterValidator(_hours), Field(max_length=40)] = (
        ""  # empty: nobody has written it down
    )
    zone: Annotated[str, AfterValidator(_zone)] = ""
    cost: Literal["free", "usual", ""] = ""
    languages: Annotated[
        tuple[Annotated[str, AfterValidator(_language)], ...], Field(min_length=1, max_length=4)
    ]
    for_whom: Literal["everyone", "youth"] = "everyone"
    official_url: _Page  # for whoever looks for help
    source: _Page  # the provider's own page on which the number stands
    pair: str = Field("", max_length=30)  # the two rows with this word are shown both or neither

    @property
    def label(self) -> str:
        return f"{self.name} {self.number or self.official_url}"

    @property
    def reached(self) -> tuple[str, ...]:
        """Return what no second row may have too: how it is reached, in one form."""
        where = re.sub(r"\D", "", self.number) if self.number else self.official_url
        return (where, self.send.casefold(), *sorted(self.method))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.number is None and self.method != ("chat",):
            raise ValueError("number: write what is dialled")
        if self.number is None and len(self.official_url) > LONGEST_PAGE:
            raise ValueError(f"official_url: write one of up to {LONGEST_PAGE} letters")
        if self.send and "text" not in self.method:
            raise ValueError("send: only a text has words that are sent")
        if self.hours not in ("", DAY_AND_NIGHT) and not self.zone:
            raise ValueError("zone: write on whose clocks these hours are")
        if not _same_site(self.source, self.official_url):
            raise ValueError("source: write the provider's own page")
        return self


def _same_site(one: str, other: str) -> bool:
    """Say whether two pages are of one house: the same host, or one below the other."""
    first, second = (f".{urlsplit(page).hostname}".removeprefix(".www") for page in (one, other))
    return f".{first}".endswith(f".{second}") or f".{second}".endswith(f".{first}")
