"""!invite: makes codes that let people in, lists them, and takes them back."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from appservice.domain.application import Code
from appservice.domain.effects import DrawCode, Shape
from appservice.domain.facilitation import facilitated_first, facilitated_here
from appservice.domain.gate.codes import fold_code, works
from appservice.domain.group import Group
from appservice.domain.inviting import handed_out, listed, taken_back, told
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

DAYS = 30  # that a code works, unless somebody says otherwise
MOST_USES, MOST_DAYS = 1000, 365
_DASHES = "-\u2013\u2014,"  # telephones make one long dash of two
_NAMES = ("new", "list", "revoke", "card")


def invite(turn: Turn, rest: str) -> Outcome:
    """Do what the word after it says; without one, list the codes."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):  # with several groups none was named, unless by its code
        found = _of_code(turn, rest) or found
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    if not rest:
        return _list(turn, group, "")
    if word := subcommand(turn, rest, "invite", _NAMES):
        return _DOING[word[0]](turn, group, word[1])
    return _said_again(turn, group, rest)


def _of_code(turn: Turn, rest: str) -> tuple[Group, str] | None:
    """Return the group whose code is named: nobody has to write its name beside it."""
    said = {fold_code(word) for word in rest.split()}
    for group in facilitated_here(turn):
        if any(code.code in said for code in _codes(turn, group)):
            return group, rest
    return None


def _new(turn: Turn, group: Group, rest: str) -> Outcome:
    wish = _wish(turn, rest)
    if isinstance(wish, Text):
        return turn.refuse(wish, group=group)
    uses, days = wish
    expires = turn.now + timedelta(days=days)
    name = group.charter.name
    return Outcome(effects=(DrawCode(group.id, name, turn.room, turn.user, uses, expires),))


def _list(turn: Turn, group: Group, _: str) -> Outcome:
    codes = listed(_codes(turn, group), turn.now)
    return turn.answer(notice(codes, group=group.charter.name))


def _said_again(turn: Turn, group: Group, rest: str) -> Outcome:
    """Say a code that is named once more, or give its card."""
    *written, last = rest.split()
    is_card = bool(written) and subcommand(turn, last, "invite", ("card",)) is not None
    code = _named(turn, group, " ".join(written) if is_card else rest)
    if code is None:
        return _unknown(turn, group)
    if is_card:
        return _handed_out(turn, group, code)
    return told(turn, group, code)


def _card(turn: Turn, group: Group, rest: str) -> Outcome:
    """Give the card of a code that is named, else of the newest one that works."""
    working = [code for code in _codes(turn, group) if works(code, turn.now)]
    newest = max(working, key=lambda code: code.created, default=None)
    code = _named(turn, group, rest) if rest else newest
    if code is None:
        return _unknown(turn, group) if rest else turn.refuse(Text("invite-none"), group=group)
    return _handed_out(turn, group, code)


def _handed_out(turn: Turn, group: Group, code: Code) -> Outcome:
    """Give the card in the group's language, which is that of whoever finds it."""
    card = handed_out(turn, group, code, Shape.CARD, group.charter.language)
    return turn.silence() + card


def _revoke(turn: Turn, group: Group, rest: str) -> Outcome:
    if subcommand(turn, rest, "invite", ("all",)):
        codes = tuple(code for code in _codes(turn, group) if not code.revoked)
    elif code := _named(turn, group, rest):
        codes = (code,)
    else:
        return _unknown(turn, group)
    said = notice(Text("invite-revoked", {"count": len(codes)}), group=group.charter.name)
    return taken_back(turn.state, codes) + turn.answer(said)


def _wish(turn: Turn, rest: str) -> tuple[int | None, int] | Text:
    """Read `--uses 5 --days 14` or `5 uses 14 days`, in any order."""
    words = turn.state.words
    names = {
        unit: words.synonyms(f"invite-{unit}", turn.language)
        | words.synonyms(f"invite-{unit}", "en")
        for unit in ("uses", "days")
    }
    said = [part.strip(_DASHES).casefold() for part in rest.replace("=", " ").split()]
    said = [part for part in said if part]
    wished: dict[str, int] = {}
    for first, second in zip(said[::2], said[1::2], strict=False):
        number, unit = (first, second) if first.isdecimal() else (second, first)
        named = next((name for name, known in names.items() if unit in known), None)
        if named is None or named in wished or not number.isdecimal():
            return Text("invite-form")
        wished[named] = int(number[:9])
    uses, days = wished.get("uses"), wished.get("days", DAYS)
    if len(said) % 2:
        return Text("invite-form")
    if not 1 <= days <= MOST_DAYS or (uses is not None and not 1 <= uses <= MOST_USES):
        return Text("invite-range", {"uses": MOST_USES, "days": MOST_DAYS})
    return uses, days


def _named(turn: Turn, group: Group, written: str) -> Code | None:
    """Return the code that is meant; its beginning may have been taken for the group's name."""
    meant = {fold_code(written), fold_code(group.charter.name + written)}
    codes = (code for code in _codes(turn, group) if not code.revoked)
    return next((code for code in codes if code.code in meant), None)


def _codes(turn: Turn, group: Group) -> tuple[Code, ...]:
    return tuple(code for code in turn.state.codes if code.group == group.id)


def _unknown(turn: Turn, group: Group) -> Outcome:
    return turn.refuse(Text("invite-unknown"), group=group)


_DOING: Mapping[str, Callable[[Turn, Group, str], Outcome]] = {
    "new": _new,
    "list": _list,
    "revoke": _revoke,
    "card": _card,
}
