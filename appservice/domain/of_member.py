"""What is kept once for each person and group: found by both, and by each."""

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
