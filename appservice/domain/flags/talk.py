"""A flag in the private chat: questions, then what is to be shared, and nothing before yes."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from appservice.domain.cases.case import About, For
from appservice.domain.cases.urgent import red_paging
from appservice.domain.flags import asking
from appservice.domain.flags.asking import Step, ask, let_go, open_question, step_of
from appservice.domain.flags.draft import Draft
from appservice.domain.flags.preview import previewed, sent
from appservice.domain.flags.raising import is_much
from appservice.domain.flags.receipt import numbers
from appservice.domain.flags.seers import seers
from appservice.domain.flags.sharing import kept, opened_with, wanted
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import choices as named_choices
from appservice.domain.which import named

_COMING = {"just": 1, "words": 1, "three": 3}


def begun(turn: Turn, rest: str) -> Outcome:
    """Give the numbers, and ask the first question; what stands behind the word is kept."""
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    meant, words = named(turn, groups, rest)
    lines = lines_for(turn.state.house, country_of(turn.person, meant or groups))
    first = Text("card", {"lines": (Text("flag-first"), *lines)})
    if not groups:
        return turn.answer(notice(Text("flag-no-group"), first))
    draft, fault = opened_with(turn, words, meant[0] if meant else groups[0])
    if len(groups) > 1 and len(meant) != 1:
        ask_ = Ask(f"{asking.TOPIC} {Step.GROUP}", flag=draft)
        choices = named_choices(groups, all_of_them=False)
        reply = Reply("notice", (first, *fault, Text("flag-which")), choices=choices, ask=ask_)
        return replace(turn, person=let_go(turn.person)).answer(reply)
    return ask(turn, (meant or groups)[0], draft, Step.TRACK, first, *fault)


def answered(turn: Turn, question: Asked, choice: str) -> Outcome | None:
    """Go on by a choice; what is no member's any more ends."""
    draft, step = question.flag or Draft(), step_of(question)
    group = _group(turn, question, choice)
    if group is None or turn.state.consent(turn.user, group.id) is None:
        return replace(turn, person=let_go(turn.person)).answer(notice(Text("flag-over")))
    if choice in ("stop", "send-nothing"):
        return stopped(turn)
    return _STEPS[step](turn, group, draft, choice)


def heard(turn: Turn, question: Asked) -> Outcome | None:
    """Take a text that is no choice: it is part of the flag, or the question comes again."""
    if asking.is_flag(question) and asking.goes_back(turn):
        return _anew(turn, question)
    return kept(turn, question, turn.text) if asking.is_flag(question) else None


def _anew(turn: Turn, question: Asked) -> Outcome | None:
    """Lead back to the first question, for whoever has chosen something by mistake."""
    group = turn.groups.get(question.group) if question.group is not None else None
    if group is None:
        return None
    draft = Draft(begun=question.flag.begun if question.flag is not None else turn.now)
    return ask(turn, group, draft, Step.TRACK, Text("flag-from-start"))


def stopped(turn: Turn) -> Outcome:
    """End it; nothing was sent, and what was said is forgotten."""
    return replace(turn, person=let_go(turn.person)).answer(notice(Text("flag-stopped")))


def repeated(turn: Turn) -> Outcome | None:
    """Ask the open question once more."""
    question = open_question(turn)
    group = _group(turn, question, "") if question is not None else None
    if question is None or group is None:
        return None
    draft, step = question.flag or Draft(), step_of(question)
    if step is Step.PREVIEW:
        return previewed(turn, group, draft, draft.shared)
    return ask(turn, group, draft, step)


def _group(turn: Turn, question: Asked, choice: str) -> Group | None:
    if question.group is not None:
        return turn.groups.get(question.group)
    own = (turn.groups[consent.group] for consent in turn.consents())
    return next((group for group in own if group.charter.name == choice), None)


def _to_group(turn: Turn, group: Group, draft: Draft, _: str) -> Outcome:
    return ask(turn, group, draft, Step.TRACK)


def _about(turn: Turn, group: Group, draft: Draft, choice: str) -> Outcome:
    about = About(choice)
    if about is About.BEHAVIOUR and is_much(turn):
        much = notice(Text("flag-much"), numbers(turn, group, urgent=False))
        return replace(turn, person=let_go(turn.person)).answer(much)
    return ask(turn, group, replace(draft, about=about), Step.URGENT)


def _danger(turn: Turn, group: Group, draft: Draft, choice: str) -> Outcome:
    draft = replace(draft, urgent=choice == "yes")
    step = Step.SHARE if draft.about is About.ME else Step.WHOM
    if not draft.urgent:
        return ask(turn, group, draft, step)
    told = Text("flag-danger-paged" if red_paging(group) else "flag-danger")
    return ask(turn, group, draft, step, numbers(turn, group, urgent=True), told)


def _whom(turn: Turn, group: Group, draft: Draft, choice: str) -> Outcome:
    visible = {"facilitator": For.LEAD, "lead": For.BUT_LEAD}.get(choice, For.FACILITATORS)
    if visible is not For.FACILITATORS and not seers(turn.state, group, visible, turn.user):
        return _nobody_left(turn, group)
    return ask(turn, group, replace(draft, visible=visible), Step.SHARE)


def _nobody_left(turn: Turn, group: Group) -> Outcome:
    """Say that nobody else could see it, and who could be asked instead."""
    operator = turn.state.house.operator
    lines = [Text("flag-nobody-left", {"group": group.charter.name})]
    if operator is not None:
        lines.append(Text("flag-operator", {"operator": operator}))
    lines.append(numbers(turn, group, urgent=False))
    reply = notice(*lines, group=group.charter.name)
    return replace(turn, person=let_go(turn.person)).answer(reply)


def _share(turn: Turn, group: Group, draft: Draft, choice: str) -> Outcome:
    if choice in ("enough", "nothing"):
        return wanted(turn, group, draft, draft.shared)
    return ask(turn, group, replace(draft, coming=_COMING[choice]), Step.MORE)


def _preview(turn: Turn, group: Group, draft: Draft, choice: str) -> Outcome:
    if choice == "change":
        anew = Draft(draft.about, draft.urgent, draft.visible, begun=draft.begun)
        return ask(turn, group, anew, Step.SHARE, Text("flag-anew"))
    return sent(replace(turn, person=let_go(turn.person)), group, draft)


_STEPS: Mapping[Step, Callable[[Turn, Group, Draft, str], Outcome]] = {
    Step.GROUP: _to_group,
    Step.TRACK: _about,
    Step.URGENT: _danger,
    Step.WHOM: _whom,
    Step.SHARE: _share,
    Step.MORE: _share,
    Step.PREVIEW: _preview,
}
