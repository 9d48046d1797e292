"""digest on: tells you once a week what the coming week brings; nothing that anybody wrote."""

from datetime import time

from appservice.domain.digest.records import Digest
from appservice.domain.digest.sending import event_of, looking
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.own_times import Every, beginning
from appservice.domain.own_times_words import Named, named
from appservice.domain.prompt_timers import resting
from appservice.domain.prompts import zone_of
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Moment, Text
from appservice.domain.which import name_of
from appservice.domain.which import named as groups_named

DEFAULT_DAY, DEFAULT_AT = 0, time(9)  # Mondays at nine
SHORT = 3  # words of a text that may be meant as a time
_HOW = Reply("not_understood", (Text("digest-how"),))


def digest(turn: Turn, rest: str) -> Outcome | None:
    """Begin or end it, for the group that is named or for all; alone it tells how it stands."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    meant, left = groups_named(turn, groups, rest)
    word = subcommand(turn, left, "checkin", ("on", "off")) if left else ("tell", "")
    if not groups:
        return turn.answer(notice(Text("digest-none")))
    match word:
        case ("tell", _):
            return _told(turn, meant or groups)
        case ("off", ""):
            return _off(turn, meant or groups)
        case None:
            return _on(turn, meant or groups, left, sure=False)
        case (name, how):
            on = _on(turn, meant or groups, how, sure=True) if name == "on" else None
            return on or turn.answer(_HOW)


def _on(turn: Turn, groups: tuple[Group, ...], text: str, *, sure: bool) -> Outcome | None:
    wished = named(text, turn.state.words, turn.language)
    weekly = wished.every in (None, Every.WEEK)
    if wished.rest or wished.unclear or not weekly:
        near = sure or wished.unclear or not weekly or wished.day is not None
        return turn.answer(_HOW) if near and len(wished.rest) < SHORT else None
    out, lines = Outcome(), []
    for group in groups:
        new = _wish(turn, group, wished)
        out += Outcome(puts=(new,)) + looking(new, turn.state, turn.person, turn.now)
        lines.append(_line(turn, group, new))
    return out + turn.answer(notice(*lines, Text("digest-what")))


def _off(turn: Turn, groups: tuple[Group, ...]) -> Outcome:
    own = [one for group in groups if (one := _of(turn, group)) is not None]
    out = Outcome(drops=tuple(own))
    for one in own:
        out += resting(event_of(one))
    return out + turn.answer(notice(Text("digest-off", {"groups": name_of(groups)})))


def _told(turn: Turn, groups: tuple[Group, ...]) -> Outcome:
    lines = []
    for group in groups:
        wish = _of(turn, group)
        is_off = Text("digest-off", {"groups": group.charter.name})
        lines.append(is_off if wish is None else _line(turn, group, wish))
    return turn.answer(notice(*lines, Text("digest-how")))


def _of(turn: Turn, group: Group) -> Digest | None:
    own = (one for one in turn.state.of(Digest) if one.user == turn.user)
    return next((one for one in own if one.group == group.id), None)


def _wish(turn: Turn, group: Group, wished: Named) -> Digest:
    old = _of(turn, group)
    at = wished.at or (old.time.first.time() if old else DEFAULT_AT)
    day = wished.day
    if day is None:
        day = old.time.first.weekday() if old else DEFAULT_DAY
    zone = zone_of(turn.person, group)
    return Digest(turn.user, group.id, beginning(Every.WEEK, day, at, turn.now, zone))


def _line(turn: Turn, group: Group, wish: Digest) -> Text:
    zone = zone_of(turn.person, group)
    when = Moment(wish.time.following(turn.now, zone), zone)
    return Text("digest-on", {"group": group.charter.name, "when": when})
