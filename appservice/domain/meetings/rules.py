"""Rules of recurrence that we keep: which are allowed, their first date, and their end.

RFC 5545, 3.3.10. A rule comes at most once a day; its end, if it has one, is a wall time.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from appservice.domain.meetings.meeting import Meeting
from appservice.domain.meetings.recurrence import wall_time, walls
from appservice.domain.types import Text

MOST = 500  # dates of a series with an end
MOST_WITHOUT_END = 400  # dates in two years
_TWO_YEARS = timedelta(days=731)
_WIDEST = 60  # INTERVAL
_ALLOWED = {
    "DAILY": {"COUNT", "UNTIL", "INTERVAL", "WKST"},
    "WEEKLY": {"COUNT", "UNTIL", "INTERVAL", "WKST", "BYDAY"},
    "MONTHLY": {"COUNT", "UNTIL", "INTERVAL", "WKST", "BYDAY", "BYMONTHDAY"},
    "YEARLY": {"COUNT", "UNTIL", "INTERVAL", "WKST"},
}
_DAY = r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"
_DAYS = re.compile(f"{_DAY}(?:,{_DAY})*")
_DAYS_OF_MONTH = re.compile(r"-?(?:[1-9]|[12]\d|3[01])(?:,-?(?:[1-9]|[12]\d|3[01]))*")
_END = re.compile(r";?(?:UNTIL|COUNT)=[^;]*")
_INTERVAL = re.compile(r";?INTERVAL=\d+")


def from_typed(rule: str, zone: str) -> str | Text:
    """Return an RRULE that somebody typed as we keep it, or one sentence why we do not."""
    pairs = [part.partition("=")[::2] for part in rule.split(";") if part]
    parts = dict(pairs)
    frequency = parts.pop("FREQ", "")
    if frequency in ("HOURLY", "MINUTELY", "SECONDLY"):
        return Text("when-too-often")
    names = _ALLOWED.get(frequency, set())
    if not names.issuperset(parts) or len(pairs) != len(parts) + 1:
        return Text("rule-unread")
    if {"COUNT", "UNTIL"} <= parts.keys() or {"BYDAY", "BYMONTHDAY"} <= parts.keys():
        return Text("rule-unread")
    if "UNTIL" in parts:
        last = _last(parts["UNTIL"], zone)
        if last is None:
            return Text("rule-unread")
        parts["UNTIL"] = last
    kept = ";".join(f"{name}={value}" for name, value in {"FREQ": frequency, **parts}.items())
    return kept if _is_sane(kept, parts) else Text("rule-unread")


def first_date(rule: str, earliest: datetime, clock: time) -> datetime | None:
    """Return the first date by a rule at a time of day, not before a wall time; None: never.

    A series of every other week begins in the first week in which it can.
    """
    start = datetime.combine(earliest.date(), clock)
    every = _END.sub("", _INTERVAL.sub("", rule))
    first: datetime | None = rrulestr(every, dtstart=start).after(earliest, inc=True)
    return first


def counted(rule: str, count: int) -> str:
    """Return a rule that ends after so many dates; the end that it had is replaced."""
    return f"{_END.sub('', rule)};COUNT={count}"


def until(rule: str, last: datetime) -> str:
    """Return a rule that ends at a wall time, that time included; the end it had is replaced."""
    return f"{_END.sub('', rule)};UNTIL={last:%Y%m%dT%H%M%S}"


def day_end(day: date) -> datetime:
    """Return the last second of a day."""
    return datetime.combine(day, time(23, 59, 59))


def has_end(rule: str) -> bool:
    """Say whether a rule ends by itself."""
    return _END.search(rule) is not None


def too_many(meeting: Meeting) -> Text | None:
    """Return why a series has too many dates; None: it has not."""
    if not meeting.rule:
        return None
    if has_end(meeting.rule):
        found = list(islice(walls(meeting, meeting.start), MOST + 1))
        return Text("rule-too-many", {"most": MOST}) if len(found) > MOST else None
    last = meeting.start + _TWO_YEARS
    some = list(islice(walls(meeting, meeting.start), MOST_WITHOUT_END + 1))
    crowded = len(some) > MOST_WITHOUT_END and some[-1] <= last
    return Text("rule-without-end", {"most": MOST}) if crowded else None


def _last(written: str, zone: str) -> str | None:
    """Return an UNTIL as a wall time of a zone, whichever of its three forms it was typed in."""
    for form in ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"):
        try:
            moment = datetime.strptime(written, form)  # noqa: DTZ007 - a wall time
        except ValueError:
            continue
        if form.endswith("Z"):
            moment = wall_time(moment.replace(tzinfo=UTC), zone)
        if form == "%Y%m%d":
            moment = day_end(moment.date())
        return f"{moment:%Y%m%dT%H%M%S}"
    return None


def _is_sane(rule: str, parts: dict[str, str]) -> bool:
    numbers = {"INTERVAL": range(1, _WIDEST + 1), "COUNT": range(1, 100_000)}
    for name, allowed in numbers.items():
        value = parts.get(name, "1")
        if not value.isdecimal() or len(value) > 5 or int(value) not in allowed:  # noqa: PLR2004
            return False
    weekly = rule.startswith("FREQ=WEEKLY")
    by_day = parts.get("BYDAY", "MO")
    if not _DAYS_OF_MONTH.fullmatch(parts.get("BYMONTHDAY", "1")):
        return False
    if not _DAYS.fullmatch(by_day) or (weekly and any(sign.isdigit() for sign in by_day)):
        return False
    try:
        rrulestr(rule, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - a wall time
    except (ValueError, TypeError, KeyError, IndexError):
        return False
    return True
