"""Encrypted files by way of a real homeserver, read and written by another library too."""

import pytest
import pytest_asyncio
from nio.crypto.attachments import decrypt_attachment, encrypt_attachment

from appservice import crypto
from appservice.errors import PermanentError
from appservice.matrix.files import Files
from tests.matrix.conftest import place

pytestmark = pytest.mark.synapse
CALENDAR = b"BEGIN:VCALENDAR\r\n" * 5_000


@pytest_asyncio.fixture
async def client(shared_synapse):
    made = place(await shared_synapse.get(), shared_synapse.registration, "12")
    async with made.client:
        await made.set_up()
        yield made.client


def parts(file):
    server, _, media = file["url"].removeprefix("mxc://").partition("/")
    return server, media


async def test_what_we_send_away_others_can_read(client):
    file = await Files(client).send_away(CALENDAR)
    ciphertext = await client.download(*parts(file), len(CALENDAR))
    assert b"VCALENDAR" not in ciphertext
    key, digest = file["key"]["k"], file["hashes"]["sha256"]
    assert decrypt_attachment(ciphertext, key, digest, file["iv"]) == CALENDAR
    assert await Files(client).fetch(file) == CALENDAR


async def test_what_others_send_we_can_read(client):
    ciphertext, file = encrypt_attachment(CALENDAR)
    url = await client.upload(ciphertext)
    assert await Files(client).fetch({**file, "url": url}) == CALENDAR


async def test_a_file_is_not_read_beyond_the_limit(client, monkeypatch):
    file = await Files(client).send_away(CALENDAR)
    monkeypatch.setattr(crypto, "MAX_FILE", len(CALENDAR) - 1)
    with pytest.raises(PermanentError, match="too large"):
        await Files(client).fetch(file)


async def test_a_file_that_somebody_changed_is_refused(client):
    file = await Files(client).send_away(CALENDAR)
    other = await Files(client).send_away(CALENDAR)
    with pytest.raises(PermanentError, match="not the one that was sent"):
        await Files(client).fetch({**file, "url": other["url"]})


@pytest.mark.parametrize("url", [None, 7, "", "http://elsewhere/x", "mxc://host", "mxc://a/b/c"])
async def test_a_file_without_a_proper_address_is_not_asked_for(client, url):
    file = await Files(client).send_away(b"x")
    with pytest.raises(PermanentError, match="no address"):
        await Files(client).fetch({**file, "url": url})


async def test_a_file_that_is_gone(client):
    file = await Files(client).send_away(b"x")
    server, _ = parts(file)
    with pytest.raises(PermanentError):
        await Files(client).fetch({**file, "url": f"mxc://{server}/nothing"})
