"""`helplines check` and `helplines confirm`: what stands where, and by whose word."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from appservice.errors import CirclekeeperError
from tests.support.helplines import confirm_all

TODAY = datetime.now(UTC).date()


@pytest.fixture
def call(command, config):
    def calling(*arguments: str, **options):
        return command("helplines", *arguments, "--config", str(config), **options)

    return calling


@pytest.fixture
def own(config):
    return config.parent / "helplines"


def test_nobody_has_confirmed_what_is_shipped(call, own):
    answer = call("check", "--json")
    assert answer.code == 0
    assert {(one["status"], one["verified_on"]) for one in answer.data} == {("warn", None)}
    assert "warn  GB  Samaritans 116 123: nobody has confirmed it" in call("check").out
    assert not own.exists()


def test_each_number_is_shown_and_asked_about(call, own):
    answer = call("confirm", "gb", "--by", " Robin  Doe ", input="y\nperhaps\ny\nn\ny\n")
    assert answer.code == 0, answer.err
    for told in ("number: 999", "number: 116 123", "source: https://giveusashout.org"):
        assert told in answer.err
    assert "3 of 4 numbers are confirmed" in answer.err
    assert "Not shown before you correct it there, and confirm it: Shout 85258" in answer.err
    written = yaml.safe_load((own / "gb.yaml").read_text())
    rows = [written["emergency"], *written["lines"]]
    assert [row["verified_on"] for row in rows] == [TODAY, TODAY, None, TODAY]
    assert {row["verified_by"] for row in rows} == {"Robin Doe", ""}
    rows = [one for one in call("check", "--json").data if one["country"] == "GB"]
    states = {one["row"]: one["status"] for one in rows}
    assert states["Samaritans 116 123"] == "ok"
    assert states["Shout 85258"] == "warn"
    assert call("confirm", "GB", "--by", "Ada", "--yes").code == 0
    assert "warn  GB" not in call("check").out


def test_whoever_goes_away_in_between_has_changed_nothing(call, own):
    with pytest.raises(CirclekeeperError, match="nothing was changed"):
        call("confirm", "GB", "--by", "Robin", input="y\n")
    assert not own.exists()


def test_old_and_wrong_rows_fail(call, own):
    confirm_all(own, TODAY - timedelta(days=200))
    assert call("check").code == 0
    assert "more than half a year ago" in call("check").out
    confirm_all(own, TODAY - timedelta(days=366))
    assert call("check").code == 1
    assert "more than a year ago" in call("check").out
    confirm_all(own, TODAY)
    assert call("check").code == 0
    written = yaml.safe_load((own / "gb.yaml").read_text())
    written["lines"][0]["number"] = "+44116123"
    (own / "gb.yaml").write_text(yaml.safe_dump(written))
    answer = call("check")
    assert answer.code == 1
    assert "as it is dialled there" in answer.out
    with pytest.raises(CirclekeeperError, match="correct it first"):
        call("confirm", "GB", "--by", "Robin", "--yes")
    assert yaml.safe_load((own / "gb.yaml").read_text()) == written


def test_what_cannot_be_confirmed_is_told_in_one_sentence(call, config):
    with pytest.raises(CirclekeeperError, match=r"no numbers for PL yet: write .*pl\.yaml first"):
        call("confirm", "PL", "--by", "Robin", "--yes")
    for name in (" ", "x" * 61):
        assert call("confirm", "GB", "--by", name, "--yes").code == 2
    settings = yaml.safe_load(config.read_text()) | {"helplines": None}
    config.write_text(yaml.safe_dump(settings))
    with pytest.raises(CirclekeeperError, match="no folder"):
        call("confirm", "GB", "--by", "Robin", "--yes")


def test_the_doctor_tells_the_same(command, config, own):
    def found() -> list[tuple[str, str]]:
        answer = command("check", "--config", str(config), "--json")
        rows = [one for one in answer.data if one["name"] == "helplines"]
        return [(one["status"], one["detail"]) for one in rows]

    assert found()[0][0] == "warn"
    assert "of AU, CA" in found()[0][1]
    confirm_all(own, TODAY)
    assert found() == [("ok", "a person has confirmed them all")]
    confirm_all(own, TODAY - timedelta(days=181))
    assert found() == [("warn", "some numbers were confirmed more than half a year ago")]
    (own / "gb.yaml").write_text("{")
    assert [status for status, _ in found()] == ["fail", "warn"]
