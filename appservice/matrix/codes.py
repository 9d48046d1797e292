"""Draws join codes: the visible name and a part that nobody guesses."""

import secrets

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another: 0 O, 1 I L
_LENGTH = 4


def draw_code(name: str) -> str:
    """Return a code such as WILLOW-7Q4K."""
    word = "".join(name.split()).upper()
    return f"{word}-{''.join(secrets.choice(_LETTERS) for _ in range(_LENGTH))}"
