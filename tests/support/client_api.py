"""Single calls of the client-server API, as any client would make them."""

from typing import Any
from urllib.parse import quote

import aiohttp

from tests.support.contents import Json

_PATIENCE = aiohttp.ClientTimeout(total=60)


class MemberError(Exception):
    """The homeserver refused or the client failed; ``errcode`` is the Matrix code, if any."""

    def __init__(self, errcode: str, message: str = "") -> None:
        super().__init__(f"{errcode}: {message}" if message else errcode)
        self.errcode = errcode


class PasswordNeededError(MemberError):
    """The homeserver wants user-interactive authentication in this session."""

    def __init__(self, session: str) -> None:
        super().__init__("UIA", "the homeserver asks for the password")
        self.session = session


async def call(url: str, method: str, path: str, *, token: str = "", body: Any = None) -> Any:
    """Parsed answer of a call below ``/_matrix/client/v3``.

    Raises ``MemberError`` on a refusal, ``aiohttp.ClientError`` when nobody answers.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(timeout=_PATIENCE) as session,
        session.request(
            method, f"{url}/_matrix/client/v3{path}", json=body, headers=headers
        ) as response,
    ):
        answer = await response.json(content_type=None)
        if response.status < 400:
            return answer
        if response.status == 401 and "session" in answer:
            raise PasswordNeededError(answer["session"])
        raise MemberError(answer.get("errcode", str(response.status)), answer.get("error", ""))


def password_login(user_id: str, password: str) -> Json:
    """The body of ``POST /login``, which is also the password stage of other requests."""
    return {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user_id},
        "password": password,
    }


def quoted(part: str) -> str:
    """A path segment, with nothing left that a path could misread."""
    return quote(part, safe="")
