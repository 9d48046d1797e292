"""!poll: asks your group to vote, each in private; shows, closes and stops votes."""

from collections.abc import Callable, Mapping

from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.polls import course, drafts, showing
from appservice.domain.polls.poll import Poll, Stage
from appservice.domain.polls.wording import wished
from appservice.domain.subcommand import after, subcommand
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text

_NAMES = ("list", "close", "stop", "yes", "no")


def group_poll(turn: Turn, rest: str) -> Outcome:
    """Show a new vote back, or do what the word after it says."""
    found = facilitated_first(turn, after(turn.text, "!poll", turn) or rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, written = found
    if not written:
        return _list(turn, group)
    word = subcommand(turn, written, "poll", _NAMES)
    number = word[1].lstrip("#").rstrip(".") if word is not None else ""
    if word is None or not (number.isdecimal() or not number):
        return _new(turn, group, written)
    if word[0] == "list":
        return _list(turn, group)
    poll = _meant(turn, group, _STAGES[word[0]], number)
    if isinstance(poll, Text):
        return turn.refuse(poll, group=group)
    return _DOING[word[0]](turn, group, poll)


def _new(turn: Turn, group: Group, written: str) -> Outcome:
    if group.stage != "open":
        return turn.refuse(Text("poll-not-open"), group=group)
    wish = wished(turn, group.charter.zone, written)
    if isinstance(wish, Text):
        return turn.refuse(wish, group=group)
    return drafts.proposed(turn, group, wish)


def _list(turn: Turn, group: Group) -> Outcome:
    zone = group.charter.zone
    polls = [
        one
        for one in course.of_group(turn.state, group.id)
        if one.stage is not Stage.DRAFT or one.by == turn.user
    ]
    lines = [Text("poll-list" if polls else "poll-list-none")]
    lines += [showing.listed(one, zone) for one in polls]
    said = (Text("card", {"lines": tuple(lines)}), Text("poll-words"))
    return turn.answer(notice(*said, group=group.charter.name))


def _close(turn: Turn, group: Group, poll: Poll) -> Outcome:
    told = notice(Text("poll-closed", {"number": poll.number}), group=group.charter.name)
    return course.closed(turn, group, poll) + turn.answer(told)


def _stop(turn: Turn, group: Group, poll: Poll) -> Outcome:
    if poll.stage is not Stage.OPEN:
        return drafts.dropped(turn, group, poll)
    told = notice(Text("poll-stopped", {"number": poll.number}), group=group.charter.name)
    return course.stopped(turn, group, poll) + turn.answer(told)


def _meant(turn: Turn, group: Group, stages: tuple[Stage, ...], number: str) -> Poll | Text:
    """Return the vote of this number; without one the only one, first of all one's own draft."""
    polls = [
        one
        for one in course.of_group(turn.state, group.id)
        if one.stage in stages and (one.stage is not Stage.DRAFT or one.by == turn.user)
    ]
    if number:
        found = [one for one in polls if str(one.number) == str(int(number))]
    else:
        found = [one for one in polls if one.stage is Stage.DRAFT] or polls
    if len(found) == 1:
        return found[0]
    return Text("poll-which" if polls else "poll-list-none")


_STAGES: Mapping[str, tuple[Stage, ...]] = {
    "close": (Stage.OPEN,),
    "stop": (Stage.OPEN, Stage.DRAFT, Stage.WAITS),
    "yes": (Stage.DRAFT, Stage.WAITS),
    "no": (Stage.DRAFT, Stage.WAITS),
}
_Doing = Callable[[Turn, Group, Poll], Outcome]
_DOING: Mapping[str, _Doing] = {
    "close": _close,
    "stop": _stop,
    "yes": drafts.accepted,
    "no": drafts.dropped,
}
