"""Takes a message apart: what it is, what it says, what it replies to, how sure its sender is."""

import json
from collections.abc import Mapping
from typing import Any

from appservice.crypto import Decrypted
from appservice.domain.types import Assurance, Form

LONGEST = 4000  # characters; far more than any answer, far less than any flood
HEAVIEST = 12_000
"""Octets of a text as JSON, so that three of them are quoted in one event (`quoting`).

A picture letter has four octets, and what is escaped has up to six.
"""
MEDIA = frozenset({"m.image", "m.audio", "m.video", "m.file", "m.location"})
SPOKEN = frozenset({"m.text", "m.emote"})


def words_of(event_type: str, content: Mapping[str, Any]) -> tuple[Form | None, str, str | None]:  # noqa: PLR0911
    """Return (form, text, event id replied to). Form None: nothing that asks for an answer.

    Source: client-server API, "Instant messaging", "Rich replies", "Event replacements".
    """
    relation = content.get("m.relates_to")
    relation = relation if isinstance(relation, dict) else {}
    if relation.get("rel_type") == "m.replace":
        return Form.EDIT, "", None
    if event_type == "m.sticker":
        return Form.MEDIA, "", None
    if event_type != "m.room.message":
        return None, "", None
    kind, body = content.get("msgtype"), content.get("body")
    if not isinstance(kind, str):
        return None, "", None
    if kind in MEDIA:
        return Form.MEDIA, "", None
    if kind not in SPOKEN or not isinstance(body, str):
        return None, "", None  # m.notice: another bot, which must not be answered
    if fitting(body) != body:
        return Form.TOO_LONG, "", None
    reply = relation.get("m.in_reply_to")
    reply_to = reply.get("event_id") if isinstance(reply, dict) else None
    if not isinstance(reply_to, str):
        return Form.TEXT, body.strip(), None
    return Form.TEXT, _without_quote(body).strip(), reply_to


def fitting(text: str) -> str:
    """Return a text, or as much of its beginning as is not too long to be said again."""
    text = text[:LONGEST]
    while _octets(text) > HEAVIEST:
        text = text[: len(text) * 9 // 10]
    return text


def assurance_of(decrypted: Decrypted | None) -> Assurance:
    """Return how sure it is that the sender of a message wrote it; None: it was not encrypted."""
    if decrypted is None:
        return Assurance.PLAIN
    return Assurance.SIGNED if decrypted.trust.signed else Assurance.UNSIGNED


def _octets(text: str) -> int:
    """Count them as they are sent, each line marked as a quotation."""
    written = json.dumps(text, ensure_ascii=False).encode(errors="surrogatepass")
    return len(written) + len("> ") * text.count("\n")


def _without_quote(body: str) -> str:
    """Drop the quotation that older clients put before a reply (`> ` lines and a blank one)."""
    lines = body.split("\n")
    while lines and lines[0].startswith("> "):
        lines.pop(0)
    return "\n".join(lines)
