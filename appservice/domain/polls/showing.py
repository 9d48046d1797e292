"""How a vote is shown: while it is a draft, in a list, and at its end."""

from collections.abc import Mapping
from datetime import timedelta

from appservice.domain.effects import Chart
from appservice.domain.group import Group
from appservice.domain.person import Choice
from appservice.domain.polls.poll import DEGREES, How, Mood, Poll, Result, Stage
from appservice.domain.types import Moment, Text, Values, verbatim

HOW: Mapping[How, str] = {
    How.SINGLE: "poll-how-single",
    How.MULTIPLE: "poll-how-multiple",
    How.DOTS: "poll-how-dots",
    How.CONSENT: "poll-how-consent",
}
_LISTED: Mapping[Stage, str] = {
    Stage.DRAFT: "poll-listed-draft",
    Stage.WAITS: "poll-listed-waits",
    Stage.OPEN: "poll-listed-open",
    Stage.CLOSED: "poll-listed-closed",
}
_MOODS: Mapping[Mood, str] = {
    Mood.NONE: "poll-nobody",
    Mood.AGREED: "poll-mood-agreed",
    Mood.CONCERNED: "poll-mood-concerned",
    Mood.BLOCKED: "poll-mood-blocked",
}
_DAY, _HOUR = 24 * 60, 60  # minutes


def choices(poll: Poll) -> tuple[Choice, ...]:
    """Return the ways to answer; each is known by its number."""
    return tuple(
        Choice(str(number), label, verbatim(str(number)))
        for number, label in enumerate(poll.labels(), start=1)
    )


def draft(poll: Poll, group: Group) -> Text:
    """Show it all, as it would be asked."""
    title = Text("poll-shown", {"number": poll.number, "question": poll.question})
    how = Text(HOW[poll.how])
    return Text("card", {"lines": (title, *_numbered(poll), how, _lasts(poll, group))})


def listed(poll: Poll, zone: str) -> Text:
    """Show it on one line, by its number; never how many have voted."""
    values: Values = {"number": poll.number, "question": poll.question}
    if poll.stage is Stage.OPEN and poll.closes is not None:
        return Text(
            "poll-listed-open", {**values, "moment": Moment(poll.closes, zone, short=True)}
        )
    return Text(f"poll-listed-{poll.stage}", values)


def chosen(poll: Poll, vote: tuple[str, ...]) -> Text:
    """Say what somebody chose, to themself."""
    if poll.how is How.CONSENT:
        return Text(DEGREES[int(vote[0]) - 1])
    named = dict.fromkeys(vote)
    times = {one: f" ({vote.count(one)})" if poll.how is How.DOTS else "" for one in named}
    return verbatim(", ".join(f"{poll.options[int(one) - 1]}{times[one]}" for one in named))


def result(poll: Poll) -> tuple[Text, ...]:
    """Say how it ended, in words; numbers only as far as they may be told."""
    found = poll.result or Result()
    values = {"question": poll.question}
    if found.mood is not None:
        return (Text("poll-result", {**values, "result": Text(_MOODS[found.mood])}),)
    first = Text("poll-result", {**values, "result": _won(poll, found)})
    if not found.counts:
        return (first, Text("poll-few")) if found.winners else (first,)
    unit = "poll-counted-dots" if poll.how is How.DOTS else "poll-counted"
    rows = tuple(
        Text(unit, {"number": number, "choice": option, "count": count})
        for number, (option, count) in enumerate(
            zip(poll.options, found.counts, strict=True), start=1
        )
    )
    return (Text("card", {"lines": (first, *rows)}),)


def _won(poll: Poll, found: Result) -> Text:
    winners = tuple(poll.options[number - 1] for number in found.winners)
    match winners:
        case ():
            return Text("poll-nobody")
        case (winner,):
            return Text("poll-winner", {"winner": winner})
        case _:
            return Text("poll-tie", {"winners": ", ".join(winners)})


def chart(poll: Poll) -> Chart | None:
    """Return the numbers as a picture; None: there are none to be told."""
    counts = poll.result.counts if poll.result is not None else ()
    bars = tuple(zip(poll.options, counts, strict=True)) if counts else ()
    return Chart(bars) if bars else None


def _numbered(poll: Poll) -> tuple[Text, ...]:
    labels = enumerate(poll.labels(), start=1)
    return tuple(Text("choice-number", {"number": n, "label": label}) for n, label in labels)


def _lasts(poll: Poll, group: Group) -> Text:
    if poll.until is not None:
        return Text("poll-lasts-until", {"moment": Moment(poll.until, group.charter.zone)})
    days, rest = divmod(poll.minutes, _DAY)
    if rest == 0:
        return Text("poll-lasts-day" if days == 1 else "poll-lasts-days", {"days": days})
    return Text("poll-lasts-hours", {"hours": round(poll.minutes / _HOUR)})


def until(poll: Poll, zone: str) -> Moment:
    """Return the moment of its end, as it is told."""
    return Moment(poll.closes or poll.since + timedelta(minutes=poll.minutes), zone)
