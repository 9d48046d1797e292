"""The ways by which somebody is reached outside of Matrix, and what is an address of each."""

import re
from urllib.parse import urlsplit

EMAIL, NTFY, WEBHOOK = "email", "ntfy", "webhook"
WAYS = (EMAIL, NTFY, WEBHOOK)
OPERATOR = "operator"
"""The way to whoever runs the house: by each of the addresses in their settings."""

_LONGEST_MAIL, _LONGEST_LINK = 254, 500  # RFC 5321, 4.5.3.1.3; our own
_MAIL = re.compile(  # as HTML has it (input type=email); nobody is reached by more
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,64}")  # as ntfy has it


def fits(way: str, address: str) -> bool:
    """Say whether an address has the form of its way; whether it leads anywhere is tried."""
    match way:
        case "email":
            return len(address) <= _LONGEST_MAIL and _MAIL.fullmatch(address) is not None
        case "ntfy":
            return _TOPIC.fullmatch(address) is not None
        case "webhook":
            return len(address) <= _LONGEST_LINK and _is_link(address)
        case _:
            return False


def _is_link(address: str) -> bool:
    """Take http and https, without a password in it."""
    if not address.isascii() or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
        named, _ = bool(parts.hostname), parts.port
    except ValueError:
        return False
    bare = parts.username is None and not parts.fragment
    return parts.scheme in ("http", "https") and named and bare
