"""One contract for all ways outside, each on a real receiver: what arrives, and what can fail."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from appservice.domain.cases.case import About, Case, Track
from appservice.domain.effects import Page, SendPageCode
from appservice.domain.person import Person
from appservice.domain.types import EffectId, GroupId, RoomId, UserId
from appservice.errors import PermanentError, TransientError
from appservice.ports import Alert, Pager, Posting
from appservice.service import paging
from bridges.email import smtp
from bridges.email.smtp import Email
from bridges.ntfy import ntfy
from bridges.ntfy.ntfy import Ntfy
from bridges.webhook import webhook
from bridges.webhook.webhook import Webhook
from tests.support.certificates import Authority
from tests.support.http_receiver import HttpReceiver
from tests.support.mail_server import MailServer
from tests.support.memory_store import MemoryStore
from tests.support.ports import reserve_port
from tests.support.story import KEEPER, START, house, replace, words

FAULTS = {
    "refuse": PermanentError,
    "redirect": PermanentError,
    "later": TransientError,
    "hang": TransientError,
    "garbage": TransientError,
    "break": TransientError,
}
WAYS = ("email starttls", "email implicit", "email none", "ntfy", "webhook")
SENDER = "circlekeeper@example.org"
ALERT = Alert(
    EffectId("effect-1"), "", ("Circlekeeper: a case is waiting, C-12.", "Open."), "C-12"
)


@dataclass
class Side:
    """A pager, and the real thing that it hands over to."""

    pager: Pager
    address: str
    receiver: MailServer | HttpReceiver
    faults: dict[str, Callable[[], None]] = field(default_factory=dict)

    @property
    def heard(self) -> bytes:
        """All octets that came, mail with its lines joined again."""
        return b"\n".join(self.receiver.heard).replace(b"=\r\n", b"")

    def alert(self, **more: object) -> Alert:
        return replace(ALERT, address=self.address, **more)


def clock():
    return START


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_PATIENCE", 0.4)
    for module in (ntfy, webhook):
        monkeypatch.setattr(module, "_PATIENCE", aiohttp.ClientTimeout(total=0.4))


def mail_side(server: MailServer, authority: Authority, **more: str) -> Side:
    made = smtp.MailServer("127.0.0.1", server.port, server.tls, SENDER, **more)

    def fault(name: str) -> Callable[[], None]:
        return lambda: setattr(server, "fault", name)

    faults = {name: fault(name) for name in FAULTS}
    pager = Email(made, authority.client(), clock)
    return Side(pager, "ada@canary.example", server, faults)


def web_side(pager: Pager, address: str, receiver: HttpReceiver) -> Side:
    faults = {
        "refuse": lambda: receiver.answers(403),
        "later": lambda: receiver.answers(503, Retry_After="7"),
        "hang": lambda: setattr(receiver, "answer", None),
        "garbage": lambda: setattr(receiver, "answer", b"\x00\xff not HTTP at all\r\n\r\n"),
        "redirect": lambda: receiver.answers(307, Location="http://127.0.0.1:1/inside"),
        "break": lambda: setattr(receiver, "answer", b""),
    }
    return Side(pager, address, receiver, faults)


@pytest.fixture(params=WAYS)
async def side(request: pytest.FixtureRequest, authority: Authority) -> AsyncIterator[Side]:
    way, _, tls = request.param.partition(" ")
    async with AsyncExitStack() as stack:
        if way == "email":
            server = MailServer(tls=tls, certificate=authority.server("127.0.0.1"))
            await stack.enter_async_context(server.running())
            yield mail_side(server, authority)
            return
        receiver = HttpReceiver()
        await stack.enter_async_context(receiver.running())
        if way == "ntfy":
            yield web_side(Ntfy(receiver.url), "ada-topic", receiver)
        else:
            pager = Webhook("a secret", clock, allow_private=True)
            yield web_side(pager, f"{receiver.url}/hook/", receiver)


async def test_an_alert_arrives(side: Side) -> None:
    await side.pager.page(side.alert())
    assert b"C-12" in side.heard
    await side.pager.check()


async def test_nothing_of_the_case_arrives_but_its_number(side: Side) -> None:
    """Byte search over all that a receiver got: no name, no group, no track, no level."""
    store = MemoryStore()
    ada, group = UserId("@canary-ada:example.org"), GroupId("canary-group")
    way, posting = side.pager.way, Posting(EffectId("effect-1"), "l", None, START)
    case = Case(group, 12, Track.CARE, About.ME, START, START, ada)
    page = Page(ada, way, side.address, group, 12, "canary-step", "en")
    other = UserId("@canary-mei:example.org")
    async with store.begin() as work:
        for record in (case, Person(ada, pages=((way, side.address),))):
            await work.put(record)
    reaching = paging.Paging([side.pager], store, _Clock(), words(), house())
    await reaching.page(posting, page)
    spoken = side.heard.replace(b"ada@canary.example", b"")
    assert b"C-12" in spoken
    for word in (b"canary", b"care", b"red", b"Willow", other.encode(), b"step"):
        assert word not in spoken, word
    if way != "webhook":
        assert f"Open your chat with {KEEPER}.".encode() in spoken


@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_drill_says_that_it_is_one(side: Side, language: str) -> None:
    way = side.pager.way
    store, user = MemoryStore(), UserId("@ada:x")
    async with store.begin() as work:
        await work.put(Person(user, pages=((way, side.address),)))
    page = Page(user, way, side.address, GroupId("g"), 0, "s", language, drill=True)
    reaching = paging.Paging([side.pager], store, _Clock(), words(), house())
    await reaching.page(Posting(EffectId("e"), "l", page, START), page)
    said = {"en": b"drill", "de": "Übung".encode()}[language]
    quoted = said.replace("Ü".encode(), b"=C3=9C")
    assert any(one in side.heard for one in (said, quoted, b'"drill":true'))
    assert b"C-0" not in side.heard


async def test_a_code_arrives_and_is_drawn_the_same_again(side: Side) -> None:
    store = MemoryStore()
    send = SendPageCode(RoomId("!r"), UserId("@canary:x"), side.pager.way, side.address, "en")
    reaching = paging.Paging([side.pager], store, _Clock(), words(), house())
    posting = Posting(EffectId("e"), "l", send, START)
    (first,) = (await reaching.send_code(posting, send)).happened
    (again,) = (await reaching.send_code(posting, send)).happened
    assert first == again
    assert len(first.code) == 6
    assert side.heard.count(first.code.encode()) >= 2
    assert b"@canary:x" not in side.heard
    assert first.code not in repr(first)


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_fails_is_told_apart_and_names_no_address(
    side: Side, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    side.faults[fault]()
    with pytest.raises(FAULTS[fault]) as found:
        await side.pager.page(side.alert())
    told = f"{found.value!r} {found.value}"
    for word in (side.address, "ada", "canary", "hook/", "127.0.0.1"):
        assert word not in told
    if fault == "later" and side.pager.way != "email":
        assert found.value.retry_after == 7


@pytest.mark.parametrize("way", WAYS)
async def test_who_does_not_listen_is_tried_again(way: str, authority: Authority) -> None:
    port = reserve_port()
    name, _, tls = way.partition(" ")
    pager, address = {
        "email": (
            Email(smtp.MailServer("127.0.0.1", port, tls, SENDER), authority.client(), clock),
            "a@b.org",
        ),
        "ntfy": (Ntfy(f"http://127.0.0.1:{port}"), "topic"),
        "webhook": (Webhook("s", clock, allow_private=True), f"http://127.0.0.1:{port}/"),
    }[name]
    with pytest.raises(TransientError):
        await pager.page(replace(ALERT, address=address))
    if name != "webhook":
        with pytest.raises(TransientError):
            await pager.check()


class _Clock:
    def now(self):
        return START

    def monotonic(self) -> float:
        return 0.0


# -- mail alone


async def test_a_mail_has_what_mail_programs_look_for(authority: Authority) -> None:
    async with MailServer(
        tls="starttls", certificate=authority.server("127.0.0.1")
    ).running() as s:
        side = mail_side(s, authority)
        for _ in range(2):
            await side.pager.page(side.alert())
    first, again = s.mails
    assert first["Message-ID"] == again["Message-ID"] == "<effect-1@example.org>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert (first["From"], first["To"]) == (SENDER, side.address)
    assert first["Subject"] == ALERT.lines[0]
    assert first["Date"].datetime == START.replace(microsecond=0)
    assert first.get_content() == "Circlekeeper: a case is waiting, C-12.\r\n\r\nOpen.\r\n"
    assert b"example.org" in s.heard, "this machine's own name is nobody's business"


async def test_who_may_log_in_does_and_a_wrong_password_is_told(authority: Authority) -> None:
    server = MailServer(tls="starttls", certificate=authority.server("127.0.0.1"))
    server.log_in = True
    async with server.running():
        right = {"user": "circlekeeper", "password": "a secret with ä"}
        side = mail_side(server, authority, **right)
        await side.pager.page(side.alert())
        await side.pager.check()
        assert len(server.mails) == 1
        wrong = mail_side(server, authority, user="circlekeeper", password="canary")
        for call in (wrong.pager.check(), wrong.pager.page(wrong.alert())):
            with pytest.raises(PermanentError) as found:
                await call
            assert found.value.code == "535"
            assert "canary" not in f"{found.value!r}{wrong.pager.__dict__}"


@pytest.mark.parametrize("login", [{}, {"user": "ada", "password": "pw"}])
async def test_nothing_goes_in_clear_where_tls_is_wanted(
    authority: Authority, login: dict[str, str]
) -> None:
    """A server, or somebody before it, that does not offer STARTTLS."""
    async with MailServer(tls="none").running() as server:
        server.tls = "starttls"
        side = mail_side(server, authority, **login)
        with pytest.raises(PermanentError):
            await side.pager.page(side.alert())
        assert server.heard == [b"example.org"]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_certificate_of_another_authority_is_not_believed(
    authority: Authority, tmp_path: Path, tls: str
) -> None:
    stranger = Authority(tmp_path)
    certificates = (stranger.server("127.0.0.1"), authority.server("other.example.org"))
    for certificate in certificates:
        async with MailServer(tls=tls, certificate=certificate).running() as server:
            side = mail_side(server, authority)
            with pytest.raises(TransientError):
                await side.pager.page(side.alert())
            assert not server.mails


async def test_a_server_that_takes_mail_and_loses_it_looks_like_any_other() -> None:
    """So nothing is said to have arrived before somebody has answered; the ladder climbs."""
    async with MailServer().running() as server:
        server.fault = "lose"
        pager = Email(smtp.MailServer("127.0.0.1", server.port, "none", SENDER), None, clock)
        await pager.page(replace(ALERT, address="a@b.org"))
        assert not server.mails
