"""Gives the words of a case to whoever looks after it; they are fetched as they are said."""

from dataclasses import replace

from appservice.domain.cases.case import About, Case, Track
from appservice.domain.cases.seeing import Seen
from appservice.domain.effects import Message, Quote
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.roles.telling import chat_of
from appservice.domain.turn import Turn
from appservice.domain.types import RoomId, Text, UserId, Values

AT_ONCE = 3  # messages in one of ours


def has_chat(seen: Seen, user: UserId) -> bool:
    """Say whether the words could be given to somebody: in private, and nowhere else."""
    return chat_of(seen.turn, seen.group, user) is not None


def shown_to(case: Case, *users: UserId) -> Case:
    """Keep in mind to whom the words were given."""
    return replace(case, shown=tuple(dict.fromkeys((*case.shown, *users))))


def delivered(here: Turn, group: Group, case: Case, user: UserId) -> Outcome:
    """Give the words to its owner in their private chat, and who they are from."""
    turn = chat_of(here, group, user)
    if turn is None:
        return Outcome()
    lines = (*_note(case), *_whose(case))
    if _is_wish(case):
        lines = (*lines, Text("case-excerpt-none", {"number": case.number}))
    return _quoted(group, case, turn.room, turn.language, lines)


def shared(group: Group, case: Case, room: RoomId) -> Outcome:
    """Give the words to those in the room of the case; not who they are from."""
    lines = _note(case) or _whose(case)
    return _quoted(group, case, room, group.charter.language, lines)


def pictures(here: Turn, group: Group, case: Case, user: UserId) -> Outcome:
    """Give its owner the pictures, recordings and files among the words, if there are any."""
    turn, reporter = chat_of(here, group, user), case.reporter
    if turn is None or reporter is None:
        return Outcome()
    line = (Text("case-excerpt-care"),)
    parts = ("case_excerpt",)
    name = group.charter.name
    message = Message("case_excerpt", line, turn.language, parts, group=name, case=case.name)
    return Outcome(
        effects=tuple(
            Quote(
                turn.room,
                message,
                reporter,
                group.id,
                ((line[0], place),),
                followed=False,
                whole=True,
            )
            for place in case.excerpt
        )
    )


def _note(case: Case) -> tuple[Text, ...]:
    """Say what comes, so that nobody is hit by it; nothing where there is no one and no word."""
    if case.reporter is None:
        return ()
    key = "case-excerpt-wish" if _is_wish(case) else "case-excerpt-note"
    return (Text(key, {"number": case.number}),)


def _is_wish(case: Case) -> bool:
    """Say whether somebody only wishes that a facilitator writes to them."""
    return case.reporter is not None and not case.excerpt


def _whose(case: Case) -> tuple[Text, ...]:
    if case.reporter is None:
        return (Text("case-reporter-gone"),)
    values: Values = {"user": case.reporter}
    if case.about is About.ME:
        whose = Text("case-reporter-me", values)
    else:
        whose = Text("case-reporter", values)
    urgent = (Text("case-reporter-urgent"),) if case.urgent else ()
    silent = (Text("case-reporter-hidden"),) if case.about is not About.ME else ()
    return (*urgent, whose, *silent)


def _quoted(
    group: Group, case: Case, room: RoomId, language: str, lines: tuple[Text, ...]
) -> Outcome:
    """Say the words below a note, so that no preview on a locked phone begins with them.

    Only a few at once: a homeserver refuses what is longer than 65,536 bytes, and then nobody
    would ever read them.
    """
    message = Message(
        "case_excerpt",
        lines,
        language,
        ("case_excerpt",),
        group=group.charter.name,
        case=case.name,
    )
    label = "case-excerpt-care" if case.track is Track.CARE else "case-excerpt-conduct"
    places = case.excerpt if case.reporter is not None else ()
    quote = Quote(
        room,
        message,
        case.reporter or UserId(""),
        group.id,
        tuple((Text(label), place) for place in places[:AT_ONCE]),
        followed=False,
        gone=Text("case-excerpt-gone", {"number": case.number}),
        folded=True,
    )
    rest = (
        replace(
            quote,
            message=replace(message, lines=lines[:1]),
            answers=tuple((Text(label), place) for place in places[at : at + AT_ONCE]),
        )
        for at in range(AT_ONCE, len(places), AT_ONCE)
    )
    return Outcome(effects=(quote, *rest))
