"""Publishing ground rules, and what can become of a change: suspended, resumed, taken back."""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.charter import Rules
from appservice.domain.drafting.signing import signatures_void
from appservice.domain.effects import Unwake, Wake
from appservice.domain.events import RatificationDue
from appservice.domain.ground_rules import asking, differences
from appservice.domain.ground_rules.renewal import WINDOW, ended, of
from appservice.domain.ground_rules.versions import Weight, covers, next_number
from appservice.domain.group import Change, Group
from appservice.domain.membership import current, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.pausing import resumed
from appservice.domain.person import Person
from appservice.domain.records import PauseReason, Version
from appservice.domain.state import State
from appservice.domain.telling import notices
from appservice.domain.turn import Turn, notice
from appservice.domain.types import (
    CauseId,
    GroupId,
    RoomId,
    RoomKind,
    Size,
    Text,
    Values,
)

RATIFIED_WITHIN = timedelta(days=14)
DAY = timedelta(days=1)


def published(
    turn: Turn, group: Group, weight: Weight, due: datetime, *, urgent: bool = False
) -> Outcome:
    """Let the proposal be the group's rules from now on; a major change asks everybody."""
    proposal = group.proposal
    if proposal is None:
        return NOTHING
    before_it, before = group, group.charter.rules
    number = next_number(before[0].version, turn.state.versions, weight)
    after = _texts(group, number)
    group = replace(group, charter=replace(group.charter, rules=after), proposal=None)
    version = Version(group.id, number, after, turn.now, proposal.why)
    kept = Outcome(puts=(version,)) + signatures_void(turn, before_it, group)
    if weight is not Weight.MAJOR:
        return kept + Outcome(puts=(group,)) + _told(turn, group, weight, before)
    change = Change(before, after, proposal.why, turn.user, due, urgent=urgent)
    group = replace(group, change=change)
    return kept + Outcome(puts=(group,)) + _asked(turn, group, due) + _ratification(turn, group)


def resumed_change(turn: Turn, group: Group, change: Change) -> Outcome:
    """After the talk: the change counts again, and everybody has fourteen new days."""
    due = turn.now + WINDOW
    charter = replace(group.charter, rules=change.after)
    again = replace(change, suspended=False, due=due, concerned=(), talked=False)
    group = replace(group, charter=charter, change=again)
    return Outcome(puts=(group,)) + _asked(turn, group, due)


def taken_back(turn: Turn, group: Group, change: Change) -> Outcome:
    """Let the rules before count again, for good; who agreed to the new ones only is asked."""
    charter = replace(group.charter, rules=change.before)
    group = replace(group, charter=charter, change=None)
    out = Outcome(puts=(group,), effects=(Unwake(_timer(group.id, change.version)),))
    text = Text("change-taken-back", {"group": charter.name, "version": change.before[0].version})
    for consent in current(turn.state.consents, group):
        renewal = of(turn.state, consent.user, group.id)
        if not covers(consent, group):
            out += asking.begin(turn, group, consent, turn.now + WINDOW)
            continue
        if renewal is not None:
            out += ended(renewal)
        if PauseReason.RULES in consent.pauses:
            unpaused = resumed(group, consent, PauseReason.RULES)
            group = next((put for put in unpaused.puts if isinstance(put, Group)), group)
            out += unpaused
        out += asking.tell_the_end(turn, consent, notice(text, group=charter.name))
    return out + notices(places_of_facilitators(turn.state, group), group, text)


def ratified(group: Group, change: Change) -> Outcome:
    """A second person stands for an urgent change."""
    kept = replace(group, change=replace(change, ratified=True))
    unwake = Unwake(_timer(group.id, change.version))
    return Outcome(puts=(kept,), effects=(unwake,))


def not_ratified(state: State, event: RatificationDue, cause: CauseId, now: datetime) -> Outcome:
    """An urgent change that nobody else stood for falls."""
    group = state.groups.get(event.group)
    change = group.change if group is not None else None
    if group is None or change is None or change.version != event.version:
        return NOTHING
    if not change.urgent or change.ratified:
        return NOTHING
    if state.restored:  # perhaps somebody stood for it after the copy was made
        return Outcome(effects=(Wake(_timer(group.id, change.version), now + DAY, event),))
    turn = Turn(state, RoomId(""), Person(change.by), group.charter.language, cause, now)
    return taken_back(turn, group, change)


def _texts(group: Group, number: str) -> tuple[Rules, ...]:
    """Return the proposed texts, and in languages that were not touched the present ones."""
    proposal = group.proposal
    if proposal is None:
        return group.charter.rules
    proposed = {rules.language: rules for rules in proposal.rules}
    return tuple(
        replace(proposed.get(rules.language, rules), version=number)
        for rules in group.charter.rules
        if rules.language not in proposal.dropped
    )


def _asked(turn: Turn, group: Group, due: datetime) -> Outcome:
    out = Outcome()
    for consent in current(turn.state.consents, group):
        if not covers(consent, group):
            out += asking.begin(turn, group, consent, due)
    values: Values = {"group": group.charter.name, "date": f"{due:%Y-%m-%d}"}
    places = places_of_facilitators(turn.state, group)
    lines = (Text("change-published", values), Text("change-for-the-circle", values))
    return out + notices(places, group, *lines)


def _told(turn: Turn, group: Group, weight: Weight, before: tuple[Rules, ...]) -> Outcome:
    """Tell of a change that asks for nothing: on the noticeboard, or everybody in their chat."""
    board = group.rooms.get(RoomKind.NOTICEBOARD)
    if weight is Weight.PATCH and board is not None and group.charter.size is not Size.SMALL:
        return notices((board,), group, *_lines(group, before, group.charter.language))
    out = Outcome()
    for consent in current(turn.state.consents, group):
        language = consent.language
        reply = notice(*_lines(group, before, language), group=group.charter.name)
        out += asking.tell(turn, consent, reply)
    return out


def _lines(group: Group, before: tuple[Rules, ...], language: str) -> tuple[Text, ...]:
    values: Values = {"group": group.charter.name, "version": group.charter.rules[0].version}
    said = differences.between_all(before, group.charter.rules, language)
    return Text("rules-amended", values), said, Text("rules-amended-nothing-to-do")


def _ratification(turn: Turn, group: Group) -> Outcome:
    change = group.change
    if change is None or not change.urgent:
        return NOTHING
    event = RatificationDue(group.id, change.version)
    wake = Wake(_timer(group.id, change.version), turn.now + RATIFIED_WITHIN, event)
    told = notices(places_of_facilitators(turn.state, group), group, Text("change-to-ratify"))
    return Outcome(effects=(wake,)) + told


def _timer(group: GroupId, version: str) -> str:
    return f"ratification {group} {version}"
