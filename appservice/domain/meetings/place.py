"""Where a meeting takes place: what can be chosen, and how members are told."""

from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from appservice.domain.group import Group
from appservice.domain.meetings.meeting import Meeting, Place, PlaceKind
from appservice.domain.state import House
from appservice.domain.types import Text, verbatim

LONGEST = 300  # characters of a link or an address
DOORS_OPEN = timedelta(minutes=30)  # before the start; from then on personal links are given
_TOLD = {
    PlaceKind.CIRCLE: "place-circle",
    PlaceKind.CALL: "place-call",
    PlaceKind.JITSI: "place-jitsi",
}


def told(meeting: Meeting) -> Text:
    """Say where a meeting takes place, to its members.

    A link or an address as it is. Links of our own video server are personal and last for minutes
    only, so they are not in here: the text says which word asks for one.
    """
    place = meeting.place
    if place.kind is PlaceKind.LINK:
        return Text("place-link", {"where": verbatim(_one_line(place.where))})
    if place.kind is PlaceKind.ADDRESS:
        return Text("place-address", {"where": verbatim(_one_line(place.where))})
    return Text(_TOLD[place.kind])


def refusal(place: Place, group: Group, house: House) -> Text | None:
    """Say why a place cannot be chosen and what to do instead; None: it can."""
    match place.kind:
        case PlaceKind.CIRCLE:
            return None
        case PlaceKind.CALL:
            return None if group.charter.calls else Text("place-no-calls")
        case PlaceKind.JITSI:
            return None if house.video else Text("place-no-video")
        case PlaceKind.LINK:
            return _fault_of_link(place.where)
        case PlaceKind.ADDRESS:
            fits = 0 < len(place.where.strip()) <= LONGEST
            return None if fits else Text("place-address-form", {"most": LONGEST})


def _fault_of_link(link: str) -> Text | None:
    """Take https only, without a password in it, and not what only their own network reaches."""
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return Text("place-link-form")
    spaced = any(sign.isspace() or not sign.isprintable() for sign in link)
    named = "." in host and not _is_number(host) and parts.username is None
    fits = parts.scheme == "https" and named and not spaced and len(link) <= LONGEST
    return None if fits else Text("place-link-form")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _one_line(written: str) -> str:
    return " ".join(written.split())
