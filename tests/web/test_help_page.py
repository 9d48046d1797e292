"""The public page: the keeper's keys, emoji of now, numbers; without scripts and without names."""

import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from aiohttp.test_utils import TestClient, TestServer

from appservice.domain.group import Group
from appservice.domain.types import GroupId, UserId
from appservice.errors import StorageError
from appservice.web.calendar_feed import CalendarFeed
from appservice.web.group_page import HOUR, MISSES, GroupPage
from appservice.web.help_page import HelpPage, Keys, public_app
from appservice.web.pages import language_of
from tests.support.story import START, example, house, words

KEYS = Keys("dev1" * 10 + "ICE", "mast" * 10 + "ERK")
VOID = frozenset({"meta"})


class Outline(HTMLParser):
    """What a page consists of; an element that is never closed is a mistake."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"] and data.strip():
            self.text.append(data.strip())

    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]


class Public:
    """A page and what stands behind it."""

    def __init__(self) -> None:
        self.keys: Keys | None = KEYS
        self.emoji: list[tuple[int, ...]] = []
        self.page = HelpPage(house(), words(), self._keys, lambda: self.emoji)
        self.working: dict[str, Group] = {}
        self.seconds = 1000.0
        self.groups = GroupPage(house(), words(), self._behind, lambda: self.seconds)
        self.feed = CalendarFeed(self._no_feed, lambda: self.seconds)

    async def _behind(self, code: str) -> Group | None:
        return self.working.get(code)

    async def _no_feed(self, _: str) -> None:
        return None

    async def _keys(self) -> Keys | None:
        return self.keys


@pytest.fixture
def public() -> Public:
    return Public()


@pytest.fixture
async def visitor(public: Public) -> AsyncIterator[TestClient]:
    async with TestClient(
        TestServer(public_app(public.page, public.groups, public.feed))
    ) as client:
        yield client


async def outline(visitor: TestClient, language: str = "en") -> Outline:
    answer = await visitor.get("/help", headers={"Accept-Language": language})
    assert answer.status == 200
    return Outline(await answer.text())


async def test_keys_stand_in_groups_of_four(visitor: TestClient) -> None:
    text = (await outline(visitor)).text
    assert "@keeper:example.org" in text
    assert " ".join(["dev1"] * 10 + ["ICE"]) in text
    assert " ".join(["mast"] * 10 + ["ERK"]) in text


async def test_before_the_first_start_is_through_it_says_so(
    public: Public, visitor: TestClient
) -> None:
    public.keys = None
    page = await outline(visitor)
    assert any("not made yet" in line for line in page.text)


@pytest.mark.parametrize(
    ("language", "names"), [("en", "Dog Cat Pin"), ("de", "Hund Katze Stecknadel")]
)
async def test_emoji_of_now_with_their_names(
    public: Public, visitor: TestClient, language: str, names: str
) -> None:
    assert "🐶" not in (await outline(visitor)).text
    public.emoji = [(0, 1, 63, 0, 0, 0, 0)]
    page = await outline(visitor, language)
    assert page.text.count("🐶") == 5
    assert [name for name in page.text if name in names.split()][:3] == names.split()


async def test_it_is_plain_and_has_what_screen_readers_need(visitor: TestClient) -> None:
    page = await outline(visitor, "de-AT,en;q=0.5")
    assert page.elements[0] == ("html", {"lang": "de"})
    assert page.tags().count("h1") == page.tags().count("main") == page.tags().count("title") == 1
    assert {"script", "img", "form", "link", "iframe"}.isdisjoint(page.tags())
    assert all(not name.startswith("on") for _, given in page.elements for name in given)
    levels = [int(tag[1]) for tag in page.tags() if re.fullmatch(r"h\d", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


async def test_it_lists_numbers_by_country(visitor: TestClient) -> None:
    assert "Germany" in (await outline(visitor)).text
    page = await outline(visitor, "de")
    at = page.text.index("Deutschland")
    assert "112" in page.text[at + 1]


async def test_headers_let_nothing_in_and_nothing_stay(visitor: TestClient) -> None:
    answer = await visitor.get("/help")
    policy = answer.headers["Content-Security-Policy"]
    style = re.search(r"<style>(.*?)</style>", await answer.text(), re.DOTALL)
    assert style is not None
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "unsafe" not in policy
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Language"] == "en"


async def test_what_is_filled_in_is_escaped() -> None:
    public = Public()
    evil = replace(public.page, house=replace(house(), keeper=UserId("<script>@x")))
    assert "<script>" not in await evil.render("en")


async def test_there_is_nothing_else(visitor: TestClient) -> None:
    assert (await visitor.get("/")).status == 404
    assert (await visitor.post("/help")).status == 405


@pytest.mark.parametrize(
    ("liked", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-at", "de"),
        ("fr, de;q=0.8, en;q=0.9", "en"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("de;q=x, ;q=1, *", "en"),
    ],
)
def test_the_language_that_a_browser_likes_best(liked: str, language: str) -> None:
    assert language_of({"Accept-Language": liked}, ("en", "de")) == language


async def shown(visitor: TestClient, code: str, language: str = "en") -> tuple[int, bytes]:
    answer = await visitor.get(f"/g/{code}", headers={"Accept-Language": language})
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers
    return answer.status, await answer.read()


async def test_a_code_that_works_shows_its_group(public: Public, visitor: TestClient) -> None:
    public.working["willow-7q4k"] = Group(GroupId("g"), "open", example(), START)
    for language in ("en", "de"):
        status, page = await shown(visitor, "willow-7q4k", language)
        assert status == 200
        text = Outline(page.decode()).text
        assert example().title in text
        assert "join WILLOW-7Q4K" in text
        assert "@keeper:example.org" in text
        assert not {"script", "a", "img", "form"} & set(Outline(page.decode()).tags())


async def test_every_other_code_gets_the_same_bytes(visitor: TestClient) -> None:
    pages = [await shown(visitor, code) for code in ("WILLOW-2222", "x", "%3Cb%3E", "0" * 500)]
    assert len(set(pages)) == 1
    assert pages[0][0] == 404


async def silent(*_: object) -> None:
    raise StorageError("the database does not answer")


async def test_while_the_database_is_silent_all_codes_are_alike(
    public: Public, visitor: TestClient
) -> None:
    public.working["good"] = Group(GroupId("g"), "open", example(), START)
    public.groups.group_behind = silent
    pages = {await shown(visitor, code) for code in ("good", "guess") for _ in range(MISSES)}
    ((status, page),) = pages
    assert status == 503
    assert "@keeper:example.org" in page.decode()


async def test_numbers_are_there_while_the_database_is_silent(public: Public) -> None:
    page = await replace(public.page, keys=silent).render("en")
    assert "999" in page


async def test_after_many_guesses_no_code_is_looked_at_for_an_hour(
    public: Public, visitor: TestClient
) -> None:
    public.working["good"] = Group(GroupId("g"), "open", example(), START)
    for _ in range(MISSES):
        assert (await shown(visitor, "guess"))[0] == 404
    assert await shown(visitor, "good") == await shown(visitor, "guess")
    assert (await shown(visitor, "good"))[0] == 429
    public.seconds += HOUR
    assert (await shown(visitor, "good"))[0] == 200
