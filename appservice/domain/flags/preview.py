"""Before a flag goes, its reporter sees all that will be seen, and by whom, and says yes."""

from collections.abc import Iterable

from appservice.domain.application import EventIn
from appservice.domain.cases.case import About, For
from appservice.domain.cases.opening import Raised
from appservice.domain.effects import Message, Quote
from appservice.domain.flags import asking
from appservice.domain.flags.asking import Step
from appservice.domain.flags.draft import Draft
from appservice.domain.flags.raising import raised
from appservice.domain.flags.receipt import receipt
from appservice.domain.flags.seers import lead_reads_links, seen_by
from appservice.domain.group import Group
from appservice.domain.outcome import Outcome
from appservice.domain.turn import Turn
from appservice.domain.types import Text


def previewed(
    turn: Turn, group: Group, draft: Draft, new: Iterable[EventIn], *first: Text
) -> Outcome:
    """Quote their own words back (`new`: what they have not been shown), and ask."""
    about_me = draft.about is About.ME
    if not draft.shared and not about_me:
        return asking.ask(turn, group, draft, Step.SHARE, Text("flag-empty"))
    lines = [*first, seen_by(turn.state, group, draft.visible, turn.user)]
    if draft.linked:
        lines.append(Text("flag-link"))
    if not draft.shared:
        lines.append(Text("flag-only-wish"))
    asked = asking.ask(turn, group, draft, Step.PREVIEW, *lines)
    return Outcome(effects=tuple(_quoted(turn, group, place) for place in new)) + asked


def lacks_words(turn: Turn, group: Group, draft: Draft) -> bool:
    """Say whether it is a link only, and the one who may see it cannot follow it."""
    only_link = draft.linked and not draft.worded
    return only_link and draft.visible is For.LEAD and not lead_reads_links(turn.state, group)


def sent(turn: Turn, group: Group, draft: Draft) -> Outcome:
    """Let it become a case, and give its reporter a receipt."""
    about = draft.about or About.OTHER
    what = Raised(about, urgent=draft.urgent, visible=draft.visible, excerpt=draft.shared)
    case, out = raised(turn, group, what)
    return out + turn.answer(receipt(turn, group, case))


def _quoted(turn: Turn, group: Group, place: EventIn) -> Quote:
    message = Message(
        "flag_preview", (), turn.language, ("flag_preview",), group=group.charter.name
    )
    words = ((Text("flag-this-is-seen"), place),)
    gone = Text("flag-gone")
    return Quote(turn.room, message, turn.user, group.id, words, followed=False, gone=gone)
