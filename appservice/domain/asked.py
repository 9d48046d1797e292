"""Which of our questions an answer is for, and which of them wait."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from appservice.domain.choosing import Said, chosen, chosen_all, is_number, statement_of
from appservice.domain.person import Asked
from appservice.domain.types import EffectId, GroupId, RoomId, Words

KEPT = 12
BUSY = timedelta(minutes=30)  # so long a question is one that somebody may be about to answer
ALARM = "case"  # the first word of the topic of our question who takes a case
PASSING = frozenset(
    (
        "agree",
        "allow",
        "buddy-ask",
        "buddy-offer",
        "coming",
        "conduct",
        "contact",
        "forget",
        "leave",
        "meeting",
        "milestone",
        "page",
        "pause",
        "pause-long",
        "poll-new",
        "reach",
        "redact",
        "rest",
        "return",
        "step-out",
        "unsigned",
    )
)
"""Topics that a newer question closes."""
UNHURRIED = frozenset({"drill", "joint", "swap"})  # topics that nobody has to answer, like polls
TOLD = frozenset({"role"})  # topics where an answer that comes too late is told so


@dataclass(frozen=True)
class Answer:
    """An answer that counts: to this question, this choice; to a poll perhaps several."""

    asked: Asked
    choices: tuple[str, ...]

    @property
    def choice(self) -> str:
        return self.choices[0]


@dataclass(frozen=True)
class Stale:
    """An answer to a question that was answered already; it is let go in silence."""


def opened(all_asked: tuple[Asked, ...], new: Asked) -> tuple[Asked, ...]:
    """Add a question; it takes the place of older ones of its dialogue and of passing ones.

    One that stands aside leaves all others as they are.
    """
    older = (
        replace(asked, answered=True)
        if (passes(asked) and not new.aside)
        or (asked.topic, asked.group) == (new.topic, new.group)
        else asked
        for asked in all_asked
    )
    return _newest((*older, new))


def _newest(all_asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """Let go of the oldest that were answered, then of the oldest."""
    kept = list(all_asked)
    for asked in all_asked:
        if len(kept) > KEPT and asked.answered:
            kept.remove(asked)
    return tuple(kept[-KEPT:])


def closed(all_asked: tuple[Asked, ...], topic: str, group: GroupId | None) -> tuple[Asked, ...]:
    """Close every question of a dialogue."""
    return tuple(
        replace(asked, answered=True) if (asked.topic, asked.group) == (topic, group) else asked
        for asked in all_asked
    )


def closed_about(all_asked: tuple[Asked, ...], group: GroupId) -> tuple[Asked, ...]:
    """Close every question about a group, whichever dialogue asked it."""
    return tuple(
        replace(asked, answered=True, flag=None) if asked.group == group else asked
        for asked in all_asked
    )


def passes(asked: Asked) -> bool:
    """Say whether any newer question closes this one; the first word of its topic tells."""
    return asked.dialogue in PASSING


def let_go(all_asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """Close the passing ones."""
    return tuple(replace(a, answered=True) if passes(a) else a for a in all_asked)


def waiting(all_asked: tuple[Asked, ...]) -> Asked | None:
    """Return the newest question that is open: the one `continue` repeats.

    Not passing ones, nor those that nobody has to answer; one that stands aside comes last.
    """
    rest = (a for a in reversed(all_asked) if not _may_wait(a))
    open_ones = [a for a in rest if not a.answered and not passes(a)]
    return min(open_ones, key=lambda one: one.aside, default=None)


def is_busy(all_asked: tuple[Asked, ...], room: RoomId, now: datetime) -> bool:
    """Say whether somebody was just asked something here that awaits an answer.

    Alarms stand beside each other. What nobody has to answer keeps nothing waiting, nor does the
    way to a person that we offer after whatever was said.
    """
    here = (a for a in all_asked if a.room == room and not a.answered)
    rest = (a for a in here if not (_may_wait(a) or _is_offer(a)))
    asked = (a.at for a in rest if a.dialogue != ALARM and a.at is not None)
    return any(timedelta(0) <= now - at < BUSY for at in asked)


def read(all_asked: tuple[Asked, ...], said: Said, words: Words) -> Answer | Stale | None:
    """Find the question that a text answers. None: it answers none.

    A reply answers the question it names. Otherwise the newest open one of this room counts, but
    only once it stands there: whoever answers the one before it from two devices is not taken to
    answer the next.
    """
    if said.reply_to is not None:
        return _of_reply(all_asked, said, words)
    on_its_way = False
    for asked in reversed(all_asked):
        if asked.room != said.room or (asked.aside and not _is_by_words(asked, said)):
            continue
        if not asked.answered and not asked.shown:
            on_its_way = True
            continue
        choices = chosen_all(asked, said, words)
        if not choices and (asked.aside or _may_wait(asked)):
            if asked.poll is not None and not asked.answered and is_number(said.text):
                return None  # a wrong number is not looked for among older questions
            continue
        if not asked.answered:
            return Answer(asked, choices) if choices else None
        if choices and _is_told(asked) and not on_its_way:
            return Answer(asked, choices)
        if choices:
            return Stale() if on_its_way or choices == ("agree",) else None
    return None


def target(all_asked: tuple[Asked, ...], said: Said) -> Asked | None:
    """Return the open question that an unclear text may be meant for."""
    for asked in reversed(all_asked):
        here = asked.shown and asked.room == said.room
        named = here if said.reply_to is None else said.reply_to in (asked.message, asked.poll)
        if asked.poll is not None and not is_number(said.text):
            continue  # nobody has to answer a poll
        if asked.aside and said.reply_to is None:
            continue
        if named and not asked.answered:
            return asked
    return None


def statements(all_asked: tuple[Asked, ...], said: Said, words: Words) -> tuple[Asked, ...]:
    """Return the open questions whose sentence this text is, the newest first."""
    return tuple(
        asked
        for asked in reversed(all_asked)
        if asked.shown
        and not asked.answered
        and asked.room == said.room
        and statement_of(asked)
        and chosen(asked, said, words) == "agree"
    )


def of_poll(all_asked: tuple[Asked, ...], poll: EffectId) -> Asked | None:
    """Return the question that a native poll asks."""
    return next((asked for asked in all_asked if asked.poll == poll), None)


def marked(all_asked: tuple[Asked, ...], voted: Asked) -> tuple[Asked, ...]:
    """Keep that an answer to a poll came; it stays open for another one."""
    return tuple(
        replace(one, voted=True) if one.message == voted.message else one for one in all_asked
    )


def _of_reply(all_asked: tuple[Asked, ...], said: Said, words: Words) -> Answer | Stale | None:
    reply = said.reply_to
    named = next((asked for asked in all_asked if reply in (asked.message, asked.poll)), None)
    if named is None:
        return None
    if named.answered and not _is_told(named):
        return Stale()
    choices = chosen_all(named, said, words)
    return Answer(named, choices) if choices else None


def _is_offer(asked: Asked) -> bool:
    return [choice.id for choice in asked.choices] == ["contact"]


def _is_by_words(asked: Asked, said: Said) -> bool:
    """Say whether words may answer a question that stands aside, as a reply may."""
    return (asked.shown or asked.answered) and not is_number(said.text)


def _may_wait(asked: Asked) -> bool:
    return asked.poll is not None or asked.topic in UNHURRIED


def _is_told(asked: Asked) -> bool:
    """Say whether somebody is told that their answer comes too late."""
    return asked.topic in TOLD or asked.dialogue == ALARM or asked.poll is not None
