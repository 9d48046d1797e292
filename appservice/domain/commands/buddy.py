"""buddy: shows how it stands; with on, off, volunteer, snooze or end it changes that."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from appservice.domain.buddies import wishing
from appservice.domain.buddies.matching import buddies_of, kept
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.spans import span
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import name_of, named

LONGEST = timedelta(days=184)  # of a rest
_EVERYWHERE = ("off", "end")  # in all groups, unless one is named
_NAMES = ("on", "off", "volunteer", "snooze", "end", "yes", "no")


def buddy(turn: Turn, rest: str) -> Outcome | None:
    """Do what the word after it says; without one, say how it stands."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    meant, words = named(turn, groups, rest)
    found = subcommand(turn, words, "buddy", _NAMES) if words else ("", "")
    if found is None or (found[1] and found[0] != "snooze"):
        return None
    if not groups:
        return turn.answer(notice(Text("in-no-group")))
    name, more = found
    if not name:
        return _shown(turn, meant or groups)
    if name in _EVERYWHERE:
        return _ended(turn, meant or groups, everything=name == "off")
    if name in ("yes", "no") and not meant:
        meant = tuple(g for g in groups if buddies_of(turn.state, g.id).asked(turn.user))
    if len(meant or groups) > 1:
        line = Text("name-the-group", {"names": name_of(groups)})
        return turn.refuse(line)
    group = (meant or groups)[0]
    return _snoozed(turn, group, more) if name == "snooze" else _DOING[name](turn, group)


def _shown(turn: Turn, groups: tuple[Group, ...]) -> Outcome:
    lines: list[Text] = []
    for group in groups:
        buddies, name = buddies_of(turn.state, group.id), group.charter.name
        for half in buddies.others(turn.user, turn.now):
            values = {"user": half.other, "group": name, "date": f"{half.until:%Y-%m-%d}"}
            lines.append(Text("buddy-is", values))
        if turn.user in buddies.seeking:
            lines.append(Text("buddy-is-wished", {"group": name}))
        if turn.user in buddies.volunteers:
            lines.append(Text("buddy-is-volunteer", {"group": name}))
    return turn.answer(notice(*(lines or [Text("buddy-what")]), Text("buddy-words")))


def _ended(turn: Turn, groups: tuple[Group, ...], *, everything: bool) -> Outcome:
    """End it in silence; whoever the other is hears nothing of it."""
    out = NOTHING
    for group in groups:
        if everything:
            out += wishing.left(turn.state, turn.user, group.id, turn.now)
        else:
            out += kept(wishing.ended(turn, group), turn.now)
    return out + turn.answer(notice(Text("buddy-off" if everything else "buddy-ended")))


def _snoozed(turn: Turn, group: Group, words: str) -> Outcome:
    ends = span(words, turn.state.words, turn.language, turn.now, group.charter.zone)
    if ends is None or not turn.now < ends <= turn.now + LONGEST:
        return turn.refuse(Text("buddy-snooze-how"))
    return wishing.rests(turn, group, ends)


_DOING: Mapping[str, Callable[[Turn, Group], Outcome]] = {
    "on": wishing.wishes,
    "volunteer": wishing.volunteers,
    "yes": wishing.says_yes,
    "no": wishing.says_no,
}
