"""What is kept of a person, of a group, or of both together: by which key, and how it is found."""

from appservice.domain.types import GroupId, UserId


class OfPerson:
    """A record of this kind has the field `user`; there is one for each person."""

    user: UserId

    @property
    def key(self) -> str:
        return self.user

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return self.user, None


class OfHouse:
    """A record of this kind is about nobody and no group; it has a key of its own."""

    @property
    def indexed(self) -> tuple[str | None, str | None]:
        return None, "house"


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
