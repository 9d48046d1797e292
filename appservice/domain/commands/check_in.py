"""check-in on: asks you how you are, at a time that you choose; nobody sees your answer."""

from appservice.domain.checkins import wishing
from appservice.domain.checkins.forms import FORMS, OWN
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.own_pause import LONGEST
from appservice.domain.own_times_words import Named, named
from appservice.domain.spans import span
from appservice.domain.subcommand import spellings, subcommand
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import named as groups_named

SHORT = 3  # words of a text that may be meant as a time
_HOW = Reply("not_understood", (Text("checkin-how"),))


def check_in(turn: Turn, rest: str) -> Outcome | None:
    """Begin, change, rest or end it, in the group that is named, or in all; alone it tells."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    meant, left = groups_named(turn, groups, rest)
    word = subcommand(turn, left, "checkin", ("on", "off", "snooze")) if left else ("tell", "")
    if not groups:
        return turn.answer(notice(Text("checkin-none")))
    match word:
        case ("tell", _):
            return wishing.told(turn, meant or groups)
        case ("off", ""):
            return wishing.off(turn, meant or groups)
        case ("snooze", how_long):
            return _snooze(turn, meant or groups, how_long)
        case None:
            return _set(turn, meant or groups, left)
        case (name, how):
            set_ = _set(turn, meant or groups, how) if name == "on" else None
            return set_ or turn.answer(_HOW)


def _set(turn: Turn, groups: tuple[Group, ...], text: str) -> Outcome | None:
    """Take what is said of time and form; None: it was an ordinary sentence."""
    form, left = _form(turn, text)
    time = named(left, turn.state.words, turn.language)
    if time.rest or time.unclear:
        near = any((time.every, time.at, form)) and len(time.rest) < SHORT
        return turn.answer(_HOW) if near or time.unclear or len(text.split()) == 1 else None
    if form == OWN and any(not wishing.asks_own(turn, group) for group in groups):
        return turn.refuse(Text("checkin-no-own"))
    return _on(turn, groups, time, form)


def check_ins_off(turn: Turn) -> Outcome:
    """End it in every group."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    return wishing.off(turn, groups) if groups else turn.answer(notice(Text("checkin-none")))


def _on(turn: Turn, groups: tuple[Group, ...], time: Named, form: str | None) -> Outcome:
    """Whoever is asked in some groups already changes it there; else it begins in all of them."""
    asked = wishing.wishing(turn)
    again = tuple(group for group in groups if group.id in asked)
    changes = time.every is not None or time.at is not None or time.day is not None or form
    return wishing.on(turn, again if again and changes else groups, time, form)


def _snooze(turn: Turn, groups: tuple[Group, ...], rest: str) -> Outcome:
    own = tuple(group for group in groups if group.id in wishing.wishing(turn))
    if not own:
        return turn.answer(notice(Text("checkin-not-on")))
    until = span(rest, turn.state.words, turn.language, turn.now)
    if until is None or not turn.now < until <= turn.now + LONGEST:
        return turn.answer(Reply("not_understood", (Text("checkin-snooze-how"),)))
    return wishing.snoozed(turn, own, until)


def _form(turn: Turn, text: str) -> tuple[str | None, str]:
    """Take the word for a form out of a text."""
    folded = " ".join(text.casefold().split())
    for form in (*FORMS, OWN):
        for said in sorted(spellings(turn, f"checkin-form-{form}"), key=len, reverse=True):
            padded = f" {folded} "
            if f" {said} " in padded:
                return form, padded.replace(f" {said} ", " ", 1).strip()
    return None, text
