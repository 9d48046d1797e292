"""Opens the listeners: the homeserver's, and if asked for the operator's and the public one."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Protocol

from appservice.config import Settings
from appservice.web.calendar_feed import CalendarFeed
from appservice.web.group_page import GroupPage
from appservice.web.help_page import HelpPage, public_app
from appservice.web.listening import listening
from appservice.web.private import private_app, registry
from appservice.web.transactions import Intake, homeserver_app


class JournalingIntake(Intake, Protocol):
    """An intake that tells whether it writes to its journal."""

    @property
    def journaling(self) -> bool: ...


async def open_doors(  # noqa: PLR0913
    stack: AsyncExitStack,
    settings: Settings,
    intake: JournalingIntake,
    ready: Callable[[], bool],
    page: HelpPage,
    groups: GroupPage,
    feed: CalendarFeed,
) -> None:
    """Listen until the stack is closed. Raises ConfigurationError, see `listening`."""
    homeserver = homeserver_app(
        intake,
        settings.registration.hs_token,
        (settings.keeper, settings.steward),
        limit=settings.limits.transaction_bytes,
    )
    gauges = {
        "circlekeeper_ready": ("1 when everything has started", ready),
        "circlekeeper_journaling": (
            "1 while the database cannot be written",
            lambda: intake.journaling,
        ),
    }
    for address, app in (
        (settings.listen, homeserver),
        (settings.private, private_app(ready, registry(gauges))),
        (settings.public, public_app(page, groups, feed)),
    ):
        if address is not None:
            await stack.enter_async_context(listening(app, address.host, address.port))
