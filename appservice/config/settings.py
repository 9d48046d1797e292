"""circlekeeper.yaml and its environment as frozen settings; every fault is told at once."""

import difflib
import os
import stat
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appservice.config.paging import Paging
from appservice.config.reading import PREFIX, overlaid, read
from appservice.config.registration import Registration
from appservice.config.section import Section as _Section
from appservice.config.values import (
    Address,
    Beside,
    DatabaseUrl,
    Listen,
    Localpart,
    SafeAddress,
    ServerName,
    User,
    WebAddress,
)
from appservice.domain.types import UserId
from appservice.errors import ConfigurationError


class HomeserverSettings(_Section):
    """The server that we stand next to."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    url: WebAddress = Field(
        description="write the homeserver's client address, as http://127.0.0.1:8008"
    )
    server_name: ServerName = Field(
        description="write the part of your user ids after the colon, as example.org"
    )
    room_version: str | None = Field(
        None, pattern="^(11|12)$", description='write "11", "12", or null for the server\'s own'
    )


class Localparts(_Section):
    """The names of our two users, without @ and server."""

    keeper: Localpart = Field("keeper", description="write one lower-case name")
    steward: Localpart = Field("steward", description="write another lower-case name")


class Files(_Section):
    """Files of ours; relative paths count from the folder of circlekeeper.yaml."""

    registration: Beside = Field(Path("registration.yaml"), description="write a path")
    keys: Beside = Field(Path("circlekeeper.keys"), description="write a path")
    recovery: Beside = Field(Path("recovery.key"), description="write a path")
    journal: Beside = Field(Path("journal"), description="write a path")
    generation: Beside = Field(Path("generation"), description="write a path")


class CalendarOfGroup(_Section):
    """A calendar on a CalDAV server to which the meetings of a group are brought."""

    url: SafeAddress = Field(description="write the calendar's own https address")
    user: str = Field(
        pattern="^[^:]+$", repr=False, description="write the user's name there, without a colon"
    )
    password_file: Beside = Field(description="write the path of a file with the password")
    places: bool = Field(default=False, description="write true or false")


class JitsiServer(_Section):
    """A Jitsi server that lets people in by signed tokens."""

    domain: ServerName = Field(description="write its domain, as meet.example.org")
    app_id: str = Field(min_length=1, description="write the app id that it knows us by")
    secret_file: Beside = Field(description="write the path of a file with the app secret")


class Limits(_Section):
    """Spans and sizes that seldom need another value."""

    late_key_seconds: float = Field(30, gt=0, description="write seconds, above 0")
    key_fetch_seconds: float = Field(30, gt=0, description="write seconds, above 0")
    steward_watch_seconds: float = Field(20, gt=0, le=30, description="write seconds, at most 30")
    reconcile_seconds: float = Field(600, gt=0, description="write seconds, above 0")
    database_seconds: float = Field(10, gt=0, description="write seconds, above 0")
    keep_keys_days: float = Field(7, gt=0, description="write days, above 0")
    keep_cases_days: int = Field(30, ge=30, le=365, description="write days, 30 to 365")
    transaction_bytes: int = Field(
        64 * 1024**2, ge=32 * 1024**2, description="write bytes, at least 33554432 (32 MiB)"
    )


class Settings(_Section):
    """Everything that the operator may set; attributes are the keys of circlekeeper.yaml."""

    model_config = ConfigDict(ignored_types=(cached_property,))

    homeserver: HomeserverSettings = Field(description="write its url and its server_name")
    listen: Listen = Field(
        Address("127.0.0.1", 9010), description="write HOST:PORT, as 127.0.0.1:9010"
    )
    public_url: WebAddress | None = Field(
        None, description="write where the homeserver reaches us, or null if that is `listen`"
    )
    private: Listen | None = Field(
        None, description="write HOST:PORT for health and metrics, or null"
    )
    public: Listen | None = Field(None, description="write HOST:PORT for the help page, or null")
    operator: User | None = Field(
        None, description="write your own user id, as @ada:example.org, or null"
    )
    localparts: Localparts = Field(
        default_factory=lambda: Localparts.model_validate({}),
        description="write keeper: and steward:, or leave it out",
    )
    database: DatabaseUrl = Field(
        "sqlite:///circlekeeper.db",
        repr=False,  # may hold a password
        description="write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )
    files: Files = Field(description="write paths, or leave it out")
    language: str = Field(
        "en", pattern="^[a-z]{2,3}(-[A-Za-z0-9]+)?$", description="write en or de"
    )
    share_keys_with: Literal["cross_signed", "all"] = Field(
        "cross_signed", description="write cross_signed or all"
    )
    help_page: WebAddress | None = Field(None, description="write a web address, or null")
    group_pages: WebAddress | None = Field(
        None, description="write the web address that leads to `public`, or null"
    )
    registration_token: str | None = Field(
        None,
        repr=False,  # whoever has it can make an account
        pattern=r"^[A-Za-z0-9._~-]{1,64}$",  # Synapse admin API, registration tokens
        description="write a token of the homeserver for new accounts, or null",
    )
    calendars: dict[str, CalendarOfGroup] = Field(
        default_factory=dict,
        description="write, below a group's visible name, url, user and password_file",
    )
    jitsi: JitsiServer | None = Field(
        None, description="write domain, app_id and secret_file, or null"
    )
    paging: Paging = Field(
        default_factory=lambda: Paging.model_validate({}),
        description="write email, ntfy, webhook or operator below it, or leave it out",
    )
    helplines: Beside | None = Field(
        Path("helplines"), description="write the folder's path, or null"
    )
    limits: Limits = Field(
        default_factory=lambda: Limits.model_validate({}),
        description="write numbers, or leave it out",
    )

    @classmethod
    def load(cls, path: Path, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the file, and what the environment sets above it.

        Raises ConfigurationError: one fault per line, each with its field and what to do.
        """
        return cls.of(overlaid(read(path), environment), str(path), path.absolute().parent)

    @classmethod
    def of(cls, values: Mapping[str, Any], source: str, folder: Path) -> "Settings":
        """Check values; relative paths count from `folder`, faults name `source`.

        Raises ConfigurationError: one fault per line, each with its field and what to do.
        """
        try:
            settings = cls.model_validate({"files": {}} | dict(values), context={"folder": folder})
        except ValidationError as error:
            faults = sorted({_sentence(fault) for fault in error.errors(include_url=False)})
        else:
            faults = list(_clashes(settings))
            if not faults:
                return settings
        raise ConfigurationError("\n".join(f"{source}: {fault}" for fault in faults))

    @property
    def keeper(self) -> UserId:
        return self.user(self.localparts.keeper)

    @property
    def steward(self) -> UserId:
        return self.user(self.localparts.steward)

    @property
    def reached_at(self) -> str:
        """The address that the homeserver is told."""
        return self.public_url or self.listen.url

    @cached_property
    def registration(self) -> Registration:
        """The registration with its tokens, read once. Raises ConfigurationError."""
        return Registration.read(self.files.registration)

    def user(self, name: str) -> UserId:
        """Name a user of this homeserver."""
        return UserId(f"@{name}:{self.homeserver.server_name}")

    def readable_by_others(self) -> tuple[Path, ...]:
        """Name the files with secrets that other users of this machine may read."""
        held = [self.files.registration, self.files.keys, self.files.recovery]
        held += [one.password_file for one in self.calendars.values()]
        held += [self.jitsi.secret_file] if self.jitsi is not None else []
        return tuple(_open_to_others([*held, *self.paging.secrets]))


def _sentence(fault: Any) -> str:
    """One line of a fault; never the value itself, which may be a secret."""
    where = tuple(str(part) for part in fault["loc"])
    siblings, description = _described(where)
    name = ".".join(where)
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where[-1], siblings, 1)
        advice = f"did you mean {near[0]}?" if near else "take it out or correct its spelling"
        return f"{name}: is no setting; {advice}"
    if fault["type"] == "missing":
        return f"{name}: is missing; {description}"
    said = str(fault["msg"])
    said = said.removeprefix("Value error, ") if fault["type"] == "value_error" else "does not fit"
    return f"{name}: {said}; {description}"


def _described(where: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Names beside a field, and what to write into it."""
    section: type[BaseModel] | None = Settings
    siblings: tuple[str, ...] = ()
    description = ""
    for part in where:
        fields = section.model_fields if section else {}
        siblings = tuple(fields)
        known = fields.get(part)
        if known is None:
            break
        description = known.description or ""
        kinds = (known.annotation, *get_args(known.annotation))
        models = (one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel))
        section = next(models, None)
    return siblings, description


def _clashes(settings: Settings) -> Iterable[str]:
    if settings.localparts.keeper == settings.localparts.steward:
        yield "localparts: keeper and steward need two names"
    if settings.operator in (settings.keeper, settings.steward):
        yield "operator: is one of our own users; write the id of a person"
    if settings.private is not None and settings.private == settings.listen:
        yield "private: is the same as listen; write another port"
    if settings.public is not None and settings.public in (settings.listen, settings.private):
        yield "public: is the same as listen or private; write another port"


def _open_to_others(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if mode & (stat.S_IRGRP | stat.S_IROTH):
            yield path


__all__ = ["PREFIX", "Address", "Files", "Limits", "Localparts", "Settings"]
