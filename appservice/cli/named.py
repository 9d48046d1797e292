"""Which group an operator means by a name or an id."""

from collections.abc import Iterable

from appservice.domain.group import Group
from appservice.errors import CirclekeeperError


def named(groups: Iterable[Group], name: str) -> Group:
    """Return the one group of that name or id. Raises CirclekeeperError if it is not one."""
    found = [
        group
        for group in groups
        if name == group.id or name.casefold() == group.charter.name.casefold()
    ]
    if not found:
        raise CirclekeeperError("there is no group of that name; see circlekeeper group list")
    if len(found) > 1:
        ids = ", ".join(group.id for group in found)
        raise CirclekeeperError(f"several groups had that name; give one of the ids: {ids}")
    return found[0]
