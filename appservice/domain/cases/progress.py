"""What its owner does about a case, from the first step to the close; people judge, we note."""

from dataclasses import replace

from appservice.domain.cases.acts import not_now
from appservice.domain.cases.case import Case, Level, Result, Stage, Track
from appservice.domain.cases.keeping import done, noticed, refused, said, settled
from appservice.domain.cases.log import newest, noted
from appservice.domain.cases.names import LEVELS, RESULTS, STAGES
from appservice.domain.cases.seconding import colleague, needs_two, wished
from appservice.domain.cases.seeing import Seen, may_be_asked, places
from appservice.domain.cases.table import Act, By
from appservice.domain.flags import updates
from appservice.domain.mentions import mentioned
from appservice.domain.outcome import Outcome
from appservice.domain.subcommand import spellings, subcommand
from appservice.domain.telling import notices
from appservice.domain.turn import Reply
from appservice.domain.types import Text

_HANDING = ("handed_over", "handover_confirmed", "handover_failed")


def watched(seen: Seen) -> Outcome:
    """Note that somebody keeps an eye on it."""
    return _moved(seen, Act.WATCH, "watching")


def following(seen: Seen) -> Outcome:
    """Note that what was to be done is done, and that somebody looks in again."""
    return _moved(seen, Act.FOLLOW_UP, "follow_up")


def declined(seen: Seen) -> Outcome:
    """Note that the member wants nobody to look in again."""
    after = replace(noticed(seen, "no_follow_up"), follow_up=False)
    return settled(seen, after, said(seen, Text("case-no-follow-up", _number(seen))))


def levelled(seen: Seen, rest: str) -> Outcome:
    """Set how grave it is; down from red with a second person only."""
    case = seen.case
    if case.track is Track.CONDUCT:
        return refused(seen, Text("case-conduct-no-level", _number(seen)))
    word = subcommand(seen.turn, rest, "case-level", [level.value for level in Level])
    if word is None:
        return refused(seen, Text("case-level-words", _number(seen)))
    level = Level(word[0])
    if level is case.level:
        return refused(seen, Text("case-level-so", {**_number(seen), "level": LEVELS[level]}))
    what = f"level {level.value}"
    if needs_two(case, what):
        return wished(seen, what)
    return settled(seen, with_level(seen, level), said(seen, *level_said(seen, level)))


def with_level(seen: Seen, level: Level) -> Case:
    return replace(noticed(seen, f"level {level.value}"), level=level, wanted=None)


def level_said(seen: Seen, level: Level) -> tuple[Text, ...]:
    first = Text("case-level-set", {**_number(seen), "level": LEVELS[level]})
    return (first, Text("case-red-how", _number(seen))) if level is Level.RED else (first,)


def escalating(seen: Seen) -> Outcome:
    """Ask for a second person's word before anybody outside is contacted, by people."""
    if done(seen, Act.ESCALATE, "") is None:
        return not_now(seen)
    return wished(seen, "escalate")


def escalated(seen: Seen) -> Case | None:
    return done(seen, Act.ESCALATE, "escalated")


def handing_over(seen: Seen, rest: str) -> Outcome:
    """Hand it to a colleague, who must say yes, or note that services have it now."""
    after = done(seen, Act.HAND_OVER, "handed_over")
    if after is None:
        return not_now(seen)
    services = spellings(seen.turn, "case-to-services")
    if any(word.casefold() in services for word in rest.split()):
        line = Text("case-handed-to-services", _number(seen))
        return settled(seen, replace(after, wanted=None), said(seen, line))
    if not mentioned(seen.turn.text):
        return refused(seen, Text("case-handover-words", _number(seen)))
    user = colleague(seen, may_be_asked)
    if isinstance(user, Text):
        return refused(seen, user)
    return wished(seen, "handover", user)


def handed_on(seen: Seen) -> Case | None:
    """Return the case as a colleague takes it on, who has said yes."""
    after = done(seen, Act.TAKE_OVER, "handed_over", By.ANYBODY)
    return after and noted(after, "handover_confirmed", seen.turn.now, seen.turn.user)


def arrived(seen: Seen, *, failed: bool = False) -> Outcome:
    """Note that a handover has arrived, or that nobody could be asked whether it has."""
    case = seen.case
    if case.stage is not Stage.HANDED_OVER:
        return not_now(seen)
    if failed:
        after = noticed(seen, "handover_failed")
        return settled(seen, after, said(seen, Text("case-handover-failed", _number(seen))))
    confirmed = done(seen, Act.CONFIRM, "handover_confirmed")
    if confirmed is None:
        return not_now(seen)
    return settled(seen, confirmed, said(seen, Text("case-handover-confirmed", _number(seen))))


def closing(seen: Seen, rest: str) -> Outcome:
    """End a case, with how it ended; a red one with a second person only."""
    word = subcommand(seen.turn, rest, "case-result", [one.value for one in Result])
    if word is None:
        return refused(seen, Text("case-close-words", _number(seen)))
    if (why := why_not_yet(seen.case)) is not None:
        return refused(seen, why)
    what = f"close {word[0]}"
    if needs_two(seen.case, what):
        return wished(seen, what)
    after = with_result(seen, Result(word[0]))
    return not_now(seen) if after is None else closed(seen, after)


def with_result(seen: Seen, result: Result) -> Case | None:
    after = done(seen, Act.CLOSE, f"closed {result.value}")
    if after is None:
        return None
    return replace(after, closed=seen.turn.now, result=result, wanted=None)


def closed(seen: Seen, after: Case) -> Outcome:
    """Keep that it is over; who may see it hears so, and the reporter."""
    turn, group = seen.turn, seen.group
    result = RESULTS[after.result or Result.LOOKED_AFTER]
    line = Text("case-closed", {**_number(seen), "result": result})
    rooms = places(turn.state, group, after, but=(turn.user,))
    elsewhere = [room for room in rooms if room != turn.room]
    reply = Reply("case_closed", (line,), group=group.charter.name, case=after.name)
    out = settled(seen, after, reply)
    out += notices(elsewhere, group, line, kind="case_closed")
    return out + updates.closed(turn, group, after)


def debriefed(seen: Seen) -> Outcome:
    """Note that those who looked after it have talked it over."""
    after = done(seen, Act.DEBRIEF, "debriefed", By.ANYBODY)
    if after is None:
        return not_now(seen)
    return settled(seen, after, said(seen, Text("case-debriefed", _number(seen))))


def why_not_yet(case: Case) -> Text | None:
    """Say what is to be done before a case may close; None if it may."""
    number = {"number": case.number}
    handed = newest(case, *_HANDING)
    if case.level is Level.RED and handed is not None and handed.code == "handed_over":
        return Text("case-handover-open", number)
    if newest(case, "alone") is not None and newest(case, "why") is None:
        return Text("case-why-open", number)
    return None


def _moved(seen: Seen, act: Act, code: str) -> Outcome:
    after = done(seen, act, code)
    if after is None:
        return not_now(seen)
    line = Text("case-is-now", {**_number(seen), "state": STAGES[after.stage]})
    return settled(seen, after, said(seen, line))


def _number(seen: Seen) -> dict[str, int]:
    return {"number": seen.case.number}
