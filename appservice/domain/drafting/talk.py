"""The talk in which facilitators complete a draft: one short question at a time."""

from dataclasses import replace

from appservice.domain.asked import closed, target, waiting
from appservice.domain.choosing import Said as Heard
from appservice.domain.drafting.fields import is_good, read, write
from appservice.domain.drafting.questions import QUESTIONS, draft_of
from appservice.domain.drafting.signing import changed, faults, signed_by
from appservice.domain.facilitation import rests
from appservice.domain.group import Edit, Group
from appservice.domain.membership import facilitated_by
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import EffectId, GroupId, Text, verbatim

TOPIC = "draft"
KEEP, BACK, LATER = "keep", "back", "later"
ANSWERED_BY_YES = ("emergency_contacts_kept", "duty_to_report")  # elsewhere a yes means: keep it


def go_on(turn: Turn, group: Group) -> Outcome:
    """Ask where this facilitator is; whoever is through begins again from the first question."""
    draft = draft_of(group, turn.state.house.known)
    place = draft.places.get(turn.user, 0)
    return ask(turn, group, place if place < len(draft.questions) else 0)


def ask(turn: Turn, group: Group, place: int, *feedback: Text) -> Outcome:
    """Keep where somebody is, and ask; after the last question say what comes next."""
    draft = draft_of(group, turn.state.house.known)
    kept = replace(group, draft=replace(draft, places={**draft.places, turn.user: place}))
    if place < len(draft.questions):
        reply = _question(turn, kept, draft.questions[place], place, feedback)
    else:
        turn = _closing(turn, group.id)
        reply = notice(*feedback, _what_next(turn, kept), group=group.charter.name)
    return Outcome(puts=(kept,)) + turn.answer(reply)


def waits(turn: Turn) -> Group | None:
    """Return the group whose question is the newest one open here."""
    newest = waiting(turn.person.asked)
    if newest is None or newest.topic != TOPIC or newest.group is None:
        return None
    return _in_work(turn, newest.group)


def left_for_later(turn: Turn) -> Group | None:
    """Return a group whose questions somebody put off before the last one."""
    for group in facilitated_by(turn.state, turn.user):
        draft = group.draft
        if draft is not None and 0 < len(draft.questions) > draft.places.get(turn.user, -1) >= 0:
            return group
    return None


def expects(turn: Turn, reply_to: EffectId | None) -> bool:
    """Say whether a text in this chat is taken as an answer, whatever its words are."""
    heard = Heard(turn.text, turn.room, reply_to, ())
    asked = target(turn.person.asked, heard)
    return asked is not None and asked.topic == TOPIC


def answered(turn: Turn, asked: Asked, choice: str) -> Outcome | None:
    """Keep what stands there, go back, or put it off; None if nothing is in work any more."""
    group, place = _asked_about(turn, asked)
    if group is None:
        return None
    turn = replace(turn, language=asked.language)
    match choice:
        case "back":
            return rests(turn) or ask(turn, group, max(0, place - 1))
        case "later":
            return later(turn, group)
        case _:
            return rests(turn) or ask(turn, group, place + 1, Text("draft-stays"))


def later(turn: Turn, group: Group) -> Outcome:
    """Put the questions off; all that was answered is kept."""
    said = notice(Text("draft-later"), group=group.charter.name)
    return _closing(turn, group.id).answer(said)


def said(turn: Turn, asked: Asked) -> Outcome | None:
    """Take free text as the words of the field; None if nothing is in work any more."""
    group, place = _asked_about(turn, asked)
    if asked.topic != TOPIC or group is None or group.draft is None:
        return None
    if (resting := rests(turn)) is not None:
        return resting
    turn, name = replace(turn, language=asked.language), group.draft.questions[place]
    words = turn.state.words
    if turn.text.strip(" .").casefold() in _words_to_keep(turn, name):
        if is_good(group.charter, name, turn.state.house):
            return ask(turn, group, place + 1, Text("draft-stays"))
        return ask(turn, group, place, Text("draft-still-blank"))
    charter = write(group.charter, name, turn.text, turn.state.house, words)
    if isinstance(charter, Text):
        return ask(turn, group, place, charter)
    edits = tuple(edit for edit in group.draft.edits if edit.field != name)
    edits = (*edits, Edit(name, turn.user, turn.now)) if charter != group.charter else edits
    after = replace(group, charter=charter, draft=replace(group.draft, edits=edits))
    feedback = [Text("draft-kept")]
    if signed_by(group) and not signed_by(after):
        feedback.append(Text("signatures-void", {"group": group.charter.name}))
    return changed(turn, group, after) + ask(turn, after, place + 1, *feedback)


def _words_to_keep(turn: Turn, name: str) -> frozenset[str]:
    words = turn.state.words
    keep = words.synonyms(KEEP, turn.language)
    return keep if name in ANSWERED_BY_YES else keep | words.synonyms("yes", turn.language)


def _question(
    turn: Turn, group: Group, name: str, place: int, feedback: tuple[Text, ...]
) -> Reply:
    count = len(group.draft.questions) if group.draft else 0
    good = is_good(group.charter, name, turn.state.house)
    now = read(group.charter, name)
    lines = [*feedback, Text("draft-progress", {"number": place + 1, "count": count})]
    lines.append(QUESTIONS[name].ask)
    if now.strip():
        lines.append(Text("draft-now" if good else "draft-example", {"words": verbatim(now)}))
    choices = [Choice(LATER, Text("choice-later"), Text("choice-later-reply"))]
    if place:
        choices.insert(0, Choice(BACK, Text("choice-back"), Text("choice-back-reply")))
    if good:
        choices.insert(0, Choice(KEEP, Text("choice-keep"), Text("choice-keep-reply")))
    return Reply(
        "question",
        tuple(lines),
        parts=(*(("feedback",) if feedback else ()), "question"),
        choices=tuple(choices),
        ask=Ask(TOPIC, group.id),
        group=group.charter.name,
        step=f"{place + 1}/{count}",
    )


def _what_next(turn: Turn, group: Group) -> Text:
    if group.stage != "draft":
        return Text("draft-done-grow")
    return next(iter(faults(group, turn.state.house)), Text("draft-done"))


def _asked_about(turn: Turn, asked: Asked) -> tuple[Group | None, int]:
    group = _in_work(turn, asked.group) if asked.group is not None else None
    place = int(asked.step.partition("/")[0] or "1") - 1
    if group is None or group.draft is None or place >= len(group.draft.questions):
        return None, 0
    return group, place


def _in_work(turn: Turn, named: GroupId) -> Group | None:
    own = facilitated_by(turn.state, turn.user)
    return next((one for one in own if one.id == named and one.draft is not None), None)


def _closing(turn: Turn, group: GroupId) -> Turn:
    person = replace(turn.person, asked=closed(turn.person.asked, TOPIC, group))
    return replace(turn, person=person)
