"""What a reporter sends while they write a flag: where it stands is kept, never what it says."""

from dataclasses import replace

from appservice.domain.application import EventIn
from appservice.domain.flags.asking import Step, ask, open_question, step_of
from appservice.domain.flags.draft import MOST, Draft
from appservice.domain.flags.links import fault as fault_of
from appservice.domain.flags.preview import lacks_words, previewed
from appservice.domain.group import Group
from appservice.domain.links import is_bare, links_in
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Audience, EventId, Form, Text

_A_FEW_WORDS = 3  # more of them, where a choice is awaited, are part of the flag
_CHOOSING = (Step.TRACK, Step.URGENT, Step.WHOM)


def expects_words(turn: Turn) -> bool:
    """Say whether a longer text here is more likely part of a flag than a command."""
    return open_question(turn) is not None and not turn.text.lstrip().startswith("!")


def opened_with(turn: Turn, words: str, group: Group) -> tuple[Draft, tuple[Text, ...]]:
    """Return a flag that begins with the words behind `flag`; or without, and why."""
    draft = Draft(begun=turn.now)
    if not words:
        return draft, ()
    fault = fault_of(words, group)
    return (draft, (fault,)) if fault is not None else (_with(turn, draft, words), ())


def kept(turn: Turn, question: Asked, words: str | None) -> Outcome | None:
    """Take a message as part of the flag; `words` is None for a picture, a voice, or a file."""
    group = turn.groups.get(question.group) if question.group is not None else None
    if group is None:
        return None
    draft, step = question.flag or Draft(), step_of(question)
    if step in _CHOOSING and _is_short(words):
        return ask(turn, group, draft, step, Text("flag-by-number"))
    fault = fault_of(words or "", group)
    if fault is not None:
        return turn.answer(Reply("not_understood", (fault,), group=group.charter.name))
    if len(draft.shared) >= MOST:
        return previewed(turn, group, draft, (), Text("flag-full", {"most": MOST}))
    return _taken(turn, group, question, _with(turn, draft, words))


def _is_short(words: str | None) -> bool:
    short = words is not None and len(words.split()) <= _A_FEW_WORDS
    return short and not links_in(words or "")


def _taken(turn: Turn, group: Group, question: Asked, draft: Draft) -> Outcome:
    """Go on with what is in it now."""
    step = step_of(question)
    if step in _CHOOSING:
        return ask(turn, group, draft, step, Text("flag-kept"))
    if step is Step.MORE and draft.coming > 0:
        return _waiting(turn, question, draft)
    return wanted(turn, group, draft, draft.shared[-1:] if step is Step.PREVIEW else draft.shared)


def wanted(turn: Turn, group: Group, draft: Draft, new: tuple[EventIn, ...]) -> Outcome:
    """Show it to its reporter, unless something is missing that whoever sees it needs."""
    if lacks_words(turn, group, draft):
        more = replace(draft, coming=1)
        return ask(turn, group, more, Step.MORE, Text("flag-lead-needs-words"))
    return previewed(turn, group, draft, new)


def in_other_form(turn: Turn, form: Form) -> Outcome | None:
    """Take what is no text while a flag is written; None: none is, or it cannot be taken."""
    question = open_question(turn)
    if question is None:
        return None
    if form is Form.TOO_LONG:
        return turn.answer(Reply("not_understood", (Text("flag-too-long"),)))
    return kept(turn, question, None) if form is Form.MEDIA else None


def unreadable(turn: Turn) -> Outcome | None:
    """Ask for words where a message could not be decrypted; None: no flag is written here."""
    if open_question(turn) is None:
        return None
    line = Text("flag-unreadable")
    return turn.answer(Reply("say_again", (line,), audience=Audience.ALL))


def _waiting(turn: Turn, question: Asked, draft: Draft) -> Outcome:
    """Keep the question open as it is: messages that are forwarded come close together."""
    asked = tuple(
        replace(one, flag=draft) if one.message == question.message else one
        for one in turn.person.asked
    )
    here = replace(turn, person=replace(turn.person, asked=asked))
    values = {"count": len(draft.shared), "more": draft.coming}
    return here.answer(replace(notice(Text("flag-so-far", values)), kind="flag_disclosure"))


def _with(turn: Turn, draft: Draft, words: str | None) -> Draft:
    bare = words is not None and is_bare(words)
    return replace(
        draft,
        shared=(*draft.shared, EventIn(turn.room, EventId(turn.event))),
        linked=draft.linked or bool(links_in(words or "")),
        worded=draft.worded or not bare,
        coming=max(0, draft.coming - 1),
    )
