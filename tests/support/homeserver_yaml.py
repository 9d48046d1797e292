"""The configuration of a Synapse for tests: fast, unlimited, alone in the world."""

import base64
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_HIGH = {"per_second": 100_000, "burst_count": 100_000}


@dataclass(frozen=True)
class Wanted:
    """What differs from one test's Synapse to the next."""

    folder: Path
    server_name: str
    port: int
    room_version: str
    log: Path
    secret: str = field(repr=False)
    registrations: tuple[Path, ...]


def write_homeserver_yaml(wanted: Wanted, overrides: dict[str, Any]) -> Path:
    """Write homeserver.yaml, log.yaml and once a signing key; the first one's path."""
    key = wanted.folder / "signing.key"
    if not key.exists():
        seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        key.write_text(f"ed25519 a_test {seed}\n")
    logging = wanted.folder / "log.yaml"
    logging.write_text(yaml.safe_dump(_logging(wanted.log)))
    config = wanted.folder / "homeserver.yaml"
    config.write_text(yaml.safe_dump(_settings(wanted, key, logging) | overrides))
    return config


def _settings(wanted: Wanted, key: Path, logging: Path) -> dict[str, Any]:
    listener = {
        "port": wanted.port,
        "type": "http",
        "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client"]}],
    }
    database = {"database": str(wanted.folder / "homeserver.db")}
    return {
        "server_name": wanted.server_name,
        "public_baseurl": f"http://127.0.0.1:{wanted.port}",
        "pid_file": str(wanted.folder / "homeserver.pid"),
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": database},
        "media_store_path": str(wanted.folder / "media"),
        "signing_key_path": str(key),
        "log_config": str(logging),
        "registration_shared_secret": wanted.secret,
        "macaroon_secret_key": wanted.secret,
        "form_secret": wanted.secret,
        "report_stats": False,
        "suppress_key_server_warning": True,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "presence": {"enabled": False},
        "default_room_version": wanted.room_version,
        "app_service_config_files": [str(path) for path in wanted.registrations],
        "bcrypt_rounds": 4,
    } | _no_limits()


def _no_limits() -> dict[str, Any]:
    limits: dict[str, Any] = dict.fromkeys(
        (
            "rc_message",
            "rc_registration",
            "rc_registration_token_validity",
            "rc_admin_redaction",
            "rc_3pid_validation",
            "rc_media_create",
            "rc_key_requests",
            "rc_room_creation",
            "rc_reports",
        ),
        _HIGH,
    )
    limits["rc_presence"] = {"per_user": _HIGH}
    limits["rc_login"] = dict.fromkeys(("address", "account", "failed_attempts"), _HIGH)
    limits["rc_joins"] = dict.fromkeys(("local", "remote"), _HIGH)
    limits["rc_joins_per_room"] = _HIGH
    limits["rc_invites"] = dict.fromkeys(("per_room", "per_user", "per_issuer"), _HIGH)
    return limits


def _logging(log: Path) -> dict[str, Any]:
    return {
        "version": 1,
        "formatters": {"line": {"format": "%(asctime)s %(name)s %(levelname)s %(message)s"}},
        "handlers": {
            "file": {"class": "logging.FileHandler", "filename": str(log), "formatter": "line"}
        },
        "root": {"level": "INFO", "handlers": ["file"]},
        "disable_existing_loggers": False,
    }
