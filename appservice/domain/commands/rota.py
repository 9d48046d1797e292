"""!rota: shows when who of you is there, like !rota add mon 18:00-22:00 @ada:example.org."""

from collections.abc import Callable, Mapping

from appservice.domain.cases import waiting
from appservice.domain.duty import planning, promise
from appservice.domain.duty.hours import DAYS
from appservice.domain.duty.rota import Slot
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Size, Text, Values


def rota(turn: Turn, rest: str) -> Outcome:
    """Show the slots by number, add one for a day or several, or take one out."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if group.charter.size is Size.SMALL:
        return _said(turn, group, "refusal", Text("rota-small"))
    word = subcommand(turn, rest, "rota", _DOING) if rest else ("show", "")
    if word is None:
        return _said(turn, group, "refusal", Text("rota-words"))
    return _DOING[word[0]](turn, group, word[1])


def _show(turn: Turn, group: Group, _: str) -> Outcome:
    slots = group.rota.slots
    if not slots:
        return _said(turn, group, "duty", Text("rota-empty"), Text("rota-words"))
    lines = (_line(group, number, slot) for number, slot in enumerate(slots, start=1))
    title = Text("rota-title", {"group": group.charter.name, "zone": group.charter.zone})
    return _said(turn, group, "duty", Text("card", {"lines": (title, *lines)}))


def _add(turn: Turn, group: Group, rest: str) -> Outcome:
    wished, users = planning.read(turn, rest), planning.people(turn, group)
    if wished is None:
        return _said(turn, group, "refusal", Text("rota-form"))
    if isinstance(users, Text):
        return _said(turn, group, "refusal", users)
    after = planning.added(group, wished, users)
    if isinstance(after, Text):
        return _said(turn, group, "refusal", after)
    kept = Outcome(puts=(after,)) + waiting.looked_at(turn, group.id)
    return kept + _show(turn, after, "")


def _remove(turn: Turn, group: Group, rest: str) -> Outcome:
    after = planning.without(group, int(rest)) if rest.isdecimal() else None
    if after is None:
        return _said(turn, group, "refusal", Text("rota-no-slot"))
    kept = promise.looked_at(turn, after) + waiting.looked_at(turn, group.id)
    return kept + _show(turn, after, "")


def _line(group: Group, number: int, slot: Slot) -> Text:
    """Say a slot; whoever is no facilitator any more is not there in it."""
    users = [user for user in slot.users if user in group.charter.facilitators]
    values: Values = {
        "number": number,
        "day": DAYS[slot.day],
        "begins": f"{slot.begins:%H:%M}",
        "ends": f"{slot.ends:%H:%M}",
        "users": ", ".join(users) or Text("rota-line-nobody"),
    }
    return Text("rota-line", values)


def _said(turn: Turn, group: Group, kind: str, *lines: Text) -> Outcome:
    return turn.answer(Reply(kind, lines, group=group.charter.name))


_Doing = Callable[[Turn, Group, str], Outcome]
_DOING: Mapping[str, _Doing] = {"show": _show, "add": _add, "remove": _remove}
