"""How something that is no text is said again: named, or sent once more as itself."""

from collections.abc import Mapping
from typing import Any

from appservice.domain.types import Text, verbatim
from appservice.matrix.words import fitting

_NAMES = {
    "m.image": Text("quoted-image"),
    "m.audio": Text("quoted-audio"),
    "m.video": Text("quoted-video"),
    "m.file": Text("quoted-file"),
    "m.location": Text("quoted-place"),
}
_KEPT = ("msgtype", "file", "url", "info", "geo_uri")
_VOICE = ("org.matrix.msc3245.voice", "org.matrix.msc1767.audio")


def named(event_type: str, content: Mapping[str, Any]) -> Text | None:
    """Name a picture, a voice message, a file, with its caption; None: it is none of these."""
    kind = "m.image" if event_type == "m.sticker" else content.get("msgtype")
    what = _NAMES.get(kind) if isinstance(kind, str) else None
    name, body = content.get("filename"), content.get("body")
    if what is None or not isinstance(name, str) or not isinstance(body, str) or name == body:
        return what
    words = " ".join(fitting(body).split())  # no line of it reads as one of ours
    return Text("quoted-caption", {"what": what, "words": verbatim(words)})


def sent_again(content: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a message with the same file and words of ours as its caption.

    The file itself stays where it is; the key to it travels inside the encrypted message.
    Source: client-server API, "Media captions" (v1.10).
    """
    whole = {name: content[name] for name in (*_KEPT, *_VOICE) if name in content}
    whole.setdefault("msgtype", "m.image")
    name = content.get("filename") or content.get("body") or "file"
    return {**said, **whole, "filename": str(name)}
