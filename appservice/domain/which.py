"""Which of somebody's groups is meant: named before or after other words, or asked for."""

from collections.abc import Sequence

from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.person import Asked, Choice
from appservice.domain.turn import Ask, Reply, Turn
from appservice.domain.types import Text, verbatim

ALL = "all-groups"  # the choice of all of them; no group can have this name


def named(turn: Turn, groups: Sequence[Group], text: str) -> tuple[tuple[Group, ...], str]:
    """Take the name of a group, or the word for all, off an end of a text.

    Return the groups that it means, none if it names none, and the rest of the text.
    """
    said = " ".join(text.split())
    own = _synonyms(turn, ALL)
    if said.casefold().startswith(tuple(_synonyms(turn, "every-fortnight"))):
        own = frozenset()  # "alle zwei Wochen" begins with a word for all
    names: dict[str, tuple[Group, ...]] = {word: tuple(groups) for word in own}
    names |= {group.charter.name.casefold(): (group,) for group in groups}
    for name in sorted(names, key=len, reverse=True):
        if said.casefold() == name:
            return names[name], ""
        if said.casefold().startswith(f"{name} "):
            return names[name], said[len(name) :].strip()
        if said.casefold().endswith(f" {name}"):
            return names[name], said[: -len(name)].strip()
    return (), said


def _synonyms(turn: Turn, name: str) -> frozenset[str]:
    return turn.state.words.synonyms(name, turn.language) | turn.state.words.synonyms(name, "en")


def chosen(groups: Sequence[Group], choice: str) -> tuple[Group, ...]:
    """Return the groups that a choice means; none if it is none of these any more."""
    if choice == ALL:
        return tuple(groups)
    return tuple(group for group in groups if group.charter.name == choice)


def choices(groups: Sequence[Group], *, all_of_them: bool = True) -> tuple[Choice, ...]:
    """Offer each group by its name, and last all of them together."""
    names = [group.charter.name for group in groups]
    each = tuple(Choice(name, verbatim(name), verbatim(name)) for name in names)
    every = Choice(ALL, Text("choice-all-groups"), Text("choice-all-groups-reply"))
    return (*each, every) if all_of_them else each


def which_of(turn: Turn, wanted: Sequence[Asked]) -> Outcome:
    """Ask whose sentence it is where several groups wait for it: a yes to one is no other's."""
    groups = [turn.groups[one.group] for one in wanted if one.group and one.group in turn.groups]
    ask = Ask(f"agree {turn.event}")  # it is this message that counts
    own = choices(groups, all_of_them=False)
    return turn.answer(Reply("notice", (Text("agree-which"),), choices=own, ask=ask))


def name_of(groups: Sequence[Group]) -> str:
    """Say which groups are meant."""
    return ", ".join(group.charter.name for group in groups)
