"""Builds the connectors to the outside that the operator has set up; secrets are read once."""

import ssl
from pathlib import Path

from appservice.clock import Clock
from appservice.config.settings import Settings
from appservice.errors import ConfigurationError
from appservice.ports import CalendarServer, Pager, Store, Video
from bridges.calendar.caldav import CalDav, Collection
from bridges.email.smtp import Email, MailServer
from bridges.ntfy.ntfy import Ntfy
from bridges.video.jitsi import Jitsi
from bridges.webhook.webhook import Webhook


def calendar_server(settings: Settings) -> CalendarServer | None:
    """Return where meetings are published; None: nowhere. Raises ConfigurationError."""
    collections = {
        name.casefold(): Collection(one.url, one.user, _secret(one.password_file), one.places)
        for name, one in settings.calendars.items()
    }
    return CalDav(collections) if collections else None


def video_server(settings: Settings, store: Store, clock: Clock) -> Video | None:
    """Return where people meet by video; None: nowhere of ours. Raises ConfigurationError."""
    jitsi = settings.jitsi
    if jitsi is None:
        return None
    secret = _secret(jitsi.secret_file)
    return Jitsi(jitsi.domain, jitsi.app_id, secret, store.hash, clock.now)


def pagers(settings: Settings, clock: Clock) -> tuple[Pager, ...]:
    """Return the ways to reach people outside of Matrix. Raises ConfigurationError."""
    paging, found = settings.paging, list[Pager]()
    if (mail := paging.email) is not None:
        password = _secret(mail.password_file) if mail.password_file else ""
        server = MailServer(mail.host, mail.port, mail.tls, mail.sender, mail.user or "", password)
        found.append(Email(server, _authorities(mail.ca_file), clock.now))
    if (ntfy := paging.ntfy) is not None:
        found.append(Ntfy(ntfy.server, _secret(ntfy.token_file) if ntfy.token_file else ""))
    if (hooks := paging.webhook) is not None:
        secret = _secret(hooks.secret_file)
        found.append(Webhook(secret, clock.now, allow_private=hooks.allow_private))
    return tuple(found)


def _authorities(path: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError):
        raise ConfigurationError(f"{path} is no certificate that can be read") from None


def _secret(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{path} cannot be read; a secret should stand there") from None
    if not secret:
        raise ConfigurationError(f"{path} is empty; write the secret there")
    return secret
