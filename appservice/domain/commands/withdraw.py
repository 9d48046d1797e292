"""withdraw NAME: takes back what you allowed, at once; withdraw alone shows what there is."""

from appservice.domain.allowing import meant, names, taken_back
from appservice.domain.commands.leave import leave
from appservice.domain.options import OPTIONS
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import Text


def withdraw(turn: Turn, rest: str) -> Outcome | None:
    """End an option; without the rules, or the keeping of data, nobody can be in a group."""
    if rest and (found := meant(turn, rest)):
        return taken_back(turn, *found)
    if rest and (part := subcommand(turn, rest, "withdraw", ("rules", "data"))):
        return leave(turn, part[1], Text("withdraw-is-leaving"))
    if len(rest.split()) > 1:
        return None
    lines = [Text("withdraw-title")]
    for option in OPTIONS:
        on = [consent for consent in turn.consents() if option.name in consent.options]
        if on:
            values = {"name": option.name, "groups": names(turn, on)}
            lines.append(Text("withdraw-option", values))
    lines += [Text("withdraw-basis"), Text("withdraw-forget")]
    return turn.answer(Reply("options", (Text("card", {"lines": tuple(lines)}),)))
