"""A flag that is being written: what its reporter has said so far, and where their words stand."""

from dataclasses import dataclass
from datetime import datetime

from appservice.domain.application import EventIn
from appservice.domain.cases.case import About, For

MOST = 6  # messages in one flag; what comes later is another one


@dataclass(frozen=True)
class Draft:
    """Nothing of it goes anywhere before its reporter has seen all of it and said yes."""

    about: About | None = None
    urgent: bool = False  # "immediate danger", as they say
    visible: For = For.FACILITATORS
    shared: tuple[EventIn, ...] = ()  # where their messages stand, in order
    linked: bool = False  # a link to a message is among them
    worded: bool = False  # something else than a link is
    begun: datetime | None = None
    coming: int = 0  # so many more messages are awaited before it is shown to them
