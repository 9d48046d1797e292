"""Allowing an option and taking it back: a question and a yes, or one word."""

from collections.abc import Iterable
from dataclasses import replace

from appservice.domain.asked import closed
from appservice.domain.entries import Entry
from appservice.domain.options import OPTIONS, Option, option_of
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.records import Consent
from appservice.domain.subcommand import subcommand
from appservice.domain.turn import Ask, Reply, Turn
from appservice.domain.types import EventId, Text


def meant(turn: Turn, rest: str) -> tuple[Option, list[Consent]] | None:
    """Return the option that is named, and the groups: all, or the one whose name follows."""
    found = subcommand(turn, rest, "option", (option.name for option in OPTIONS))
    if found is None:
        return None
    name, group = found
    option = option_of(name)
    if option is None:
        return None
    own = [
        consent
        for consent in turn.consents()
        if not group or turn.groups[consent.group].charter.name.casefold() == group.casefold()
    ]
    return option, own


def asks(turn: Turn, option: Option, consents: list[Consent]) -> Outcome:
    """Ask one plain question; the topic keeps for which groups it was asked."""
    topic = " ".join(("allow", option.name, *(consent.group for consent in consents)))
    lines = (option.ask, Text("option-groups", {"groups": names(turn, consents)}))
    choices = (
        Choice("yes", Text("choice-yes"), Text("choice-yes-reply")),
        Choice("no", Text("choice-no"), Text("choice-no-reply")),
    )
    return turn.answer(Reply("options", lines, choices=choices, ask=Ask(topic)))


def answered(turn: Turn, question: Asked, choice: str) -> Outcome:
    """Write each consent down, in the words of the question; a no changes nothing."""
    _, name, *groups = question.topic.split()
    asked = closed(turn.person.asked, question.topic, None)
    done = replace(turn, person=replace(turn.person, asked=asked))
    own = [one for one in turn.consents() if one.group in groups and name not in one.options]
    option = option_of(name)
    if choice != "yes" or not own or option is None:
        return done.answer(Reply("options", (Text("option-stays-off"),)))
    statement = turn.state.words.say(option.ask, question.language)
    entries = tuple(
        replace(_entry(one, name, turn), given=True, statement=statement) for one in own
    )
    puts = tuple(replace(one, options=(*one.options, name)) for one in own)
    lines = (
        Text("option-on", {"groups": names(turn, own)}),
        option.does,
        Text("option-how-off", {"name": name}),
    )
    return Outcome(puts=puts, entries=entries) + done.answer(Reply("options", lines))


def taken_back(turn: Turn, option: Option, consents: list[Consent]) -> Outcome:
    """End it at once."""
    on = [consent for consent in consents if option.name in consent.options]
    entries = tuple(_entry(one, option.name, turn) for one in on)
    puts = tuple(
        replace(one, options=tuple(name for name in one.options if name != option.name))
        for one in on
    )
    key = "option-off" if on else "option-off-already"
    line = Text(key, {"name": option.name, "groups": names(turn, on)})
    return Outcome(puts=puts, entries=entries) + turn.answer(Reply("withdrawn", (line,)))


def names(turn: Turn, consents: Iterable[Consent]) -> str:
    """List the groups of consents by their names."""
    return ", ".join(turn.groups[consent.group].charter.name for consent in consents)


def _entry(consent: Consent, name: str, turn: Turn) -> Entry:
    """Make the line that takes an option back; given ones say in which words."""
    return Entry(
        user=consent.user,
        group=consent.group,
        subject=name,
        given=False,
        at=turn.now,
        language=turn.language,
        event=EventId(turn.event),
    )
