"""What of a country's rows may be shown on a day, in sentences of the catalogue."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import reduce

from babel import Locale

from appservice.domain.numbers import Numbers
from appservice.domain.types import Text, verbatim
from appservice.helplines.rows import DAY_AND_NIGHT, Helpline, Row
from appservice.helplines.sheets import Sheet

AGEING = timedelta(days=180)
NOT_SHOWN = timedelta(days=365)  # since somebody last looked at the provider's own page
LINES = 2  # helplines beside the emergency number
_COSTS = {"free": Text("helpline-cost-free"), "usual": Text("helpline-cost-usual")}
_DAYS = {
    "Mo": Text("helpline-day-Mo"),
    "Tu": Text("helpline-day-Tu"),
    "We": Text("helpline-day-We"),
    "Th": Text("helpline-day-Th"),
    "Fr": Text("helpline-day-Fr"),
    "Sa": Text("helpline-day-Sa"),
    "Su": Text("helpline-day-Su"),
}


def numbers(sheets: Mapping[str, Sheet], today: date) -> dict[str, Numbers]:
    """Return what may be shown, country by country."""
    return {country: _of_country(sheet, today) for country, sheet in sheets.items()}


def is_shown(row: Row, today: date) -> bool:
    """Say whether a person has confirmed it, and not too long ago."""
    return row.verified_on is not None and today - row.verified_on <= NOT_SHOWN


def is_ageing(row: Row, today: date) -> bool:
    """Say whether it is shown still, and to be looked at again."""
    return (
        is_shown(row, today) and row.verified_on is not None and today - row.verified_on > AGEING
    )


def _of_country(sheet: Sheet, today: date) -> Numbers:
    first, units = sheet.emergency, _units(sheet.lines, today)
    emergency = first if first is not None and is_shown(first, today) else None
    lines = _chosen(unit for unit in units if any(row.for_whom != "youth" for row in unit))
    young = _chosen(unit for unit in units if any(row.for_whom == "youth" for row in unit))
    named = Text("helpline-unknown")
    if emergency is not None:
        named = Text("helpline-emergency", {"number": emergency.number})
    all_shown: list[Row] = [*((emergency,) if emergency else ()), *lines]
    return Numbers(
        shown=(named, *map(_said, lines), _looked_at(all_shown)) if all_shown else (),
        youth=(*map(_said, young), _looked_at(young)) if young else (),
        waiting=(*_missing(sheet), *(row.label for row in sheet.rows if not is_shown(row, today))),
        ageing=tuple(row.label for row in sheet.rows if is_ageing(row, today)),
    )


def _missing(sheet: Sheet) -> list[str]:
    """Return what no country can be without, where the file has none that can be used."""
    return [] if sheet.emergency is not None else ["emergency number"]


def _units(rows: Iterable[Helpline], today: date) -> list[tuple[Helpline, ...]]:
    """Return rows by themselves, and pairs of which both may be shown."""
    units: dict[str, list[Helpline]] = {}
    for place, row in enumerate(rows):
        units.setdefault(row.pair or f"row {place}", []).append(row)
    return [tuple(unit) for unit in units.values() if all(is_shown(row, today) for row in unit)]


def _chosen(units: Iterable[tuple[Helpline, ...]]) -> list[Helpline]:
    """Return as many as there is room for, in their order."""
    chosen: list[Helpline] = []
    for unit in units:
        if len(chosen) + len(unit) <= LINES:
            chosen += unit
    return chosen


def _looked_at(rows: Iterable[Row]) -> Text:
    """Say since when all of these are known to be right."""
    days = [row.verified_on for row in rows if row.verified_on is not None]
    return Text("helplines-looked-at", {"date": min(days).isoformat()})


def _said(row: Helpline) -> Text:
    about = [*_hours(row)]
    about += [_COSTS[row.cost]] if row.cost in _COSTS else []
    about.append(verbatim(", ".join(_own_name(language) for language in row.languages)))
    about += [Text("helpline-youth")] if row.for_whom == "youth" else []
    return Text("helpline-row", {"reached": _reached(row), "about": _listed(about)})


def _reached(row: Helpline) -> Text:
    values = {"name": row.name, "number": row.number or "", "send": row.send}
    if row.number is None:
        return Text("helpline-chat", {"name": row.name, "page": row.official_url})
    if "call" in row.method:
        return Text("helpline-call-or-text" if "text" in row.method else "helpline-call", values)
    return Text("helpline-send" if row.send else "helpline-text", values)


def _hours(row: Helpline) -> list[Text]:
    if row.hours in ("", DAY_AND_NIGHT):
        return [verbatim(row.hours)] if row.hours else []
    spans = []
    for span in row.hours.split(", "):
        days, times = span.split(" ")
        first, _, last = days.partition("-")
        named = _DAYS[first]
        if last:
            named = Text("helpline-days", {"first": named, "last": _DAYS[last]})
        spans.append(Text("helpline-span", {"days": named, "times": times}))
    return [Text("helpline-hours", {"spans": _listed(spans), "zone": row.zone})]


def _listed(texts: list[Text]) -> Text:
    return reduce(lambda one, other: Text("helpline-and", {"one": one, "other": other}), texts)


def _own_name(language: str) -> str:
    """Return the name of a language in that language: whoever speaks it knows it."""
    return Locale.parse(language, sep="-").get_display_name() or language
