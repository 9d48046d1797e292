"""The files in deploy/ are what they say, as far as that can be told without running them."""

import configparser
import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
import yaml

from appservice.config import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
OURS = "circlekeeper"
PASSWORDS = {"SYNAPSE_DB_PASSWORD": "a", "CIRCLEKEEPER_DB_PASSWORD": "b"}


@pytest.fixture
def services() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]


def tried(*command: object, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def dockerfile() -> list[str]:
    joined = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


def unit() -> configparser.RawConfigParser:
    parsed = configparser.RawConfigParser(strict=False)
    parsed.optionxform = str
    parsed.read(DEPLOY / "circlekeeper.service")
    return parsed


def settings_of_image(folder: Path) -> Settings:
    """Settings as `run` finds them in the container: a file of `init`, and the image's ENV."""
    line = next(line for line in dockerfile() if line.startswith("ENV "))
    environment = dict(pair.split("=", 1) for pair in line.removeprefix("ENV ").split())
    file = folder / "circlekeeper.yaml"
    file.write_text("homeserver: {url: 'http://synapse:8008', server_name: example.org}\n")
    return Settings.load(file, environment)


def test_compose_has_the_three_services(services: dict) -> None:
    assert set(services) == {"synapse", "postgres", OURS}


def test_every_image_has_a_version(services: dict) -> None:
    images = [service["image"] for service in services.values()]
    images += [line.split()[1] for line in dockerfile() if line.startswith("FROM ")]
    for image in images:
        tag = image.rpartition("/")[2].partition(":")[2]
        assert re.match(r"v?\d+\.\d+", tag), image


def test_circlekeeper_publishes_no_port_and_has_no_way_out(services: dict) -> None:
    assert "ports" not in services[OURS]
    assert "ports" not in services["postgres"]
    networks = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["networks"]
    assert services[OURS]["networks"] == ["inside"]
    assert networks["inside"]["internal"] is True


def test_what_is_published_is_published_on_loopback(services: dict) -> None:
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_circlekeeper_runs_with_little_power(services: dict) -> None:
    service = services[OURS]
    assert service["user"] == "991:991"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_synapse_sees_the_registration_and_none_of_our_keys(services: dict) -> None:
    mounts = [mount.split(":") for mount in services["synapse"]["volumes"]]
    ours = [mount for mount in mounts if OURS in mount[0]]
    assert ours == [[f"./{OURS}/registration.yaml", "/registration/circlekeeper.yaml", "ro"]]


def test_no_password_stands_in_the_files(services: dict) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "://" in str(value):
                assert ":?" in value, name


def test_docker_accepts_the_compose_file() -> None:
    docker = shutil.which("docker")
    if docker is None or tried(docker, "compose", "version").returncode:
        pytest.skip("docker compose is not here; the file was checked by its content only")
    command = (docker, "compose", "--file", DEPLOY / "compose.yaml", "config", "--quiet")
    done = tried(*command, **PASSWORDS)
    assert done.returncode == 0, done.stderr


def test_the_image_does_not_run_as_root() -> None:
    last_stage = dockerfile()[[line[:4] for line in dockerfile()].index("FROM") :]
    users = [line.split()[1] for line in last_stage if line.startswith("USER ")]
    assert users == ["991:991"]


def test_the_last_stage_installs_nothing() -> None:
    starts = [at for at, line in enumerate(dockerfile()) if line.startswith("FROM ")]
    assert len(starts) == 2
    runs = [line for line in dockerfile()[starts[-1] :] if line.startswith("RUN ")]
    assert not [line for line in runs if re.search(r"\b(apt-get|apt|pip|gcc)\b", line)]


def test_the_image_takes_only_what_it_is_made_of() -> None:
    root = DEPLOY.parent
    taken = [
        name
        for line in dockerfile()
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    ]
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in lines
    assert {line[1:] for line in lines if line.startswith("!")} == set(taken)
    assert all((root / name).exists() for name in taken)


def test_the_healthcheck_asks_where_the_image_listens(tmp_path: Path) -> None:
    settings = settings_of_image(tmp_path)
    check = next(line for line in dockerfile() if line.startswith("HEALTHCHECK "))
    assert settings.private is not None
    assert f"{settings.private.url}/ready" in check
    assert str(settings.listen) == "0.0.0.0:9010"


def test_the_unit_has_what_systemd_needs() -> None:
    parsed = unit()
    assert set(parsed.sections()) == {"Unit", "Service", "Install"}
    service = parsed["Service"]
    assert service["ExecStart"].split()[1:] == ["run"]
    assert service["User"] == OURS
    assert service["Restart"] == "on-failure"
    assert service["UMask"] == "0077"
    assert parsed["Install"]["WantedBy"] == "multi-user.target"
    config = service["Environment"].partition("=")[2]
    assert Path(config).parent == Path("/var/lib") / service["StateDirectory"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("ProtectKernelTunables", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("RestrictNamespaces", "yes"),
        ("SystemCallArchitectures", "native"),
    ],
)
def test_the_unit_is_hardened(key: str, value: str) -> None:
    assert unit()["Service"][key] == value


def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here; the unit was checked by its content only")
    text = (DEPLOY / "circlekeeper.service").read_text()
    here = tmp_path / "circlekeeper.service"
    here.write_text(text.replace("/opt/circlekeeper/bin/circlekeeper", "/bin/true"))
    done = tried(analyze, "verify", here)
    faults = [line for line in done.stderr.splitlines() if "circlekeeper.service" in line]
    assert not faults


def test_the_homeserver_snippet_is_the_two_lines_of_init() -> None:
    snippet = yaml.safe_load((DEPLOY / "homeserver.yaml").read_text())
    (registration,) = snippet["app_service_config_files"]
    assert Path(registration).is_absolute()
    assert registration in (DEPLOY.parent / "docs" / "operators.md").read_text()


def make_folder(folder: Path) -> sqlite3.Connection:
    """Make a set-up whose database is in use, with its newest row in the WAL only."""
    folder.mkdir()
    for name in ("circlekeeper.keys", "recovery.key", "registration.yaml", "circlekeeper.yaml"):
        (folder / name).write_text(name)
    (folder / "generation").write_text("7\n")
    (folder / "journal").write_text("")
    database = sqlite3.connect(folder / "circlekeeper.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE facts (name TEXT)")
    database.execute("INSERT INTO facts VALUES ('newest')")
    return database


def back_up(what: str, folder: Path, target: Path) -> Path:
    done = tried(DEPLOY / "backup.sh", what, folder, target, DATABASE_URL="")
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_backup_copies_a_database_in_use(tmp_path: Path) -> None:
    database = make_folder(tmp_path / "ours")
    try:
        copy = back_up("database", tmp_path / "ours", tmp_path / "copies")
    finally:
        database.close()
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    copied = sqlite3.connect(copy)
    try:
        assert copied.execute("SELECT name FROM facts").fetchall() == [("newest",)]
    finally:
        copied.close()
    assert copy.stat().st_mode & 0o077 == 0


def test_backup_keeps_keys_apart_and_leaves_the_generation(tmp_path: Path) -> None:
    make_folder(tmp_path / "ours").close()
    copy = back_up("keys", tmp_path / "ours", tmp_path / "elsewhere")
    names = {path.name for path in copy.iterdir()}
    assert names == {
        "circlekeeper.keys",
        "recovery.key",
        "registration.yaml",
        "circlekeeper.yaml",
    }
    assert copy.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("arguments", [[], ["everything", "{here}", "{here}/x"]])
def test_backup_says_how_it_is_used(arguments: list[str], tmp_path: Path) -> None:
    filled = [argument.format(here=tmp_path) for argument in arguments]
    done = tried(DEPLOY / "backup.sh", *filled)
    assert done.returncode == 2
    assert "backup.sh database FOLDER TARGET" in done.stderr


def test_backup_without_a_database_says_so(tmp_path: Path) -> None:
    done = tried(DEPLOY / "backup.sh", "database", tmp_path, tmp_path / "copies", DATABASE_URL="")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert not list((tmp_path / "copies").iterdir())


@pytest.mark.parametrize("script", ["backup.sh", "postgres-init.sh"])
def test_scripts_are_whole_and_may_be_run(script: str) -> None:
    path = DEPLOY / script
    assert os.access(path, os.X_OK)
    assert tried("/bin/bash", "-n", path).returncode == 0


def test_the_registration_url_of_the_compose_steps_is_the_service_and_its_port(
    tmp_path: Path,
) -> None:
    steps = (DEPLOY / "README.md").read_text()
    found = re.search(r"--public-url http://(\S+):(\d+)", steps)
    assert found
    assert found[1] == OURS
    assert int(found[2]) == settings_of_image(tmp_path).listen.port
