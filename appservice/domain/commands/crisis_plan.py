"""!plan: shows the crisis plan of your group, changes it, and keeps your name under it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from appservice.domain.crisis_plan import clock, keeping
from appservice.domain.crisis_plan.review import REVIEW
from appservice.domain.dates import day_in
from appservice.domain.drafting import signing
from appservice.domain.drafting.fields import open_fields, read, write
from appservice.domain.drafting.questions import QUESTIONS
from appservice.domain.facilitation import facilitated_first
from appservice.domain.founding import plan_of
from appservice.domain.group import Group
from appservice.domain.group_life.review import HALF_A_YEAR
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import after, subcommand
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text, Values

_UNDER_WAY = ("open", "quiet")


def crisis_plan(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says; without one, show the plan."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.answer(Reply("refusal", (found,)))
    group, rest = found
    word = subcommand(turn, rest, "plan", _DOING) if rest else ("show", "")
    if word is None:
        return _refused(turn, group, Text("plan-words"))
    return _DOING[word[0]](turn, group, word[1])


def _show(turn: Turn, group: Group, _: str) -> Outcome:
    """Say it field by field, who signed it, and when it is due."""
    title = Text("plan-title", {"group": group.charter.name})
    names = enumerate(_plan(group), start=1)
    fields = (_line(number, group, name) for number, name in names)
    card = Text("card", {"lines": (title, *fields)})
    beside = Text("card", {"lines": tuple(_beside(group))})
    lines = (card, beside, Text("plan-words"))
    return turn.answer(Reply("charter", lines, group=group.charter.name))


def _line(number: int, group: Group, name: str) -> Text:
    words = read(group.charter, name) or Text("plan-empty")
    values: Values = {"number": number, "label": QUESTIONS[name].label, "words": words}
    return Text("plan-line", values)


def _beside(group: Group) -> list[Text]:
    names = keeping.signed_by(group)
    lines = [Text("plan-signed-by", {"names": ", ".join(names)}) if names else Text("plan-bare")]
    if (review := keeping.review_of(group)) is not None:
        lines.append(Text("plan-review-on", {"date": f"{review:%Y-%m-%d}"}))
    if group.plan.drilled is not None:
        lines.append(Text("plan-drilled", {"date": f"{group.plan.drilled:%Y-%m-%d}"}))
    if group.plan.learned is not None:
        lines.append(Text("plan-learned", {"date": f"{group.plan.learned:%Y-%m-%d}"}))
    return lines


def _sign(turn: Turn, group: Group, _: str) -> Outcome:
    """Keep a name under the words as they are now."""
    left = [name for name in open_fields(group.charter, turn.state.house) if name in _plan(group)]
    if left:
        values: Values = {"label": QUESTIONS[left[0]].label, "count": len(left)}
        return _refused(turn, group, Text("plan-open-field", values))
    if (late := keeping.fault_of_review(group, turn.now)) is not None:
        return _refused(turn, group, late)
    kept = keeping.signed(group, turn.user)
    count = keeping.signatures(turn.state, kept)
    told = Text("plan-signed", {"group": group.charter.name, "count": count})
    return Outcome(puts=(kept,)) + turn.answer(notice(told, group=group.charter.name))


def _set(turn: Turn, group: Group, rest: str) -> Outcome:
    """Write a field anew; names under the words before are gone."""
    named, _, said = (after(turn.text, "plan-set", turn) or rest).strip().partition(" ")
    name = _field(group, named)
    if name is None:
        return _refused(turn, group, Text("plan-which-field"))
    state = turn.state
    written = write(group.charter, name, said, state.house, state.words)
    if isinstance(written, Text):
        return _refused(turn, group, written)
    changed = replace(group, charter=written)
    if (late := _late(turn, changed, name)) is not None:
        return _refused(turn, group, late)
    label = QUESTIONS[name].label
    lines = [Text("plan-set", {"label": label})]
    out = Outcome(puts=(changed,))
    if keeping.signed_by(group) and not keeping.signed_by(changed):
        lines.append(Text("plan-sign-again"))
        told = Text("plan-changed", {"group": group.charter.name, "label": label, "by": turn.user})
        out += to_facilitators(turn, group, told, lead=True)
    if group.stage == "draft":
        out += signing.signatures_void(turn, group, changed)
    if group.stage in _UNDER_WAY:
        out += clock.looking(changed, turn.now)
    return out + turn.answer(notice(*lines, group=group.charter.name))


def _late(turn: Turn, group: Group, name: str) -> Text | None:
    return keeping.fault_of_review(group, turn.now) if name == REVIEW else None


def _reviewed(turn: Turn, group: Group, rest: str) -> Outcome:
    """Keep that they have looked at it, and when they will again: in half a year, or on a day."""
    if group.stage not in _UNDER_WAY:
        values = {"group": group.charter.name}
        return _refused(turn, group, Text("stage-not-open", values))
    on = day_in(rest) if rest else turn.now + HALF_A_YEAR
    if on is None or on <= turn.now:
        return _refused(turn, group, Text("plan-review-form"))
    kept = keeping.reviewed(group, on)
    told = Text("plan-reviewed", {"date": f"{on:%Y-%m-%d}"})
    said = turn.answer(notice(told, group=group.charter.name))
    return Outcome(puts=(kept,)) + clock.looking(kept, turn.now) + said


def _plan(group: Group) -> tuple[str, ...]:
    return plan_of(group.charter.size)


def _field(group: Group, named: str) -> str | None:
    """Return the field that is named by its number or by its word in a charter."""
    fields, word = _plan(group), named.casefold().rstrip(":").replace("-", "_")
    numbered = dict(zip(map(str, range(1, len(fields) + 1)), fields, strict=True))
    return numbered.get(word, word if word in fields else None)


def _refused(turn: Turn, group: Group, line: Text) -> Outcome:
    return turn.answer(Reply("refusal", (line,), group=group.charter.name))


_DOING: Mapping[str, Callable[[Turn, Group, str], Outcome]] = {
    "show": _show,
    "sign": _sign,
    "set": _set,
    "reviewed": _reviewed,
}
