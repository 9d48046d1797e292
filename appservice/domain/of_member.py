"""What is kept of a group, or of one person in it: by which key, and how it is found again."""

from appservice.domain.types import GroupId, UserId


class OfMember:
    """A record of this kind has the fields `user` and `group`; there is one for the two."""

    user: UserId
    group: GroupId

    @property
    def key(self) -> str:
        return f"{self.user} {self.group}"

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, self.group


class OfGroup:
    """A record of this kind has the field `group`; without a key of its own there is one for each.

    What it tells of members stands in mappings by their names, so that it goes with them.
    """

    group: GroupId

    @property
    def key(self) -> str:
        return self.group

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return None, self.group
