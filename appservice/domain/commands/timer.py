"""!timer 3: lets speakers be told kindly after three minutes; `!timer off` ends it."""

from appservice.domain.floor import leading
from appservice.domain.floor.kept import led
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

LONGEST = 15  # minutes


def timer(turn: Turn, rest: str) -> Outcome | None:
    """Switch the soft timer of this meeting on or off."""
    found = led(turn, rest)
    if isinstance(found, Outcome):
        return found
    group, occurrence, wish = found
    minutes = 0 if wish.casefold() in spellings(turn, "timer-off") else _minutes(wish)
    if minutes is None:
        how = Text("timer-how", {"most": LONGEST})
        return turn.refuse(how, group=group)
    key = "timer-on" if minutes else "timer-ended"
    answer = notice(Text(key, {"minutes": minutes}), group=group.charter.name)
    return leading.timed(turn, group, occurrence, minutes) + turn.answer(answer)


def _minutes(wish: str) -> int | None:
    head, _, _ = wish.partition(" ")
    return int(head) if head.isdecimal() and 1 <= int(head) <= LONGEST else None
