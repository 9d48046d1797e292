"""`circlekeeper init`: what it writes, with which rights, and that it never writes twice."""

import re
import stat

import pytest
import yaml

from appservice.config import Settings
from appservice.config.recovery import RecoveryFile
from appservice.crypto import encode_recovery_key
from appservice.errors import ConfigurationError
from appservice.store import KeyFile
from tests.cli.conftest import INIT


def test_it_writes_what_the_homeserver_and_we_need(command, tmp_path):
    answer = command(
        *INIT, "--dir", str(tmp_path / "a" / "b"), "--operator", "@ada:circle.test", "--json"
    )
    assert (answer.code, answer.err) == (0, "")
    folder = tmp_path / "a" / "b"
    settings = Settings.load(folder / "circlekeeper.yaml", {})
    assert settings.operator == "@ada:circle.test"
    assert answer.data["config"] == str(folder / "circlekeeper.yaml")
    assert {path.name for path in folder.iterdir()} == {
        "circlekeeper.yaml",
        "registration.yaml",
        "circlekeeper.keys",
        "recovery.key",
    }
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    KeyFile(settings.files.keys).read()
    secret = RecoveryFile(settings.files.recovery).read()
    assert answer.data["recovery_key"] == encode_recovery_key(secret)
    assert yaml.safe_load(answer.data["homeserver_yaml"]) == {
        "app_service_config_files": [str(folder / "registration.yaml")]
    }


def test_the_registration(command, tmp_path):
    command(*INIT[:3], *INIT[3:], "--dir", str(tmp_path), "--keeper", "anna.k")
    text = (tmp_path / "registration.yaml").read_text()
    assert "{" not in text, "block style: outsiders read it line by line"
    found = yaml.safe_load(text)
    assert found.pop("as_token") != found.pop("hs_token")
    namespaces = found.pop("namespaces")
    assert found == {
        "id": "circlekeeper",
        "url": "http://127.0.0.1:9010",
        "sender_localpart": "_circlekeeper",
        "rate_limited": False,
        "io.element.msc4190": True,
    }
    assert all(entry["exclusive"] for kind in namespaces.values() for entry in kind)
    users = [entry["regex"] for entry in namespaces["users"]]
    assert [
        bool(re.match(users[0], name)) for name in ("@anna.k:circle.test", "@annaxk:circle.test")
    ] == [
        True,
        False,
    ]
    assert re.match(users[1], "@steward:circle.test")
    assert not re.match(users[1], "@steward:circlextest")
    (alias,) = namespaces["aliases"]
    assert re.match(alias["regex"], "#_circlekeeper_abc:circle.test")
    assert namespaces["rooms"] == []


def test_no_two_set_ups_share_a_secret(command, tmp_path):
    secrets = set()
    for name in ("a", "b"):
        command(*INIT, "--dir", str(tmp_path / name))
        registration = yaml.safe_load((tmp_path / name / "registration.yaml").read_text())
        secrets |= {
            registration["as_token"],
            registration["hs_token"],
            (tmp_path / name / "circlekeeper.keys").read_text(),
            (tmp_path / name / "recovery.key").read_text(),
        }
    assert len(secrets) == 8


def test_the_public_address_is_what_the_homeserver_is_told(command, tmp_path):
    options = ("--listen", "0.0.0.0:9100", "--public-url", "http://circlekeeper:9100/")
    command(*INIT, "--dir", str(tmp_path), *options, "--private", "127.0.0.1:9101")
    settings = Settings.load(tmp_path / "circlekeeper.yaml", {})
    assert settings.registration.url == "http://circlekeeper:9100"
    assert (settings.listen.port, settings.private.port) == (9100, 9101)


@pytest.mark.parametrize(
    "there",
    [
        "circlekeeper.yaml",
        "registration.yaml",
        "circlekeeper.keys",
        "recovery.key",
        "circlekeeper.db",
    ],
)
def test_it_never_writes_over_a_set_up(command, tmp_path, there):
    (tmp_path / there).write_text("old")
    with pytest.raises(ConfigurationError, match=f"already.*{there}"):
        command(*INIT, "--dir", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "old"


def test_it_writes_all_or_nothing(command, tmp_path, monkeypatch):
    monkeypatch.setattr("yaml.safe_dump", lambda *_, **__: "text with a surrogate \ud800")
    with pytest.raises(ValueError, match="surrogates"):
        command(*INIT, "--dir", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_a_sentence(command, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="nothing was written"):
        command(*INIT, "--dir", str(tmp_path / "file"))


@pytest.mark.parametrize(
    "options",
    [
        ("--listen", "nonsense"),
        ("--operator", "ada"),
        ("--keeper", "steward"),
        ("--room-version", "9"),
        ("--database", "mysql://x"),
        ("--public-url", "x"),
    ],
)
def test_options_that_cannot_be_used(command, tmp_path, options):
    answer = command(*INIT, "--dir", str(tmp_path / "new"), *options)
    assert answer.code == 2
    assert answer.out == ""
    assert not (tmp_path / "new").exists()


def test_without_yes_it_asks_for_what_is_missing(command, tmp_path):
    answer = command(
        "init",
        "--dir",
        str(tmp_path),
        "--listen",
        "127.0.0.1:9200",
        "--json",
        input="http://127.0.0.1:8008\ncircle.test\n@ada:circle.test\n",
    )
    assert answer.code == 0
    assert "recovery_key" in answer.data, "questions go to stderr"
    settings = Settings.load(tmp_path / "circlekeeper.yaml", {})
    assert settings.homeserver.server_name == "circle.test"
    assert settings.operator == "@ada:circle.test"


def test_with_yes_it_never_asks(command, tmp_path):
    answer = command("init", "--yes", "--dir", str(tmp_path))
    assert answer.code == 2
    assert "--homeserver and --server-name" in " ".join(answer.err.split())


def test_people_are_shown_the_lines_and_the_key_once(command, tmp_path):
    answer = command(*INIT, "--dir", str(tmp_path))
    key = (tmp_path / "recovery.key").read_text().splitlines()[-1]
    assert answer.out.count(key) == 1
    assert f"app_service_config_files:\n  - {tmp_path}/registration.yaml\n" in answer.out
    registration = yaml.safe_load((tmp_path / "registration.yaml").read_text())
    assert registration["as_token"] not in answer.out


def test_the_example_for_alerts_can_be_used_as_it_stands(command, tmp_path):
    command(*INIT, "--dir", str(tmp_path))
    path = tmp_path / "circlekeeper.yaml"
    assert Settings.load(path, {}).paging.ways == frozenset()
    before, mark, example = path.read_text().partition("# paging:")
    path.write_text(before + (mark + example).replace("# ", "").replace("#", ""))
    paging = Settings.load(path, {}).paging
    assert paging.ways == {"email", "ntfy", "webhook"}
    assert paging.operator_pages == (("email", "you@example.org"),)
