"""!training: shows your checklist; !training done 3 keeps the date of an item."""

from dataclasses import replace

from appservice.domain.outcome import Outcome
from appservice.domain.roles import training as checklist
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text


def training(turn: Turn, rest: str) -> Outcome:
    """Show one's own list, or keep one's own word on an item; nobody else sees it."""
    if not rest:
        return turn.answer(notice(checklist.shown(turn.person, turn.now)))
    word = subcommand(turn, rest, "training", ("done", "undo"))
    item = checklist.numbered(word[1]) if word is not None else None
    if word is None or item is None:
        most = {"most": len(checklist.ITEMS)}
        return turn.refuse(Text("training-words", most))
    name, _ = word
    moment = turn.now if name == "done" else None
    person = checklist.attested(turn.person, item, moment)
    said = notice(checklist.shown(person, turn.now))
    return replace(turn, person=person).answer(said)
