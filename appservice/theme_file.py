"""The library of themes as YAML files, one for each language."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from appservice.domain.themes.theme import Library, Theme
from appservice.errors import ConfigurationError

SHIPPED = Path(__file__).parent / "defaults" / "themes"
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Theme(_Strict):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z-]+$")]
    title: _Words
    ask: _Words
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    weather: bool = False
    aftercare: Annotated[str, StringConstraints(max_length=200)] = ""


class _Themes(_Strict):
    language: _Words
    themes: tuple[_Theme, ...] = Field(max_length=100)


def read_themes(folder: Path = SHIPPED) -> Library:
    """Return the themes of every language, numbered as they stand there.

    Raises ConfigurationError that names a file which cannot be used, or that differs from the
    others in more than its words.
    """
    library: dict[str, tuple[Theme, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            written = _Themes.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except ValidationError as error:
            places = (".".join(map(str, fault["loc"])) or "file" for fault in error.errors())
            raise ConfigurationError(f"{path}: {', '.join(places)}") from None
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            raise ConfigurationError(f"{path}: cannot be read as YAML") from None
        library[written.language] = tuple(
            Theme(number, **theme.model_dump())
            for number, theme in enumerate(written.themes, start=1)
        )
        if len({theme.id for theme in written.themes}) < len(written.themes):
            raise ConfigurationError(f"{path}: a theme stands there twice")
        first = next(iter(library.values()))
        if _marks(library[written.language]) != _marks(first):
            raise ConfigurationError(f"{path}: its themes are not those of the other languages")
    return library


def _marks(themes: tuple[Theme, ...]) -> list[tuple[object, ...]]:
    """Return all of them without their words."""
    return [(t.id, t.months, t.weather, bool(t.aftercare)) for t in themes]
