"""suggest Title | https://...: gives a link to your facilitators, who may put it on the shelf."""

from dataclasses import replace

from appservice.domain.group import Group
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.shelf.keeping import fault, kept, shelf_of
from appservice.domain.shelf.shelf import Suggestion
from appservice.domain.shelf.telling import suggestion
from appservice.domain.shelf.writing import entry_in, host_of
from appservice.domain.subcommand import after
from appservice.domain.suggesting import MOST, given, is_full
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import name_of, named


def suggest(turn: Turn, rest: str) -> Outcome | None:
    """Keep it until a facilitator has decided; they see the link, and not whose it is."""
    if rest and "|" not in rest and "://" not in rest:
        return None
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    if not groups:
        return turn.answer(notice(Text("in-no-group")))
    meant, written = named(turn, groups, after(turn.text, "suggest", turn) or rest)
    if len(meant or groups) > 1:
        return turn.refuse(Text("name-the-group", {"names": name_of(groups)}))
    return _suggested(turn, (meant or groups)[0], written)


def _suggested(turn: Turn, group: Group, written: str) -> Outcome:
    entry, shelf = entry_in(turn, written), shelf_of(turn.state, group.id)
    if isinstance(entry, Text):
        return turn.refuse(entry)
    if wrong := fault(shelf, entry):
        return turn.refuse(wrong)
    if is_full(shelf.suggested, turn.user):
        return turn.refuse(Text("suggested-enough", {"most": MOST}))
    entry = replace(entry, source=entry.source or host_of(entry.link))
    new = Suggestion(shelf.last + 1, entry)
    shelf = replace(shelf, suggested=given(shelf.suggested, turn.user, new), last=new.number)
    name = group.charter.name
    told = to_facilitators(
        turn,
        group,
        Text("resource-suggested-told", {"group": name}),
        suggestion(new),
        Text("resource-suggested-how", {"number": new.number}),
    )
    said = notice(Text("suggested", {"group": name}), group=name)
    return kept(shelf) + told + turn.answer(said)
