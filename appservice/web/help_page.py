"""The public listener: a page with numbers that help, and with the keeper's keys to compare."""

import hashlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from babel import Locale, negotiate_locale
from jinja2 import Environment, PackageLoader, StrictUndefined

from appservice.crypto.emoji import EMOJI
from appservice.domain.state import House
from appservice.domain.types import Text, Words

_STYLE = (
    "body{font:1.1rem/1.5 sans-serif;margin:1rem}main{max-width:40rem;margin:auto}"
    "dd{margin:0 0 1rem}code{font-size:1rem;overflow-wrap:anywhere}.seven{font-size:1.3rem}"
)
_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",  # the emoji are of this minute
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
}
_PAGES = Environment(
    loader=PackageLoader("appservice.web"),
    autoescape=True,
    trim_blocks=True,
    undefined=StrictUndefined,
)


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
        """Return the page in a shipped language."""
        keys = await self.keys()
        return _PAGES.get_template("help.html").render(
            say=lambda key, **values: self.words.say(Text(key, values), language),
            language=language,
            style=_STYLE,
            keeper=self.house.keeper,
            helplines=self._helplines(language),
            keys=keys and Keys(in_fours(keys.device), in_fours(keys.master)),
            emoji=[[_named(one, language) for one in seven] for seven in self.emoji()],
        )

    def _helplines(self, language: str) -> list[tuple[str, list[str]]]:
        """Return countries by their names, each with its lines; those for the young come last."""
        found: dict[str, list[str]] = {}
        for place, lines in sorted(self.house.helplines.items()):
            names = Locale.parse(language).territories
            country = names.get(place[:2], place[:2])
            said = [self.words.say(line, language) for line in lines]
            found.setdefault(country, []).extend(said)
        return sorted(found.items())


def public_app(page: HelpPage) -> web.Application:
    """Make the application with /help: no scripts, no cookies, nothing of anybody."""

    async def help_(request: web.Request) -> web.Response:
        language = language_of(request.headers, page.words.languages())
        headers = {**_HEADERS, "Content-Language": language}
        text = await page.render(language)
        return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)

    app = web.Application()
    app.router.add_get("/help", help_)
    return app


def language_of(headers: Mapping[str, str], shipped: Sequence[str]) -> str:
    """Return the shipped language that a browser likes best (RFC 9110, Accept-Language)."""
    liked = []
    for part in headers.get("Accept-Language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            liked.append((-float(weight or 1), tag.lower()))
        except ValueError:
            continue
    tags = [tag for weight, tag in sorted(liked, key=lambda pair: pair[0]) if weight]
    return negotiate_locale(tags, shipped, sep="-") or shipped[0]


def in_fours(key: str) -> str:
    """Write a key in groups of four, as clients do."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def _named(number: int, language: str) -> dict[str, str]:
    emoji = EMOJI[number]
    return {"symbol": emoji.symbol, "name": emoji.de if language == "de" else emoji.en}
