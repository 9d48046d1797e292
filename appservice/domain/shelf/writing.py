"""A link as people write it: `Title | https://… | source`, and what is wrong with it."""

import unicodedata
from urllib.parse import urlsplit

from appservice.domain.shelf.shelf import Entry
from appservice.domain.subcommand import spellings
from appservice.domain.turn import Turn
from appservice.domain.types import Text

LONGEST = {"title": 120, "link": 500, "source": 120, "note": 300}  # characters
FIELDS = {
    "title": Text("resource-title"),
    "link": Text("resource-link"),
    "source": Text("resource-source"),
    "note": Text("resource-note"),
}
MEDICAL = "resource-medical"


def entry_in(turn: Turn, written: str) -> Entry | Text:
    """Read an entry, or say in one sentence what is missing.

    The title comes first, then the link; of what follows the word for "medical" is a mark, the
    first other part is the source and the next one the note.
    """
    first, *rest = [_plain(part) for part in written.split("|")]
    if not first or not rest or "://" in first:
        return Text("resource-how")
    link, *others = rest
    marks = spellings(turn, MEDICAL)
    source, note, *more = [o for o in others if o and o.casefold() not in marks] + ["", ""]
    if any(more):
        return Text("resource-parts")
    medical = any(other.casefold() in marks for other in others)
    entry = Entry(first, link, source, note, medical)
    return _too_long(entry) or (entry if _is_https(link) else Text("resource-not-https"))


def host_of(link: str) -> str:
    """Return the name of the site that a link leads to."""
    return (urlsplit(link).hostname or "").removeprefix("www.")


def same_link(one: str, other: str) -> bool:
    """Say whether two links lead to the same page, however they are spelled."""
    return _folded(one) == _folded(other)


def _folded(link: str) -> tuple[str, str, str]:
    parts = urlsplit(link)
    return host_of(link), parts.path.rstrip("/"), parts.query


def _is_https(link: str) -> bool:
    """Take only a whole address of a named site; what stands before an `@` would mislead."""
    try:
        parts = urlsplit(link)
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_whole = parts.scheme == "https" and "." in name.strip(".") and " " not in link
    return is_whole and "@" not in parts.netloc


def _too_long(entry: Entry) -> Text | None:
    for field, most in LONGEST.items():
        if len(getattr(entry, field)) > most:
            return Text("resource-too-long", {"field": FIELDS[field], "most": most})
    return None


def _plain(part: str) -> str:
    """Return it on one line, without signs that cannot be seen."""
    seen = (" " if sign.isspace() else sign for sign in part)
    kept = "".join(sign for sign in seen if unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    return " ".join(kept.split())
