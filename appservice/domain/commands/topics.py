"""topics: shows what was suggested to talk about; `topics vote` lets you choose."""

from appservice.domain.agenda import topic_vote
from appservice.domain.agenda.nearest import nearest
from appservice.domain.agenda.shown import topics_of
from appservice.domain.agenda.topics import Listed, listed
from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.prompts import zone_of
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Moment, Text, Values, verbatim
from appservice.domain.which import named

_CLOSES = topic_vote.BEFORE


def topics(turn: Turn, rest: str) -> Outcome | None:
    """Show them for one group or for all, or ask for dots in one group."""
    groups = [turn.groups[consent.group] for consent in turn.consents()]
    said, wants_vote = _vote(turn, rest)
    if wants_vote:
        return _asked(turn, groups, said)
    meant, left = named(turn, groups, said)
    if left:
        return None
    lines = [_of(turn, group) for group in meant or groups]
    if not lines:
        return turn.answer(notice(Text("topic-no-group")))
    return turn.answer(notice(*lines, Text("topics-how")))


def _vote(turn: Turn, rest: str) -> tuple[str, bool]:
    """Say whether somebody wants to vote, by a word before or after; and what else they said."""
    words = spellings(turn, "topics-vote")
    said = turn.text.casefold().split()
    if words & set(said[: len(said) - len(rest.split())]):  # a part of the command itself
        return rest, True
    kept = [word for word in rest.split() if word.casefold() not in words]
    return " ".join(kept), len(kept) < len(rest.split())


def _asked(turn: Turn, groups: list[Group], rest: str) -> Outcome | None:
    if not groups:
        return turn.answer(notice(Text("topic-no-group")))
    found = facilitated_first(turn, rest, groups)
    if isinstance(found, Text):
        return turn.answer(Reply("not_understood", (found,)))
    group, left = found
    return None if left else topic_vote.asked(turn, group)


def _of(turn: Turn, group: Group) -> Text:
    open_ones = listed(topics_of(turn.state, group.id))
    name = group.charter.name
    if not open_ones:
        return Text("topics-none", {"group": name})
    lines = [Text("topics-title", {"group": name}), *map(_line, open_ones)]
    coming = nearest(turn.state, group.id, turn.now + _CLOSES)
    if coming is not None and coming.starts - _CLOSES > turn.now:
        until = Moment(coming.starts - _CLOSES, zone_of(turn.person, group), short=True)
        lines.append(Text("topics-until", {"when": until}))
    return Text("card", {"lines": tuple(lines)})


def _line(one: Listed) -> Text:
    values: Values = {
        "number": one.number,
        "title": verbatim(one.title),
        "names": ", ".join(one.names),
    }
    return Text("topics-line-named" if one.names else "topics-line", values)
