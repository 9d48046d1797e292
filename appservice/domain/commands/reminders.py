"""reminders: shows or sets when I remind you of meetings, like reminders 24h 1h."""

from collections.abc import Sequence
from dataclasses import replace

from appservice.domain.group import Group
from appservice.domain.meetings import reminders as planning
from appservice.domain.meetings import rsvp, rungs
from appservice.domain.meetings.reminding import Reminding
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import wants_any
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Size, Text, Values
from appservice.domain.which import named


def reminders(turn: Turn, rest: str) -> Outcome | None:
    """Set it for the group that is named, else for all; alone, tell how it is."""
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    meant, left = named(turn, groups, rest)
    if not left:
        return turn.answer(_told(turn, meant or groups))
    if left.casefold() in spellings(turn, "reminders-on"):
        return _set(turn, meant or groups, wanted=True, ladder=())
    if left.casefold() in spellings(turn, "reminders-off"):
        return _set(turn, meant or groups, wanted=False, ladder=())
    ladder = rungs.read(turn, left)
    if ladder is not None:
        return _set(turn, meant or groups, wanted=True, ladder=ladder)
    if any(sign.isdecimal() for sign in left):
        return turn.answer(Reply("not_understood", (Text("reminders-form"),)))
    return None


def _set(turn: Turn, groups: Sequence[Group], *, wanted: bool, ladder: tuple[int, ...]) -> Outcome:
    """Keep it, and plan anew what is near."""
    out, kept = NOTHING, {}
    for group in groups:
        own = planning.of_member(turn.state, turn.user, group)
        own = replace(own or Reminding(turn.user, group.id), wanted=wanted, ladder=ladder)
        kept[group.id] = own
        out += Outcome(puts=(own,))
        for one in rsvp.upcoming(turn.state, (group,), turn.now):
            out += planning.planned(turn.person, own, group, one, turn.now)
    others = [one for one in turn.state.of(Reminding) if one.group not in kept]
    seen = replace(turn.state, rhythm=(*others, *kept.values()))
    return out + turn.answer(_told(replace(turn, state=seen), groups))


def _told(turn: Turn, groups: Sequence[Group]) -> Reply:
    if not groups:
        return notice(Text("reminders-no-group"))
    lines = [Text("reminders-title"), *(_line(turn, group) for group in groups)]
    said = [Text("card", {"lines": tuple(lines)}), Text("reminders-how")]
    if not wants_any(turn.person, turn.now):
        said.append(Text("reminders-silent"))
    return notice(*said)


def _line(turn: Turn, group: Group) -> Text:
    own = planning.of_member(turn.state, turn.user, group)
    usual = group.charter.size is Size.SMALL
    if not (usual if own is None or own.wanted is None else own.wanted):
        return Text("reminders-line-off", {"group": group.charter.name})
    if own is None or not own.ladder:
        return Text("reminders-line-usual", {"group": group.charter.name})
    values: Values = {"group": group.charter.name, "ladder": rungs.said(own.ladder)}
    return Text("reminders-line-on", values)
