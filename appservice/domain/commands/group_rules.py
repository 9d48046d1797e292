"""!rules: shows, proposes and publishes the ground rules of your group."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.dates import day_in
from appservice.domain.facilitation import facilitated_first
from appservice.domain.gate.rules_text import rule_lines, rules_in
from appservice.domain.ground_rules import change, differences, proposal
from appservice.domain.ground_rules.renewal import WINDOW
from appservice.domain.ground_rules.versions import Weight
from appservice.domain.group import Change, Group, Proposal
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import after, subcommand
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text, Values

LONGEST_WHY = 600  # characters
LATEST = timedelta(days=180)
_NAMES = ("show", "propose", "remove", "why", "diff", "discard", "publish")
_NAMES_OF_CHANGE = ("ratify", "resume", "undo")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]+)?")


def group_rules(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says; without one, show the rules."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    word = subcommand(turn, rest, "rules", (*_NAMES, *_NAMES_OF_CHANGE)) if rest else ("show", "")
    if word is None:
        return turn.refuse(Text("rules-words"), group=group)
    name, rest = word
    if name in _NAMES_OF_CHANGE:
        return _on_change(turn, group, name)
    return _DOING[name](turn, group, rest)


def _show(turn: Turn, group: Group, _: str) -> Outcome:
    rules = rules_in(group.charter, turn.language)
    title = Text("rules-title", {"group": group.charter.name, "version": rules.version})
    lines = [Text("card", {"lines": (title, rule_lines(rules.rules))})]
    if group.change is not None and group.change.is_pending(turn.now):
        lines.append(_state_of(group.change))
    if group.proposal is not None:
        lines.append(Text("proposal-waits"))
    return turn.answer(Reply("rule", tuple(lines), group=group.charter.name))


def _propose(turn: Turn, group: Group, _: str) -> Outcome:
    written = after(turn.text, "rules-propose", turn)
    language, written = _language(group, written)
    return _proposed(turn, group, proposal.proposed(group, language, written))


def _remove(turn: Turn, group: Group, rest: str) -> Outcome:
    language, number = _language(group, rest)
    if not number.isdigit():
        return turn.refuse(Text("rules-words"), group=group)
    return _proposed(turn, group, proposal.without(group, language, int(number)))


def _proposed(turn: Turn, group: Group, found: Group | tuple[Text, ...]) -> Outcome:
    if isinstance(found, tuple):
        return turn.refuse(*found, group=group)
    return Outcome(puts=(found,)) + _diff(turn, found, "")


def _why(turn: Turn, group: Group, rest: str) -> Outcome:
    why = " ".join(after(turn.text, "rules-why", turn).split()) or rest
    if group.proposal is None:
        return turn.refuse(Text("proposal-none"), group=group)
    if not why or len(why) > LONGEST_WHY:
        return turn.refuse(Text("proposal-why-form", {"most": LONGEST_WHY}), group=group)
    kept = replace(group, proposal=replace(group.proposal, why=why))
    return Outcome(puts=(kept,)) + _diff(turn, kept, "")


def _diff(turn: Turn, group: Group, _: str) -> Outcome:
    """Say what the proposal changes, in each language that it touches, and what is still due."""
    if group.proposal is None:
        return turn.refuse(Text("proposal-none"), group=group)
    lines: list[Text] = []
    for after_ in group.proposal.rules:
        before = rules_in(group.charter, after_.language)
        title = Text("proposal-in", {"language": after_.language})
        said = differences.said(differences.between(before, after_))
        lines.append(Text("card", {"lines": (title, said)}))
    if group.proposal.why:
        lines.append(Text("renewal-why", {"why": group.proposal.why}))
    lines.append(Text("proposal-how-on"))
    return turn.answer(Reply("rule", tuple(lines), group=group.charter.name))


def _discard(turn: Turn, group: Group, _: str) -> Outcome:
    kept = replace(group, proposal=None)
    said = notice(Text("proposal-discarded"), group=group.charter.name)
    return Outcome(puts=(kept,)) + turn.answer(said)


def _publish(turn: Turn, group: Group, rest: str) -> Outcome:
    waiting = group.proposal
    if waiting is None:
        return turn.refuse(Text("proposal-none"), group=group)
    if group.change is not None and group.change.is_pending(turn.now):
        return turn.refuse(Text("change-pending"), _state_of(group.change), group=group)
    word = subcommand(turn, rest, "weight", ("patch", "minor", "major", "urgent"))
    if word is None:
        return turn.refuse(Text("publish-words"), group=group)
    name, rest = word
    urgent = name == "urgent"
    weight = Weight.MAJOR if urgent else Weight(name)
    due = _due(turn, rest)
    if isinstance(due, Text):
        return turn.refuse(due, group=group)
    if faults := _faults(group, waiting, weight, urgent=urgent):
        return turn.refuse(*faults, group=group)
    values: Values = {"group": group.charter.name, "date": f"{due:%Y-%m-%d}"}
    key = "published-major" if weight is Weight.MAJOR else "published"
    said = turn.answer(notice(Text(key, values), group=group.charter.name))
    return said + change.published(turn, group, weight, due, urgent=urgent)


def _faults(group: Group, waiting: Proposal, weight: Weight, *, urgent: bool) -> list[Text]:
    """Return what keeps a proposal from being published with this weight."""
    found = []
    changes = [
        differences.between(rules_in(group.charter, text.language), text) for text in waiting.rules
    ]
    if not any(changes):
        found.append(Text("proposal-changes-nothing"))
    if weight is not Weight.MAJOR and any(one.adds_or_removes for one in changes):
        found.append(Text("publish-needs-major"))
    if urgent and any(one.gone for one in changes):
        found.append(Text("urgent-takes-nothing-away"))
    if weight is not Weight.PATCH:
        if missing := proposal.languages_left(group, waiting):
            found.append(Text("proposal-languages", {"languages": ", ".join(missing)}))
        if not waiting.why:
            found.append(Text("proposal-why-missing"))
    return found


def _due(turn: Turn, rest: str) -> datetime | Text:
    """Return until when everybody is asked: in fourteen days, or on a later day that is named."""
    earliest = turn.now + WINDOW
    if not rest.strip():
        return earliest
    due = day_in(rest)
    if due is None:
        return Text("publish-date-form")
    if due < earliest:
        return Text("publish-date-early", {"date": f"{earliest + timedelta(days=1):%Y-%m-%d}"})
    if due > turn.now + LATEST:
        return Text("publish-date-late", {"days": LATEST.days})
    return due


def _on_change(turn: Turn, group: Group, name: str) -> Outcome:
    now = group.change
    if now is None or not now.is_pending(turn.now):
        return turn.refuse(Text("change-none"), group=group)
    match name:
        case "ratify" if now.urgent and not now.ratified:
            if turn.user == now.by:
                return turn.refuse(Text("ratify-another"), group=group)
            said = notice(Text("change-ratified"), group=group.charter.name)
            return change.ratified(group, now) + turn.answer(said)
        case "resume" if now.suspended:
            return change.resumed_change(turn, group, now)
        case "undo":
            return change.taken_back(turn, group, now)
        case _:
            return turn.refuse(Text("change-not-so"), _state_of(now), group=group)


def _state_of(now: Change) -> Text:
    values: Values = {"version": now.version, "date": f"{now.due:%Y-%m-%d}"}
    if now.suspended:
        return Text("change-is-suspended", values)
    if now.urgent and not now.ratified:
        return Text("change-is-urgent", values)
    return Text("change-is-asked", values)


def _language(group: Group, written: str) -> tuple[str, str]:
    """Split off a language tag at the beginning; without one the group's own is meant."""
    first, *rest = written.split(maxsplit=1) or [""]
    if _LANGUAGE.fullmatch(first.casefold()):
        return first.casefold(), "".join(rest)
    return group.charter.rules[0].language, written


_Doing = Callable[[Turn, Group, str], Outcome]
_DOING: Mapping[str, _Doing] = {
    "show": _show,
    "propose": _propose,
    "remove": _remove,
    "why": _why,
    "diff": _diff,
    "discard": _discard,
    "publish": _publish,
}
