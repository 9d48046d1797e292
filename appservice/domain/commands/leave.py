"""leave: takes you out of a group, at once and without a reason."""

from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.effects import Remove
from appservice.domain.gate.application import abandoned
from appservice.domain.gate.record import taken_back
from appservice.domain.grace import over
from appservice.domain.ground_rules.renewal import ended, of
from appservice.domain.outcome import Outcome
from appservice.domain.pausing import unmuted
from appservice.domain.state import Choice, Group
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Text, verbatim


def leave(turn: Turn, rest: str) -> Outcome | None:
    """Leave the one group, the one that is named, or ask which."""
    groups = _groups(turn)
    if rest:
        named = [g for g in groups if g.charter.name.casefold() == rest.strip().casefold()]
        return leave_group(turn, named[0]) if named else None
    if not groups:
        return turn.answer(notice(Text("leave-none")))
    if len(groups) == 1:
        return leave_group(turn, groups[0])
    names = [verbatim(group.charter.name) for group in groups]
    choices = tuple(Choice(g.charter.name, n, n) for g, n in zip(groups, names, strict=True))
    return turn.answer(Reply("notice", (Text("leave-which"),), choices=choices, ask=Ask("leave")))


def leave_chosen(turn: Turn, name: str) -> Outcome | None:
    """Leave the group that was chosen by its name; None if it is none of theirs any more."""
    return next((leave_group(turn, g) for g in _groups(turn) if g.charter.name == name), None)


def leave_group(turn: Turn, group: Group) -> Outcome:
    """Withdraw every consent, forget the application, and take the member out of every room."""
    left = Outcome()
    for consent in turn.consents():
        if consent.group == group.id:
            gone = replace(consent, withdrawn=turn.now, pauses=())
            left += Outcome(puts=(gone,), entries=taken_back(gone, turn.now))
            left += unmuted(group, gone)
    if renewal := of(turn.state, turn.user, group.id):
        left += ended(renewal)
    if application := turn.application(group.id):
        left += abandoned(turn.state, application)
    for grace in turn.state.graces:
        if (grace.user, grace.group) == (turn.user, group.id):
            left += over(grace)
    if group.rooms:
        left += Outcome(effects=(Remove(turn.user, tuple(group.rooms.values())),))
    asked = closed(turn.person.asked, "leave", None)
    for topic in ("gate", "renewal"):
        asked = closed(asked, topic, group.id)
    said = Reply(
        "withdrawn",
        (Text("withdrawn", {"group": group.charter.name}), Text("withdrawn-help")),
        group=group.charter.name,
    )
    return left + replace(turn, person=replace(turn.person, asked=asked)).answer(said)


def _groups(turn: Turn) -> list[Group]:
    ids = [record.group for record in turn.memberships()]
    ids += [grace.group for grace in turn.state.graces if grace.user == turn.user]
    return [turn.groups[group] for group in dict.fromkeys(ids) if group in turn.groups]
