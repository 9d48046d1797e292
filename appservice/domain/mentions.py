"""Whom a message names: whole user ids, bare or in what an app makes of a mention."""

import re

_USER = re.compile(r"@[\w.=/+-]+:[\w.:-]*\w")


def mentioned(text: str) -> tuple[str, ...]:
    """Return the ids that stand in a message, in any case, each once."""
    return tuple(dict.fromkeys(user.casefold() for user in _USER.findall(text)))
