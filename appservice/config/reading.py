"""Reads circlekeeper.yaml, and lays over it what the environment sets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from appservice.errors import ConfigurationError

PREFIX = "CIRCLEKEEPER__"
"""Environment variables that begin so win over the file: CIRCLEKEEPER__HOMESERVER__URL sets
homeserver.url. Their values are read as YAML (`null`, `120`, plain text)."""


def read(path: Path) -> dict[str, Any]:
    """Return what the file says, unchecked. Raises ConfigurationError."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path} does not exist; `circlekeeper init` writes it, --config names another"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror})") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{path}: line {line} is not YAML") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise ConfigurationError(f"{path} is not YAML") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigurationError(f"{path} is not a list of settings (`name: value` lines)")
    return {str(key): value for key, value in values.items()}


def overlaid(values: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the values with what the environment sets above them."""
    for name in sorted(environment):
        if not name.startswith(PREFIX):
            continue
        *sections, last = name.removeprefix(PREFIX).lower().split("__")
        place = values
        for section in sections:
            inner = place.get(section)
            place[section] = dict(inner) if isinstance(inner, dict) else {}
            place = place[section]
        try:
            place[last] = yaml.safe_load(environment[name])
        except yaml.YAMLError:
            place[last] = environment[name]
    return values
