"""Reads the helpline file of each country; a wrong row is left out with its reason, no other one.

The operator's file wins for its country, also where nothing in it can be used: then nothing of
that country is shown, rather than what the operator meant to mend.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from appservice.helplines.countries import codes
from appservice.helplines.rows import Emergency, Helpline, Row

SHIPPED = Path(__file__).parents[1] / "defaults" / "helplines"
EAST = timedelta(days=1)  # somewhere it is tomorrow already
OF_PAIR = 2
_FIELDS = frozenset({"country", "emergency", "lines"})
R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Fault:
    """Something in a file that cannot be used; `where` is empty for the whole file."""

    path: Path
    where: str
    why: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (str(self.path), self.where, self.why)))


@dataclass(frozen=True)
class Sheet:
    """The rows of a country that can be used, and what was wrong with the others."""

    country: str
    path: Path
    emergency: Emergency | None = None
    lines: tuple[Helpline, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return all of them, the emergency number first."""
        return (*((self.emergency,) if self.emergency else ()), *self.lines)


def read_sheets(today: date, own: Path | None = None) -> Mapping[str, Sheet]:
    """Return country -> sheet, of the shipped files and of the operator's folder `own`.

    A file that names no country stands under its own name. Never raises for what is in a file.
    """
    found: dict[str, Sheet] = {}
    for folder in (SHIPPED, own):
        if folder is not None:
            for path in sorted(folder.glob("*.yaml")):
                sheet = read_sheet(path, today)
                found[sheet.country] = sheet
    return found


def read_sheet(path: Path, today: date) -> Sheet:
    """Read one file; the country is the one that its name tells, as de.yaml."""
    sheet = Sheet(path.stem.upper(), path)
    try:
        written = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return _refused(sheet, "", "cannot be read as YAML")
    if not isinstance(written, dict) or not isinstance(written.get("lines", []), list):
        return _refused(sheet, "", "write country, emergency and lines, as in the shipped files")
    if (why := _wrong_country(written.get("country"), sheet.country)) is not None:
        return _refused(sheet, "country", why)
    for name in sorted(map(str, written.keys() - _FIELDS)):
        sheet = _refused(sheet, name, "there is no such field")
    return _paired(_with_lines(_with_emergency(sheet, written, today), written, today))


def _wrong_country(code: object, named: str) -> str | None:
    if code == "UK":
        return "write GB, as ISO 3166 does"
    if code not in codes():
        return "write the two letters of one country; 116 123 and 116 111 are not the same in all"
    return None if code == named else "it is not the country that the file's name tells"


def _with_emergency(sheet: Sheet, written: Mapping[str, Any], today: date) -> Sheet:
    row = written.get("emergency")
    made = _read(Emergency, {"number": row} if isinstance(row, str) else row, today)
    if isinstance(made, str):
        return _refused(sheet, "emergency", made)
    return replace(sheet, emergency=made)


def _with_lines(sheet: Sheet, written: Mapping[str, Any], today: date) -> Sheet:
    reached: set[tuple[str, ...]] = set()
    for place, row in enumerate(written.get("lines", []), start=1):
        where = f"row {place}"
        made = _read(Helpline, row, today)
        if isinstance(made, str):
            sheet = _refused(sheet, where, made)
        elif made.dialable_from and sheet.country not in made.dialable_from:
            sheet = _refused(
                sheet, where, f"dialable_from: it is not reached from {sheet.country}"
            )
        elif made.reached in reached:
            sheet = _refused(sheet, where, "number: it stands there already")
        else:
            reached.add(made.reached)
            sheet = replace(sheet, lines=(*sheet.lines, made))
    return sheet


def _paired(sheet: Sheet) -> Sheet:
    """Leave out rows whose other half is not there."""
    count = Counter(row.pair for row in sheet.lines if row.pair)
    for name in (name for name, rows in count.items() if rows != OF_PAIR):
        kept = tuple(row for row in sheet.lines if row.pair != name)
        sheet = _refused(replace(sheet, lines=kept), f"pair {name}", "it needs two good rows")
    return sheet


def _read(kind: type[R], row: object, today: date) -> R | str:
    """Return the row, or why it cannot be used."""
    try:
        made = kind.model_validate(row)
    except ValidationError as error:
        return _why(error)
    if made.verified_on is not None and made.verified_on > today + EAST:
        return "verified_on: this day has not come yet"
    return made


def _why(error: ValidationError) -> str:
    found = error.errors(include_input=False, include_url=False)
    return "; ".join(dict.fromkeys(_fault(fault["loc"], fault["msg"]) for fault in found))


def _fault(place: Iterable[object], message: str) -> str:
    said = message.removeprefix("Value error, ")
    return ": ".join(filter(None, (".".join(map(str, place)), said)))


def _refused(sheet: Sheet, where: str, why: str) -> Sheet:
    return replace(sheet, faults=(*sheet.faults, Fault(sheet.path, where, why)))
