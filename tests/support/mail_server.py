"""A mail server on loopback that writes down all it hears, and fails as a test likes."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

if TYPE_CHECKING:
    from email.message import EmailMessage

USER, PASSWORD = "circlekeeper", "a secret with ä"
_ANSWERS = {
    "refuse": "550 5.1.1 no {address} here",
    "redirect": "551 5.1.6 try <{address}.evil.example>",
    "later": "451 4.7.1 greylisted",
    "garbage": "what is {address}?",
}


class MailServer:
    """What it hears is kept as octets, in order.

    `fault`: refuse | redirect | later | garbage | break | hang | lose.
    """

    def __init__(self, *, tls: str = "none", certificate: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.certificate = certificate
        self.log_in = False
        self.fault = ""
        self.port = 0
        self.heard: list[bytes] = []
        self.mails: list[EmailMessage] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator["MailServer"]:
        """Listen until the context ends."""
        made: list[SMTP] = []

        def factory() -> SMTP:
            starttls = self.certificate if self.tls == "starttls" else None
            made.append(
                SMTP(
                    self,
                    hostname="mail.example.org",
                    tls_context=starttls,
                    require_starttls=starttls is not None,
                    auth_required=self.log_in,
                    auth_require_tls=self.tls == "starttls",
                    authenticator=self._authenticate,
                    loop=asyncio.get_running_loop(),
                )
            )
            return made[-1]

        implicit = self.certificate if self.tls == "implicit" else None
        loop = asyncio.get_running_loop()
        server = await loop.create_server(factory, "127.0.0.1", self.port, ssl=implicit)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for one in made:
                if one.transport is not None:
                    one.transport.abort()
            await server.wait_closed()
            await asyncio.sleep(0)

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any
    ) -> AuthResult:
        known = LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=given == known, handled=given == known)

    # -- as aiosmtpd calls its handler

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, host: str, said: list[str]
    ) -> list[str]:
        session.host_name = host
        self.heard.append(host.encode())
        return said

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, sender: str, _: list[str]
    ) -> str:
        self.heard.append(sender.encode())
        envelope.mail_from = sender
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        self.heard.append(address.encode())
        if self.fault == "hang":
            await asyncio.sleep(3600)
        if self.fault == "break":
            server.transport.abort()
        answer = _ANSWERS.get(self.fault, "250 OK").format(address=address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        self.heard.append(content)
        if self.fault != "lose":
            self.mails.append(message_from_bytes(content, policy=default))
        return "250 OK"
