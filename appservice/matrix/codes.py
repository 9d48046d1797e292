"""Draws the first join code of a group: the visible name and a part that nobody guesses."""

import secrets

from appservice.domain.gate.codes import spelling

_OCTETS = 16


def draw_code(name: str) -> str:
    """Return a code such as WILLOW-7Q4K."""
    return spelling(name, secrets.token_bytes(_OCTETS))
