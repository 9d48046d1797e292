"""!appeal 3 uphold: decides about an appeal: uphold, change or lift."""

from appservice.domain.conduct.appeal import Appeal
from appservice.domain.conduct.appeals import decided, may_decide, measure_of, shown
from appservice.domain.conduct.reading import number_in
from appservice.domain.conduct.records import appeals
from appservice.domain.conduct.saying import day
from appservice.domain.conduct.standing import Verdict
from appservice.domain.facilitation import facilitated_first, in_charge_here
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def group_appeal(turn: Turn, rest: str) -> Outcome:
    """List what waits, show one again in private, or decide about it."""
    found = facilitated_first(turn, rest, in_charge_here(turn))
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    waiting = [one for one in appeals(turn.state, group) if one.sent is not None]
    if not rest:
        return _listed(turn, group, waiting)
    number = number_in(rest)
    meant = next((one for one in waiting if one.number == number), None)
    if meant is None:
        return turn.refuse(Text("appeal-unknown"), group=group)
    return _on(turn, group, meant, rest.partition(" ")[2].strip())


def _on(turn: Turn, group: Group, meant: Appeal, verdict: str) -> Outcome:
    measure = measure_of(turn, group, meant)
    able = measure is None or may_decide(turn, group, meant, measure, turn.user)
    if turn.user == meant.user or not able:
        return turn.refuse(Text("appeal-involved", {"number": meant.number}), group=group)
    if not verdict:
        return _again(turn, group, meant)
    word = subcommand(turn, verdict, "verdict", tuple(Verdict))
    if word is None or word[1]:
        return turn.refuse(Text("appeal-verdicts", {"number": meant.number}), group=group)
    return decided(turn, group, meant, Verdict(word[0]))


def _listed(turn: Turn, group: Group, waiting: list[Appeal]) -> Outcome:
    lines = tuple(
        Text("appeal-line", {"number": one.number, "date": day(one.due or turn.now)})
        for one in waiting
    )
    said = Text("card", {"lines": lines}) if lines else Text("appeal-no-open")
    return turn.answer(notice(said, group=group.charter.name))


def _again(turn: Turn, group: Group, appeal: Appeal) -> Outcome:
    """Show it in a private chat only: in the others' room those who decided read too."""
    if turn.shared:
        return turn.refuse(Text("appeal-in-private"), group=group)
    return shown(turn, group, appeal, (turn.room,)) + turn.silence()
