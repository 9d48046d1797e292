"""!times 2027-05-12 19:00, 2027-05-13 18:30 for 60m: asks members which time suits them."""

from dataclasses import replace

from appservice.domain.facilitation import facilitated_first
from appservice.domain.group import Group
from appservice.domain.meetings.recurrence import instant
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import subcommand
from appservice.domain.times.asking import search_of
from appservice.domain.times.finding import begun, closed_for, counted, over, result
from appservice.domain.times.reading import read, skipped
from appservice.domain.times.search import TimeSearch
from appservice.domain.turn import Reply, Turn, notice
from appservice.domain.types import Moment, Text


def find_times(turn: Turn, rest: str) -> Outcome:
    """Begin to ask; alone it shows the counts, with `close` it ends the question now."""
    found = facilitated_first(turn, rest)
    if isinstance(found, Text):
        return turn.refuse(found)
    group, rest = found
    search = search_of(turn.state, group.id)
    if search is not None and subcommand(turn, rest, "times", ("close",)):
        return _over(turn, group, search)
    if search is not None:
        how = () if not rest else (Text("times-close-first"),)
        lines = (counted(turn, group, search), _until(search), *how)
        return turn.answer(notice(*lines, group=group.charter.name))
    return _asked(turn, group, rest)


def _asked(turn: Turn, group: Group, rest: str) -> Outcome:
    if not rest or subcommand(turn, rest, "times", ("close",)):
        return _refused(turn, group, "times-none")
    if group.stage != "open":
        return _refused(turn, group, "times-not-open")
    wish = read(turn, group.id, group.charter.zone, rest)
    if isinstance(wish, Text):
        return turn.refuse(wish, group=group)
    return _begun(turn, group, wish)


def _begun(turn: Turn, group: Group, search: TimeSearch) -> Outcome:
    times = (search.moment(index) for index in range(len(search.walls)))
    lines = [Text("times-moment", {"moment": moment}) for moment in times]
    title = Text("times-begun", {"group": group.charter.name, "minutes": search.minutes})
    said = [Text("card", {"lines": (title, *lines)}), _until(search)]
    for wall in skipped(search):
        at = Moment(instant(wall, search.zone), search.zone)
        said.insert(1, Text("times-skipped", {"clock": f"{wall:%H:%M}", "moment": at}))
    return begun(turn, group, search) + turn.answer(notice(*said, group=group.charter.name))


def _over(turn: Turn, group: Group, search: TimeSearch) -> Outcome:
    ended, person = closed_for(turn, group)
    said = Reply("result", result(group, search), group=group.charter.name)
    return over(turn, group, search) + ended + replace(turn, person=person).answer(said)


def _until(search: TimeSearch) -> Text:
    return Text("times-until", {"moment": Moment(search.closes, search.zone)})


def _refused(turn: Turn, group: Group, key: str) -> Outcome:
    name = group.charter.name
    return turn.refuse(Text(key, {"group": name}), group=group)
