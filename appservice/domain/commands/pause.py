"""pause 2 weeks: lets you only read in a group for a while; others can see it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from appservice.domain import own_pause
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.spans import span
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import ALL, choices, chosen, name_of, named

HOW_LONG = "pause-long"
SHORT = 2  # words of a text that may be meant as a span
_SPANS = {"week": timedelta(weeks=1), "weeks": timedelta(weeks=2), "open": own_pause.LONGEST}


def pause(turn: Turn, rest: str) -> Outcome | None:
    """Pause in the one group, the one that is named, or all; ask what was not said."""
    groups = _groups(turn)
    meant, left = named(turn, groups, rest)
    ends = span(left, turn.state.words, turn.language, turn.now) if left else None
    if left and ends is None:
        how = Reply("not_understood", (Text("pause-how"),))
        return turn.answer(how) if _seems_a_span(turn, left) else None
    if not groups:
        return turn.answer(notice(Text("pause-none")))
    return _go_on(turn, meant, ends)


def pause_chosen(turn: Turn, asked: Asked, choice: str) -> Outcome | None:
    """Take an answer to the question how long, or in which group."""
    groups = _groups(turn)
    if asked.topic == HOW_LONG:
        return _go_on(turn, chosen(groups, asked.about), turn.now + _SPANS[choice])
    return _go_on(turn, chosen(groups, choice), datetime.fromisoformat(asked.about))


def pause_unclear(turn: Turn, asked: Asked) -> Outcome | None:
    """Take another span than those that were offered; None if the text names none."""
    if asked.topic != HOW_LONG:
        return None
    ends = span(turn.text, turn.state.words, turn.language, turn.now)
    return None if ends is None else _go_on(turn, chosen(_groups(turn), asked.about), ends)


def _go_on(turn: Turn, meant: Sequence[Group], ends: datetime | None) -> Outcome:
    """Pause, or ask for what is missing still: first how long, then where."""
    groups = _groups(turn)
    if ends is None:
        return turn.answer(_ask_how_long(meant))
    if ends <= turn.now:
        return turn.refuse(Text("pause-past"))
    if ends > turn.now + own_pause.LONGEST:
        last = Text("pause-too-long", {"date": f"{turn.now + own_pause.LONGEST:%Y-%m-%d}"})
        return turn.refuse(last)
    if not groups:
        return turn.answer(notice(Text("pause-none")))
    if not meant and len(groups) > 1:
        asking = Ask("pause", about=ends.isoformat())
        lines = (Text("pause-which"),)
        return turn.answer(Reply("notice", lines, choices=choices(groups), ask=asking))
    return own_pause.begun(turn, meant or groups, ends)


def _ask_how_long(meant: Sequence[Group]) -> Reply:
    about = ALL if len(meant) > 1 else name_of(meant)
    offered = (
        Choice("week", Text("choice-week"), Text("choice-week")),
        Choice("weeks", Text("choice-weeks"), Text("choice-weeks")),
        Choice("open", Text("choice-open"), Text("choice-open-reply")),
    )
    asking = Ask(HOW_LONG, about=about)
    return Reply("notice", (Text("pause-how-long"),), choices=offered, ask=asking)


def _groups(turn: Turn) -> tuple[Group, ...]:
    return tuple(turn.groups[consent.group] for consent in turn.consents())


def _seems_a_span(turn: Turn, text: str) -> bool:
    """Tell a span in other words from a sentence that only begins with the same word."""
    words, said = turn.state.words, text.casefold().split()
    fillers = words.synonyms("span-filler", turn.language) | words.synonyms("span-filler", "en")
    short = len(said) <= SHORT and said[0] in fillers
    return short or any(sign.isdecimal() for sign in text)
