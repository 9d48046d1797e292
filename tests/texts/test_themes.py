"""The library of themes as files: whole in each language, and every fault told."""

import pytest
import yaml

from appservice.errors import ConfigurationError
from appservice.theme_file import SHIPPED, read_themes

THEME = {"id": "rest", "title": "Rest", "ask": "What is rest?"}


def written(folder, language, *themes, **more):
    path = folder / f"{language}.yaml"
    path.write_text(yaml.safe_dump({"language": language, "themes": list(themes), **more}))
    return path


def test_they_are_numbered_as_they_stand(tmp_path):
    written(tmp_path, "en", THEME, {**THEME, "id": "anger", "aftercare": "Walk.", "months": [2]})
    rest, anger = read_themes(tmp_path)["en"]
    assert (rest.number, rest.id, rest.months) == (1, "rest", ())
    assert (anger.number, anger.aftercare, anger.months) == (2, "Walk.", (2,))


def test_the_shipped_ones_can_be_read():
    assert {path.stem for path in SHIPPED.glob("*.yaml")} == set(read_themes())


@pytest.mark.parametrize(
    "themes",
    [
        [{**THEME, "months": [13]}],
        [{**THEME, "title": ""}],
        [{**THEME, "colour": "red"}],
        [{"id": "rest"}],
        [{**THEME, "ask": "x" * 201}],
    ],
)
def test_what_is_wrong_is_told_with_the_file(tmp_path, themes):
    path = written(tmp_path, "en", *themes)
    with pytest.raises(ConfigurationError, match=str(path)):
        read_themes(tmp_path)


@pytest.mark.parametrize(
    "other",
    [
        [],
        [{**THEME, "id": "sleep"}],
        [{**THEME, "months": [1]}],
        [{**THEME, "aftercare": "Walk."}],
    ],
)
def test_languages_must_not_differ(tmp_path, other):
    written(tmp_path, "de", THEME)
    written(tmp_path, "en", *other)
    with pytest.raises(ConfigurationError, match="other languages"):
        read_themes(tmp_path)


def test_a_theme_stands_there_once(tmp_path):
    written(tmp_path, "en", THEME, THEME)
    with pytest.raises(ConfigurationError, match="twice"):
        read_themes(tmp_path)


@pytest.mark.parametrize("text", ["a: [", "", "\xff"])
def test_what_is_no_yaml(tmp_path, text):
    (tmp_path / "en.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigurationError):
        read_themes(tmp_path)
