"""polls: shows the votes that are open in your groups, and what came of the last ones."""

from dataclasses import replace

from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.person import Person
from appservice.domain.polls import asking, course, showing
from appservice.domain.polls.poll import Poll, Stage
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import named


def polls(turn: Turn, rest: str) -> Outcome | None:
    """Ask for every vote that is open, in all of their groups or the one that is named."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    meant, left = named(turn, groups, rest) if rest else (groups, "")
    if left:
        return None
    found = [(group, one) for group in meant for one in course.of_group(turn.state, group.id)]
    ended = [(group, one) for group, one in found if one.stage is Stage.CLOSED]
    still = [(group, one) for group, one in found if one.is_open(turn.now)]
    waits = any(one.stage is Stage.WAITS and one.by == turn.user for _, one in found)
    out = NOTHING
    for group, one in ended:
        turn, out = _then(turn, out, _result(turn, group, one))
    if waits:
        turn, out = _then(turn, out, turn.answer(notice(Text("poll-waits"))))
    for group, one in still:
        turn, out = _then(turn, out, asking.ask(turn, group, one))
    return out if out != NOTHING else turn.answer(notice(Text("poll-none")))


def _result(turn: Turn, group: Group, poll: Poll) -> Outcome:
    return turn.answer(Reply("result", showing.result(poll), group=group.charter.name))


def _then(turn: Turn, out: Outcome, done: Outcome) -> tuple[Turn, Outcome]:
    """Go on with the person as they are after what was done."""
    people = [put for put in done.puts if isinstance(put, Person)]
    return (replace(turn, person=people[-1]) if people else turn), out + done
