"""Moments as people say them: on the clocks of their zone, with the zone's city, and in UTC."""

from datetime import UTC
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, get_timezone_location

from appservice.domain.types import Moment

_SHORT = {"en": "EEE d MMM, HH:mm", "de": "EEE d. MMM, HH:mm"}
_LONG = {"en": "EEEE d MMMM y, HH:mm", "de": "EEEE, d. MMMM y, HH:mm"}
_CLOCK = "HH:mm"


def spoken(moment: Moment, language: str) -> str:
    """Return `Tuesday 12 May 2026, 19:00 (Berlin; 17:00 UTC)`, or short `Tue 12 May, 19:00`.

    In UTC itself it is `Tuesday 12 May 2026, 17:00 UTC`.
    """
    zone = ZoneInfo(moment.zone)
    locale = Locale.parse(language, sep="-")
    forms = _SHORT if moment.short else _LONG
    form = forms.get(locale.language, forms["en"])
    said = format_datetime(moment.at, form, tzinfo=zone, locale=locale)
    if moment.short:
        return said
    if moment.zone == "UTC":
        return f"{said} UTC"
    utc = format_datetime(moment.at, _CLOCK, tzinfo=UTC, locale=locale)
    return f"{said} ({city(moment.zone, language)}; {utc} UTC)"


def city(zone: str, language: str) -> str:
    """Return the city that a zone is named after, as the language calls it."""
    if zone == "UTC":
        return zone
    locale = Locale.parse(language, sep="-")
    return get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True)
