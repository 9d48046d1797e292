"""Where people meet and who is host, taken out of what was written before its times are read."""

import re
from dataclasses import dataclass

from appservice.domain.meetings.meeting import Place, PlaceKind
from appservice.domain.meetings.vocabulary import Vocabulary
from appservice.domain.types import Text, UserId

_LINK = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+", re.IGNORECASE)
_USER = re.compile(r"(?<!\S)@[^\s@:]+(?::[^\s,;]+)?")
_RULE = re.compile(
    r"(?:RRULE:)?((?:[A-Z-]+=[^;\s]+;)*FREQ=[^;\s]+(?:;[A-Z-]+=[^;\s]+)*);?", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Cut:
    """What was taken out, and the rest of the text."""

    rest: str
    place: Place | None = None
    host: str | None = None  # `@user` or `@user:server`
    rule: str | None = None  # an RRULE as it was typed


def cut(text: str, vocabulary: Vocabulary) -> Cut:
    """Take a link, an address, a host and a typed RRULE out of a text.

    An address is everything after the word for it, so it comes last.
    """
    host = _USER.search(text)
    rest = _without(text, host, vocabulary, "host") if host else text
    rule = _RULE.search(rest)
    rest = _without(rest, rule, vocabulary, "") if rule else rest
    link = _LINK.search(rest)
    place: Place | None = None
    if link is not None:
        place = Place(PlaceKind.LINK, link.group())
        rest = _without(rest, link, vocabulary, "address")
    elif (address := _address(rest, vocabulary)) is not None:
        before, where = address
        place, rest = Place(PlaceKind.ADDRESS, where), before
    return Cut(
        rest,
        place,
        host.group() if host else None,
        rule.group(1).upper() if rule else None,
    )


def kind(tokens: tuple[str, ...], index: int, vocabulary: Vocabulary) -> PlaceKind | None:
    """Return the place that one word names: the circle, a call in it, or Jitsi."""
    kinds = (PlaceKind.CIRCLE, PlaceKind.CALL, PlaceKind.JITSI)
    return next((k for k in kinds if vocabulary.has(f"place-{k}", tokens, index)), None)


def host_of(host: str, members: frozenset[UserId]) -> UserId | Text:
    """Return which member a host is; without the server's name if only one has that name."""
    fitting = [user for user in members if user == host or user.partition(":")[0] == host]
    return fitting[0] if len(fitting) == 1 else Text("host-unknown", {"user": host})


def _address(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Split at a word for an address that no time of day follows."""
    words = text.split()
    folded = tuple(word.casefold().rstrip(":,") for word in words)
    for index in range(len(words)):
        sure = vocabulary.has("address", folded, index)
        after = folded[index + 1] if index + 1 < len(words) else ""
        is_time = after[:1].isdigit() or vocabulary.has("noon", folded, index + 1)
        is_place = kind(folded, index + 1, vocabulary) is not None
        maybe = vocabulary.has("at-place", folded, index) and bool(after)
        if not is_place and (sure or (maybe and not is_time)):
            where = " ".join(_CONTROL.sub(" ", " ".join(words[index + 1 :])).split())
            return " ".join(words[:index]), where
    return None


def _without(text: str, match: re.Match[str], vocabulary: Vocabulary, before: str) -> str:
    """Leave out what was found, and the word for it that stands before it."""
    head, tail = text[: match.start()].rstrip(), text[match.end() :]
    first, _, last = head.rpartition(" ")
    if before and vocabulary.has(before, (last.casefold().rstrip(":"),), 0):
        head = first
    return f"{head} {tail}".strip()
