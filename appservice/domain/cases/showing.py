"""Shows cases to who may see them: numbers, levels, states and times; never what was said."""

from appservice.domain.cases.acts import possible
from appservice.domain.cases.case import For, Track
from appservice.domain.cases.names import LEVELS, STAGES, TRACKS
from appservice.domain.cases.seconding import said_of
from appservice.domain.cases.seeing import Seen, all_seen
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Moment, Text, Values


def listed(turn: Turn) -> Outcome:
    """List every open case that may be spoken of here."""
    open_ones = [one for one in all_seen(turn) if one.case.is_open]
    if not open_ones:
        return turn.answer(Reply("case_note", (Text("cases-none"),)))
    card = Text("card", {"lines": (Text("cases-title"), *map(_line, open_ones))})
    return turn.answer(Reply("case_note", (card, Text("cases-how"))))


def shown(seen: Seen) -> Outcome:
    """Show one case, and what can be done about it now."""
    case, name = seen.case, seen.group.charter.name
    lines = [_line(seen)]
    if case.second is not None:
        lines.append(Text("case-second-is", {"user": case.second}))
    if case.wanted is not None:
        values: Values = {"user": case.wanted.by, "what": said_of(case.wanted)}
        lines.append(Text("case-wanted", values))
    can = possible(seen) or (Text("case-can-nothing"),)
    card = Text("card", {"lines": (Text("case-can"), *can)})
    first = Text("card", {"lines": tuple(lines)})
    track = Text(_note(seen), {"number": case.number})
    return seen.turn.answer(
        Reply("case_note", (first, card, track), group=name, case=case.name),
    )


def _note(seen: Seen) -> str:
    if seen.case.track is Track.CARE:
        return "case-care-note"
    is_team = seen.case.visible is not For.FACILITATORS  # no step of the ladder is for those
    return "case-conduct-team" if is_team else "case-conduct-note"


def _line(seen: Seen) -> Text:
    case, zone = seen.case, seen.group.charter.zone
    values: Values = {
        "number": case.number,
        "group": seen.group.charter.name,
        "track": TRACKS[case.track],
        "level": LEVELS[case.level],
        "state": STAGES[case.stage],
        "since": Moment(case.opened, zone, short=True),
        "user": case.owner or "",
    }
    if case.track is Track.CARE:
        key = "case-line" if case.owner is not None else "case-line-nobody"
    else:
        key = "case-line-conduct" if case.owner is not None else "case-line-conduct-nobody"
    return Text(key, values)
