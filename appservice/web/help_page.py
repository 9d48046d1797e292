"""The public listener: a page with numbers that help, and with the keeper's keys to compare."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web
from babel import Locale

from appservice.crypto.emoji import EMOJI
from appservice.domain.state import House
from appservice.domain.types import Words
from appservice.errors import StorageError
from appservice.web.calendar_feed import CalendarFeed
from appservice.web.group_page import GroupPage
from appservice.web.pages import answered, language_of, rendered


@dataclass(frozen=True)
class Keys:
    """The keeper's public keys in unpadded base64: its device's ed25519, and its master key."""

    device: str
    master: str


@dataclass(frozen=True)
class HelpPage:
    """What the page is made of; `keys` may have none before the first start is through.

    `emoji` tells the numbers of verifications that run now; nobody's name is among it.
    """

    house: House
    words: Words
    keys: Callable[[], Awaitable[Keys | None]]
    emoji: Callable[[], Sequence[tuple[int, ...]]]

    async def render(self, language: str) -> str:
        """Return the page in a shipped language; without keys while the database is silent."""
        try:
            keys = await self.keys()
        except StorageError:
            keys = None
        return rendered(
            "help.html",
            self.words,
            language,
            keeper=self.house.keeper,
            helplines=self._helplines(language),
            keys=keys and Keys(in_fours(keys.device), in_fours(keys.master)),
            emoji=[[_named(one, language) for one in seven] for seven in self.emoji()],
        )

    def _helplines(self, language: str) -> list[tuple[str, list[str]]]:
        """Return countries by their names, each with its lines; those for the young come last."""
        found: dict[str, list[str]] = {}
        names = Locale.parse(language).territories
        for code, numbers in self.house.helplines.items():
            if lines := (*numbers.shown, *numbers.youth):
                found[names.get(code, code)] = [self.words.say(line, language) for line in lines]
        return sorted(found.items())


def public_app(page: HelpPage, groups: GroupPage, feed: CalendarFeed) -> web.Application:
    """Make the application with /help, /g/CODE and /cal/SECRET.ics: no scripts, no cookies."""

    async def help_(request: web.Request) -> web.Response:
        language = language_of(request.headers, page.words.languages())
        return answered(await page.render(language), language)

    app = web.Application()
    app.router.add_get("/help", help_)
    app.router.add_get("/g/{code}", groups.answer)
    app.router.add_get("/cal/{secret}.ics", feed.answer)
    return app


def in_fours(key: str) -> str:
    """Write a key in groups of four, as clients do."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def _named(number: int, language: str) -> dict[str, str]:
    emoji = EMOJI[number]
    return {"symbol": emoji.symbol, "name": emoji.de if language == "de" else emoji.en}
