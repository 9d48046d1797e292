"""Mail handed in by SMTP (RFC 5321, 6409, 8314), never in clear but on this machine."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as ON_THE_WIRE

import aiosmtplib

from appservice.domain.paging.addresses import EMAIL
from appservice.errors import CirclekeeperError, PermanentError, TransientError
from appservice.ports import Alert

_PATIENCE = 10.0  # seconds for each step
_FOR_EVER = range(500, 600)  # RFC 5321, 4.2.1


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in; without a user nobody logs in."""

    host: str
    port: int | None  # None: 587, 465 or 25, by `tls`
    tls: str  # starttls | implicit | none
    sender: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


class Email:
    """Implements `appservice.ports.Pager`."""

    way = EMAIL

    def __init__(
        self, server: MailServer, authorities: ssl.SSLContext, now: Callable[[], datetime]
    ) -> None:
        """Take `authorities` that vouch for the server's certificate."""
        self._server = server
        self._authorities = authorities
        self._now = now

    async def page(self, alert: Alert) -> None:
        message = self._message(alert).as_bytes(policy=ON_THE_WIRE)
        async with self._connection() as smtp:
            await smtp.sendmail(self._server.sender, [alert.address], message)

    async def check(self) -> None:
        """Log in, and go away again."""
        async with self._connection():
            pass

    def _message(self, alert: Alert) -> EmailMessage:
        """Write it; what is sent twice has the same Message-ID (RFC 5322, 3.6.4)."""
        message = EmailMessage()
        message["From"] = self._server.sender
        message["To"] = alert.address
        message["Subject"] = alert.lines[0]
        message["Date"] = self._now()
        message["Message-ID"] = f"<{alert.id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer is wished
        message.set_content("\n\n".join(alert.lines) + "\n", cte="quoted-printable")
        return message

    @property
    def _domain(self) -> str:
        return self._server.sender.rpartition("@")[2]

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        server = self._server
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls",
            tls_context=self._authorities,
            username=server.user or None,
            password=server.password or None,
            local_hostname=self._domain,  # else it would tell this machine's name
            timeout=_PATIENCE,
        )
        try:
            await smtp.connect()
            yield smtp
            with suppress(aiosmtplib.SMTPException):  # it has what we brought
                await smtp.quit()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _meaning(error) from None
        finally:
            smtp.close()


def _meaning(error: Exception) -> CirclekeeperError:
    """Say what a fault means by its kind and number; its text may hold addresses."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    code = getattr(error, "code", 0)
    told = f"the mail server: {type(error).__name__}" + (f" {code}" if code else "")
    lacks = type(error) in (aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported)
    if lacks or code in _FOR_EVER:  # it lacks STARTTLS, or a way to log in
        return PermanentError(told, str(code or ""))
    return TransientError(told)
