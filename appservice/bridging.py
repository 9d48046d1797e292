"""Builds the connectors to the outside that the operator has set up; secrets are read once."""

from pathlib import Path

from appservice.clock import Clock
from appservice.config.settings import Settings
from appservice.errors import ConfigurationError
from appservice.ports import CalendarServer, Store, Video
from bridges.calendar.caldav import CalDav, Collection
from bridges.video.jitsi import Jitsi


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


def _secret(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{path} cannot be read; a secret should stand there") from None
    if not secret:
        raise ConfigurationError(f"{path} is empty; write the secret there")
    return secret
