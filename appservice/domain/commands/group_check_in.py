"""!checkin: chooses how your group's check-ins ask, and who reads the totals."""

from dataclasses import replace

from appservice.domain.checkins.forms import FORMS, OWN, SKIP, choices, of_group, question, same
from appservice.domain.checkins.records import CheckIns
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import after, spellings, subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import RoomKind, Text

FEWEST, MOST = 2, 10  # answers
LONGEST_QUESTION, LONGEST_ANSWER = 200, 60  # characters
_NAMES = ("question", "board", *(f"form-{form}" for form in (*FORMS, OWN)))


def group_check_in(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says; without one, tell how it stands."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    kept = of_group(turn.state, group)
    word = subcommand(turn, rest, "checkin", _NAMES) if rest else ("", "")
    match word:
        case ("", _):
            return _told(turn, group, kept)
        case ("question", _):
            return _question(turn, group, kept)
        case ("board", how):
            return _board(turn, group, kept, how)
        case (name, ""):
            return _form(turn, group, kept, name.removeprefix("form-"))
        case _:
            return turn.refuse(Text("group-checkin-how"), group=group)


def _question(turn: Turn, group: Group, kept: CheckIns) -> Outcome:
    """Take the group's own question; answers to the one before it do not count any more."""
    first, *options = (
        " ".join(part.split()) for part in after(turn.text, "checkin-question", turn).split("|")
    )
    words = {"fewest": FEWEST, "most": MOST}
    if not first or not FEWEST <= len(options) <= MOST or not all(options):
        return turn.refuse(Text("group-checkin-question-how", words), group=group)
    too_long = any(len(option) > LONGEST_ANSWER for option in options)
    if too_long or len(first) > LONGEST_QUESTION:
        longest = {"question": LONGEST_QUESTION, "answer": LONGEST_ANSWER}
        return turn.refuse(Text("group-checkin-too-long", longest), group=group)
    if same(options) or {option.casefold() for option in options} & spellings(turn, SKIP):
        return turn.refuse(Text("group-checkin-twice"), group=group)
    new = replace(kept, form=OWN, question=first, options=tuple(options))
    return _changed(turn, group, new)


def _form(turn: Turn, group: Group, kept: CheckIns, form: str) -> Outcome:
    if form == OWN and not kept.options:
        words = {"fewest": FEWEST, "most": MOST}
        return turn.refuse(Text("group-checkin-question-how", words), group=group)
    return _changed(turn, group, replace(kept, form=form))


def _board(turn: Turn, group: Group, kept: CheckIns, how: str) -> Outcome:
    word = subcommand(turn, how, "checkin", ("on", "off"))
    if word is None or word[1]:
        return turn.refuse(Text("group-checkin-how"), group=group)
    if word[0] == "on" and RoomKind.NOTICEBOARD not in group.rooms:
        return turn.refuse(Text("group-checkin-no-board"), group=group)
    return _changed(turn, group, replace(kept, on_board=word[0] == "on"))


def _changed(turn: Turn, group: Group, kept: CheckIns) -> Outcome:
    return Outcome(puts=(kept,)) + _told(turn, group, kept)


def _told(turn: Turn, group: Group, kept: CheckIns) -> Outcome:
    form = kept.form
    labels = tuple(Text("list-line", {"line": one.label}) for one in choices(form, kept)[:-1])
    board = Text("group-checkin-board" if kept.on_board else "group-checkin-no-one")
    asks = Text(
        "group-checkin-asks", {"group": group.charter.name, "question": question(form, kept)}
    )
    lines = (Text("card", {"lines": (asks, *labels)}), board, Text("group-checkin-how"))
    return turn.answer(notice(*lines, group=group.charter.name))
