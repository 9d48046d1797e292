"""A facilitator woken at night claims and reads in two steps, as the guide shows it."""

import html
import re
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from appservice.crypto import Decrypted, Trust
from appservice.domain.cases.case import Numbering
from appservice.domain.effects import Quote, Say
from appservice.domain.types import EffectId, EventId, RoomId, UserId
from appservice.matrix.quoting import Quotes
from appservice.texts import TextRenderer
from tests.domain.case_story import told
from tests.support.story import ADA, KEEPER, MEI, Story, words

GUIDE = Path(__file__).parents[2] / "docs" / "facilitators.md"
HEADING = "### Woken at night"
NIGHT = datetime(2026, 11, 24, 2, 12, tzinfo=UTC)
SAID = "Zoe wrote to me that she cannot go on.\nShe does not answer any more."
WIDTH, MARGIN = 92, 8


class Sent:
    """A homeserver and its keys, for one event that a member has sent."""

    def __init__(self, sender: UserId, text: str) -> None:
        self._sender, self._text = sender, text

    async def event(self, room: RoomId, event: EventId, *, user: UserId) -> dict[str, Any]:
        assert user == KEEPER
        return {"room": room, "event_id": event}

    async def decrypt(self, _: dict[str, Any]) -> Decrypted:
        content = {"msgtype": "m.text", "body": self._text}
        trust = Trust(signed=True)
        return Decrypted(self._sender, "", None, "m.room.message", content, trust, "", 0)


def raised() -> Story:
    """Let Mei raise something that cannot wait, at night."""
    story = told()
    story.now = NIGHT
    story.records["numbering", ""] = Numbering(11)
    for text in ("flag", "2", "yes", "no", "1", SAID):
        story.says(MEI, text)
    story.effects.clear()
    story.says(MEI, "yes")
    return story


async def on_the_phone(story: Story) -> list[tuple[str, str]]:
    """Return what was said in Ada's chat, as (who, what), in an app that can fold."""
    ada, sent = story.person(ADA), Sent(MEI, SAID)
    assert ada is not None
    quotes = Quotes(sent, sent, TextRenderer(words()), KEEPER)  # type: ignore[arg-type]
    seen = []
    for effect in story.effects:
        if isinstance(effect, Say | Quote) and effect.room == ada.chat:
            if isinstance(effect, Quote):
                content = await quotes.content(effect, EffectId("said"))
                seen.append(("keeper", unfolded(content["formatted_body"])))
            else:
                seen.append(("keeper", TextRenderer(words()).body(effect.message)))
    story.effects.clear()
    return seen


def unfolded(formatted: str) -> str:
    """Return HTML of ours as text, with a mark where a tap opens the words."""
    text = formatted.replace("<summary>", "\n▸ ").replace("</summary>", "\n\n")
    return html.unescape(re.sub(r"<[^>]+>", "", text.replace("<br>", "\n")))


def printed(seen: list[tuple[str, str]]) -> str:
    """Print a dialogue as the guide does."""
    lines = []
    for who, what in seen:
        wrapped = [
            part
            for line in what.splitlines()
            for part in textwrap.wrap(line, WIDTH - MARGIN, subsequent_indent=" ") or [""]
        ]
        whose = [who, *[""] * len(wrapped)]
        lines += [
            f"{name:{MARGIN}}{line}".rstrip() for name, line in zip(whose, wrapped, strict=False)
        ]
        lines.append("")
    return "\n".join(lines)


async def test_the_guide_shows_what_a_phone_shows_at_night() -> None:
    story = raised()
    seen = await on_the_phone(story)
    story.says(ADA, "1")
    seen += [("you", "1"), *(await on_the_phone(story))]
    _, _, rest = GUIDE.read_text("utf-8").partition(f"\n{HEADING}\n")
    shown = re.search(r"```\n(.*?)```", rest, re.DOTALL)
    assert shown is not None
    assert shown[1] == printed(seen)


async def test_the_words_come_last_and_nothing_of_them_before() -> None:
    story = raised()
    [(_, alert)] = await on_the_phone(story)
    story.says(ADA, "1")
    [(_, claimed), (_, excerpt)] = await on_the_phone(story)
    note, _, behind = excerpt.partition("▸")
    for before in (alert, claimed, note):
        assert not [word for word in ("Zoe", "cannot go on") if word in before]
    assert "cannot go on" in behind
