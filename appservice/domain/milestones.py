"""A milestone that a member tells the others of: in their own words, which are kept nowhere.

Nothing is counted, and nobody is reminded of a day. The words stay where they were written; the
keeper fetches them when it shows them and when it says them.
"""

from collections.abc import Sequence
from dataclasses import replace

from appservice.domain.application import EventIn
from appservice.domain.asked import closed
from appservice.domain.effects import Message, Quote
from appservice.domain.group import Group
from appservice.domain.membership import places_of_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.turn import Ask, Reply, Turn, notice
from appservice.domain.types import EventId, RoomId, RoomKind, Text
from appservice.domain.which import choices, chosen

TOPIC = "milestone"
_NO = Choice("no", Text("choice-no"), Text("choice-no-reply"))
_YES = Choice("yes", Text("choice-yes"), Text("choice-yes-reply"))


def previewed(turn: Turn, groups: Sequence[Group], skip: int) -> Outcome:
    """Show what would be said, and ask where; `skip`: words of the command before theirs."""
    where = [Text(_where(group), {"group": group.charter.name}) for group in groups]
    one = groups[0] if len(groups) == 1 else None
    offered = (_YES, _NO) if one else (*choices(groups, all_of_them=False), _NO)
    asking = Ask(TOPIC, one.id if one else None, about=f"{turn.event} {skip}")
    lines = (*where, Text("milestone-yours"))
    name = one.charter.name if one else None
    question = Reply("question", lines, choices=offered, ask=asking, group=name)
    title = Text("milestone-preview")
    shown = _quote(
        turn, groups[0], turn.room, EventIn(turn.room, EventId(turn.event)), skip, title
    )
    return Outcome(effects=(shown,)) + turn.answer(question)


def answered(turn: Turn, question: Asked, choice: str) -> Outcome:
    """Say it where they chose; a no leaves nothing behind."""
    asked = closed(turn.person.asked, question.topic, question.group)
    done = replace(turn, person=replace(turn.person, asked=asked))
    if choice == "no":
        return done.answer(notice(Text("milestone-not-said")))
    own = [turn.groups[consent.group] for consent in turn.consents() if not consent.pauses]
    meant = [g for g in own if g.id == question.group] if question.group else chosen(own, choice)
    if not meant or meant[0].stage not in ("open", "quiet"):
        return done.refuse(Text("milestone-cannot"))
    group, (event, skip) = meant[0], question.about.split()
    at = EventIn(question.room or turn.room, EventId(event))
    board = group.rooms.get(RoomKind.NOTICEBOARD)
    places = (board,) if board else places_of_facilitators(turn.state, group)
    lines = () if board else (Text("milestone-card", {"group": group.charter.name}),)
    said = tuple(_quote(turn, group, place, at, int(skip), *lines) for place in places)
    key = "milestone-said" if board else "milestone-given"
    told = notice(Text(key, {"group": group.charter.name}), group=group.charter.name)
    return Outcome(effects=said) + done.answer(told)


def _where(group: Group) -> str:
    return "milestone-ask" if RoomKind.NOTICEBOARD in group.rooms else "milestone-ask-small"


def _quote(turn: Turn, group: Group, room: RoomId, at: EventIn, skip: int, *lines: Text) -> Quote:
    spoken = turn.language if room == turn.room else group.charter.language
    name = group.charter.name
    message = Message("notice", lines, spoken, ("notice",), group=name)
    shares = Text("milestone-shares", {"user": turn.user})
    return Quote(room, message, turn.user, group.id, ((shares, at),), skip, followed=False)
