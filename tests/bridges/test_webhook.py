"""Web hooks: signed so that a program can check it, and never a way into our own network."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import socket
from dataclasses import replace

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from appservice.errors import PermanentError, TransientError
from appservice.ports import Alert
from bridges.ntfy.ntfy import Ntfy
from bridges.webhook.reachable import is_public, looked_up
from bridges.webhook.webhook import Webhook
from tests.support.certificates import Authority
from tests.support.http_receiver import HttpReceiver
from tests.support.story import START

SECRET = "a secret with ä"
ALERT = Alert("effect-1", "", ("Circlekeeper: a case is waiting, C-12.", "Öffne."), "C-12")


def hook(**more) -> Webhook:
    return Webhook(SECRET, lambda: START, **more)


def means(monkeypatch, *addresses: str) -> list[str]:
    """Let every name mean these addresses; return which were looked up."""
    asked = []

    async def getaddrinfo(host, port, **_):
        asked.append(host)
        kinds = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in addresses]
        stream = socket.SOCK_STREAM
        return [(k, stream, 6, "", (a, port)) for k, a in zip(kinds, addresses, strict=True)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    return asked


async def test_a_program_can_check_who_calls_it():
    async with HttpReceiver().running() as receiver:
        alert = replace(ALERT, address=f"{receiver.url}/hook/")
        for one in (alert, alert, replace(alert, code="482913", case="")):
            await hook(allow_private=True).page(one)
    first, again, code = receiver.requests
    assert first == again
    assert first.line == "POST /hook/ HTTP/1.1"
    assert json.loads(first.body) == {"id": "effect-1", "case": "C-12", "drill": False}
    assert json.loads(code.body) == {"id": "effect-1", "code": "482913"}
    timestamp = first.headers["circlekeeper-timestamp"]
    assert int(timestamp) == int(START.timestamp())
    signed = hmac.new(SECRET.encode(), timestamp.encode() + b"." + first.body, hashlib.sha256)
    assert first.headers["circlekeeper-signature"] == f"sha256={signed.hexdigest()}"
    assert first.headers["content-type"] == "application/json"


async def test_it_follows_nobody_inward():
    async with HttpReceiver().running() as inside, HttpReceiver().running() as receiver:
        for status in (301, 302, 307, 308):
            receiver.answers(status, Location=f"{inside.url}/admin")
            with pytest.raises(PermanentError):
                await hook(allow_private=True).page(replace(ALERT, address=receiver.url))
        assert len(receiver.requests) == 4
        assert not inside.heard


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::]", "2130706433", "127.1", "0177.1"),
        *("10.1.2.3", "172.16.0.9", "192.168.0.1", "100.100.100.200", "169.254.169.254"),
        *("168.63.129.16", "[fd00:ec2::254]", "[fe80::1]", "[::ffff:127.0.0.1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::7f00:1]", "224.0.0.1", "255.255.255.255"),
    ],
)
async def test_what_is_not_of_the_internet_is_not_called(host):
    async with HttpReceiver().running() as receiver:
        for scheme in ("https", "http"):
            address = f"{scheme}://{host}:{receiver.port}/"
            with pytest.raises(PermanentError):
                await hook().page(replace(ALERT, address=address))
        assert not receiver.heard


async def test_a_name_that_means_one_private_address_among_others_is_not_called(monkeypatch):
    means(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(PermanentError):
        await hook().page(replace(ALERT, address="https://hook.example.org/"))


async def test_only_the_address_that_was_looked_at_is_called(monkeypatch):
    """A name is looked up once: what it means a moment later does not count."""
    async with HttpReceiver().running() as receiver:
        asked = means(monkeypatch, "127.0.0.1")
        address = f"http://hook.example.org:{receiver.port}/"
        await hook(allow_private=True).page(replace(ALERT, address=address))
    assert asked == ["hook.example.org"]
    assert receiver.requests[0].headers["host"] == f"hook.example.org:{receiver.port}"


async def test_a_certificate_must_be_of_the_name_and_of_an_authority(monkeypatch, tmp_path):
    """Of the name, though it is an address that is called."""
    ours, stranger = Authority(tmp_path / "ours"), Authority(tmp_path / "stranger")
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", ours.client())
    means(monkeypatch, "127.0.0.1")
    for certificate, taken in (
        (ours.server("hook.example.org"), 1),
        (ours.server("127.0.0.1"), 0),
        (stranger.server("hook.example.org"), 0),
    ):
        async with HttpReceiver().running(certificate) as receiver:
            alert = replace(ALERT, address=f"https://hook.example.org:{receiver.port}/")
            with contextlib.suppress(TransientError):
                await hook(allow_private=True).page(alert)
            assert len(receiver.requests) == taken


async def test_plain_http_goes_to_private_addresses_only(monkeypatch):
    means(monkeypatch, "93.184.216.34")
    url = URL("http://hook.example.org/")
    for allowed in (True, False):
        with pytest.raises(PermanentError):
            await looked_up(url, allow_private=allowed)
    known = await looked_up(URL("https://hook.example.org/"), allow_private=False)
    (found,) = await known.resolve("hook.example.org", 443)
    assert (found["host"], found["port"]) == ("93.184.216.34", 443)
    with pytest.raises(OSError, match="another host"):
        await known.resolve("other.example.org", 443)


async def test_a_name_that_means_nothing_is_tried_again():
    with pytest.raises(TransientError):
        await hook().page(replace(ALERT, address="https://nowhere.invalid/"))


@pytest.mark.parametrize("address", ["ftp://a.example.org/", "https:///x", "hook", "https://["])
async def test_what_is_no_web_address_is_refused(address):
    with pytest.raises(PermanentError):
        await hook(allow_private=True).page(replace(ALERT, address=address))


@given(st.ip_addresses(v=4))
def test_an_address_of_ipv4_is_no_other_in_the_clothes_of_ipv6(address):
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    if address.is_private or address.is_multicast:
        assert not is_public(str(address))
    number = f"{int(address) >> 16:x}:{int(address) & 0xFFFF:x}"
    for wrapped in (f"2002:{number}::1", f"64:ff9b::{number}", f"::{number}"):
        assert not is_public(wrapped)


@given(st.text(max_size=30))
def test_what_is_no_address_is_not_public(text):
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    except (OSError, ValueError):
        assert not is_public(text) or "%" in text


def test_internet_addresses_are_public():
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


# -- ntfy


async def test_ntfy_is_told_how_loud_to_be_and_who_we_are():
    async with HttpReceiver().running() as receiver:
        pager = Ntfy(receiver.url, "tk_secret")
        alert = replace(ALERT, address="ada-topic")
        for one in (alert, replace(alert, drill=True), replace(alert, code="482913")):
            await pager.page(one)
        await pager.check()
        await Ntfy(receiver.url).check()
    lines = [one.line for one in receiver.requests]
    assert lines[0] == "POST /ada-topic HTTP/1.1"
    assert lines[3:] == ["GET /v1/account HTTP/1.1", "GET /v1/health HTTP/1.1"]
    assert [one.headers.get("priority") for one in receiver.requests[:3]] == ["5", "3", "3"]
    assert receiver.requests[0].headers["authorization"] == "Bearer tk_secret"
    assert "authorization" not in receiver.requests[4].headers
    assert receiver.requests[0].body.decode() == "\n".join(ALERT.lines)
    assert "secret" not in repr(pager)
