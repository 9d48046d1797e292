"""How something that is no text is said again: named, or sent once more as itself."""

from collections.abc import Mapping
from typing import Any

from appservice.domain.types import Text

_NAMES = {
    "m.image": Text("quoted-image"),
    "m.audio": Text("quoted-audio"),
    "m.video": Text("quoted-video"),
    "m.file": Text("quoted-file"),
    "m.location": Text("quoted-place"),
}
_KEPT = ("msgtype", "file", "url", "info", "geo_uri", "org.matrix.msc3245.voice")


def named(event_type: str, content: Mapping[str, Any]) -> Text | None:
    """Name a picture, a voice message, a file; None: it is nothing of the kind."""
    if event_type == "m.sticker":
        return _NAMES["m.image"]
    kind = content.get("msgtype")
    return _NAMES.get(kind) if isinstance(kind, str) else None


def sent_again(content: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a message with the same file and words of ours as its caption.

    The file itself stays where it is; the key to it travels inside the encrypted message.
    Source: client-server API, "Media captions" (v1.10).
    """
    whole = {name: content[name] for name in _KEPT if name in content}
    whole.setdefault("msgtype", "m.image")
    name = content.get("filename") or content.get("body") or "file"
    return {**said, **whole, "filename": str(name)}
