"""Charters, rules and helplines as files: complete examples, and every fault at once."""

from datetime import date, timedelta

import pytest
import yaml

from appservice.charter_file import read_charter, read_rules, shipped_rules
from appservice.errors import ConfigurationError
from appservice.helpline_file import SHIPPED, read_helplines, unverified
from tests.support.story import EXAMPLES, START, words

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


def test_numbers_stand_as_they_are_dialled():
    lines = read_helplines(TODAY)
    said = {
        country: [words().say(line, "en") for line in texts] for country, texts in lines.items()
    }
    assert any("116 123" in line for line in said["GB"])
    assert any("988" in line for line in said["US"])
    assert "0800 1111" in said["GB youth"][0]
    assert not any("+" in line for texts in said.values() for line in texts)
    assert all(len(texts) <= 3 for texts in said.values())
    assert all("112" in said[country][0] for country in ("DE", "FR", "ES", "HU"))


def test_old_numbers_are_left_out_and_unchecked_ones_are_named(tmp_path):
    line = {"name": "Line", "number": "1", "source": "https://x.example"}
    for country, verified in (("AA", TODAY - timedelta(days=366)), ("BB", TODAY), ("CC", None)):
        content = {
            "country": country,
            "emergency": "112",
            "lines": [line | {"verified_on": verified}],
        }
        (tmp_path / f"{country}.yaml").write_text(yaml.safe_dump(content))
    found = read_helplines(TODAY, tmp_path)
    assert [len(found[country]) for country in ("AA", "BB", "CC")] == [1, 2, 2]
    assert "CC Line" in unverified(tmp_path)
    assert len(unverified()) >= len(list(SHIPPED.glob("*.yaml")))


def test_an_override_wins_and_faults_are_listed(tmp_path):
    (tmp_path / "gb.yaml").write_text("country: GB\nemergency: '1'\n")
    assert len(read_helplines(date(2026, 1, 1), tmp_path)["GB"]) == 1
    (tmp_path / "bad.yaml").write_text("country: nowhere\n")
    (tmp_path / "worse.yaml").write_text("{")
    with pytest.raises(ConfigurationError, match=r"bad\.yaml.*worse\.yaml"):
        read_helplines(TODAY, tmp_path)
