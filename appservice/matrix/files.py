"""Sends files away encrypted, and gets those back that somebody sent us."""

import re

from appservice import crypto
from appservice.errors import PermanentError
from appservice.matrix.client import Client
from appservice.ports import Json

_ADDRESS = re.compile(r"mxc://([^/\s]{1,255})/([A-Za-z0-9_-]{1,255})")


class Files:
    """The homeserver keeps ciphertext; the key travels in the encrypted event that names it."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send_away(self, octets: bytes) -> Json:
        """Upload a file; return its EncryptedFile, which belongs into an encrypted event."""
        ciphertext, file = crypto.encrypt_file(octets)
        return {**file, "url": await self._client.upload(ciphertext)}

    async def fetch(self, file: object) -> bytes:
        """Return the octets of an EncryptedFile that somebody sent; nothing is kept.

        Raises PermanentError if it is not to be had, too large, or not the one that was sent;
        TransientError.
        """
        url = file.get("url") if isinstance(file, dict) else None
        address = _ADDRESS.fullmatch(url) if isinstance(url, str) else None
        if address is None:
            raise PermanentError("the file has no address", "no_address")
        server, media = address.groups()
        ciphertext = await self._client.download(server, media, crypto.MAX_FILE)
        try:
            return crypto.decrypt_file(ciphertext, file)
        except crypto.BadFile as error:
            raise PermanentError(str(error), "bad_file") from None
