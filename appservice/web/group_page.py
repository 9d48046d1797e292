"""The page of a group, for whoever has a code that works; all other codes meet the same page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from appservice.domain.group import Group
from appservice.domain.state import House
from appservice.domain.types import Words
from appservice.errors import StorageError
from appservice.web.misses import Misses
from appservice.web.pages import answered, language_of, rendered

MISSES = 60  # codes that lead nowhere; more in an hour, and the page rests for all
HOUR = 3600.0  # seconds


@dataclass
class GroupPage:
    """What stands behind `/g/CODE`.

    `group_behind` looks a code up. `seconds` is a clock that never goes back.
    """

    house: House
    words: Words
    group_behind: Callable[[str], Awaitable[Group | None]]
    seconds: Callable[[], float]
    _misses: Misses = field(init=False)

    def __post_init__(self) -> None:
        self._misses = Misses(MISSES, HOUR, self.seconds)

    async def answer(self, request: web.Request) -> web.Response:
        """Show the group, or that the code leads nowhere; while it rests, look at no code.

        While the database does not answer all codes are alike, too.
        """
        language = language_of(request.headers, self.words.languages())
        if self._misses.are_many():
            return self._nowhere("group-page-rests", language, 429)
        code = request.match_info["code"]
        try:
            group = await self.group_behind(code)
        except StorageError:
            return self._nowhere("group-page-later", language, 503)
        if group is None:
            self._misses.add()
            return self._nowhere("join-unknown", language, 404)
        page = rendered(
            "group.html",
            self.words,
            language,
            charter=group.charter,
            code=code.upper(),
            keeper=self.house.keeper,
        )
        return answered(page, language)

    def _nowhere(self, key: str, language: str, status: int) -> web.Response:
        page = rendered("no_group.html", self.words, language, key=key, keeper=self.house.keeper)
        return answered(page, language, status)
