"""A member with an independent library behind, for what only another implementation can show."""

import abc

from tests.support.contents import Json
from tests.support.member import Line, Member


class Peer(Member):
    """A device that can be asked what its keys open, and that can be put to sleep."""

    @abc.abstractmethod
    async def read_raw(self, event: Json) -> Line:
        """Read an event as it came from the homeserver with the keys that are here now.

        What a device still holds after it was logged out or its person has left counts too.
        """

    @abc.abstractmethod
    async def sleep(self) -> None:
        """Hear nothing and upload no keys until ``wake``; others of the process sleep too."""

    @abc.abstractmethod
    async def wake(self) -> None:
        """Go on where ``sleep`` came."""
