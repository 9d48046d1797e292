"""leave: takes you out of a group, at once and without a reason."""

from dataclasses import replace

from appservice.domain.asked import closed, closed_about
from appservice.domain.departure import departed
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.person import Choice
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Text, verbatim


def leave(turn: Turn, rest: str, *first: Text) -> Outcome | None:
    """Leave the one group, the one that is named, or ask which; `first` is said before."""
    groups = _groups(turn)
    if rest:
        sessions = [turn.groups[consent.group] for consent in turn.sessions()]
        named = [
            g for g in (*groups, *sessions) if g.charter.name.casefold() == rest.strip().casefold()
        ]
        return leave_group(turn, named[0], *first) if named else None
    if not groups:
        return turn.answer(notice(Text("leave-none")))
    if len(groups) == 1:
        return leave_group(turn, groups[0], *first)
    names = [verbatim(group.charter.name) for group in groups]
    choices = tuple(Choice(g.charter.name, n, n) for g, n in zip(groups, names, strict=True))
    return turn.answer(
        Reply("notice", (*first, Text("leave-which")), choices=choices, ask=Ask("leave"))
    )


def leave_chosen(turn: Turn, name: str) -> Outcome | None:
    """Leave the group that was chosen by its name; None if it is none of theirs any more."""
    return next((leave_group(turn, g) for g in _groups(turn) if g.charter.name == name), None)


def leave_group(turn: Turn, group: Group, *first: Text) -> Outcome:
    """Withdraw every consent, forget the application, and take the member out of every room."""
    asked = closed_about(closed(turn.person.asked, "leave", None), group.id)
    if group.split is not None:
        asked = closed(asked, "split", group.split.new)
    said = Reply(
        "withdrawn",
        (
            *first,
            Text("withdrawn", {"group": group.charter.name}),
            Text("withdrawn-messages"),
            Text("withdrawn-help"),
        ),
        group=group.charter.name,
    )
    left = departed(turn, turn.user, group)
    return left + replace(turn, person=replace(turn.person, asked=asked)).answer(said)


def _groups(turn: Turn) -> list[Group]:
    ids = [record.group for record in turn.memberships()]
    ids += [grace.group for grace in turn.state.graces if grace.user == turn.user]
    return [turn.groups[group] for group in dict.fromkeys(ids) if group in turn.groups]
