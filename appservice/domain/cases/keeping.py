"""Keeps a case after a word about it, and answers whoever said it."""

from dataclasses import replace

from appservice.domain.cases.case import Case, Level
from appservice.domain.cases.clock import kept
from appservice.domain.cases.log import noted
from appservice.domain.cases.seeing import Seen, is_for_room
from appservice.domain.cases.table import Act, By, moved
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import in_private
from appservice.domain.turn import Reply, notice
from appservice.domain.types import Text, UserId


def done(seen: Seen, act: Act, code: str, by: By = By.OWNER) -> Case | None:
    """Return the case after an act that is written down; None if the act does not go from here."""
    stage = moved(seen.case.stage, act, by)
    if stage is None:
        return None
    turn = seen.turn
    after = noted(replace(seen.case, stage=stage), code, turn.now, turn.user)
    return replace(after, acted=turn.now)


def noticed(seen: Seen, code: str) -> Case:
    """Return the case after something that leaves it where it is, and is written down."""
    case = noted(seen.case, code, seen.turn.now, seen.turn.user)
    return replace(case, acted=seen.turn.now)


def settled(seen: Seen, after: Case, reply: Reply) -> Outcome:
    """Keep the case as it is now, and say what came of it; in private where others read it."""
    turn, group, out = seen.turn, seen.group, NOTHING
    if Level.RED in (seen.case.level, after.level):
        group = replace(group, red=turn.now)
        out = Outcome(puts=(group,))
    out += kept(turn, group, seen.case, after)
    if is_for_room(turn, group, after):
        return out + turn.answer(reply)
    return out + in_private(turn, group, turn.user, reply)


def said(seen: Seen, *lines: Text) -> Reply:
    """Make the plainest answer about a case."""
    return replace(notice(*lines, group=seen.group.charter.name), case=seen.case.name)


def refused(seen: Seen, *lines: Text) -> Outcome:
    """Say why nothing has changed."""
    name = seen.group.charter.name
    return seen.turn.answer(Reply("refusal", lines, group=name, case=seen.case.name))


def whispered(seen: Seen, *lines: Text) -> Outcome:
    """Say why nothing has changed where only they read it: it tells who raised the case."""
    turn, name = seen.turn, seen.group.charter.name
    reply = Reply("refusal", lines, group=name, case=seen.case.name)
    return in_private(turn, seen.group, turn.user, reply)


def told(seen: Seen, user: UserId, *lines: Text, kind: str = "notice") -> Outcome:
    """Tell somebody in their private chat; whoever has just spoken has their answer already."""
    if user == seen.turn.user:
        return NOTHING
    reply = Reply(kind, lines, group=seen.group.charter.name, case=seen.case.name)
    return in_private(seen.turn, seen.group, user, reply)
