"""Requests about files in the homeserver's content repository."""

from urllib.parse import urlencode

from appservice.matrix import answers
from appservice.matrix.transport import Transport, client_path

_LIMIT = 120.0  # seconds: an old phone's upload may still be on its way


class MediaCalls(Transport):
    """Client-server API, "Content repository"; all in the keeper's name."""

    async def upload(self, octets: bytes) -> str:
        """Keep a file with the homeserver; return its mxc:// address."""
        whole = f"/_matrix/media/v3/upload?{urlencode({'user_id': self.keeper})}"
        headers = {**self._authorization, "Content-Type": "application/octet-stream"}
        answer = answers.read(*await self._exchange("POST", whole, octets, headers, _LIMIT))
        return str(answer.body["content_uri"])

    async def download(self, server: str, media: str, limit: int) -> bytes:
        """Return a file, mxc://server/media. Raises PermanentError if it has more octets."""
        path = client_path("media", "download", server, media, version="v1")
        whole = f"{path}?{urlencode({'user_id': self.keeper})}"
        headers = self._authorization
        return answers.read_octets(
            *await self._exchange("GET", whole, None, headers, _LIMIT, limit)
        )
