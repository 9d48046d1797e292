"""registration.yaml: what the homeserver must know of us, and the tokens both sides share."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from appservice.errors import ConfigurationError

SENDER = "_circlekeeper"
"""`sender_localpart`: a third, unused name, since `/sync` is refused for the sender."""


@dataclass(frozen=True)
class Registration:
    """The application service as registered; its tokens never show in a repr."""

    id: str
    url: str
    as_token: str = field(repr=False)
    hs_token: str = field(repr=False)
    sender_localpart: str = SENDER

    @classmethod
    def read(cls, path: Path) -> "Registration":
        """Read the file. Raises ConfigurationError with every fault, one per line."""
        try:
            found = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigurationError(
                f"{path} cannot be read ({error.strerror}); `circlekeeper init` writes it"
            ) from None
        except (yaml.YAMLError, UnicodeDecodeError):
            raise ConfigurationError(f"{path} is not YAML") from None
        names = ("id", "url", "as_token", "hs_token", "sender_localpart")
        values = found if isinstance(found, dict) else {}
        faults = [
            f"{path}: {name}: is missing or no text"
            for name in names
            if not (isinstance(values.get(name), str) and values[name])
        ]
        if faults:
            raise ConfigurationError("\n".join(faults))
        return cls(**{name: values[name] for name in names})

    def document(self, server_name: str, localparts: tuple[str, ...]) -> dict[str, Any]:
        """Return the file's content (Application Service API, "Registration")."""
        server = re.escape(server_name)
        users = [
            {"exclusive": True, "regex": f"@{re.escape(name)}:{server}"} for name in localparts
        ]
        return {
            "id": self.id,
            "url": self.url,
            "as_token": self.as_token,
            "hs_token": self.hs_token,
            "sender_localpart": self.sender_localpart,
            "rate_limited": False,
            "namespaces": {
                "users": users,
                "aliases": [{"exclusive": True, "regex": f"#_circlekeeper_.*:{server}"}],
                "rooms": [],
            },
            "io.element.msc4190": True,
        }
