"""Charters, rules and helplines as files: complete examples, and every fault at once."""

import pytest
import yaml

from appservice.charter_file import read_charter, read_rules, shipped_rules
from appservice.errors import ConfigurationError
from tests.support.story import EXAMPLES, START

TODAY = START.date()


def written(folder, name, **change):
    content = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text()) | change
    path = folder / "charter.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in content.items() if v is not None}))
    return path


def test_rules_come_in_the_groups_language_first(tmp_path):
    assert [rules.language for rules in read_charter(EXAMPLES / "small.yaml").rules] == [
        "en",
        "de",
    ]
    german = read_charter(written(tmp_path, "small", language="de"))
    assert [rules.language for rules in german.rules] == ["de", "en"]


def test_rules_of_all_languages_say_the_same_things():
    english, *others = (read_rules(path) for path in sorted(shipped_rules(), reverse=True))
    for rules in others:
        assert rules.version == english.version
        assert [(r.number, r.core) for r in rules.rules] == [
            (r.number, r.core) for r in english.rules
        ]
        assert [r.question.right for r in rules.asked] == [r.question.right for r in english.asked]


def test_a_charter_may_bring_its_own_rules(tmp_path):
    own = yaml.safe_load(shipped_rules()[0].read_text()) | {"version": "2.0.0"}
    (tmp_path / "ours.yaml").write_text(yaml.safe_dump(own))
    charter = read_charter(written(tmp_path, "standard", rules=["ours.yaml"]))
    assert [rules.version for rules in charter.rules] == ["2.0.0"]


def test_every_fault_is_told_at_once(tmp_path):
    path = written(tmp_path, "standard", minimum_age=12, size="huge", colour="red", title=None)
    with pytest.raises(ConfigurationError) as told:
        read_charter(path)
    for field in ("minimum_age", "size", "colour", "title"):
        assert field in str(told.value)


@pytest.mark.parametrize("text", ["a: [", "- just\n- a list\n", "", "name: \xff"])
def test_files_that_are_no_charters(tmp_path, text):
    path = tmp_path / "charter.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"charter\.yaml"):
        read_charter(path)
    with pytest.raises(ConfigurationError):
        read_charter(tmp_path / "missing.yaml")
