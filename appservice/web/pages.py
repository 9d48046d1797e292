"""What public pages have in common: no scripts, no cookies, nothing that tells where one was."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from babel import negotiate_locale
from jinja2 import Environment, PackageLoader, StrictUndefined

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
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGES = Environment(
    loader=PackageLoader("appservice.web"),
    autoescape=True,
    trim_blocks=True,
    undefined=StrictUndefined,
)


def rendered(name: str, words: Words, language: str, **values: Any) -> str:
    """Fill a template; in it `say` says a sentence of the catalogue."""
    return _PAGES.get_template(name).render(
        say=lambda key, **places: words.say(Text(key, places), language),
        language=language,
        style=_STYLE,
        **values,
    )


def answered(text: str, language: str, status: int = 200) -> web.Response:
    """Answer with a page."""
    headers = {**_HEADERS, "Content-Language": language}
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=headers
    )


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
