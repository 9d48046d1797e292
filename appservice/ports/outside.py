"""Others outside of Matrix: calendar servers, video, and ways to alert somebody."""

from dataclasses import dataclass, field
from typing import Protocol

from appservice.domain.effects import Visit
from appservice.domain.types import EffectId


class CalendarServer(Protocol):
    """Where facilitators look at their group's calendar. Raises TransientError, PermanentError."""

    async def keep(self, group: str, name: str, text: bytes) -> None:
        """Let the entry of this name be this; `group` is the visible name. A repeat is nothing."""
        ...

    async def drop(self, group: str, name: str) -> None:
        """Take the entry away; that it is gone already is success."""
        ...

    def shows_places(self, group: str) -> bool:
        """Say whether its entries have links and addresses."""
        ...


class Video(Protocol):
    """Where people meet by video, on a server of the operator's."""

    def link(self, visit: Visit) -> str:
        """Return a link for one person, which lets them in for half an hour from now."""
        ...

    async def answers(self) -> bool:
        """Say whether the server answers now."""
        ...


@dataclass(frozen=True)
class Alert:
    """What goes to somebody outside of Matrix: of a case its number, and nothing else.

    `id` is that of its cause, the same for each try: whoever gets it twice can tell.
    """

    id: EffectId
    address: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)  # as people read it; the first is a heading too
    case: str = ""  # C-12
    drill: bool = False
    code: str = field(default="", repr=False)  # to be written to us, to prove the address


class Pager(Protocol):
    """A way to reach somebody outside of Matrix. Its errors name no address."""

    @property
    def way(self) -> str:
        """The name of the way: email, ntfy or webhook."""
        ...

    async def page(self, alert: Alert) -> None:
        """Hand it over to whoever delivers it. Raises TransientError, PermanentError.

        That it was handed over does not tell that anybody has seen it.
        """
        ...

    async def check(self) -> None:
        """Ask whoever delivers, without a word to anybody. Raises as `page`."""
        ...
