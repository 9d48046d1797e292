"""theme: shows the theme of the week; with words after it suggests one to your facilitators."""

from dataclasses import replace

from appservice.domain.group import Group
from appservice.domain.group_life.words import to_facilitators
from appservice.domain.outcome import Outcome
from appservice.domain.suggesting import MOST, given, is_full
from appservice.domain.themes.choosing import of_id, themes_of
from appservice.domain.themes.clock import kept
from appservice.domain.themes.posting import lines_of
from appservice.domain.themes.theme import OwnTheme
from appservice.domain.themes.writing import title_in
from appservice.domain.turn import Turn, notice
from appservice.domain.types import Text, verbatim
from appservice.domain.which import name_of, named

WORDS = 12  # with more than these it is a sentence


def theme(turn: Turn, rest: str) -> Outcome | None:
    """Show it, or take a suggestion; facilitators see the words, and not whose they are."""
    groups = tuple(turn.groups[consent.group] for consent in turn.consents())
    meant, words = named(turn, groups, rest)
    if len(words.split()) > WORDS:
        return None
    if not groups:
        return turn.answer(notice(Text("in-no-group")))
    if not words:
        return _shown(turn, meant or groups)
    if len(meant or groups) > 1:
        line = Text("name-the-group", {"names": name_of(groups)})
        return turn.refuse(line)
    return _suggested(turn, (meant or groups)[0], words)


def _shown(turn: Turn, groups: tuple[Group, ...]) -> Outcome:
    lines: list[Text] = []
    for group in groups:
        themes = themes_of(turn.state, group.id)
        now_on = of_id(turn.state, themes, themes.current, turn.language)
        if now_on is None:
            lines.append(Text("theme-none", {"group": group.charter.name}))
        else:
            lines += lines_of(group, now_on)
    only = groups[0].charter.name if len(groups) == 1 else None
    return turn.answer(notice(*lines, Text("theme-suggest-how"), group=only))


def _suggested(turn: Turn, group: Group, words: str) -> Outcome:
    themes, title = themes_of(turn.state, group.id), title_in(words)
    name = group.charter.name
    if isinstance(title, Text):
        return turn.refuse(title, group=group)
    if is_full(themes.suggested, turn.user):
        enough = Text("suggested-enough", {"most": MOST})
        return turn.refuse(enough, group=group)
    new = OwnTheme(themes.last + 1, title)
    suggested = given(themes.suggested, turn.user, new)
    told = Text("theme-suggested-told", {"group": name, "title": verbatim(title)})
    how = Text("theme-suggested-how", {"number": new.number})
    return (
        kept(replace(themes, suggested=suggested, last=new.number))
        + to_facilitators(turn, group, told, how)
        + turn.answer(notice(Text("theme-suggested", {"group": name}), group=name))
    )
