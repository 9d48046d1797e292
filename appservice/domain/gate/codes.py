"""Join codes: how they are formed and read, to whom they open, and the places that they hold."""

import hashlib
import unicodedata
from dataclasses import replace
from datetime import datetime

from appservice.domain.application import Application, Code
from appservice.domain.outcome import NOTHING, Outcome
from appservice.domain.state import State

LONGEST = 40  # characters of a spelling that is worth a look
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another: 0 O, 1 I L
_LENGTH = 4
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def spelling(name: str, drawn: bytes) -> str:
    """Form a code such as WILLOW-7Q4K of the visible name and of what was drawn at the edge."""
    number = int.from_bytes(hashlib.sha256(drawn).digest(), "big")
    letters = []
    for _ in range(_LENGTH):
        number, index = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[index])
    return f"{''.join(name.split()).upper()}-{''.join(letters)}"


def fold_code(spelled: str) -> str:
    """Return the one form of a code: case, spaces, marks and look-alike letters do not matter.

    Empty if nothing that could be a code is left.
    """
    plain = unicodedata.normalize("NFKC", spelled).upper()
    if len(plain) > LONGEST:
        return ""
    return "".join(c for c in plain if c.isalnum()).translate(_LOOK_ALIKE)


def candidates(text: str) -> tuple[str, ...]:
    """Return what could be a code in a message: all after its first word, or the whole."""
    _, _, rest = text.strip().partition(" ")
    folded = (fold_code(rest), fold_code(text))
    return tuple(dict.fromkeys(code for code in folded if code))


def is_spent(code: Code) -> bool:
    """Say whether as many people came by it, or are on their way, as it lets in."""
    return code.uses is not None and code.used >= code.uses


def is_over(code: Code, now: datetime) -> bool:
    """Say whether its time has run out."""
    return code.expires is not None and now >= code.expires


def works(code: Code, now: datetime) -> bool:
    """Say whether a code lets one more person in now."""
    return not (code.revoked or is_spent(code) or is_over(code, now))


def reserved(state: State, code: Code, old: Application | None) -> Outcome:
    """Hold a place of a code for a new application that follows an old one, if there was one."""
    if old is not None and old.code == code.code:
        return NOTHING
    back = NOTHING if old is None else given_back(state, old)
    return back + Outcome(puts=(replace(code, used=code.used + 1),))


def given_back(state: State, application: Application) -> Outcome:
    """Let the code of an application have its place again."""
    for code in state.codes:
        if code.code == application.code:
            return Outcome(puts=(replace(code, used=max(0, code.used - 1)),))
    return NOTHING
