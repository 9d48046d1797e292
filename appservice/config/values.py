"""The kinds of values that settings are made of; each says what is wrong with what was written."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

_SERVER = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?"
_SERVER_NAME = re.compile(_SERVER)
_USER_ID = re.compile(rf"@[\x21-\x39\x3b-\x7e]+:{_SERVER}")
_LOCALPART = re.compile(r"[a-z0-9._=/+-]+")
OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


@dataclass(frozen=True)
class Address:
    """Where we listen."""

    host: str
    port: int

    @classmethod
    def parse(cls, value: object) -> "Address":
        """Read `HOST:PORT` (`[::1]:9010` for IPv6). Raises ValueError."""
        if isinstance(value, Address):
            return value
        host, mark, port = str(value).rpartition(":")
        if not mark or not host or not (port.isascii() and port.isdigit()):
            raise ValueError("is not HOST:PORT")
        if not 0 < int(port) < 2**16:
            raise ValueError("has no port between 1 and 65535")
        bare = host.removeprefix("[").removesuffix("]")
        if host != (f"[{bare}]" if ":" in bare else bare):
            raise ValueError("is not HOST:PORT (an IPv6 address stands in [ ])")
        return cls(bare, int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """How a program on this machine reaches it."""
        return f"http://{Address(_ANYWHERE.get(self.host, self.host), self.port)}"


def web_address(value: str) -> str:
    """Check an http or https address; without its last slash. Raises ValueError."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("is not an http or https address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not an http or https address")
    return value.rstrip("/")


def safe_address(value: str) -> str:
    """Check an address to which a password goes: https, or on this machine. Raises ValueError."""
    address = urlsplit(web_address(value))
    if address.scheme != "https" and address.hostname not in OWN_MACHINE:
        raise ValueError("is not an https address; a password goes there")
    if address.username is not None or address.query or address.fragment:
        raise ValueError("has more in it than an address; user and password have their own lines")
    return value.rstrip("/")


def server_name(value: str) -> str:
    """Check a server name (Matrix specification, appendix "Server Name"). Raises ValueError."""
    if not _SERVER_NAME.fullmatch(value):
        raise ValueError("is not a server name")
    return value


def user_id(value: str) -> str:
    """Check a user id (appendix "User Identifiers", historical ones too). Raises ValueError."""
    if not _USER_ID.fullmatch(value) or len(value) > 255:  # noqa: PLR2004
        raise ValueError("is not a Matrix user id")
    return value


def localpart(value: str) -> str:
    """Check the localpart of a user that we make. Raises ValueError."""
    if not _LOCALPART.fullmatch(value):
        raise ValueError("may hold a to z, 0 to 9 and . _ = - / + only")
    return value


def database_url(value: str, info: ValidationInfo) -> str:
    """Name the asynchronous driver; a relative SQLite file counts from the folder."""
    scheme, _, rest = value.partition("://")
    if scheme in ("sqlite", "sqlite+aiosqlite") and rest.startswith("/") and rest != "/":
        return f"sqlite+aiosqlite:///{_folder(info) / rest[1:]}"
    if scheme in ("postgres", "postgresql", "postgresql+asyncpg") and rest.strip("/"):
        return f"postgresql+asyncpg://{rest}"
    raise ValueError("is not a database that we know")


def beside(value: Path, info: ValidationInfo) -> Path:
    """Count a relative path from the folder of circlekeeper.yaml."""
    return _folder(info) / value.expanduser()


Listen = Annotated[Address, BeforeValidator(Address.parse)]
SafeAddress = Annotated[str, AfterValidator(safe_address)]
WebAddress = Annotated[str, AfterValidator(web_address)]
ServerName = Annotated[str, AfterValidator(server_name)]
User = Annotated[str, AfterValidator(user_id)]
Localpart = Annotated[str, AfterValidator(localpart)]
DatabaseUrl = Annotated[str, AfterValidator(database_url)]
Beside = Annotated[Path, AfterValidator(beside)]


def _folder(info: ValidationInfo) -> Path:
    return Path(info.context["folder"]) if info.context else Path.cwd()
