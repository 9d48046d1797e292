"""The card "who can read what", made from the rooms of a group and the marks as they are."""

from appservice.domain.duty.hours import hours
from appservice.domain.group import Group
from appservice.domain.records import Mark
from appservice.domain.state import House
from appservice.domain.types import RoomKind, Text


def privacy_card(group: Group | None, house: House, marks: tuple[Mark, ...] = ()) -> Text:
    """Return the card for a group; without one, what holds for every group."""
    kinds = set(group.rooms) if group is not None else {RoomKind.NOTICEBOARD}
    keeper_reads = "privacy-keeper" if kinds - {RoomKind.CIRCLE} else "privacy-keeper-small"
    lines = [
        Text("privacy-title"),
        Text("privacy-circle"),
        Text(keeper_reads),
        Text("privacy-server"),
        Text("privacy-check", {"steward": house.steward}),
        Text("privacy-limit"),
    ]
    if group is not None:
        lines.insert(4, Text("privacy-newcomer"))
        lines.insert(5, Text("privacy-conduct"))
    if group is not None and group.charter.federated:
        lines.insert(4, Text("privacy-federated"))
    if group is not None and (days := group.charter.message_lifetime):
        lines.insert(2, Text("privacy-lifetime", {"days": days}))
    if group is not None and group.session is None:
        lines.append(hours(group))
    if marks:
        lines.append(Text("privacy-marked", {"steward": house.steward}))
    return Text("card", {"lines": tuple(lines)})
