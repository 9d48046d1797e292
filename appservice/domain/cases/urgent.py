"""Whether "immediate danger" pages somebody: only where a group can keep that promise."""

from appservice.domain.group import Group


def red_paging(group: Group) -> bool:
    """Say whether somebody answers at once here, as staffed hours and answered test pages show."""
    return group.red_paging is not None
