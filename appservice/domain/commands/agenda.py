"""agenda: shows what is planned for the next meeting of your groups."""

from appservice.domain.agenda.nearest import going_on, nearest
from appservice.domain.agenda.shown import lines
from appservice.domain.floor.kept import keeping, kept, late
from appservice.domain.group import Group
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.prompts import zone_of
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Text
from appservice.domain.which import named


def agenda(turn: Turn, rest: str) -> Outcome | None:
    """Show it for one group or for all; who comes late gets the card of the meeting too."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    meant, left = named(turn, groups, rest)
    if left:
        return None
    out, said, late_card = NOTHING, list[Text](), False
    for group in meant or groups:
        kept_, more = _of(turn, group)
        out, said = out + kept_, [*said, *more]
        late_card = late_card or bool(kept_.puts)
    if not said:
        return turn.answer(notice(Text("agenda-none")))
    parts = ("meeting_open", "agenda") if late_card else ("agenda",)
    one = (meant or groups)[0].charter.name if len(meant or groups) == 1 else None
    return out + turn.answer(Reply("agenda", tuple(said), parts, group=one))


def _of(turn: Turn, group: Group) -> tuple[Outcome, tuple[Text, ...]]:
    now = going_on(turn.state, group.id, turn.now)
    occurrence = now or nearest(turn.state, group.id, turn.now)
    if occurrence is None:
        return NOTHING, ()
    said = lines(turn.state, group, occurrence, zone_of(turn.person, group))
    if now is None:
        return NOTHING, said
    before = kept(turn.state, now)
    floor, card = late(turn, before, now)
    return (keeping(turn.state, floor) if floor != before else NOTHING), (*card, *said)
