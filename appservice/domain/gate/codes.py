"""How a join code is read, however somebody types it."""

import unicodedata

LONGEST = 40  # characters of a spelling that is worth a look
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


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
