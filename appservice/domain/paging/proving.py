"""An address counts once somebody has written the code that was sent to it.

So nobody is woken who does not want it, and whoever is woken at night knows that it arrives.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from appservice.domain.asked import closed
from appservice.domain.effects import SendPageCode
from appservice.domain.events import PageCodeSent
from appservice.domain.facilitation import rests
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.paging.spoken import SPOKEN
from appservice.domain.person import Asked, Choice, Person, Proving
from appservice.domain.state import State
from appservice.domain.turn import Ask, Reply, Turn, language_of, notice
from appservice.domain.types import CauseId, Text

TOPIC = "page"
DIGITS = 6
LASTS = timedelta(hours=1)  # some mail servers let a stranger's mail wait for half of it
MOST_CODES, IN = 5, timedelta(days=1)
MOST_SLIPS = 5
_NO = Choice("no", Text("paging-choice-no"), Text("choice-no-reply"))


def is_code(text: str) -> bool:
    """Say whether a text has the form of a code."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def begun(turn: Turn, way: str, address: str) -> Outcome:
    """Have a code sent to an address; nobody gets more than a few without an answer."""
    before = turn.person.proving
    at_all = before.sent if before is not None else ()
    sent = tuple(at for at in at_all if timedelta(0) <= turn.now - at < IN)
    if len(sent) >= MOST_CODES:
        return turn.refuse(Text("paging-codes-enough"))
    proving = Proving(way, address, sent=(*sent, turn.now))
    waits = replace(turn, person=replace(let_be(turn.person), proving=proving))
    send = SendPageCode(turn.room, turn.user, way, address, turn.language)
    return waits.silence() + Outcome(effects=(send,))


def sent(state: State, event: PageCodeSent, cause: CauseId, now: datetime) -> Outcome:
    """Ask for the code that was sent, or say that it did not go."""
    person, room = state.person, state.room
    if person is None or person.proving is None or room is None or room.crowded:
        return NOTHING
    proving = person.proving
    if room.user not in (None, event.user) or (proving.way, proving.address) != (
        event.way,
        event.address,
    ):
        return NOTHING  # another address was written meanwhile
    turn = Turn(state, event.room, person, language_of(state, person), cause, now)
    if not event.code:
        return turn.refuse(Text(SPOKEN[event.way].not_sent))
    kept = replace(proving, code=event.code, slips=0)
    asks = Reply("duty", (Text("paging-code-sent"),), choices=(_NO,), ask=Ask(TOPIC))
    return replace(turn, person=replace(person, proving=kept)).answer(asks)


def heard(turn: Turn, code: str) -> Outcome:
    """Keep the address if this is the code that was sent to it."""
    proving = turn.person.proving
    if proving is None or not proving.code or turn.now - proving.sent[-1] > LASTS:
        late = replace(turn, person=let_be(turn.person))
        return late.refuse(Text("paging-no-code"))
    if code == proving.code:
        return _kept(turn, proving)
    slips = proving.slips + 1
    over = slips >= MOST_SLIPS
    left = replace(proving, slips=slips, code="" if over else proving.code)
    waits = replace(turn, person=replace(turn.person, proving=left))
    return waits.refuse(Text("paging-code-over" if over else "paging-code-wrong"))


def written(turn: Turn) -> Outcome | None:
    """Take six digits alone as the code, as long as one is awaited."""
    waits, code = turn.person.proving, "".join(turn.text.split())
    if waits is None or not waits.code or not is_code(code):
        return None
    return rests(turn) or heard(turn, code)


def answered(turn: Turn, _question: Asked, _choice: str) -> Outcome:
    """Let it be."""
    return replace(turn, person=let_be(turn.person)).answer(notice(Text("paging-not-kept")))


def let_be(person: Person) -> Person:
    """Forget an address that is not proved; how many codes were sent counts on."""
    waits = person.proving
    left = replace(waits, address="", code="") if waits is not None else None
    return replace(person, proving=left, asked=closed(person.asked, TOPIC, None))


def _kept(turn: Turn, proving: Proving) -> Outcome:
    """Keep one address for each way; the new one takes the place of the one before."""
    others = tuple(page for page in turn.person.pages if page[0] != proving.way)
    person = replace(
        turn.person,
        pages=(*others, (proving.way, proving.address)),
        proving=None,
        asked=closed(turn.person.asked, TOPIC, None),
    )
    return replace(turn, person=person).answer(
        Reply("duty", (Text("paging-kept"), shown(person.pages)))
    )


def shown(pages: tuple[tuple[str, str], ...]) -> Text:
    """Say where somebody is reached."""
    if not pages:
        return Text("paging-none")
    each = (Text("paging-line", {"way": Text(SPOKEN[w].name), "address": a}) for w, a in pages)
    return Text("card", {"lines": (Text("paging-title"), *each)})
