"""`check` where there is no homeserver to ask: our files, our database, and whether `run` runs."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from appservice.cli.examination import is_running
from appservice.config import Settings
from appservice.web import homeserver_app, listening, private_app
from tests.cli.test_founding import park


@pytest.fixture
def check(command, config):
    """Check, and return the exit code and status and details by name."""

    def call():
        answer = command("check", "--config", str(config), "--json")
        found: dict[str, tuple[str, str]] = {}
        for one in answer.data:
            assert set(one) == {"name", "status", "detail", "mend"}
            assert bool(one["mend"]) == (one["status"] != "ok"), one
            found[one["name"]] = (one["status"], one["detail"])
        return answer.code, found

    return call


def test_a_fresh_set_up_whose_homeserver_is_down(check, config):
    code, found = check()
    assert code == 1
    assert {name: status for name, (status, _) in found.items()} == {
        "settings": "ok",
        "registration": "ok",
        "key file": "ok",
        "recovery key": "ok",
        "helplines": "warn",
        "run": "warn",
        "database": "warn",
        "homeserver": "fail",
        "token": "fail",
    }
    assert not (config.parent / "circlekeeper.db").exists(), "it changes nothing"


def test_a_migrated_database_with_parked_work(check, command, config):
    command("migrate", "--config", str(config))
    assert check()[1]["database"] == ("ok", "sqlite, reachable and of this version")
    asyncio.run(park(config))
    assert check()[1]["parked work"] == ("warn", "2 pieces of work failed for good")


def test_settings_with_faults(command, config):
    config.write_text("listen: x\n")
    answer = command("check", "--config", str(config))
    assert answer.code == 1
    assert answer.out.count("fail  settings: ") == 2
    assert answer.out.count("      mend: ") == 2


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("registration.yaml", "registration"),
        ("circlekeeper.keys", "key file"),
        ("recovery.key", "recovery key"),
    ],
)
def test_files_that_are_damaged_or_open_to_others(check, config, file, name):
    path = config.parent / file
    path.chmod(0o644)
    code, found = check()
    assert code == 1
    assert str(path) in found["permissions"][1]
    path.chmod(0o600)
    path.write_text("damaged")
    assert check()[1][name][0] == "fail"
    path.unlink()
    assert check()[1][name][0] == "fail"


def test_the_keys_of_another_set_up(check, command, config, tmp_path):
    command("migrate", "--config", str(config))
    asyncio.run(park(config))
    (config.parent / "circlekeeper.keys").unlink()
    command(
        *("init", "--homeserver", "http://x", "--server-name", "x", "--yes"),
        *("--dir", str(tmp_path / "other")),
    )
    (tmp_path / "other" / "circlekeeper.keys").rename(config.parent / "circlekeeper.keys")
    status, detail = check()[1]["database"]
    assert status == "fail"
    assert "key" in detail


def test_a_registration_that_names_another_address(check, config):
    path = config.parent / "registration.yaml"
    path.write_text(path.read_text().replace(":9010", ":9011"))
    status, detail = check()[1]["registration"]
    assert status == "warn"
    assert "9011" in detail


class NoIntake:
    """Takes nothing."""

    async def accept(self, *_):
        return False


async def test_it_knows_circlekeeper_from_others(config, unused_tcp_port, monkeypatch):
    monkeypatch.setenv("CIRCLEKEEPER__LISTEN", f"127.0.0.1:{unused_tcp_port}")
    settings = Settings.load(config)
    assert not await is_running(settings)
    for app, expected in (
        (homeserver_app(NoIntake(), settings.registration.hs_token, ()), True),
        (private_app(lambda: True, CollectorRegistry()), False),
    ):
        async with listening(app, "127.0.0.1", unused_tcp_port):
            assert await is_running(settings) is expected


def test_each_way_outside_of_matrix_is_asked(check, config):
    settings = config.read_text()
    paging = (
        "paging:\n  ntfy: {server: 'http://127.0.0.1:9'}\n"
        "  email: {host: 127.0.0.1, port: 9, tls: none, sender: a@b.org}\n"
        "  webhook: {secret_file: hook}\n"
    )
    config.write_text(settings + paging)
    status, detail = check()[1]["paging"]
    assert status == "fail"
    assert str(config.parent / "hook") in detail
    (config.parent / "hook").write_text("secret")
    (config.parent / "hook").chmod(0o600)
    found = check()[1]
    assert {way: found[f"paging by {way}"] for way in ("ntfy", "email", "webhook")} == {
        "ntfy": ("fail", "the ntfy server: ClientConnectorError"),
        "email": ("fail", "the mail server: SMTPConnectError"),
        "webhook": ("ok", "can be used"),
    }
