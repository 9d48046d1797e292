"""!split: begins a second group beside yours, and asks each member whether to move there."""

import re
from dataclasses import replace

from appservice.domain import founding
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group, Split
from appservice.domain.group_life.splitting import begun, proposed
from appservice.domain.membership import FACILITATORS
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, UserId

_USER = re.compile(r"@[\w.=/+-]+:[\w.:-]*\w")  # bare, or in what an app makes of a mention


def split(turn: Turn, rest: str) -> Outcome:
    """Ask for a second group, agree to one, or take the wish back."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if subcommand(turn, rest, "split", ("undo",)) is not None:
        return _undone(turn, group)
    name = group.charter.name
    if group.stage not in ("open", "quiet"):
        return turn.refuse(Text("stage-not-open", {"group": name}), group=group)
    if (
        group.split is not None
        and group.split.new is not None
        and not _has_closed(turn, group.split)
    ):
        return turn.refuse(Text("split-already", {"name": group.split.name}), group=group)
    return _wished(turn, group, rest)


def _has_closed(turn: Turn, split: Split) -> bool:
    new = turn.groups.get(split.new) if split.new is not None else None
    return new is not None and new.stage == "closed"


def _wished(turn: Turn, group: Group, rest: str) -> Outcome:
    named = tuple(dict.fromkeys(UserId(user.lower()) for user in _USER.findall(turn.text)))
    wanted = " ".join(_USER.sub(" ", rest).replace("@", " ").split())
    wish = group.split if group.split is not None and group.split.new is None else None
    if wish is not None and not named and wish.name.casefold() == wanted.casefold():
        if wish.by == turn.user:
            return turn.refuse(Text("split-another"), group=group)
        said = notice(Text("split-agreed", {"name": wish.name}), group=group.charter.name)
        return begun(turn, group, wish) + turn.answer(said)
    charter = replace(group.charter, name=wanted, facilitators=named)
    if not wanted or len(named) < FACILITATORS:
        return turn.refuse(Text("split-words"), group=group)
    faults = founding.faults_of_draft(charter, turn.state.house.known)
    if wanted.casefold() == group.charter.name.casefold():
        faults = (Text("split-name-taken", {"name": wanted}),)
    if faults:
        return turn.refuse(faults[0], group=group)
    said = notice(Text("split-proposed", {"name": wanted}), group=group.charter.name)
    return proposed(turn, group, Split(turn.user, wanted, named)) + turn.answer(said)


def _undone(turn: Turn, group: Group) -> Outcome:
    if group.split is None or group.split.new is not None:
        return turn.refuse(Text("split-none"), group=group)
    said = notice(Text("split-undone"), group=group.charter.name)
    return Outcome(puts=(replace(group, split=None),)) + turn.answer(said)
