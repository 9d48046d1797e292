"""return: ends your pause, or leads you back after your place ended by the clock."""

from collections.abc import Sequence

from appservice.domain import own_pause
from appservice.domain.commands.continue_ import go_on
from appservice.domain.flags.asking import goes_back
from appservice.domain.gate import way_back
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import choices, chosen, named


def come_back(turn: Turn, rest: str) -> Outcome | None:
    """Lead somebody back into the one group, the one that is named, or ask which."""
    if goes_back(turn):
        return None  # the same word in German
    groups = _groups(turn)
    meant, left = named(turn, groups, rest)
    if left:
        return None
    if not groups:
        return _none(turn)
    meant = meant or groups
    if len(meant) > 1 and (not rest or way_back.open_to(turn)):
        lines = (Text("return-which"),)
        offered = choices(meant, all_of_them=not way_back.open_to(turn))
        return turn.answer(Reply("notice", lines, choices=offered, ask=Ask("return")))
    return _led_back(turn, meant)


def return_chosen(turn: Turn, choice: str) -> Outcome | None:
    """Lead back into the group that was chosen; None if nothing waits there any more."""
    meant = chosen(_groups(turn), choice)
    return _led_back(turn, meant) if meant else None


def _led_back(turn: Turn, groups: Sequence[Group]) -> Outcome:
    for consent in way_back.open_to(turn):
        if consent.group == groups[0].id:
            return way_back.begun(turn, groups[0], consent)
    return own_pause.come_back(turn, groups)


def _groups(turn: Turn) -> tuple[Group, ...]:
    """Return where somebody is paused by their own wish, or was taken out by the clock."""
    paused = [consent for consent in turn.consents() if own_pause.is_paused(consent)]
    return tuple(turn.groups[c.group] for c in (*paused, *way_back.open_to(turn)))


def _none(turn: Turn) -> Outcome | None:
    """Say what there is to do instead."""
    if any(renewal.user == turn.user for renewal in turn.state.renewals):
        return go_on(turn, "")  # paused since they have not agreed yet: that is asked again
    key = "return-too-late" if way_back.was_removed(turn) else "return-none"
    return turn.answer(notice(Text(key)))
