"""`circlekeeper init`: writes the settings, the registration and the keys into a folder."""

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from appservice.cli.options import CONFIG, AsJson
from appservice.cli.output import show
from appservice.config import Registration, Settings
from appservice.errors import CirclekeeperError, ConfigurationError

_HEADER = """\
# Circlekeeper's settings. An environment variable wins over a line here:
# CIRCLEKEEPER__HOMESERVER__URL sets url of homeserver. After a change: circlekeeper check
"""
_EXAMPLE = """
# How facilitators are reached outside of Matrix, when a case waits; take out what you do not have.
# paging:
#   email:
#     host: mail.example.org
#     sender: circlekeeper@example.org
#     user: circlekeeper
#     password_file: mail.password
#   ntfy:
#     server: https://ntfy.example.org
#   webhook:
#     secret_file: webhook.secret
#   operator:
#     email: you@example.org
"""
_RECOVERY = """\
# The keeper's recovery key, read at each start. Keep a copy on paper: with it the keeper stays who
# it is even if the database is lost. Whoever has it can pass for the keeper.
"""
_QUESTIONS = {
    "homeserver": "The homeserver's address, as this machine reaches it",
    "server_name": "The homeserver's name (in user ids, after the colon)",
    "listen": "Where Circlekeeper listens for the homeserver",
    "operator": "Your own user id (empty: none)",
}
_SUGGESTED = {"homeserver": "http://127.0.0.1:8008", "listen": "127.0.0.1:9010", "operator": ""}


def init(  # noqa: PLR0913
    homeserver: Annotated[str | None, typer.Option(metavar="URL", help="The homeserver.")] = None,
    server_name: Annotated[str | None, typer.Option(metavar="NAME", help="Its name.")] = None,
    listen: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Where we listen. [127.0.0.1:9010]")
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where the homeserver reaches us, if not there."),
    ] = None,
    private: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Listen for health and metrics too.")
    ] = None,
    operator: Annotated[
        str | None, typer.Option(metavar="@USER:NAME", help="You, to be told of trouble.")
    ] = None,
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where everything is kept.")
    ] = Path(),
    keeper: Annotated[str, typer.Option(metavar="NAME", help="The keeper's name.")] = "keeper",
    steward: Annotated[str, typer.Option(metavar="NAME", help="The steward's name.")] = "steward",
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="postgresql://…; else SQLite in DIR.")
    ] = None,
    room_version: Annotated[
        str | None, typer.Option(metavar="11|12", help="Of new rooms; else the server's own.")
    ] = None,
    language: Annotated[str, typer.Option(metavar="en|de", help="Of the house.")] = "en",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Never ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write circlekeeper.yaml, registration.yaml and the keys into DIR.

    Asks for what no option gave, unless --yes. Never contacts the homeserver.
    """
    given = {
        "homeserver": homeserver,
        "server_name": server_name,
        "listen": listen,
        "operator": operator,
    }
    answers = _defaults(given) if yes else _asked(given)
    values: dict[str, Any] = {
        "homeserver": {"url": answers["homeserver"], "server_name": answers["server_name"]},
        "listen": answers["listen"],
        "public_url": public_url,
        "private": private,
        "operator": answers["operator"] or None,
        "localparts": {"keeper": keeper, "steward": steward},
        "language": language,
    }
    if room_version is not None:
        values["homeserver"]["room_version"] = room_version
    if database is not None:
        values["database"] = database
    try:
        settings = Settings.of(values, "init", folder.absolute())
    except ConfigurationError as error:
        raise typer.BadParameter(str(error)) from None
    written, recovery_key = _write(settings, values, folder.absolute())
    show(
        {
            "config": str(written[-1]),
            "registration": str(settings.files.registration),
            "written": [str(path) for path in written],
            "homeserver_yaml": _for_the_homeserver(settings.files.registration),
            "recovery_key": recovery_key,
        },
        _told(written, settings, recovery_key),
        as_json=as_json,
    )


def _defaults(given: Mapping[str, str | None]) -> dict[str, str]:
    missing = [name for name in ("homeserver", "server_name") if not given[name]]
    if missing:
        options = " and ".join("--" + name.replace("_", "-") for name in missing)
        raise typer.BadParameter(f"with --yes nothing is asked, so give {options}")
    return {
        name: _SUGGESTED.get(name, "") if value is None else value for name, value in given.items()
    }


def _asked(given: Mapping[str, str | None]) -> dict[str, str]:
    return {
        name: value if value is not None else _answer(_QUESTIONS[name], _SUGGESTED.get(name))
        for name, value in given.items()
    }


def _answer(question: str, suggested: str | None) -> str:
    """Ask on stderr, since stdout may be JSON; an empty line takes what is suggested."""
    while True:
        typer.echo(f"{question}{f' [{suggested}]' if suggested else ''}: ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            raise typer.Abort
        if line.strip():
            return line.strip()
        if suggested is not None:
            return suggested


def _write(settings: Settings, values: dict[str, Any], folder: Path) -> tuple[list[Path], str]:
    """Write every file or none; the settings last, since they make the set-up count."""
    from appservice.crypto import encode_recovery_key  # noqa: PLC0415
    from appservice.store import KeyFile  # noqa: PLC0415

    config = folder / CONFIG
    files = settings.files
    registration = Registration(
        id="circlekeeper",
        url=settings.reached_at,
        as_token=secrets.token_urlsafe(32),
        hs_token=secrets.token_urlsafe(32),
    ).document(
        settings.homeserver.server_name, (settings.localparts.keeper, settings.localparts.steward)
    )
    recovery_key = encode_recovery_key(secrets.token_bytes(32))
    steps: list[tuple[Path, Callable[[Path], object]]] = [
        (files.keys, lambda path: KeyFile(path).create()),
        (files.recovery, _writer(f"{_RECOVERY}{recovery_key}\n")),
        (files.registration, _writer(_block(registration))),
        (config, _writer(_HEADER + _block(values) + _EXAMPLE)),
    ]
    _refuse_a_second_time([path for path, _ in steps], settings)
    begun: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, write in steps:
            begun.append(path)
            write(path)
    except BaseException as error:
        for path in begun:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError | CirclekeeperError):
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise ConfigurationError(f"nothing was written to {folder}: {reason}") from None
        raise
    return begun, recovery_key


def _refuse_a_second_time(paths: list[Path], settings: Settings) -> None:
    from appservice.cli.database import file_of  # noqa: PLC0415

    database = file_of(settings)
    there = [path for path in (*paths, database) if path is not None and path.exists()]
    if there:
        names = ", ".join(path.name for path in there)
        raise ConfigurationError(
            f"there is a set-up in {there[0].parent} already ({names}), and it stays as it is: "
            "choose another --dir, or move these files away first"
        )


def _writer(text: str) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    return write


def _block(values: dict[str, Any]) -> str:
    return yaml.safe_dump(values, default_flow_style=False, sort_keys=False, allow_unicode=True)


def _for_the_homeserver(registration: Path) -> str:
    item = yaml.safe_dump([str(registration)], default_flow_style=False, width=10_000).strip()
    return f"app_service_config_files:\n  {item}"


def _told(written: list[Path], settings: Settings, recovery_key: str) -> list[str]:
    config = written[-1]
    return [
        "Written, for your eyes only:",
        *(f"  {path}" for path in written),
        "",
        "Add to the homeserver's configuration (homeserver.yaml), and restart the homeserver;",
        "its system user must be able to read the file:",
        "",
        _for_the_homeserver(settings.files.registration),
        "",
        f"Recovery key of {settings.keeper}: {recovery_key}",
        "Write it on paper now, it is not shown again. With it the keeper stays who it is, even",
        "on an empty database. Groups and consents do not come back by it: back up the database",
        "and circlekeeper.keys too.",
        "",
        f"Next: circlekeeper run --config {config}",
        f"Then: circlekeeper check --config {config}",
    ]
