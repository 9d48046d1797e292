"""A draft as members will read it, and what facilitators know beside: who changed what."""

from appservice.domain.drafting.fields import read
from appservice.domain.drafting.questions import QUESTIONS
from appservice.domain.drafting.signing import faults_to_open, signed_by
from appservice.domain.founding import plan_of
from appservice.domain.gate.privacy import privacy_card
from appservice.domain.gate.rules_text import charter_card, rule_lines, rules_in
from appservice.domain.group import Group
from appservice.domain.helplines import near
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def shown(turn: Turn, group: Group) -> Outcome:
    """Say charter, rules, privacy card and crisis plan, each as a message, then what is open."""
    charter, name = group.charter, group.charter.name
    rules = rules_in(charter, turn.language)
    title = Text("rules-title", {"group": name, "version": rules.version})
    card = privacy_card(group, turn.state.house, turn.state.marks)
    replies = (
        Reply("charter", (charter_card(charter), _limits(group)), group=name),
        Reply("rule", (Text("card", {"lines": (title, rule_lines(rules.rules))}),), group=name),
        Reply("privacy_card", (card,), group=name),
        Reply("charter", (plan(group),), group=name),
        Reply("notice", _beside(turn, group), group=name),
    )
    said = Outcome()
    for reply in replies:
        said += turn.answer(reply)
    return said


def plan(group: Group) -> Text:
    """Say the crisis plan, field by field."""
    fields = plan_of(group.charter.size)
    lines = (
        Text("draft-line", {"label": QUESTIONS[name].label, "words": read(group.charter, name)})
        for name in fields
    )
    own = (named,) if (named := near(group)) else ()
    return Text("card", {"lines": (Text("draft-plan-title"), *lines, *own)})


def _limits(group: Group) -> Text:
    charter = group.charter
    return Text("draft-limits", {"age": charter.minimum_age, "country": charter.country or "-"})


def _beside(turn: Turn, group: Group) -> tuple[Text, ...]:
    lines: list[Text] = []
    edits = group.draft.edits if group.draft is not None else ()
    if edits:
        changes = (
            Text(
                "draft-edited",
                {
                    "label": QUESTIONS[edit.field].label,
                    "user": edit.by,
                    "date": f"{edit.at:%Y-%m-%d}",
                },
            )
            for edit in edits
        )
        lines.append(Text("card", {"lines": (Text("draft-edits-title"), *changes)}))
    if names := signed_by(group):
        lines.append(Text("draft-signed-by", {"names": ", ".join(names)}))
    if group.stage != "draft":
        return (*lines, Text("draft-done-grow"))
    lines += faults_to_open(group, turn.state.house)[:1] or [Text("draft-whole")]
    return tuple(lines)
