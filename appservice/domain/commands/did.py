"""!did WORDS: keeps what you did with feedback; the group is told every four weeks."""

from appservice.domain.facilitation import facilitated_first
from appservice.domain.feedback.did import added, dropped, of_group, posted, said_of
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.prompts import calm_at, is_calm
from appservice.domain.subcommand import after, subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Moment, Text

LONGEST, MOST = 300, 12  # characters, lines


def did(turn: Turn, rest: str) -> Outcome:
    """Keep a line, show those that wait, drop one, or tell them now."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    word = subcommand(turn, rest, "did", ("post", "drop")) if rest else ("show", "")
    match word:
        case ("show", _):
            return _shown(turn, group)
        case ("post", ""):
            return _posted(turn, group)
        case ("drop", number) if number.isdecimal():
            return _dropped(turn, group, int(number[:6]))
        case _:
            return _added(turn, group, rest)


def _shown(turn: Turn, group: Group) -> Outcome:
    lines = of_group(turn.state, group.id).lines
    waiting = said_of(group, lines) if lines else Text("did-none")
    return turn.answer(notice(waiting, Text("did-how"), group=group.charter.name))


def _added(turn: Turn, group: Group, rest: str) -> Outcome:
    kept = of_group(turn.state, group.id)
    line = _whole(turn, rest)
    if len(line) > LONGEST or len(kept.lines) >= MOST:
        return turn.refuse(Text("did-too-much", {"letters": LONGEST, "lines": MOST}), group=group)
    values = {"number": len(kept.lines) + 1}
    said = turn.answer(notice(Text("did-kept", values), group=group.charter.name))
    return added(kept, line, turn.now) + said


def _whole(turn: Turn, rest: str) -> str:
    """Return a line with the marks around it, which are not part of a command."""
    written, bare = " ".join(after(turn.text, "!did", turn).split()), " ".join(rest.split())
    return written[written.find(bare) :] if bare in written else bare


def _dropped(turn: Turn, group: Group, number: int) -> Outcome:
    kept = of_group(turn.state, group.id)
    if not 1 <= number <= len(kept.lines):
        return turn.refuse(Text("did-no-such"), group=group)
    said = turn.answer(notice(Text("did-dropped", {"number": number}), group=group.charter.name))
    return dropped(kept, number) + said


def _posted(turn: Turn, group: Group) -> Outcome:
    if not of_group(turn.state, group.id).lines:
        return turn.refuse(Text("did-none"), group=group)
    if not is_calm(group, turn.now):
        calm = Moment(calm_at(group, turn.now), group.charter.zone)
        return turn.refuse(Text("did-not-calm", {"when": calm}), group=group)
    if group.stage != "open":
        return turn.refuse(Text("did-not-open"), group=group)
    said = turn.answer(notice(Text("did-posted"), group=group.charter.name))
    return posted(turn.state, group, turn.now) + said
