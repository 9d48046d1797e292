"""!joint BIRCH 2027-05-12 19:00 for 90m: asks another group of this server for one session."""

from collections.abc import Callable, Mapping

from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group, Session
from appservice.domain.joint.asking import other_name
from appservice.domain.joint.planning import MOST, agreed, called_off, proposed, sessions_of
from appservice.domain.joint.reading import read
from appservice.domain.joint.times import lapses
from appservice.domain.meetings.recurrence import instant
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Moment, Text, Values


def plan_joint(turn: Turn, rest: str) -> Outcome:
    """Ask another group, answer one that asks (`yes`, `no`), call off; alone: show what is."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if not rest:
        return _shown(turn, group)
    word = subcommand(turn, rest, "joint", ("yes", "no", "cancel"))
    if word is not None:
        return _DOING[word[0]](turn, group, word[1])
    return _asked(turn, group, rest)


def _shown(turn: Turn, group: Group) -> Outcome:
    lines = [_line(group, session, about) for session, about in sessions_of(turn, group)]
    if not lines:
        return turn.answer(notice(Text("joint-none"), group=group.charter.name))
    card = Text("card", {"lines": (Text("joint-title"), *lines)})
    return turn.answer(notice(card, Text("joint-words"), group=group.charter.name))


def _line(group: Group, session: Group, about: Session) -> Text:
    ours = about.of[0] == group.id
    key = "joint-line-on" if session.stage == "joint" else "joint-line-asked"
    key = "joint-line-asks" if session.stage == "asked" and not ours else key
    values: Values = {
        "name": session.charter.name,
        "when": Moment(about.starts, group.charter.zone),
        "until": Moment(lapses(session, about), group.charter.zone, short=True),
    }
    return Text(key, values)


def _asked(turn: Turn, group: Group, rest: str) -> Outcome:
    if group.stage != "open":
        return turn.refuse(Text("joint-not-open", {"group": group.charter.name}), group=group)
    if len(group.joint) >= MOST:
        return turn.refuse(Text("joint-many", {"most": MOST}), group=group)
    wish = read(turn, group, rest)
    if isinstance(wish, Text):
        return turn.refuse(wish, group=group)
    zone = group.charter.zone
    values: Values = {
        "other": wish.name,
        "when": Moment(instant(wish.wall, zone), zone),
        "minutes": wish.minutes,
    }
    said = notice(Text("joint-asked", values), Text("joint-asked-how"), group=group.charter.name)
    return proposed(turn, group, wish) + turn.answer(said)


def _yes(turn: Turn, group: Group, name: str) -> Outcome:
    found = _meant(turn, group, name, asks_us=True)
    if isinstance(found, Text):
        return turn.refuse(found, group=group)
    session, about = found
    if turn.user == about.by:
        return turn.refuse(Text("joint-another"), group=group)
    if turn.now >= lapses(session, about) or group.stage != "open":
        return turn.refuse(Text("joint-too-late"), group=group)
    values: Values = {"other": other_name(session, group)}
    said = notice(Text("joint-yes", values), group=group.charter.name)
    return agreed(turn, session) + turn.answer(said)


def _no(turn: Turn, group: Group, name: str) -> Outcome:
    return _off(turn, group, _meant(turn, group, name, asks_us=True))


def _cancel(turn: Turn, group: Group, name: str) -> Outcome:
    return _off(turn, group, _meant(turn, group, name, asks_us=False))


def _off(turn: Turn, group: Group, found: tuple[Group, Session] | Text) -> Outcome:
    if isinstance(found, Text):
        return turn.refuse(found, group=group)
    session, about = found
    said = notice(Text("joint-off", {"name": session.charter.name}), group=group.charter.name)
    return called_off(turn, session, about) + turn.answer(said)


def _meant(turn: Turn, group: Group, name: str, *, asks_us: bool) -> tuple[Group, Session] | Text:
    """Return the one session that is meant, by the other group's name where there are several."""
    found = sessions_of(turn, group)
    if asks_us:
        found = [(s, x) for s, x in found if s.stage == "asked" and x.of[1] == group.id]
    if name:
        said = name.casefold()
        found = [(s, x) for s, x in found if said in s.charter.name.casefold().split(" + ")]
    if not found:
        return Text("joint-nothing-open")
    if len(found) > 1:
        return Text("joint-which", {"names": ", ".join(s.charter.name for s, _ in found)})
    return found[0]


_Doing = Callable[[Turn, Group, str], Outcome]
_DOING: Mapping[str, _Doing] = {"yes": _yes, "no": _no, "cancel": _cancel}
