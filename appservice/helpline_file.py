"""Helplines as YAML files, one for each country, read into lines that the keeper can say."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from appservice.domain.types import Text
from appservice.errors import ConfigurationError

SHIPPED = Path(__file__).parent / "defaults" / "helplines"
NOT_SHOWN_AFTER = timedelta(days=365)  # since somebody last looked at the provider's own page
LINES = 2  # helplines beside the emergency number
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Line(BaseModel):
    """A number as it is dialled in its country, never in international form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Words
    number: _Words  # as dialled: "988", "116 123"; or what to do: "text SHOUT to 85258"
    method: str = "call"  # call | text | chat
    hours: str = ""  # "24/7", or hours with their zone
    cost: str = ""  # "free"
    languages: tuple[str, ...] = ()
    for_whom: str = "everyone"  # everyone | youth
    source: _Words  # the provider's own page
    verified_on: date | None = None  # None: nobody has checked it for us yet
    verified_by: str = ""


class Country(BaseModel):
    """The numbers of one country."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    emergency: _Words
    lines: tuple[Line, ...] = Field(default=())


def read_helplines(today: date, override: Path | None = None) -> Mapping[str, tuple[Text, ...]]:
    """Return country -> lines, the emergency number first; `override` wins country by country.

    The key `"GB youth"` holds who listens to young people there. What was verified more than a
    year ago is left out. Raises ConfigurationError that names every file that cannot be used.
    """
    found: dict[str, tuple[Text, ...]] = {}
    for country in _countries(override):
        shown = [line for line in country.lines if _fresh(line, today)]
        adult = [line for line in shown if line.for_whom != "youth"][:LINES]
        young = [line for line in shown if line.for_whom == "youth"][:LINES]
        emergency = Text("helpline-emergency", {"number": country.emergency})
        found[country.country] = (emergency, *(_said(line) for line in adult))
        if young:
            found[f"{country.country} youth"] = tuple(_said(line) for line in young)
    return found


def unverified(override: Path | None = None) -> list[str]:
    """Return `country name` of every line that nobody has verified, for `check`."""
    return [
        f"{country.country} {line.name}"
        for country in _countries(override)
        for line in country.lines
        if line.verified_on is None
    ]


def _said(line: Line) -> Text:
    key = "helpline-free" if line.cost == "free" else "helpline-line"
    hours = f" ({line.hours})" if line.hours else ""
    return Text(key, {"name": line.name, "number": line.number, "hours": hours})


def _fresh(line: Line, today: date) -> bool:
    return line.verified_on is None or today - line.verified_on <= NOT_SHOWN_AFTER


def _countries(override: Path | None) -> list[Country]:
    folders = [SHIPPED] if override is None else [SHIPPED, override]
    found: dict[str, Country] = {}
    faults: list[str] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
        try:
            country = Country.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except ValidationError as error:
            places = (".".join(map(str, fault["loc"])) or "file" for fault in error.errors())
            faults.append(f"{path}: {', '.join(places)}")
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            faults.append(f"{path}: cannot be read as YAML")
        else:
            found[country.country] = country
    if faults:
        raise ConfigurationError("; ".join(faults))
    return list(found.values())
