"""!page me by email ada@example.org: a case that waits reaches you there; !page off ends it."""

from collections.abc import Iterable
from dataclasses import replace

from appservice.domain.facilitation import in_charge_here
from appservice.domain.outcome import Outcome
from appservice.domain.paging import proving
from appservice.domain.paging.addresses import WAYS, fits
from appservice.domain.paging.spoken import SPOKEN
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text


def page(turn: Turn, rest: str) -> Outcome:
    """Show, take or forget where somebody is reached outside of Matrix; in private only."""
    if not in_charge_here(turn):
        return turn.refuse(Text("facilitators-only"))
    if turn.shared:
        return turn.refuse(Text("paging-in-chat"))
    words = [
        word for word in rest.split() if word.casefold() not in spellings(turn, "page-filler")
    ]
    if not words:
        return turn.answer(Reply("duty", (proving.shown(turn.person.pages), *_how(turn))))
    if len(words) == 1 and words[0].casefold() in spellings(turn, "page-off"):
        return _off(turn)
    if proving.is_code("".join(words)):
        return proving.heard(turn, "".join(words))
    return _wished(turn, words)


def _wished(turn: Turn, words: list[str]) -> Outcome:
    """Begin with an address, which is taken as it was written: a slash at its end counts."""
    way = next((w for w in WAYS if words[0].casefold() in spellings(turn, f"page-{w}")), None)
    known = turn.state.house.ways
    if way is None or len(words) != 2:  # noqa: PLR2004 - the way and the address
        return turn.refuse(*_how(turn))
    if way not in known:
        return turn.refuse(Text(SPOKEN[way].missing), *_how(turn))
    address = turn.text.split()[-1].strip("<>")
    if not fits(way, address):
        return turn.refuse(Text(SPOKEN[way].form))
    return proving.begun(turn, way, address)


def _off(turn: Turn) -> Outcome:
    person = replace(proving.let_be(turn.person), pages=())
    return replace(turn, person=person).answer(notice(Text("paging-off")))


def _how(turn: Turn) -> Iterable[Text]:
    """Say what can be written, of the ways that this server has."""
    ways = [Text(SPOKEN[way].how) for way in WAYS if way in turn.state.house.ways]
    if not ways:
        return (Text("paging-no-ways"),)
    return (Text("card", {"lines": (Text("paging-how"), *ways)}),)
