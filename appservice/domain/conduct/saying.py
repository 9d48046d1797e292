"""What is said about a step: its reasons to the member, and to facilitators that it was taken.

Nothing of it is said in the circle, and nothing reaches the homeserver as a reason.
"""

from collections.abc import Iterable
from datetime import datetime

from appservice.domain.conduct.appeal import OPEN_FOR
from appservice.domain.conduct.names import TOLD
from appservice.domain.conduct.reading import rule_of
from appservice.domain.conduct.standing import LAPSES, Measure, Rung
from appservice.domain.gate.rules_text import rule_line
from appservice.domain.group import Group
from appservice.domain.helplines import country_of, lines_for
from appservice.domain.membership import chats_of, places_of_facilitators
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.roles.telling import chat_of
from appservice.domain.telling import notices
from appservice.domain.turn import Reply, Turn
from appservice.domain.types import RoomId, Text, UserId, Values

BINDING = (Rung.FIRST, Rung.SECOND, Rung.PAUSE, Rung.REMOVAL)


def statement(here: Turn, group: Group, user: UserId, measure: Measure) -> Outcome:
    """Say in the private chat: what, by which rule, by whom, until when, and what they can do."""
    there = chat_of(here, group, user)
    if there is None:
        return NOTHING
    name = group.charter.name
    values: Values = {
        "group": name,
        "date": day(measure.until or measure.at + LAPSES),
        "lapses": day(measure.at + LAPSES),
    }
    lines = [Text(TOLD[measure.rung], values)]
    lines += rule_lines(group, measure.rule, there.language)
    lines.append(Text("told-by-a-person"))
    if measure.rung in BINDING:
        lines.append(Text("told-appeal", {"date": day(measure.at + OPEN_FOR)}))
    if measure.rung is Rung.REMOVAL:
        lines.append(numbers(there, group))
    kind = "warning" if measure.rung is not Rung.TALK else "notice"
    return there.answer(Reply(kind, tuple(lines), group=name))


def rule_lines(group: Group, number: int, language: str) -> list[Text]:
    """Say a rule in its words; none if there is no such rule."""
    rule = rule_of(group, number, language)
    if rule is None:
        return []
    return [Text("card", {"lines": (Text("told-rule"), rule_line(rule))})]


def numbers(there: Turn, group: Group) -> Text:
    """Say who helps on a bad night."""
    lines = lines_for(there.state.house, country_of(there.person, (group,)))
    return Text("card", {"lines": (Text("numbers-bad-night"), *lines)})


def to_those_in_charge(
    here: Turn,
    group: Group,
    *lines: Text,
    also: Iterable[UserId] = (),
    room: RoomId | None = None,
    kind: str = "notice",
) -> Outcome:
    """Tell facilitators where they are, others in their chats; not where it is answered.

    `room`: where it was asked for, which may be somebody's chat.
    """
    places = [*places_of_facilitators(here.state, group), *chats_of(here.state, also)]
    places += [room] if room is not None else []
    return notices([p for p in dict.fromkeys(places) if p != here.room], group, *lines, kind=kind)


def back_to(here: Turn, group: Group, room: RoomId, *lines: Text) -> Outcome:
    """Tell it where it was asked for."""
    return notices((room,), group, *lines) if room != here.room else NOTHING


def day(moment: datetime) -> str:
    """Write a day as everywhere."""
    return f"{moment:%Y-%m-%d}"
