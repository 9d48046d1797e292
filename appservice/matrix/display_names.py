"""What a display name gives away, by its form alone; the name itself goes no further.

Specification: client-server API, `m.room.member`, `displayname`. Nothing that people write is
looked at here, and a name is never judged: whoever has one of these is told so in private, once.
"""

import re

from appservice.domain.types import NameTells

LONGEST = 100  # characters that are looked at
DIGITS_DIALLED, DIGITS_ANYHOW = 7, 10  # of a number that begins as one dials it, and of any other
FULL = range(2, 5)  # words of a first name and a last name
_EMAIL = re.compile(r"[^\s@:]+@[^\s@]+\.[^\W\d_]{2,}")
_PHONE = re.compile(r"[+(]?\d[\d\s()/.-]*\d")
_PARTICLES = frozenset({"von", "van", "de", "der", "den", "di", "da", "al", "bin", "zu", "la"})


def tells(name: object) -> NameTells:
    """Say what a display name looks like; whatever is no text tells nothing."""
    if not isinstance(name, str):
        return NameTells.NOTHING
    seen = " ".join(name[:LONGEST].split())
    if _EMAIL.search(seen):
        return NameTells.EMAIL
    if any(_is_number(found) for found in _PHONE.findall(seen)):
        return NameTells.PHONE
    return NameTells.FULL if _is_full(seen) else NameTells.NOTHING


def _is_number(text: str) -> bool:
    digits = sum(sign.isdecimal() for sign in text)
    dialled = text[0] == "+" or text.lstrip("(")[0] == "0"
    return digits >= (DIGITS_DIALLED if dialled else DIGITS_ANYHOW)


def _is_full(text: str) -> bool:
    """Say whether a name is two to four words in capitals, as Anna Schmidt; Anna S. is not."""
    words = [word for word in text.split(" ") if word not in _PARTICLES]
    return len(words) in FULL and all(_is_name(word) for word in words)


def _is_name(word: str) -> bool:
    parts = re.split(r"[-'\u2019]", word)
    letters = all(part.isalpha() for part in parts)
    return letters and len(word) > 1 and word[0].isupper() and word[1:] != word[1:].upper()
